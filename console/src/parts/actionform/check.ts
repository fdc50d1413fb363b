/** What is wrong with an action or a rule before the server is asked; by the path of the field within it. */

import type { ActionDeclaration, RuleDeclaration } from "../../api/models/codepipeline";
import { type Kind, keyOf, runsCommands } from "./catalog";
import { parseVariables } from "./environment";
import { providerOf, words } from "./providers";
import type { Surroundings } from "./surroundings";

/** Messages by path: `name`, `actionTypeId`, `configuration.BranchName`, `commands`, `inputArtifacts`, `outputArtifacts`, … */
export type Errors = Record<string, string>;

const NAME = /^[A-Za-z0-9.@\-_]{1,100}$/;
const ARTIFACT = /^[A-Za-z0-9_-]{1,100}$/;
const NAMESPACE = /^[A-Za-z0-9@\-_]{1,100}$/;
const ROLE = /^arn:aws(-\w+)*:iam::[0-9]{12}:role\/.*$/;
const SHELL_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** What is wrong with the name of a pipeline, a stage, an action or a rule; empty when nothing is. */
export function nameProblem(name: string, taken: string[] = []): string {
  if (!name) return "Give a name.";
  if (name.length > 100) return "A name has at most 100 characters.";
  if (!NAME.test(name)) return "A name has letters, digits, and . @ - _ only.";
  if (taken.includes(name)) return "This name is taken.";
  return "";
}

/** What is wrong with an action of a type. */
export function checkAction(action: ActionDeclaration, kind: Kind | undefined, around: Surroundings): Errors {
  const errors: Errors = {};
  const named = nameProblem(action.name, around.takenNames);
  if (named) errors.name = named;
  if (!kind) {
    errors.actionTypeId = action.actionTypeId.provider ? "This server does not have this provider." : "Choose a provider.";
    return errors;
  }
  Object.assign(errors, configurationProblems(action.configuration ?? {}, kind));
  Object.assign(errors, fieldProblems(action, kind));
  artifactProblems(action, kind, around, errors);
  const spare = action.namespace ? namespaceProblem(action.namespace, around) : "";
  if (spare) errors.namespace = spare;
  return errors;
}

/** What is wrong with a rule of a type; `names` are those of the other rules of the condition. */
export function checkRule(rule: RuleDeclaration, kind: Kind | undefined, names: string[] = []): Errors {
  const errors: Errors = {};
  const named = nameProblem(rule.name, names);
  if (named) errors.name = named;
  if (!kind) {
    errors.ruleTypeId = rule.ruleTypeId.provider ? "This server does not have this rule." : "Choose a rule.";
    return errors;
  }
  Object.assign(errors, configurationProblems(rule.configuration ?? {}, kind), fieldProblems(rule, kind));
  if ((rule.inputArtifacts?.length ?? 0) < kind.inputs[0]) errors.inputArtifacts = "Choose an input artifact.";
  return errors;
}

function configurationProblems(given: Record<string, string>, kind: Kind): Errors {
  const errors: Errors = {};
  const { fields } = providerOf(keyOf(kind.id));
  for (const property of kind.properties) {
    const value = given[property.name] ?? "";
    const path = `configuration.${property.name}`;
    const label = fields[property.name]?.label ?? words(property.name);
    if (property.required && !value) errors[path] = `${label} is required.`;
    else if (kind.id.category !== "Rule" && value.length > 1000) errors[path] = "At most 1,000 characters fit here.";
    else if (value && property.type === "Number" && !value.includes("#{") && !/^[0-9]+$/.test(value))
      errors[path] = "This has to be a number.";
    else if (value && fields[property.name]?.helper === "json" && !value.includes("#{") && !isList(value))
      errors[path] = "This has to be a JSON array.";
  }
  if (kind.id.category === "Deploy" && kind.id.provider === "S3" && given.Extract === "false" && !given.ObjectKey)
    errors["configuration.ObjectKey"] = "S3 object key is required when nothing is extracted.";
  const variables = parseVariables(given.EnvironmentVariables ?? "");
  if (variables?.some((each) => !each.name)) errors["configuration.EnvironmentVariables"] = "Each variable has a name.";
  return errors;
}

function fieldProblems(declared: ActionDeclaration | RuleDeclaration, kind: Kind): Errors {
  const errors: Errors = {};
  if (runsCommands(kind.id)) {
    const commands = declared.commands ?? [];
    if (commands.length === 0) errors.commands = "Give at least one command.";
    else if (commands.length > 50) errors.commands = "There can be at most 50 commands.";
    else if (commands.some((each) => each.length > 1000)) errors.commands = "A command has at most 1,000 characters.";
    const { environmentVariables: variables = [], outputVariables = [] } = declared as ActionDeclaration;
    if (variables.some((each) => !SHELL_NAME.test(each.name)))
      errors.environmentVariables = "A variable's name has letters, digits and _ and does not begin with a digit.";
    else if (variables.some((each) => !each.value)) errors.environmentVariables = "Each variable has a value.";
    if (outputVariables.some((each) => !SHELL_NAME.test(each)))
      errors.outputVariables = "A variable's name has letters, digits and _ and does not begin with a digit.";
  }
  if (declared.roleArn && !ROLE.test(declared.roleArn)) errors.roleArn = "This is not the ARN of a role.";
  const minutes = declared.timeoutInMinutes;
  if (minutes !== undefined && !(Number.isInteger(minutes) && minutes >= 5 && minutes <= 86_400))
    errors.timeoutInMinutes = "A timeout is 5 to 86,400 minutes.";
  return errors;
}

function artifactProblems(action: ActionDeclaration, kind: Kind, around: Surroundings, errors: Errors) {
  const inputs = (action.inputArtifacts ?? []).map((each) => each.name);
  const outputs = (action.outputArtifacts ?? []).map((each) => each.name);
  const strange = inputs.find((each) => !around.artifacts.includes(each));
  if (strange) errors.inputArtifacts = `No earlier action makes ${strange}.`;
  else if (inputs.length < kind.inputs[0]) errors.inputArtifacts = `Choose ${counted(kind.inputs[0], "input artifact")}.`;
  else if (inputs.length > kind.inputs[1]) errors.inputArtifacts = `At most ${counted(kind.inputs[1], "input artifact")}.`;
  if (inputs.length > 1 && kind.id.provider === "CodeBuild" && !action.configuration?.PrimarySource)
    errors["configuration.PrimarySource"] = "Choose which of the input artifacts has the buildspec.";
  const bad = outputs.find((each) => !ARTIFACT.test(each));
  const twice = outputs.find((each, index) => around.takenArtifacts.includes(each) || outputs.indexOf(each) !== index);
  if (bad !== undefined) errors.outputArtifacts = "An artifact's name has letters, digits, _ and - only.";
  else if (twice) errors.outputArtifacts = `The name ${twice} is taken by another artifact.`;
  else if (outputs.length < kind.outputs[0]) errors.outputArtifacts = "Give the output artifact a name.";
  else if (outputs.length > kind.outputs[1]) errors.outputArtifacts = `At most ${counted(kind.outputs[1], "output artifact")}.`;
}

function namespaceProblem(name: string, around: Surroundings): string {
  if (!NAMESPACE.test(name)) return "A namespace has letters, digits, and @ - _ only.";
  if (name === "codepipeline") return "This namespace is reserved.";
  if (around.takenNamespaces.includes(name)) return "Another action has this namespace.";
  if (around.takenArtifacts.includes(name)) return "A namespace cannot have the name of an artifact.";
  return "";
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function isList(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text));
  } catch {
    return false;
  }
}
