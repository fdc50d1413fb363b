/** Figures about deliveries, computed from what the API lists. Instants are epoch seconds, durations seconds. */

import type { ActionExecutionDetail, PipelineExecutionSummary } from "../../api/models/codepipeline";

/** What is counted of one pipeline: newest first. `cut`: there was more in the window than is counted. */
export interface Runs {
  name: string;
  executions: PipelineExecutionSummary[];
  actions: ActionExecutionDetail[];
  cut: boolean;
}

/** A share of a whole, so that a page can say both. */
export interface Share {
  part: number;
  whole: number;
}

export interface Figures {
  executions: number;
  success: Share;
  /** Successful deployments. */
  deployments: number;
  perDay: number;
  leadTime: number | undefined;
  changeFailures: Share;
  restore: number | undefined;
  /** Failed deployments that no successful one has followed yet. */
  unrestored: number;
  rework: Share;
}

export interface Deployment {
  pipeline: string;
  execution: string;
  started: number;
  /** When a deployment of it failed, and when one succeeded: both, if it was retried. */
  failed?: number;
  succeeded?: number;
  rollback: boolean;
}

const DAY = 86_400;

/** The figures of a window that ends now and is so many days long. */
export function figures(all: Runs[], days: number): Figures {
  const executions = all.flatMap((each) => each.executions);
  const made = all.map(deployments);
  const changes = made.flat().filter((each) => !each.rollback);
  const succeeded = changes.filter((each) => each.succeeded !== undefined);
  const restored = made.flatMap(restorations);
  const times = restored.filter((each) => each !== undefined);
  return {
    executions: executions.length,
    success: { part: count(executions, "Succeeded"), whole: count(executions, "Succeeded") + count(executions, "Failed") },
    deployments: succeeded.length,
    perDay: succeeded.length / days,
    leadTime: median(succeeded.map((each) => (each.succeeded ?? 0) - each.started)),
    changeFailures: { part: changes.filter((each) => each.failed !== undefined).length, whole: changes.length },
    restore: median(times),
    unrestored: restored.length - times.length,
    rework: { part: sum(all.map((each, at) => rework(each, made[at]))), whole: executions.length },
  };
}

/**
 * The deployments of a pipeline, oldest first: executions whose deploy actions ended, or, in pipelines without deploy actions, that
 * ended themselves. One that a rollback took back has failed, even if it had succeeded before.
 */
export function deployments(runs: Runs): Deployment[] {
  const deploys = runs.actions.filter((each) => each.input?.actionTypeId?.category === "Deploy");
  const byExecution = grouped(deploys, (each) => each.pipelineExecutionId ?? "");
  const found: Deployment[] = [];
  for (const execution of [...runs.executions].reverse()) {
    const own = byExecution.get(execution.pipelineExecutionId ?? "") ?? [];
    const ends = deploys.length > 0 ? endsOfActions(own) : endOfExecution(execution);
    const rollback = execution.executionType === "ROLLBACK";
    if (rollback) takeBack(found, execution.startTime ?? 0);
    if (ends.failed === undefined && ends.succeeded === undefined) continue;
    found.push({
      pipeline: runs.name,
      execution: execution.pipelineExecutionId ?? "",
      started: execution.startTime ?? 0,
      rollback,
      ...ends,
    });
  }
  return found;
}

/** The deployment before a rollback counts as failed, from the rollback's start on at the latest. */
function takeBack(found: Deployment[], at: number) {
  const last = found.findLast((each) => !each.rollback);
  if (last && last.failed === undefined) {
    last.failed = at;
    if (last.succeeded !== undefined && last.succeeded > at) last.succeeded = undefined;
  }
}

function endsOfActions(runs: ActionExecutionDetail[]): Pick<Deployment, "failed" | "succeeded"> {
  const failed = runs.filter((each) => each.status === "Failed").map((each) => each.lastUpdateTime ?? 0);
  const latest = [...grouped(runs, place).values()].map((each) => each.reduce((a, b) => (startOf(b) > startOf(a) ? b : a)));
  const good = latest.length > 0 && latest.every((each) => each.status === "Succeeded");
  return {
    ...(failed.length > 0 ? { failed: Math.min(...failed) } : {}),
    ...(good ? { succeeded: Math.max(...latest.map((each) => each.lastUpdateTime ?? 0)) } : {}),
  };
}

function endOfExecution({ status, lastUpdateTime }: PipelineExecutionSummary): Pick<Deployment, "failed" | "succeeded"> {
  if (status === "Succeeded") return { succeeded: lastUpdateTime };
  return status === "Failed" ? { failed: lastUpdateTime } : {};
}

