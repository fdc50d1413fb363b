/** How a call ended. */

import StatusIndicator from "@cloudscape-design/components/status-indicator";

import type { Entry } from "./reading";

export function Outcome({ one }: { one: Entry }) {
  if (!one.error) return <StatusIndicator type="success">Done</StatusIndicator>;
  if (one.denied) return <StatusIndicator type="warning">Refused: {one.error === "Failure" ? one.message || one.error : one.error}</StatusIndicator>;
  return <StatusIndicator type="error">{one.error}</StatusIndicator>;
}
