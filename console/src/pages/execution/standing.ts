/** How an execution stood at an instant, from the history of its actions and rules: a pure reconstruction. */

import type { PipelineDeclaration, StageDeclaration } from "../../api/models/codepipeline";
import { type Standing, place } from "./outline";
import { type Kind, type Run, conditionsOf, latest } from "./runs";

/** What history says of an execution as a whole. */
export interface Whole {
  status: string;
  /** Epoch seconds; undefined while it is in progress. */
  ended?: number;
}

/** The runs as they were at an instant: those that had begun, and in progress those that ended later. */
export function runsAt(runs: Run[], instant: number): Run[] {
  return runs
    .filter((run) => run.start <= instant)
    .map((run) => (run.end !== undefined && run.end > instant ? { ...run, status: "InProgress", end: undefined } : run));
}

/** Stages, actions, conditions and rules at an instant. */
export function standingAt(declaration: PipelineDeclaration | undefined, runs: Run[], whole: Whole, instant: number): Standing {
  const then = runsAt(runs, instant);
  const over = whole.ended !== undefined && whole.ended <= instant;
  const found: Standing = { stages: new Map(), actions: new Map(), rules: new Map(), conditions: new Map() };
  for (const run of then) {
    const names = run.rule ? place(run.stage, run.condition, run.name) : place(run.stage, run.name);
    (run.rule ? found.rules : found.actions).set(names, { id: run.id, status: run.status });
  }
  const order = declaration?.stages.map((each) => each.name) ?? [...new Set(then.map((run) => run.stage))];
  for (const [index, name] of order.entries()) {
    const stage = declaration?.stages.find((each) => each.name === name);
    const here = then.filter((run) => run.stage === name);
    const passed = then.some((run) => order.indexOf(run.stage) > index);
    const verdicts = stage ? judged(stage, here) : [];
    for (const [kind, status] of verdicts) found.conditions.set(place(name, kind), status);
    const status = stageStatus(stage, here, new Map(verdicts), { over: over || passed, passed, status: whole.status });
    if (status) found.stages.set(name, status);
  }
  return found;
}

function judged(stage: StageDeclaration, here: Run[]): [Kind, string][] {
  return conditionsOf(stage).flatMap(([kind]): [Kind, string][] => {
    const rules = latest(here.filter((run) => run.rule && run.condition === kind));
    if (rules.length === 0) return [];
    if (rules.some((run) => run.status === "InProgress")) return [[kind, "InProgress"]];
    return [[kind, rules.find((run) => run.status !== "Succeeded")?.status ?? "Succeeded"]];
  });
}

interface Course {
  over: boolean;
  passed: boolean;
  status: string;
}

function stageStatus(stage: StageDeclaration | undefined, here: Run[], verdicts: Map<Kind, string>, course: Course) {
  if (here.length === 0) return undefined;
  if (here.some((run) => run.status === "InProgress")) return "InProgress";
  const actions = latest(here.filter((run) => !run.rule));
  if (actions.length === 0) return withoutActions(stage, verdicts, course);
  // Whoever got into a later stage has passed this one, or was let past a condition that failed.
  if (course.passed) return "Succeeded";
  if (actions.some((run) => run.status === "Failed") || verdicts.get("ON_SUCCESS") === "Failed")
    return course.over ? "Failed" : "InProgress";
  if (actions.some((run) => run.status === "Abandoned")) return "Stopped";
  const all = stage ? stage.actions.every((action) => actions.some((run) => run.name === action.name)) : course.over;
  if (all && course.status !== "Failed") return "Succeeded";
  if (!course.over) return all ? "Succeeded" : "InProgress";
  return course.status;
}

function withoutActions(stage: StageDeclaration | undefined, verdicts: Map<Kind, string>, course: Course) {
  if (verdicts.get("BEFORE_ENTRY") !== "Failed") return course.over && !course.passed ? course.status : "InProgress";
  const skips = stage?.beforeEntry?.conditions.some((each) => each.result === "SKIP");
  return skips ? "Skipped" : "Failed";
}

/** The instants at which something is known to have begun or ended, each once, oldest first. */
export function instants(runs: Run[], whole: Whole): number[] {
  const found = runs.flatMap((run) => (run.end === undefined ? [run.start] : [run.start, run.end]));
  if (whole.ended !== undefined) found.push(whole.ended);
  return [...new Set(found)].sort((a, b) => a - b);
}
