/** Running a stage as an earlier execution ran it. */

import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Table from "@cloudscape-design/components/table";
import { useState } from "react";

import { may } from "../../api/may";
import type { PipelineExecutionSummary } from "../../api/models/codepipeline";
import { useAction, useListing } from "../../api/queries";
import { Confirm } from "../../parts/Confirm";
import { Failure } from "../../parts/Failure";
import { Permitted } from "../../parts/Permitted";
import { When } from "../../parts/When";
import { shortId } from "../../parts/short";
import { useNotices } from "../../shell/notices";
import { Revisions } from "./Revisions";
import { RUNNING, type StageView } from "./model";

/** Any id: whether one may roll back does not depend on the target. */
const SOME = "00000000-0000-4000-8000-000000000000";

export function Rollback({ pipeline, stage }: { pipeline: string; stage: StageView }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Permitted
        asks={may("codepipeline", "RollbackStage", { pipelineName: pipeline, stageName: stage.name, targetPipelineExecutionId: SOME })}
        disabled={Boolean(unable(stage))}
        disabledReason={unable(stage)}
        ariaLabel={`Start rollback of ${stage.name}`}
        onClick={() => setOpen(true)}
      >
        Start rollback
      </Permitted>
      {open && <Choose pipeline={pipeline} stage={stage} onDone={() => setOpen(false)} />}
    </>
  );
}

function unable(stage: StageView): string {
  if (!stage.status) return "The stage has not run yet.";
  if (RUNNING.includes(stage.status)) return "The stage is in progress: wait until it has ended, or stop its execution.";
  return stage.status === "Skipped" ? "A stage that was skipped cannot be rolled back." : "";
}

function Choose({ pipeline, stage, onDone }: { pipeline: string; stage: StageView; onDone: () => void }) {
  const [target, setTarget] = useState<PipelineExecutionSummary>();
  const { tell } = useNotices();
  const rollback = useAction("codepipeline", "RollbackStage");
  const found = useListing(
    "codepipeline",
    "ListPipelineExecutions",
    { pipelineName: pipeline, filter: { succeededInStage: { stageName: stage.name } } },
    (page) => [page.pipelineExecutionSummaries, page.nextToken],
    { most: 3 },
  );
  const targets = (found.data ?? []).filter((each) => each.executionType !== "ROLLBACK");
  const go = async () => {
    const id = target?.pipelineExecutionId ?? "";
    await rollback.mutateAsync({ pipelineName: pipeline, stageName: stage.name, targetPipelineExecutionId: id });
    tell("success", `${stage.name} goes back to what execution ${shortId(id)} ran.`);
  };
  return (
    <Confirm title={`Roll back ${stage.name}`} verb="Start rollback" size="large" disabled={!target} onConfirm={go} onDone={onDone}>
      <Failure error={found.error} what="the executions to go back to" />
      <Alert type="info">
        The stage runs again in an execution of its own, with the artifacts and variables of the one that you choose. Other stages stay
        as they are.
      </Alert>
      <Table<PipelineExecutionSummary>
        variant="embedded"
        wrapLines
        selectionType="single"
        selectedItems={target ? [target] : []}
        trackBy="pipelineExecutionId"
        onSelectionChange={(event) => setTarget(event.detail.selectedItems[0])}
        onRowClick={(event) => setTarget(event.detail.item)}
        loading={found.isLoading}
        loadingText="Reading the executions"
        items={targets}
        ariaLabels={{
          selectionGroupLabel: "Executions to go back to",
          itemSelectionLabel: (_, item) => `Execution ${shortId(item.pipelineExecutionId)}`,
          tableLabel: `Executions that succeeded in ${stage.name}`,
        }}
        empty={<Box textAlign="center">No execution of the current version has succeeded in this stage.</Box>}
        columnDefinitions={[
          {
            id: "execution",
            header: "Execution",
            cell: (each) =>
              `${shortId(each.pipelineExecutionId)}${each.pipelineExecutionId === stage.executionId ? " (in the stage now)" : ""}`,
          },
          { id: "revisions", header: "Revisions", cell: (each) => <Revisions of={each.sourceRevisions} /> },
          { id: "started", header: "Started", cell: (each) => <When at={each.startTime} /> },
        ]}
      />
    </Confirm>
  );
}