/** Of each failed deployment of a pipeline: how long until one succeeded (a rollback does as well); undefined while none has. */
function restorations(made: Deployment[]): (number | undefined)[] {
  const successes = made.flatMap((each) => (each.succeeded === undefined ? [] : [each.succeeded])).sort((a, b) => a - b);
  return made
    .filter((each) => each.failed !== undefined && !each.rollback)
    .map(({ failed = 0 }) => {
      const after = successes.find((each) => each > failed);
      return after === undefined ? undefined : after - failed;
    });
}

/** How many executions were rollbacks, were retried, or began within a day after a deployment of the pipeline had failed. */
function rework(runs: Runs, made: Deployment[]): number {
  const retried = new Set<string>();
  for (const own of grouped(runs.actions, (each) => `${each.pipelineExecutionId}/${place(each)}`).values()) {
    if (own.length > 1) retried.add(own[0].pipelineExecutionId ?? "");
  }
  const failures = made.flatMap((each) => (each.failed === undefined ? [] : [each.failed]));
  return runs.executions.filter(({ pipelineExecutionId, executionType, startTime = 0 }) => {
    const mends = failures.some((failed) => startTime > failed && startTime <= failed + DAY);
    return executionType === "ROLLBACK" || retried.has(pipelineExecutionId ?? "") || mends;
  }).length;
}

export interface Slow {
  pipeline: string;
  stage: string;
  action: string;
  median: number;
  longest: number;
  runs: number;
}

/** The actions that take longest, by the median of their successful runs; approvals are people's time, not the pipeline's. */
export function slowest(all: Runs[], most: number): Slow[] {
  const found = all.flatMap((runs) => {
    const ended = runs.actions.filter((each) => each.status === "Succeeded" && each.input?.actionTypeId?.category !== "Approval");
    return [...grouped(ended, place).values()].map((own) => {
      const took = own.map((each) => (each.lastUpdateTime ?? 0) - startOf(each));
      const { stageName = "", actionName = "" } = own[0];
      const figures = { median: median(took) ?? 0, longest: Math.max(...took), runs: own.length };
      return { pipeline: runs.name, stage: stageName, action: actionName, ...figures };
    });
  });
  return found.sort((a, b) => b.median - a.median).slice(0, most);
}

export interface Day {
  /** Where the day begins, in the zone of who looks. */
  at: Date;
  succeeded: number;
  failed: number;
  other: number;
  /** Median lead time of the changes that were deployed on this day. */
  leadTime: number | undefined;
}

/** The window day by day, oldest first; executions count on the day on which they began. */
export function daily(all: Runs[], days: number, now: Date): Day[] {
  const made = all.flatMap(deployments).filter((each) => !each.rollback && each.succeeded !== undefined);
  const began = grouped(all.flatMap((each) => each.executions), (each) => dayOf((each.startTime ?? 0) * 1000));
  const deployed = grouped(made, (each) => dayOf((each.succeeded ?? 0) * 1000));
  return Array.from({ length: days }, (_, at) => {
    const day = new Date(now.getFullYear(), now.getMonth(), now.getDate() - (days - 1 - at));
    const own = began.get(day.getTime()) ?? [];
    const [succeeded, failed] = [count(own, "Succeeded"), count(own, "Failed")];
    const times = (deployed.get(day.getTime()) ?? []).map((each) => (each.succeeded ?? 0) - each.started);
    return { at: day, succeeded, failed, other: own.length - succeeded - failed, leadTime: median(times) };
  });
}

function dayOf(milliseconds: number): number {
  const at = new Date(milliseconds);
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
}

/** The middle of some numbers; undefined without any. */
export function median(numbers: number[]): number | undefined {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 || sorted.length === 0 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function count(executions: PipelineExecutionSummary[], status: string): number {
  return executions.filter((each) => each.status === status).length;
}

function sum(numbers: number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}

function place({ stageName, actionName }: ActionExecutionDetail): string {
  return `${stageName}/${actionName}`;
}

function startOf(run: ActionExecutionDetail): number {
  return run.startTime ?? 0;
}

function grouped<K, T>(items: T[], key: (item: T) => K): Map<K, T[]> {
  const found = new Map<K, T[]>();
  for (const item of items) {
    const one = key(item);
    const group = found.get(one);
    if (group) group.push(item);
    else found.set(one, [item]);
  }
  return found;
}
