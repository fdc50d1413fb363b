/** What a start of a pipeline can be given. Pure. */

import type {
  PipelineDeclaration,
  PipelineVariableDeclaration,
  SourceRevisionType,
  StartPipelineExecutionInput,
} from "../../api/models/codepipeline";

export interface Override {
  key: string;
  action: string;
  type: SourceRevisionType;
  label: string;
  says?: string;
  /** What the declaration has. */
  now?: string;
}

const COMMITS = ["CodeCommit", "CodeStarSourceConnection", "GitHub"];

/** The revisions that can be chosen: those of the source actions, by their provider. A V1 pipeline takes none. */
export function overridesOf(declaration: PipelineDeclaration | undefined): Override[] {
  if (!declaration || declaration.pipelineType === "V1") return [];
  const sources = declaration.stages.flatMap((stage) => stage.actions).filter((each) => each.actionTypeId.category === "Source");
  return sources.flatMap(({ name, actionTypeId, configuration }) => {
    const make = (type: SourceRevisionType, label: string, now?: string, says?: string): Override => {
      return { key: `${name}/${type}`, action: name, type, label, now, says };
    };
    if (actionTypeId.provider === "S3") {
      const version = make("S3_OBJECT_VERSION_ID", "object version", undefined, "The id of a version of the object.");
      const key = make("S3_OBJECT_KEY", "object key", configuration?.S3ObjectKey, "The action allows another object of its bucket.");
      return configuration?.AllowOverrideForS3ObjectKey === "true" ? [version, key] : [version];
    }
    if (actionTypeId.provider === "ECR") return [make("IMAGE_DIGEST", "image digest", undefined, "sha256:…")];
    return COMMITS.includes(actionTypeId.provider) ? [make("COMMIT_ID", "commit id", undefined, "The full id of a commit.")] : [];
  });
}

/** What is wrong with the value of a variable; undefined is one that nobody has touched. */
export function variableProblem(variable: PipelineVariableDeclaration, value: string | undefined): string {
  return variable.defaultValue === undefined && !value ? `${variable.name} has no default: give it a value.` : "";
}

export function given(
  pipeline: string,
  variables: PipelineVariableDeclaration[],
  values: Record<string, string>,
  overrides: Override[],
  chosen: Record<string, string>,
): StartPipelineExecutionInput {
  const set = variables.filter((each) => values[each.name]).map((each) => ({ name: each.name, value: values[each.name] ?? "" }));
  const revisions = overrides
    .filter((each) => chosen[each.key]?.trim())
    .map((each) => ({ actionName: each.action, revisionType: each.type, revisionValue: chosen[each.key]?.trim() ?? "" }));
  return {
    name: pipeline,
    ...(set.length > 0 ? { variables: set } : {}),
    ...(revisions.length > 0 ? { sourceRevisions: revisions } : {}),
  };
}
