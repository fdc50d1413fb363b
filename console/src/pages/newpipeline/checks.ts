/** What is wrong with a step of the wizard, by field. Pure. */

import type { StageDeclaration } from "../../api/models/codepipeline";
import { type Kind, kindOf } from "../../parts/actionform/catalog";
import { type Errors, checkAction, nameProblem } from "../../parts/actionform/check";
import { surroundings } from "../../parts/actionform/surroundings";
import { type Draft, type NewProject, type Place, chosenStages, declarationOf, roleName } from "./draft";

const ROLE_NAME = /^[\w+=,.@-]{1,64}$/;
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const VARIABLE = /^[A-Za-z0-9@_-]{1,128}$/;
const ROLE = /^arn:aws(-\w+)*:iam::[0-9]{12}:role\/.+$/;
const PROJECT = /^[A-Za-z0-9][A-Za-z0-9_-]{1,149}$/;

/** Errors of the settings: `name`, `roleName`, `roleArn`, `bucket`, `mode`, `variables`. `taken` are names of pipelines. */
export function checkSettings(draft: Draft, place: Place, taken: string[]): Errors {
  const errors: Errors = {};
  const name = nameProblem(draft.name);
  if (name) errors.name = name;
  else if (taken.includes(draft.name)) errors.name = "A pipeline with this name is there already.";
  if (draft.role.kind === "new" && !ROLE_NAME.test(roleName(draft, place)))
    errors.roleName = "The name of a role has at most 64 letters, digits, and + = , . @ _ -";
  if (draft.role.kind === "existing" && !ROLE.test(draft.role.arn))
    errors.roleArn = draft.role.arn ? "This is not the ARN of a role." : "Choose a role.";
  if (draft.store.kind === "custom" && !draft.rest?.artifactStores && !BUCKET.test(draft.store.bucket))
    errors.bucket = draft.store.bucket ? "This is not the name of a bucket." : "Choose a bucket.";
  const names = draft.variables.map((each) => each.name);
  const twice = names.find((each, index) => names.indexOf(each) !== index);
  if (draft.type === "V2" && names.some((each) => !VARIABLE.test(each)))
    errors.variables = "The name of a variable has 1 to 128 letters, digits, and @ _ -";
  else if (draft.type === "V2" && twice) errors.variables = `There are two variables ${twice}.`;
  return errors;
}

/** Errors of a stage by action; none when the stage is skipped. An empty text as key is about the stage. */
export function checkStage(draft: Draft, index: number, place: Place, kinds: Kind[] | undefined): Errors[] {
  const { stage, skipped, projects } = draft.stages[index];
  if (skipped) return [];
  const pipeline = declarationOf(draft, place, "", index);
  const at = chosenStages(draft, index).findIndex((each) => each.index === index);
  return stage.actions.map((action, number) => {
    const kind = kindOf(kinds, action.actionTypeId);
    const errors = kinds || !action.actionTypeId.provider ? checkAction(action, kind, surroundings(pipeline, at, number)) : {};
    if (draft.cloned && kind)
      for (const { name, secret } of kind.properties)
        if (secret && /^\*+$/.test(action.configuration?.[name] ?? ""))
          errors[`configuration.${name}`] = "A secret is not copied: enter it.";
    if (projects[number]) Object.assign(errors, checkProject(projects[number]));
    if (draft.type === "V1" && action.actionTypeId.category === "Compute")
      errors.actionTypeId = "Commands need a pipeline of type V2.";
    return errors;
  });
}

function checkProject(project: NewProject): Errors {
  const errors: Errors = {};
  if (!PROJECT.test(project.name))
    errors["configuration.ProjectName"] = project.name
      ? "The name of a project has 2 to 150 letters, digits, - and _, and begins with a letter or digit."
      : "Give the project a name.";
  if (project.buildspec.kind === "inline" && !project.buildspec.text.trim())
    errors["project.buildspec"] = "Write the build commands.";
  if (project.roleArn && !ROLE.test(project.roleArn)) errors["project.roleArn"] = "This is not the ARN of a role.";
  return errors;
}

/** Whether a stage may be left out: the last one only if something else follows the source. */
export function skippable(draft: Draft, index: number): boolean {
  if (!draft.stages[index].optional) return false;
  return (
    index < draft.stages.length - 1 || draft.stages.slice(1, index).some(({ skipped, stage }) => !skipped && provided(stage))
  );
}

function provided(stage: StageDeclaration): boolean {
  return stage.actions.every((each) => each.actionTypeId.provider !== "");
}
