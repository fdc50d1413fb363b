/** To which field of which action a refusal of a declaration belongs. */

import type { ApiError } from "../../api/client";
import type { ActionDeclaration, PipelineDeclaration } from "../../api/models/codepipeline";

export interface Place {
  /** Index of the stage, if it is about one. */
  stage?: number;
  /** Index of the action within the stage, if it is about one. */
  action?: number;
  /** The path of the field, within the action if it is about one, else within the declaration; empty when about the whole. */
  path: string;
  message: string;
}

const AT = /(?:Value (?:'[^]*?' )?)?at '([^']+)' failed to satisfy constraint: ([^;]+)/g;

/** Every place that a refusal of CreatePipeline or UpdatePipeline is about; a single one without a place when it says none. */
export function locate(error: ApiError, pipeline: PipelineDeclaration): Place[] {
  const faults = [...error.message.matchAll(AT)];
  if (faults.length > 0) return faults.map(([, path, text]) => byPath(path, text.trim()));
  return [byWords(error.message, pipeline)];
}

/** A path as `pipeline.stages.1.member.actions.2.member.configuration.BranchName`, whose counting begins with 1. */
function byPath(path: string, text: string): Place {
  const message = `Not accepted: ${text}.`;
  const steps = path.split(".").filter((step) => step !== "member" && step !== "value" && step !== "pipeline");
  if (steps[0] !== "stages") return { path: steps.join("."), message };
  const stage = Number(steps[1]) - 1;
  if (steps[2] !== "actions" || steps[3] === undefined) return { stage, path: steps.slice(2).join("."), message };
  return { stage, action: Number(steps[3]) - 1, path: field(steps.slice(4)), message };
}

function field(steps: string[]): string {
  return steps[0] === "configuration" ? steps.slice(0, 2).join(".") : (steps[0] ?? "");
}

function byWords(message: string, pipeline: PipelineDeclaration): Place {
  if (/AssumeRole on role|PassRole/.test(message)) return { path: "roleArn", message };
  if (/A pipeline with the name|pipeline name/i.test(message)) return { path: "name", message };
  if (/artifactStore/.test(message)) return { path: "artifactStore", message };
  if (/Execution mode|executionMode/.test(message)) return { path: "executionMode", message };
  if (/ariable names must be unique|has \d+ variables/.test(message)) return { path: "variables", message };
  for (const [stage, each] of pipeline.stages.entries())
    for (const [action, declared] of each.actions.entries())
      if (names(message, declared.name, each.name)) return { stage, action, path: words(message, declared), message };
  for (const [stage, each] of pipeline.stages.entries())
    if (message.includes(`tage '${each.name}'`) || message.includes(`tage ${each.name} `)) return { stage, path: "", message };
  return { path: "", message };
}

/** Whether a message is about an action of this name, and of this stage if it says one. */
function names(message: string, action: string, stage: string): boolean {
  const said = /StageName=\[([^\]]*)\], ActionName=\[([^\]]*)\]/.exec(message);
  if (said) return said[1] === stage && said[2] === action;
  const found = [...message.matchAll(/action (?:name )?'?([A-Za-z0-9.@_-]*[A-Za-z0-9@_-])'?/gi)].map((each) => each[1]);
  return found.includes(action);
}

function words(message: string, action: ActionDeclaration): string {
  const key = /(?:ActionConfigurationKey=\[|configuration '|for ')([A-Za-z0-9]+)/.exec(message);
  if (key && ["commands", "environmentVariables"].includes(key[1])) return key[1];
  if (/ActionType \(/.test(message)) return "actionTypeId";
  if (/nput artifacts?|Input Artifact/.test(message) && !/PrimarySource/.test(message)) return "inputArtifacts";
  if (/utput artifacts?|Output Artifact/.test(message)) return "outputArtifacts";
  if (/[Nn]amespace/.test(message) && !/VariableReferenceText/.test(message)) return "namespace";
  if (/timeoutInMinutes/.test(message)) return "timeoutInMinutes";
  if (/Region/.test(message)) return "region";
  if (/command/.test(message)) return "commands";
  if (/environmentVariables/.test(message)) return "environmentVariables";
  if (/outputVariables/.test(message)) return "outputVariables";
  if (/The ARN .* notifications/.test(message)) return "configuration.NotificationArn";
  if (/PrimarySource/.test(message)) return "configuration.PrimarySource";
  if (/Action names must be unique/.test(message)) return "name";
  if (key && (key[1] in (action.configuration ?? {}) || /configuration/.test(message))) return `configuration.${key[1]}`;
  return "";
}
