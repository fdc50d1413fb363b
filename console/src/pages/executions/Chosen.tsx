/** What can be done with the executions that are selected. */

import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate } from "react-router";

import { may } from "../../api/may";
import type { PipelineExecutionSummary } from "../../api/models/codepipeline";
import { Permitted } from "../../parts/Permitted";
import { RollbackDialog } from "../execution/RollbackDialog";
import { StopDialog } from "../execution/StopDialog";
import { ended } from "../execution/reading";

export function Chosen({ name, chosen }: { name: string; chosen: PipelineExecutionSummary[] }) {
  const [open, setOpen] = useState<"stop" | "rollback">();
  const navigate = useNavigate();
  const one = chosen.length === 1 ? chosen[0] : undefined;
  const id = one?.pipelineExecutionId ?? "";
  const page = (of: PipelineExecutionSummary | undefined) =>
    `/pipelines/${encodeURIComponent(name)}/executions/${of?.pipelineExecutionId}`;
  const running = one && !ended(one.status);
  const target = { pipelineName: name, pipelineExecutionId: id };
  const back = { pipelineName: name, stageName: "any", targetPipelineExecutionId: id };
  const close = () => setOpen(undefined);
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Button disabled={!one} disabledReason="Select one execution." onClick={() => navigate(page(one))}>
        View
      </Button>
      <Button
        disabled={chosen.length !== 2}
        disabledReason="Select two executions."
        onClick={() => navigate(`${page(chosen[0])}?tab=compare&compare=${chosen[1].pipelineExecutionId}`)}
      >
        Compare
      </Button>
      <Permitted
        asks={one ? may("codepipeline", "StopPipelineExecution", target) : []}
        disabled={!running}
        disabledReason={one ? "It has ended." : "Select one execution that is in progress."}
        onClick={() => setOpen("stop")}
      >
        Stop
      </Permitted>
      <Permitted
        asks={one ? may("codepipeline", "RollbackStage", back) : []}
        disabled={!one || one.executionType === "ROLLBACK" || one.executionMode === "PARALLEL"}
        disabledReason={
          !one
            ? "Select one execution."
            : one.executionMode === "PARALLEL"
              ? "Stages of PARALLEL executions are not rolled back."
              : "It is a rollback itself: select its target."
        }
        onClick={() => setOpen("rollback")}
      >
        Roll back to
      </Permitted>
      {open === "stop" && <StopDialog name={name} id={id} stopping={one?.status === "Stopping"} onDone={close} />}
      {open === "rollback" && <RollbackDialog name={name} id={id} onDone={close} />}
    </SpaceBetween>
  );
}
