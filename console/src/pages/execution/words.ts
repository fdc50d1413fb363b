/** What is told about executions, in words. */

import type { ExecutionTrigger, SourceRevision } from "../../api/models/codepipeline";
import type { Known } from "./reading";
import { approval } from "./runs";

/** The beginning of an id: enough to tell executions of a pipeline apart. */
export function short(id: string | undefined): string {
  return (id ?? "").slice(0, 8);
}

/** A commit as people write it; other revisions whole, unless they are very long. */
export function shortRevision(id: string | undefined): string {
  if (!id) return "–";
  if (/^[0-9a-f]{40}$/.test(id)) return id.slice(0, 8);
  return id.length > 16 ? `${id.slice(0, 10)}…` : id;
}

/** What started an execution, and who: a person's or role's name instead of the whole ARN. */
export function triggerWords(trigger: ExecutionTrigger | undefined): { what: string; who: string } {
  const detail = trigger?.triggerDetail ?? "";
  const named = /^arn:aws[^:]*:(?:iam|sts):[^/]*(?::root|[:/](.+))$/.exec(detail);
  const who = named ? (named[1] ?? "root") : /^arn:/.test(detail) ? (detail.split(":").pop() ?? detail) : detail;
  return { what: trigger?.triggerType ?? "–", who };
}

/** Everything that a person may look for in a row of the history. */
export function searchable(row: {
  pipelineExecutionId?: string;
  trigger?: ExecutionTrigger;
  statusSummary?: string;
  sourceRevisions?: SourceRevision[];
  stopTrigger?: { reason?: string };
}): string {
  const revisions = (row.sourceRevisions ?? []).flatMap((each) => [each.actionName, each.revisionId, each.revisionSummary]);
  const rest = [row.pipelineExecutionId, row.trigger?.triggerType, row.trigger?.triggerDetail, row.statusSummary, row.stopTrigger?.reason];
  return [...rest, ...revisions].filter(Boolean).join("\n").toLowerCase();
}

/** Why it stands as it does, in a sentence. */
export function why(known: Known): string {
  if (known.execution.statusSummary) return known.execution.statusSummary;
  const reason = known.summary?.stopTrigger?.reason;
  const stopping = known.execution.status === "Stopping";
  if (reason !== undefined && (stopping || known.execution.status === "Stopped")) return `It was asked to stop: ${reason}`;
  if (!known.running) return "";
  const busy = known.runs.filter((run) => run.status === "InProgress");
  const names = (runs: typeof busy) => runs.map((run) => `'${run.name}' in stage '${run.stage}'`).join(", ");
  const waits = busy.filter(approval);
  const acts = busy.filter((run) => !approval(run) && !run.rule);
  const rules = busy.filter((run) => run.rule);
  const parts = [
    acts.length > 0 ? `runs ${names(acts)}` : "",
    waits.length > 0 ? `waits for somebody to answer the approval ${names(waits)}` : "",
    rules.length > 0 ? `evaluates the rule ${names(rules)}` : "",
  ].filter(Boolean);
  return parts.length > 0 ? `It ${parts.join(" and ")}.` : "";
}
