/** The moments of an execution, each with how everything stood: as the journal tells them, or reconstructed from history. */

import type { PipelineDeclaration } from "../../api/models/codepipeline";
import { EMPTY, type Standing, place } from "./outline";
import type { Run } from "./runs";
import { type Whole, instants, standingAt } from "./standing";

/** What the server tells of one event of the journal; members that have nothing to say are left out. */
export interface Step {
  /** Epoch seconds. */
  at: number;
  status: string;
  standing?: string;
  waiting?: string;
  remarks?: string[];
  stages?: Record<string, string>;
  conditions?: Record<string, Record<string, string>>;
  runs?: { id: string; stage: string; name: string; condition?: string; status: string }[];
  /** A stage that is retried: what it has now is all in this step. */
  afresh?: string;
}

export interface Moment {
  at: number;
  status: string;
  sentence: string;
  remarks: string[];
  standing: Standing;
}

/** The moments that the journal tells of: what happened in the same millisecond is one. */
export function told(steps: Step[]): Moment[] {
  const found: Moment[] = [];
  for (const step of steps) {
    const before = found.at(-1);
    const moment: Moment = {
      at: step.at,
      status: step.status,
      sentence: step.standing ?? "",
      remarks: step.remarks ?? changed(step),
      standing: after(before?.standing ?? EMPTY, step),
    };
    if (before?.at === step.at) found[found.length - 1] = { ...moment, remarks: [...before.remarks, ...moment.remarks] };
    else found.push(moment);
  }
  return found;
}

/** What is said of a step that the journal has no words for. */
function changed(step: Step): string[] {
  return (step.runs ?? []).map((run) => {
    const what = `${run.condition ? "Rule" : "Action"} '${run.name}' in stage '${run.stage}'`;
    return run.status === "InProgress" ? `${what} began.` : `${what} ended: ${run.status}.`;
  });
}

function after(before: Standing, step: Step): Standing {
  const now: Standing = {
    stages: new Map([...before.stages, ...Object.entries(step.stages ?? {})]),
    actions: new Map(without(before.actions, step.afresh)),
    rules: new Map(without(before.rules, step.afresh)),
    conditions: new Map(without(before.conditions, step.afresh)),
    waiting: step.waiting,
  };
  for (const run of step.runs ?? []) {
    const names = run.condition ? place(run.stage, run.condition, run.name) : place(run.stage, run.name);
    (run.condition ? now.rules : now.actions).set(names, { id: run.id, status: run.status });
  }
  for (const [stage, kinds] of Object.entries(step.conditions ?? {}))
    for (const [kind, status] of Object.entries(kinds)) now.conditions.set(place(stage, kind), status);
  return now;
}

function without<T>(found: Map<string, T>, stage: string | undefined): [string, T][] {
  return [...found].filter(([names]) => stage === undefined || JSON.parse(names)[0] !== stage);
}

/** The moments that history lets one reconstruct. */
export function reconstructed(declaration: PipelineDeclaration | undefined, runs: Run[], whole: Whole): Moment[] {
  return instants(runs, whole).map((at) => ({
    at,
    status: whole.ended !== undefined && whole.ended <= at ? whole.status : "InProgress",
    sentence: "",
    remarks: happened(runs, whole, at),
    standing: standingAt(declaration, runs, whole, at),
  }));
}

function happened(runs: Run[], whole: Whole, at: number): string[] {
  const what = (run: Run) => `${run.rule ? "Rule" : "Action"} '${run.name}' in stage '${run.stage}'`;
  return [
    ...runs.filter((run) => run.end === at).map((run) => `${what(run)} ended: ${run.status}.`),
    ...runs.filter((run) => run.start === at).map((run) => `${what(run)} began.`),
    ...(whole.ended === at ? [`The execution ended: ${whole.status}.`] : []),
  ];
}
