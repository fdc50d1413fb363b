/** A status in AWS's word, with its picture and colour. */

import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";

import type { Mark } from "../shell/title";

const TYPES: Record<string, StatusIndicatorProps.Type> = {
  Succeeded: "success",
  SUCCEEDED: "success",
  Failed: "error",
  FAILED: "error",
  FAULT: "error",
  TIMED_OUT: "error",
  InProgress: "in-progress",
  IN_PROGRESS: "in-progress",
  Stopping: "stopped",
  Stopped: "stopped",
  STOPPED: "stopped",
  Superseded: "stopped",
  Cancelled: "stopped",
  Abandoned: "stopped",
  Errored: "error",
  Skipped: "info",
};
const WORDS: Record<string, string> = {
  InProgress: "In progress",
  IN_PROGRESS: "In progress",
  SUCCEEDED: "Succeeded",
  FAILED: "Failed",
  FAULT: "Fault",
  TIMED_OUT: "Timed out",
  STOPPED: "Stopped",
};

/** What a status is called. */
export function statusWord(status: string | undefined): string {
  return status ? (WORDS[status] ?? status) : "Didn't run";
}

export function Status({ status, detail }: { status: string | undefined; detail?: string }) {
  return (
    <StatusIndicator type={status ? (TYPES[status] ?? "info") : "pending"}>
      {statusWord(status)}
      {detail ? ` – ${detail}` : ""}
    </StatusIndicator>
  );
}

/** The mark of a status in the browser's tab. */
export function statusMark(status: string | undefined): Mark {
  const type = status ? TYPES[status] : undefined;
  return type === "success" ? "good" : type === "error" ? "bad" : type === "in-progress" ? "busy" : "none";
}
