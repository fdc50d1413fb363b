/** What is wrong with a declaration before the server is asked, each at its place. The server has the last word. */

import type { PipelineDeclaration, StageDeclaration } from "../../api/models/codepipeline";
import { type Kind, kindOf } from "../../parts/actionform/catalog";
import { type Errors, checkAction, checkRule } from "../../parts/actionform/check";
import { surroundings } from "../../parts/actionform/surroundings";
import { type Path, type Problem, shapeProblems } from "../../parts/structure/schema";

/** Condition types in the order in which they come up, with what may follow when a rule fails. */
export const CONDITIONS = {
  beforeEntry: ["FAIL", "SKIP"],
  onSuccess: ["FAIL", "ROLLBACK"],
  onFailure: ["ROLLBACK", "RETRY"],
} as const;
export type ConditionName = keyof typeof CONDITIONS;
export const CONDITION_NAMES = Object.keys(CONDITIONS) as ConditionName[];

export interface Types {
  /** Undefined while they are not known: then types are not checked. */
  actions?: Kind[];
  rules?: Kind[];
}

export function problemsOf(document: PipelineDeclaration, types: Types): Problem[] {
  const found = [
    ...shapeProblems(document),
    ...structure(document),
    ...triggers(document),
    ...document.stages.flatMap((_, index) => stage(document, index, types)),
  ];
  // What is wrong in two ways is told once.
  return found.filter((each, index) => found.findIndex((other) => sameLine(other.path, each.path)) === index);
}

/** Problems whose place is `path` or within it. */
export function within(problems: Problem[], path: Path): Problem[] {
  return problems.filter((each) => path.every((step, index) => each.path[index] === step));
}

function sameLine(one: Path, other: Path): boolean {
  return one.length === other.length && one.every((step, index) => step === other[index]);
}

function at(path: Path, message: string): Problem {
  return { path, message };
}

/** Indexes of names that came before. */
function repeated(names: string[]): number[] {
  return names.flatMap((name, index) => (names.indexOf(name) < index ? [index] : []));
}

function structure(document: PipelineDeclaration): Problem[] {
  const { stages, variables = [] } = document;
  const names = stages.map((each) => each.name);
  return [
    ...(stages.length < 2 ? [at(["stages"], `A pipeline has two stages at least; this one has ${stages.length}.`)] : []),
    ...(stages.length > 50 ? [at(["stages"], "A pipeline has 50 stages at most.")] : []),
    ...repeated(names).map((index) => at(["stages", index, "name"], `Another stage is called ${names[index]}.`)),
    ...repeated(variables.map((each) => each.name)).map((index) =>
      at(["variables", index, "name"], `Another variable is called ${variables[index]?.name}.`),
    ),
    ...(!document.artifactStore && !document.artifactStores
      ? [at(["artifactStore"], "The pipeline needs a bucket for its artifacts.")]
      : []),
    ...(document.artifactStore && document.artifactStores
      ? [at(["artifactStores"], "Give either artifactStore or artifactStores, not both.")]
      : []),
    ...old(document),
  ];
}

/** What pipelines of type V1 do not have. */
function old(document: PipelineDeclaration): Problem[] {
  if ((document.pipelineType ?? "V1") !== "V1") return [];
  const needs = [
    ...(document.variables?.length ? ["variables"] : []),
    ...(document.triggers?.length ? ["triggers"] : []),
    ...((document.executionMode ?? "SUPERSEDED") === "SUPERSEDED" ? [] : [`the mode ${document.executionMode}`]),
    ...(document.stages.some((each) => CONDITION_NAMES.some((name) => each[name])) ? ["conditions of stages"] : []),
  ];
  return needs.length ? [at(["pipelineType"], `Only pipelines of type V2 have ${needs.join(", ")}.`)] : [];
}

function triggers(document: PipelineDeclaration): Problem[] {
  const sources = document.stages[0]?.actions ?? [];
  const names = (document.triggers ?? []).map((each) => each.gitConfiguration.sourceActionName);
  const twice = repeated(names);
  return (document.triggers ?? []).flatMap((each, index): Problem[] => {
    const place = ["triggers", index, "gitConfiguration"];
    const git = each.gitConfiguration;
    const source = sources.find((action) => action.name === git.sourceActionName);
    if (!source) return [at([...place, "sourceActionName"], `The first stage has no action ${git.sourceActionName}.`)];
    if (source.actionTypeId.provider !== "CodeStarSourceConnection") {
      return [at([...place, "sourceActionName"], `${source.name} is not a source that comes through a connection.`)];
    }
    if (twice.includes(index)) return [at([...place, "sourceActionName"], `${source.name} has a trigger already.`)];
    if (!git.push?.length && !git.pullRequest?.length) return [at(place, "A trigger needs a filter, or it never starts the pipeline.")];
    return [];
  });
}

