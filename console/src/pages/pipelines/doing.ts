/** What an execution that is in progress does or waits for, in a few words. */

import type { GetPipelineStateOutput } from "../../api/models/codepipeline";

export interface Doing {
  text: string;
  /** STAGE/ACTION of the approval that somebody has to answer. */
  approval?: string;
}

/** From the pipeline's state; undefined where the state does not tell (executions of PARALLEL pipelines are not in it). */
export function doing(state: GetPipelineStateOutput | undefined, execution: string): Doing | undefined {
  for (const stage of state?.stageStates ?? []) {
    if (stage.latestExecution?.pipelineExecutionId !== execution || stage.latestExecution.status !== "InProgress") continue;
    const acting = (stage.actionStates ?? []).filter((each) => each.latestExecution?.status === "InProgress");
    const waiting = acting.filter((each) => each.latestExecution?.token).map((each) => each.actionName);
    if (waiting.length > 0) return { text: `Waits for approval: ${waiting.join(", ")}`, approval: `${stage.stageName}/${waiting[0]}` };
    const names = acting.map((each) => each.actionName).join(", ");
    return { text: names ? `${stage.stageName}: ${names}` : `In stage ${stage.stageName}` };
  }
  return undefined;
}

/** A summary without what the row says already; the whole of it is told on hover. */
export function briefly(summary: string): string {
  return summary.replace(/^Action '([^']+)' in stage '[^']+' failed: /, "$1: ");
}

/** Where an approval is answered. */
export function reviewPage(pipeline: string, approval: string): string {
  return `/pipelines/${pipeline}?${new URLSearchParams({ review: approval })}`;
}
