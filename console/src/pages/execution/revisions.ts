/** Source revisions of an execution with the actions that brought them. Pure. */

import type { ActionDeclaration } from "../../api/models/codepipeline";
import type { Known } from "./reading";

export interface Source {
  id: string;
  action?: string;
  artifact: string;
  provider?: string;
  revision?: string;
  summary?: string;
  /** Epoch seconds. */
  created?: number;
  url?: string;
  /** The page of the commit in this console. */
  page?: string;
}

export function sources(known: Known): Source[] {
  return (known.execution.artifactRevisions ?? []).map((each) => {
    const artifact = each.name ?? "";
    const action = maker(known, artifact);
    const provider = action?.actionTypeId.provider;
    const run = known.runs.find((found) => found.name === action?.name && found.outputs.some((made) => made.name === artifact));
    const repository = run?.resolved.RepositoryName ?? action?.configuration?.RepositoryName;
    return {
      id: artifact,
      action: action?.name,
      artifact,
      provider,
      revision: each.revisionId,
      summary: each.revisionSummary,
      created: each.created,
      url: each.revisionUrl,
      page:
        provider === "CodeCommit" && repository && each.revisionId
          ? `/repositories/${encodeURIComponent(repository)}/commits/${encodeURIComponent(each.revisionId)}`
          : undefined,
    };
  });
}

function maker(known: Known, artifact: string): ActionDeclaration | undefined {
  const actions = known.declaration?.stages.flatMap((stage) => stage.actions) ?? [];
  return actions.find((action) => action.outputArtifacts?.some((each) => each.name === artifact));
}
