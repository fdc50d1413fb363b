/** Where in the wizard an error belongs. Pure. */

import type { ActionDeclaration, PipelineDeclaration } from "../../api/models/codepipeline";
import type { Errors } from "../../parts/actionform/check";
import { locate } from "../../parts/actionform/refusals";
import type { Failed } from "./creating";
import { type Draft, chosenStages } from "./draft";

/** A refusal at a step: of a field by its path, or of the step as a whole. */
export interface Refused {
  step: number;
  action?: number;
  path: string;
  message: string;
}

const SETTINGS = ["name", "roleArn", "variables", "artifactStore", "executionMode"];
const THERE =
  /^(EntityAlreadyExists|ResourceAlreadyExists|PipelineNameInUse|BucketAlreadyExists|InvalidBucketName|ValidationE|InvalidInput)/;

const FIELDS =
  /^(name|actionTypeId|configuration\..+|commands|inputArtifacts|outputArtifacts|namespace|roleArn|region|timeoutInMinutes|environmentVariables|outputVariables)$/;

/** Whether a refusal can be shown at a field; otherwise it is shown above the step. */
export function atField({ step, action, path }: Refused): boolean {
  return step === 0 ? path !== "" : action !== undefined && FIELDS.test(path);
}

/** The places that a failed step is about; empty when it is about none of the wizard's fields. */
export function refusedAt({ step, error }: Failed, draft: Draft, declaration: PipelineDeclaration): Refused[] {
  if (step.operation === "CreatePipeline") return ofPipeline({ step, error }, draft, declaration);
  if (!THERE.test(error.code)) return [];
  const message = `${error.message}${/AlreadyExists/.test(error.code) ? " Choose another name, or the one that is there." : ""}`;
  if (step.stage !== undefined) return [{ step: step.stage + 1, action: step.action, path: step.field ?? "", message }];
  return step.field ? [{ step: 0, path: step.field, message }] : [];
}

function ofPipeline({ error }: Failed, draft: Draft, declaration: PipelineDeclaration): Refused[] {
  if (error.denied) return [];
  const indexes = chosenStages(draft).map((each) => each.index);
  return locate(error, declaration).flatMap((place): Refused[] => {
    if (place.stage !== undefined && indexes[place.stage] !== undefined)
      return [{ step: indexes[place.stage] + 1, action: place.action, path: place.path, message: place.message }];
    const [stem] = place.path.split(".");
    return SETTINGS.includes(stem) ? [{ step: 0, path: stem, message: place.message }] : [];
  });
}

/** Of what is wrong, what can be said while somebody still types: about what is there, not about what is missing. */
export function typed(errors: Errors, action: ActionDeclaration | undefined, draft: Draft): Errors {
  const there = (path: string): boolean => {
    if (path.startsWith("configuration.")) return Boolean(action?.configuration?.[path.slice("configuration.".length)]);
    if (!action)
      return { name: draft.name, bucket: draft.store.bucket, roleArn: draft.role.arn, roleName: draft.role.name }[path] !== "";
    const value = (action as unknown as Record<string, unknown>)[path];
    return Array.isArray(value) ? value.length > 0 : Boolean(value) && path !== "actionTypeId";
  };
  return Object.fromEntries(Object.entries(errors).filter(([path]) => there(path)));
}