function stage(document: PipelineDeclaration, index: number, types: Types): Problem[] {
  const each = document.stages[index] as StageDeclaration;
  const place = ["stages", index];
  const names = each.actions.map((action) => action.name);
  return [
    ...(each.actions.length === 0 ? [at(place, "A stage needs an action at least. Add one, or remove the stage.")] : []),
    ...(each.actions.length > 50 ? [at(place, "A stage has 50 actions at most.")] : []),
    ...repeated(names).map((action) =>
      at([...place, "actions", action, "name"], `Another action of this stage is called ${names[action]}.`),
    ),
    ...each.actions.flatMap((_, action) => ofAction(document, index, action, types)),
    ...CONDITION_NAMES.flatMap((name) => ofCondition(document, index, name, types)),
  ];
}

function ofAction(document: PipelineDeclaration, index: number, number: number, types: Types): Problem[] {
  const action = document.stages[index]?.actions[number];
  if (!action) return [];
  const place = ["stages", index, "actions", number];
  const source = action.actionTypeId.category === "Source";
  if (index === 0 && !source) return [at([...place, "actionTypeId"], "The first stage has source actions only. Move this one to a later stage.")];
  if (index > 0 && source) return [at([...place, "actionTypeId"], "Source actions are in the first stage only.")];
  if (!types.actions) return [];
  const around = surroundings(document, index, number);
  return placed(place, checkAction(action, kindOf(types.actions, action.actionTypeId), { ...around, takenNames: [] }));
}

function placed(place: Path, errors: Errors): Problem[] {
  return Object.entries(errors).map(([path, message]) => at([...place, ...steps(path)], message));
}

/** "configuration.A.B" is the key "A.B" of the configuration. */
function steps(path: string): string[] {
  const dot = path.indexOf(".");
  return dot < 0 ? [path] : [path.slice(0, dot), path.slice(dot + 1)];
}

function ofCondition(document: PipelineDeclaration, index: number, name: ConditionName, types: Types): Problem[] {
  const each = document.stages[index] as StageDeclaration;
  const declared = each[name];
  if (!declared) return [];
  const place = ["stages", index, name];
  const conditions = declared.conditions ?? [];
  const automatic = name === "onFailure" ? each.onFailure?.result : undefined;
  const results = [...conditions.map((condition) => condition.result), ...(automatic ? [automatic] : [])];
  const strange = results.find((result) => !(CONDITIONS[name] as readonly (string | undefined)[]).includes(result));
  const problems: Problem[] = [];
  if (results.length === 0) problems.push(at(place, "There is neither a rule nor a result. Add one, or remove the condition."));
  else if (results.includes(undefined)) problems.push(at(place, "Choose what happens when a rule fails."));
  else if (strange) problems.push(at(place, `The result ${strange} is not possible here; choose ${CONDITIONS[name].join(" or ")}.`));
  if (results.includes("ROLLBACK") && index === 0) problems.push(at(place, "The source stage cannot be rolled back."));
  if (results.includes("ROLLBACK") && document.executionMode === "PARALLEL")
    problems.push(at(place, "A pipeline in the mode PARALLEL cannot roll back."));
  if (conditions.length > 1) problems.push(at([...place, "conditions"], "There can be one condition of each type."));
  return [...problems, ...conditions.flatMap((_, number) => ofRules(document, index, name, number, types))];
}

function ofRules(document: PipelineDeclaration, index: number, name: ConditionName, number: number, types: Types): Problem[] {
  const condition = document.stages[index]?.[name]?.conditions?.[number];
  const place = ["stages", index, name, "conditions", number];
  const rules = condition?.rules ?? [];
  if (rules.length < 1 || rules.length > 5) return [at(place, `A condition has 1 to 5 rules; this one has ${rules.length}.`)];
  const { artifacts } = surroundings(document, index, undefined, { after: name !== "beforeEntry" });
  return rules.flatMap((rule, at_): Problem[] => {
    const path = [...place, "rules", at_];
    const before = rules.slice(0, at_).map((each) => each.name);
    const unmade = rule.inputArtifacts?.find((each) => !artifacts.includes(each.name));
    const skips = condition?.result === "SKIP" && !["LambdaInvoke", "VariableCheck"].includes(rule.ruleTypeId.provider);
    return [
      ...(types.rules ? placed(path, checkRule(rule, kindOf(types.rules, rule.ruleTypeId), before)) : []),
      ...(unmade ? [at([...path, "inputArtifacts"], `No earlier action makes ${unmade.name}.`)] : []),
      ...(skips ? [at([...path, "ruleTypeId"], "Only the rules VariableCheck and LambdaInvoke can skip a stage.")] : []),
    ];
  });
}
