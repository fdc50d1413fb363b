/** Running the failed actions, or all actions, of a stage again. */

import FormField from "@cloudscape-design/components/form-field";
import RadioGroup from "@cloudscape-design/components/radio-group";
import { useState } from "react";

import type { StageRetryMode } from "../../api/models/codepipeline";
import { useAction } from "../../api/queries";
import { Confirm } from "../../parts/Confirm";
import { useNotices } from "../../shell/notices";

interface Props {
  name: string;
  id: string;
  stage: string;
  onDone: () => void;
}

export function RetryDialog({ name, id, stage, onDone }: Props) {
  const retry = useAction("codepipeline", "RetryStageExecution");
  const { tell } = useNotices();
  const [mode, setMode] = useState<StageRetryMode>("FAILED_ACTIONS");
  const confirm = async () => {
    await retry.mutateAsync({ pipelineName: name, pipelineExecutionId: id, stageName: stage, retryMode: mode });
    tell("success", `Stage ${stage} of ${name} runs again.`);
  };
  return (
    <Confirm title={`Retry stage ${stage}`} verb="Retry" onConfirm={confirm} onDone={onDone}>
      <FormField label="Which actions">
        <RadioGroup
          value={mode}
          onChange={(event) => setMode(event.detail.value as StageRetryMode)}
          items={[
            { value: "FAILED_ACTIONS", label: "Failed actions", description: "Those that succeeded keep their results." },
            { value: "ALL_ACTIONS", label: "All actions", description: "The whole stage runs from its beginning." },
          ]}
        />
      </FormField>
    </Confirm>
  );
}
