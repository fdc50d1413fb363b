/** The figures of the timeline: bars, waits between them, and the marks of the axis. Pure. */

import { type Run, approval } from "./runs";

export interface Bar {
  id: string;
  /** "work" of a machine, an "approval" by a person, a "rule" of a condition, or a "wait" in which nothing ran. */
  kind: "work" | "approval" | "rule" | "wait";
  label: string;
  stage: string;
  status?: string;
  /** Epoch seconds; a bar without an end goes on. */
  start: number;
  end?: number;
}

/** Seconds without any run that are told as a wait; less than that is the engine's own time. */
const NOTABLE = 1;

/** One bar a run, oldest first, and one for each time in which the execution had to wait in front of a stage, or for a retry. */
export function bars(runs: Run[], ended: number | undefined, waiting: string | undefined, now: number): Bar[] {
  const found: Bar[] = [];
  let reach: number | undefined;
  let stage = "";
  for (const run of runs) {
    if (reach !== undefined && run.start - reach >= NOTABLE) {
      const label = run.stage === stage ? `Until ${run.stage} went on` : `In front of ${run.stage}`;
      found.push({ id: `wait-${run.id}`, kind: "wait", label, stage: run.stage, start: reach, end: run.start });
    }
    found.push({
      id: run.id,
      kind: run.rule ? "rule" : approval(run) ? "approval" : "work",
      label: run.name,
      stage: run.stage,
      status: run.status,
      start: run.start,
      end: run.end,
    });
    reach = Math.max(reach ?? 0, run.end ?? now);
    stage = run.stage;
  }
  if (reach !== undefined && waiting && ended === undefined)
    found.push({ id: "wait", kind: "wait", label: `In front of ${waiting}`, stage: waiting, start: reach });
  return found;
}

/** How much of the whole each kind took, in seconds, longest first: times in which several ran count for each. */
export function shares(found: Bar[], now: number): { kind: Bar["kind"]; seconds: number }[] {
  const sums = new Map<Bar["kind"], number>();
  for (const bar of found) sums.set(bar.kind, (sums.get(bar.kind) ?? 0) + ((bar.end ?? now) - bar.start));
  return [...sums].map(([kind, seconds]) => ({ kind, seconds })).sort((a, b) => b.seconds - a.seconds);
}

const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 43_200, 86_400];

/** Marks of an axis of so many seconds, about `most` of them, at round distances; in seconds from the start. */
export function marks(seconds: number, most = 6): number[] {
  const step = STEPS.find((each) => seconds / each <= most) ?? Math.ceil(seconds / most / 86_400) * 86_400;
  return Array.from({ length: Math.floor(seconds / step + 1e-9) + 1 }, (_, index) => index * step);
}

/** "1:05", "12 s", "3 h": a mark of the axis. */
export function markText(seconds: number): string {
  if (seconds === 0) return "0";
  if (seconds < 60) return `${Number(seconds.toFixed(1))} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}${seconds % 60 ? `:${String(Math.round(seconds % 60)).padStart(2, "0")}` : ""} min`;
  if (seconds < 86_400) return `${Number((seconds / 3600).toFixed(1))} h`;
  return `${Number((seconds / 86_400).toFixed(1))} d`;
}
