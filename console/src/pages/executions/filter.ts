/** What the history is narrowed down to, kept in the address. Pure. */

import type { PipelineExecutionSummary } from "../../api/models/codepipeline";
import { searchable } from "../execution/words";

export const STATUSES = ["InProgress", "Succeeded", "Failed", "Stopped", "Stopping", "Superseded", "Cancelled"];
export const TRIGGERS = [
  "StartPipelineExecution",
  "CreatePipeline",
  "CloudWatchEvent",
  "PollForSourceChanges",
  "PutActionRevision",
  "Webhook",
  "WebhookV2",
  "ManualRollback",
  "AutomatedRollback",
];
/** Seconds by what is written in the address. */
export const AGES: Record<string, { seconds: number; text: string }> = {
  "1h": { seconds: 3_600, text: "Last hour" },
  "1d": { seconds: 86_400, text: "Last 24 hours" },
  "7d": { seconds: 604_800, text: "Last 7 days" },
  "30d": { seconds: 2_592_000, text: "Last 30 days" },
  "90d": { seconds: 7_776_000, text: "Last 90 days" },
};

export interface Filter {
  text: string;
  status: string;
  trigger: string;
  /** A stage in which the executions have succeeded; the server sifts by it. */
  stage: string;
  /** A key of AGES, or a date. */
  since: string;
}

export function filterOf(query: URLSearchParams): Filter {
  const get = (name: string) => query.get(name) ?? "";
  return { text: get("q"), status: get("status"), trigger: get("trigger"), stage: get("stage"), since: get("since") };
}

export function narrow(filter: Filter): boolean {
  return Boolean(filter.text || filter.status || filter.trigger || filter.since);
}

/** The instant (epoch seconds) that executions must have begun at or after; 0 for any. */
export function sinceInstant(since: string, now: number): number {
  const age = AGES[since];
  if (age) return now - age.seconds;
  const date = since ? Date.parse(since) : Number.NaN;
  return Number.isNaN(date) ? 0 : date / 1000;
}

export function fits(row: PipelineExecutionSummary, filter: Filter, now: number): boolean {
  if (filter.status && row.status !== filter.status) return false;
  if (filter.trigger && row.trigger?.triggerType !== filter.trigger) return false;
  if ((row.startTime ?? 0) < sinceInstant(filter.since, now)) return false;
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  const text = words.length > 0 ? searchable(row) : "";
  return words.every((word) => text.includes(word));
}
