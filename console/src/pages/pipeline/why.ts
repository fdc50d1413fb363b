/** Why something waits, in sentences, read off the state of a pipeline. Pure. */

import { shortId, whoIs } from "../../parts/short";
import { type ActionView, type StageView, RUNNING, waitsForAnswer } from "./model";

export interface Reason {
  text: string;
  /** Epoch seconds: since when it waits, and when it ends by itself. */
  since?: number;
  until?: number;
  /** It explains what is, but holds nothing up. */
  over?: boolean;
}

const A_WEEK = 7 * 24 * 60;

/** When an approval fails by itself. `began` is when it was asked for. */
export function expires(action: ActionView, began: number | undefined): number | undefined {
  return began === undefined ? undefined : began + (action.declared?.timeoutInMinutes ?? A_WEEK) * 60;
}

/** What the execution within a stage waits for, or does. */
export function inside(stage: StageView): Reason[] {
  const reasons: Reason[] = [];
  for (const action of stage.actions.filter(waitsForAnswer)) {
    const since = action.latest?.lastStatusChange;
    reasons.push({ text: `Waits for somebody to answer the approval ${action.name}`, since, until: expires(action, since) });
  }
  for (const condition of stage.conditions) {
    const name = condition.title.toLowerCase();
    if (condition.status === "InProgress" && stage.status === "InProgress") {
      const open = condition.rules.filter((rule) => rule.latest?.status === "InProgress");
      const said = open.map((rule) => (rule.latest?.summary ? `${rule.name}: ${rule.latest.summary}` : rule.name)).join("; ");
      reasons.push({ text: `Waits for its ${name}${said ? ` (${said})` : ""}`, since: open[0]?.latest?.lastStatusChange });
    }
    if (condition.status === "Failed" && stage.status !== "Succeeded") {
      reasons.push({ text: `The ${name} failed${condition.summary ? `: ${condition.summary}` : ""}`, over: true });
    }
  }
  if (stage.status === "Stopping") {
    const open = stage.actions.filter((each) => each.status === "InProgress").map((each) => each.name);
    reasons.push({ text: `Is being stopped; it ends when ${open.join(", ") || "what is in progress"} has ended` });
  }
  const retry = retried(stage);
  return retry ? [...reasons, { text: retry, over: true }] : reasons;
}

/** That a stage was tried again, if it was. */
export function retried(stage: StageView): string {
  const retry = stage.state.retryStageMetadata;
  if (!retry) return "";
  if (retry.latestRetryTrigger === "AutomatedStageRetry") {
    return stage.status === "Failed" ? "It was retried automatically, once, and failed again" : "It was retried automatically, once";
  }
  const times = retry.manualStageRetryAttempt ?? 1;
  return `It was retried by hand${times > 1 ? `, ${times} times` : ""}`;
}

/**
 * What keeps an execution in front of a stage. `told` is what the server says of the execution (`statusSummary`): it knows more
 * than the state shows, so it speaks where the state gives no reason.
 */
export function inFront(stage: StageView, executionId: string, told: string | undefined): Reason[] {
  const reasons: Reason[] = [];
  const transition = stage.state.inboundTransitionState;
  if (transition?.enabled === false) reasons.push(disabled(stage));
  if (stage.status && RUNNING.includes(stage.status) && stage.executionId) {
    reasons.push({ text: `Execution ${shortId(stage.executionId)} holds the stage: it ${doing(stage)}` });
  }
  const ahead = stage.waiting.findIndex((each) => each.pipelineExecutionId === executionId);
  if (ahead > 0) reasons.push({ text: ahead === 1 ? "One execution is ahead of it" : `${ahead} executions are ahead of it` });
  if (reasons.length === 0 && told) reasons.push({ text: told });
  return reasons;
}

export function disabled(stage: StageView): Reason {
  const transition = stage.state.inboundTransitionState;
  const why = transition?.disabledReason ? `: ${transition.disabledReason}` : "";
  return { text: `Transition disabled by ${whoIs(transition?.lastChangedBy)}${why}`, since: transition?.lastChangedAt };
}

/** What the execution in a stage does, as the end of a sentence. */
export function doing(stage: StageView): string {
  const approvals = stage.actions.filter(waitsForAnswer).map((each) => each.name);
  if (approvals.length > 0) return `waits for somebody to answer the approval ${approvals.join(", ")}`;
  const condition = stage.conditions.find((each) => each.status === "InProgress");
  if (condition) return `waits for its ${condition.title.toLowerCase()}`;
  const busy = stage.actions.filter((each) => each.status === "InProgress").map((each) => each.name);
  if (stage.status === "Stopping") return `is being stopped${busy.length > 0 ? ` and ends with ${busy.join(", ")}` : ""}`;
  return busy.length > 0 ? `runs ${busy.join(", ")}` : "is in progress";
}
