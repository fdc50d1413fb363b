/** What can be done to a declaration in edit mode. Each gives a new document; actions of one run order are a group. */

import type { ActionDeclaration, PipelineDeclaration, StageDeclaration } from "../../api/models/codepipeline";

export interface ActionPlace {
  stage: number;
  /** Index in the stage's `actions`. */
  action: number;
}

export interface GroupPlace {
  stage: number;
  /** Index among the stage's groups. */
  group: number;
  /** True: a group of its own before that one. False: together with the actions of that one. */
  fresh: boolean;
}

/** Indexes of a stage's actions by group, as they run. */
export function groupsOf(stage: StageDeclaration): number[][] {
  const orders = [...new Set(stage.actions.map((each) => each.runOrder ?? 1))].sort((a, b) => a - b);
  return orders.map((order) => stage.actions.flatMap((each, index) => ((each.runOrder ?? 1) === order ? [index] : [])));
}

/** Which group an action is in. */
export function groupOf(stage: StageDeclaration, action: number): number {
  return groupsOf(stage).findIndex((group) => group.includes(action));
}

function withStage(document: PipelineDeclaration, at: number, stage: StageDeclaration): PipelineDeclaration {
  return { ...document, stages: document.stages.map((each, index) => (index === at ? stage : each)) };
}

function ungrouped(stage: StageDeclaration, groups: ActionDeclaration[][]): StageDeclaration {
  const actions = groups.filter((group) => group.length > 0).flatMap((group, index) => group.map((each) => numbered(each, index + 1)));
  return { ...stage, actions };
}

function numbered(action: ActionDeclaration, runOrder: number): ActionDeclaration {
  return action.runOrder === runOrder ? action : { ...action, runOrder };
}

function grouped(stage: StageDeclaration): ActionDeclaration[][] {
  return groupsOf(stage).map((group) => group.map((index) => stage.actions[index] as ActionDeclaration));
}

function into(groups: ActionDeclaration[][], place: GroupPlace, action: ActionDeclaration) {
  if (place.fresh || groups.length === 0) groups.splice(place.group, 0, [action]);
  else groups[Math.min(place.group, groups.length - 1)]?.push(action);
}

export function addStage(document: PipelineDeclaration, at: number, name: string): PipelineDeclaration {
  return { ...document, stages: document.stages.toSpliced(at, 0, { name, actions: [] }) };
}

export function renameStage(document: PipelineDeclaration, at: number, name: string): PipelineDeclaration {
  return withStage(document, at, { ...(document.stages[at] as StageDeclaration), name });
}

export function removeStage(document: PipelineDeclaration, at: number): PipelineDeclaration {
  return { ...document, stages: document.stages.toSpliced(at, 1) };
}

/** `to` is the index that the stage has afterwards. */
export function moveStage(document: PipelineDeclaration, from: number, to: number): PipelineDeclaration {
  const stage = document.stages[from];
  if (!stage || from === to || to < 0 || to >= document.stages.length) return document;
  return { ...document, stages: document.stages.toSpliced(from, 1).toSpliced(to, 0, stage) };
}

/** Replace what a stage has besides its actions: conditions and automation. Members that are undefined go. */
export function setStage(document: PipelineDeclaration, at: number, patch: Partial<StageDeclaration>): PipelineDeclaration {
  return withStage(document, at, without({ ...(document.stages[at] as StageDeclaration), ...patch }));
}

export function setProperties(document: PipelineDeclaration, patch: Partial<PipelineDeclaration>): PipelineDeclaration {
  return without({ ...document, ...patch });
}

function without<T extends object>(given: T): T {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as T;
}

export function addAction(document: PipelineDeclaration, place: GroupPlace, action: ActionDeclaration): PipelineDeclaration {
  const stage = document.stages[place.stage] as StageDeclaration;
  const groups = grouped(stage);
  into(groups, place, action);
  return withStage(document, place.stage, ungrouped(stage, groups));
}

export function putAction(document: PipelineDeclaration, place: ActionPlace, action: ActionDeclaration): PipelineDeclaration {
  const stage = document.stages[place.stage] as StageDeclaration;
  return withStage(document, place.stage, { ...stage, actions: stage.actions.with(place.action, action) });
}

export function removeAction(document: PipelineDeclaration, place: ActionPlace): PipelineDeclaration {
  const stage = document.stages[place.stage] as StageDeclaration;
  const groups = groupsOf(stage).map((group) => group.filter((index) => index !== place.action).map((index) => stage.actions[index] as ActionDeclaration));
  return withStage(document, place.stage, ungrouped(stage, groups));
}

/** Group indexes count the groups as they are before the move. */
export function moveAction(document: PipelineDeclaration, from: ActionPlace, to: GroupPlace): PipelineDeclaration {
  const stage = document.stages[from.stage];
  const action = stage?.actions[from.action];
  if (!stage || !action) return document;
  const here = groupOf(stage, from.action);
  if (from.stage === to.stage) {
    const alone = groupsOf(stage)[here]?.length === 1;
    if (to.fresh ? alone && (to.group === here || to.group === here + 1) : to.group === here) return document;
    const groups = grouped(stage).map((group) => group.filter((each) => each !== action));
    into(groups, to, action);
    return withStage(document, from.stage, ungrouped(stage, groups));
  }
  return addAction(removeAction(document, from), to, action);
}

/**
 * Where an action goes by one step up or down: out of its group, then into the next one, then into the next stage.
 * Undefined at the end of the pipeline.
 */
export function stepOf(document: PipelineDeclaration, from: ActionPlace, by: -1 | 1): GroupPlace | undefined {
  const stage = document.stages[from.stage];
  if (!stage) return undefined;
  const groups = groupsOf(stage);
  const here = groupOf(stage, from.action);
  if ((groups[here]?.length ?? 0) > 1) return { stage: from.stage, group: by < 0 ? here : here + 1, fresh: true };
  if (groups[here + by]) return { stage: from.stage, group: here + by, fresh: false };
  const next = document.stages[from.stage + by];
  return next && { stage: from.stage + by, group: by < 0 ? groupsOf(next).length : 0, fresh: true };
}

/** A name that is not taken yet: the wish itself, or with a number. */
export function freeName(wish: string, taken: string[]): string {
  if (!taken.includes(wish)) return wish;
  for (let count = 2; ; count += 1) if (!taken.includes(`${wish}-${count}`)) return `${wish}-${count}`;
}
