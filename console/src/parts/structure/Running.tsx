/** What saving a pipeline means for the executions that run. */

import Alert from "@cloudscape-design/components/alert";

import type { ExecutionMode } from "../../api/models/codepipeline";
import { useCall } from "../../api/queries";

export function Running({ name, from, to }: { name: string; from?: ExecutionMode; to?: ExecutionMode }) {
  const found = useCall("codepipeline", "ListPipelineExecutions", { pipelineName: name, maxResults: 100 });
  const count = found.data?.pipelineExecutionSummaries?.filter((each) => ["InProgress", "Stopping"].includes(each.status ?? "")).length;
  if (found.error) {
    return <Alert type="info">Executions that run finish their actions in progress and are then cancelled.</Alert>;
  }
  if (!count) return null;
  if (from === "PARALLEL") return <Alert type="info">{counted(count)} in progress. They go on with the version that they began with.</Alert>;
  const change = to === "PARALLEL" ? " From then on executions run in parallel." : "";
  return (
    <Alert type="warning" header={`${counted(count)} in progress`}>
      Saving ends what runs: the actions in progress finish, then the execution is cancelled. What waits in front of a stage is cancelled at
      once.{change}
    </Alert>
  );
}

function counted(count: number): string {
  return count === 1 ? "1 execution is" : `${count} executions are`;
}
