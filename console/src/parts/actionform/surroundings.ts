/** What an action can use where it stands: artifacts and variables of what has certainly ended before, and names that are taken. */

import type { ActionDeclaration, PipelineDeclaration } from "../../api/models/codepipeline";

export interface Surroundings {
  /** Output artifacts of earlier actions, in order. */
  artifacts: string[];
  /** Output artifacts of all other actions. */
  takenArtifacts: string[];
  /** Namespaces of all other actions. */
  takenNamespaces: string[];
  /** Names of the other actions of the stage. */
  takenNames: string[];
  /** What can be referenced, as `#{…}`. A namespace alone ends with a dot. */
  variables: string[];
}

const KNOWN: Record<string, string[]> = {
  "Source/CodeCommit": ["AuthorDate", "BranchName", "CommitId", "CommitMessage", "CommitterDate", "RepositoryName"],
  "Source/S3": ["BucketName", "ETag", "ObjectKey", "VersionId"],
};

/**
 * What surrounds an action of a stage. `action` is its index within the stage, or where a new one with `runOrder` would stand.
 * For a rule leave `action` out: rules see the stages before, and with `after` their own stage, too.
 */
export function surroundings(
  pipeline: PipelineDeclaration,
  stage: number,
  action?: number,
  { runOrder, after = false }: { runOrder?: number; after?: boolean } = {},
): Surroundings {
  const here = pipeline.stages[stage]?.actions ?? [];
  const self = action === undefined ? undefined : here[action];
  const order = runOrder ?? self?.runOrder ?? 1;
  const before = pipeline.stages.slice(0, stage).flatMap((each) => each.actions);
  if (action !== undefined) before.push(...here.filter((each) => each !== self && (each.runOrder ?? 1) < order));
  else if (after) before.push(...here);
  const others = pipeline.stages.flatMap((each) => each.actions).filter((each) => each !== self);
  return {
    artifacts: before.flatMap(outputs),
    takenArtifacts: others.flatMap(outputs),
    takenNamespaces: others.flatMap((each) => each.namespace ?? []),
    takenNames: here.filter((each) => each !== self).map((each) => each.name),
    variables: [
      "#{codepipeline.PipelineExecutionId}",
      ...(pipeline.variables ?? []).map((each) => `#{variables.${each.name}}`),
      ...before.flatMap(references),
    ],
  };
}

function outputs(action: ActionDeclaration): string[] {
  return (action.outputArtifacts ?? []).map((each) => each.name);
}

function references(action: ActionDeclaration): string[] {
  if (!action.namespace) return [];
  const { category, provider } = action.actionTypeId;
  const keys = action.outputVariables ?? KNOWN[`${category}/${provider}`] ?? [];
  return keys.map((key) => `#{${action.namespace}.${key}}`);
}
