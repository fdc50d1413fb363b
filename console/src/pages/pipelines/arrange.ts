/** Which pipelines a list shows, and in which order. */

import type { PipelineExecutionSummary, PipelineSummary } from "../../api/models/codepipeline";

export const SORTS = ["name", "status", "started", "type", "mode", "version", "created", "updated"] as const;
export type Sort = (typeof SORTS)[number];

/** What a person has asked the list for. No statuses: all of them. */
export interface View {
  text: string;
  statuses: string[];
  type: string;
  mode: string;
  sort: Sort;
  descending: boolean;
}

/** The latest executions of a pipeline, newest first; undefined while they are not known. */
export type Known = (name: string) => PipelineExecutionSummary[] | undefined;

/** The word for the status of a pipeline that has no execution. */
export const NEVER = "Never";

/** Failed first, as what needs somebody; then what is going on, and what has come to its end. */
const URGENCY = ["Failed", "InProgress", "Stopping", "Stopped", "Cancelled", "Superseded", "Succeeded", NEVER];
export const STATUSES = URGENCY;

/** Whether the list can only be told from the executions of every pipeline, not from the summaries alone. */
export function needsStates(view: View): boolean {
  return view.statuses.length > 0 || view.sort === "status" || view.sort === "started";
}

/** Whether anything is filtered. */
export function isFiltered(view: View): boolean {
  return Boolean(view.text || view.statuses.length || view.type || view.mode);
}

/** The pipelines that match, favourites first; of what is not known nothing is claimed: it comes last, and matches no status. */
export function arranged(pipelines: PipelineSummary[], view: View, known: Known, favourites: ReadonlySet<string>): PipelineSummary[] {
  const text = view.text.trim().toLowerCase();
  const shown = pipelines.filter(
    (each) =>
      (!text || (each.name ?? "").toLowerCase().includes(text)) &&
      (!view.type || each.pipelineType === view.type) &&
      (!view.mode || each.executionMode === view.mode) &&
      (view.statuses.length === 0 || view.statuses.includes(statusOf(known(each.name ?? "")) ?? "")),
  );
  const way = view.descending ? -1 : 1;
  const keyed = shown.map((each) => ({ each, key: sortKey(each, view.sort, known), first: favourites.has(each.name ?? "") }));
  keyed.sort(
    (a, b) =>
      Number(b.first) - Number(a.first) ||
      Number(a.key === undefined) - Number(b.key === undefined) ||
      way * compared(a.key, b.key) ||
      compared(a.each.name, b.each.name),
  );
  return keyed.map(({ each }) => each);
}

/** The status of the latest execution; undefined while it is not known. */
export function statusOf(executions: PipelineExecutionSummary[] | undefined): string | undefined {
  if (executions === undefined) return undefined;
  return executions[0]?.status ?? NEVER;
}

function sortKey(pipeline: PipelineSummary, sort: Sort, known: Known): string | number | undefined {
  const executions = needsExecutions(sort) ? known(pipeline.name ?? "") : undefined;
  switch (sort) {
    case "status": {
      const status = statusOf(executions);
      return status === undefined ? undefined : URGENCY.indexOf(status);
    }
    case "started":
      return executions?.[0]?.startTime;
    case "type":
      return pipeline.pipelineType;
    case "mode":
      return pipeline.executionMode;
    default:
      return pipeline[sort];
  }
}

function needsExecutions(sort: Sort): boolean {
  return sort === "status" || sort === "started";
}

const COLLATOR = new Intl.Collator("en", { numeric: true });

function compared(a: string | number | undefined, b: string | number | undefined): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return COLLATOR.compare(String(a ?? ""), String(b ?? ""));
}
