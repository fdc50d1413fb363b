/** Which place of a declaration a refusal of the server is about. The server names stages, actions and rules in its text. */

import type { ApiError } from "../../api/client";
import type { PipelineDeclaration } from "../../api/models/codepipeline";
import { locate } from "../../parts/actionform/refusals";
import type { Path, Problem } from "../../parts/structure/schema";
import { CONDITION_NAMES } from "./problems";

/** A refusal as problems at their places; a path is empty where the text names none. */
export function refusedAt(error: ApiError, document: PipelineDeclaration): Problem[] {
  const condition = conditionNamed(error.message, document);
  if (condition) return [{ path: condition, message: error.message }];
  return locate(error, document).map(({ stage, action, path, message }) => ({
    path: [
      ...(stage === undefined ? [] : ["stages", stage]),
      ...(action === undefined ? [] : ["actions", action]),
      ...(path ? steps(path, action !== undefined) : triggerNamed(message, document, stage)),
    ],
    message,
  }));
}

/** Within actions, "configuration.A.B" is the key "A.B"; elsewhere each step counts, and lists from one. */
function steps(path: string, ofAction: boolean): Path {
  if (ofAction) return path.split(/\.(.*)/s).filter(Boolean);
  return path.split(".").map((step) => (/^\d+$/.test(step) ? Number(step) - 1 : step));
}

function triggerNamed(message: string, document: PipelineDeclaration, stage: number | undefined): Path {
  if (stage !== undefined || !/\btriggers?\b/i.test(message)) return [];
  const index = (document.triggers ?? []).findIndex((each) => message.includes(`'${each.gitConfiguration.sourceActionName}'`));
  return index < 0 ? ["triggers"] : ["triggers", index];
}

function conditionNamed(message: string, document: PipelineDeclaration): Path | undefined {
  for (const [index, stage] of document.stages.entries()) {
    const elsewhere = /\b[Ss]tage(?: '|Name=\[)([^'\]]+)/.exec(message)?.[1];
    if (elsewhere !== undefined && elsewhere !== stage.name) continue;
    for (const name of CONDITION_NAMES) {
      for (const [condition, each] of (stage[name]?.conditions ?? []).entries()) {
        const rule = (each.rules ?? []).findIndex((declared) => namesRule(message, declared.name));
        if (rule >= 0) return ["stages", index, name, "conditions", condition, "rules", rule];
      }
      if (elsewhere !== undefined && message.includes(`condition ${name} `)) return ["stages", index, name];
    }
  }
  return undefined;
}

/** Whether a text speaks of a rule: "rule 'A'", "rule A is", "RuleName=[A]". */
function namesRule(message: string, name: string): boolean {
  return [`ule '${name}'`, `ule ${name} `, `RuleName=[${name}]`, `rule name ${name} `].some((each) => message.includes(each));
}
