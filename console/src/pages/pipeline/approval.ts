/** A manual approval that waits: what is known of it, and what the pipeline's tags demand. Pure. */

import type { PipelineExecutionSummary, Tag } from "../../api/models/codepipeline";
import type { ActionView, StageView } from "./model";

export interface Asked {
  pipeline: string;
  stage: string;
  action: string;
  token: string;
  executionId: string;
  /** The action execution. */
  runId?: string;
  /** Epoch seconds. */
  since?: number;
  /** Seconds after which it fails by itself. */
  lasts: number;
  /** The action's custom data, or how many have approved so far. */
  message?: string;
  configuration?: Record<string, string>;
  execution?: PipelineExecutionSummary;
}

const A_WEEK = 7 * 24 * 60;

export function askedBy(pipeline: string, stage: StageView, action: ActionView, execution?: PipelineExecutionSummary): Asked {
  return {
    pipeline,
    stage: stage.name,
    action: action.name,
    token: action.latest?.token ?? "",
    executionId: stage.executionId ?? "",
    runId: action.latest?.actionExecutionId,
    since: action.latest?.lastStatusChange,
    lasts: (action.declared?.timeoutInMinutes ?? A_WEEK) * 60,
    message: action.latest?.summary ?? action.declared?.configuration?.CustomData,
    configuration: action.declared?.configuration,
    execution,
  };
}

/** The link for reviewers; none where its variables are not filled in. */
export function linkOf(configuration: Record<string, string> | undefined): string | undefined {
  const link = configuration?.ExternalEntityLink;
  return link && !link.includes("#{") ? link : undefined;
}

export interface Demands {
  persons: number;
  others: boolean;
}

export function demandsOf(tags: Tag[] | undefined, stage: string, action: string): Demands {
  const known = new Map((tags ?? []).map((each) => [each.key, each.value]));
  const persons = known.get(`stageline:approvals/${stage}/${action}`) ?? known.get("stageline:approvals") ?? "1";
  return { persons: Number(persons) || 1, others: known.get("stageline:approvals-by-others") === "true" };
}

/** Why this person's yes would not count; empty where it would, as far as can be seen. */
export function barredBy(demands: Demands, execution: PipelineExecutionSummary | undefined, arn: string | undefined): string {
  if (!demands.others || !arn || execution?.trigger?.triggerDetail !== arn) return "";
  return "You started this execution, and the pipeline wants somebody else to approve it. You may reject it.";
}
