/** Running a stage again as an earlier execution ran it. */

import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import FormField from "@cloudscape-design/components/form-field";
import Select from "@cloudscape-design/components/select";
import { useState } from "react";
import { useNavigate } from "react-router";

import { useAction, useCall } from "../../api/queries";
import { Confirm } from "../../parts/Confirm";
import { useNotices } from "../../shell/notices";
import { short } from "./words";

interface Props {
  name: string;
  /** The execution to go back to. */
  id: string;
  onDone: () => void;
}

export function RollbackDialog({ name, id, onDone }: Props) {
  const rollback = useAction("codepipeline", "RollbackStage");
  const pipeline = useCall("codepipeline", "GetPipeline", { name });
  const navigate = useNavigate();
  const { tell } = useNotices();
  // The first stage brings the sources: there is nothing to go back to in it.
  const stages = (pipeline.data?.pipeline?.stages ?? []).slice(1).map((each) => ({ value: each.name, label: each.name }));
  const [chosen, setChosen] = useState<string>();
  const stage = chosen ?? stages.at(-1)?.value;
  const confirm = async () => {
    const made = await rollback.mutateAsync({ pipelineName: name, stageName: stage ?? "", targetPipelineExecutionId: id });
    tell("success", `Stage ${stage} of ${name} goes back to execution ${short(id)}.`);
    navigate(`/pipelines/${encodeURIComponent(name)}/executions/${made.pipelineExecutionId}`);
  };
  return (
    <Confirm
      title={`Roll back to execution ${short(id)}`}
      verb="Start rollback"
      onConfirm={confirm}
      onDone={onDone}
      disabled={!stage}
    >
      <FormField label="Stage" errorText={pipeline.error?.message}>
        <Select
          selectedOption={stage ? { value: stage, label: stage } : null}
          options={stages}
          statusType={pipeline.isPending ? "loading" : "finished"}
          onChange={(event) => setChosen(event.detail.selectedOption.value)}
        />
      </FormField>
      <Alert type="info">
        A new execution runs this stage with the source revisions, artifacts and variables of{" "}
        <Box variant="code" display="inline">
          {short(id)}
        </Box>
        . It must have succeeded in the stage, with the version that the pipeline has now.
      </Alert>
    </Confirm>
  );
}
