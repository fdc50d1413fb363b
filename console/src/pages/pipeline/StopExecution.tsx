/** Stopping an execution: which one, whether what is in progress may end first, and why. */

import FormField from "@cloudscape-design/components/form-field";
import RadioGroup from "@cloudscape-design/components/radio-group";
import Select from "@cloudscape-design/components/select";
import Textarea from "@cloudscape-design/components/textarea";
import { useState } from "react";

import { useAction } from "../../api/queries";
import { Confirm } from "../../parts/Confirm";
import { statusWord } from "../../parts/Status";
import { shortId } from "../../parts/short";
import { useNotices } from "../../shell/notices";
import type { Executions } from "./data";
import { RUNNING, type StageView } from "./model";

const MOST = 200;

/** The executions that can be stopped: those that are known to go on, and those that stages show. */
export function stoppable(executions: Executions, stages: StageView[]): { id: string; status: string; where: string }[] {
  const places = new Map<string, [string, string]>();
  for (const stage of stages) {
    for (const each of stage.waiting) places.set(each.pipelineExecutionId, [each.status, `waits for ${stage.name}`]);
    if (stage.executionId && RUNNING.includes(stage.status ?? "")) places.set(stage.executionId, [stage.status ?? "", `in ${stage.name}`]);
  }
  for (const [id, each] of executions) {
    if (RUNNING.includes(each.status ?? "")) places.set(id, [each.status ?? "", places.get(id)?.[1] ?? ""]);
    else if (each.status) places.delete(id);
  }
  return [...places].map(([id, [status, where]]) => ({ id, status, where }));
}

interface Props {
  pipeline: string;
  executions: Executions;
  stages: StageView[];
  onDone: () => void;
}

export function StopExecution({ pipeline, executions, stages, onDone }: Props) {
  const found = stoppable(executions, stages);
  const [execution, setExecution] = useState(found.length === 1 ? (found[0]?.id ?? "") : "");
  const [how, setHow] = useState("wait");
  const [reason, setReason] = useState("");
  const stop = useAction("codepipeline", "StopPipelineExecution");
  const { tell } = useNotices();
  const options = found.map((each) => ({
    value: each.id,
    label: shortId(each.id),
    description: [statusWord(each.status), each.where, executions.get(each.id)?.sourceRevisions?.[0]?.revisionSummary].filter(Boolean).join(" · "),
  }));
  const stopping = found.find((each) => each.id === execution)?.status === "Stopping";
  const abandon = stopping || how === "abandon";
  const tooLong = reason.length > MOST ? `The comments have ${reason.length} characters; at most ${MOST} fit.` : "";
  const go = async () => {
    await stop.mutateAsync({ pipelineName: pipeline, pipelineExecutionId: execution, abandon, ...(reason ? { reason } : {}) });
    tell("success", `Execution ${shortId(execution)} is being stopped.`);
  };
  return (
    <Confirm title="Stop execution" verb="Stop" disabled={!execution || Boolean(tooLong)} onConfirm={go} onDone={onDone}>
      <FormField label="Execution">
        <Select
          options={options}
          selectedOption={options.find((each) => each.value === execution) ?? null}
          onChange={(event) => setExecution(event.detail.selectedOption.value ?? "")}
          placeholder="Choose an execution"
          empty="No execution is in progress."
        />
      </FormField>
      <FormField label="What happens to actions in progress">
        <RadioGroup
          value={abandon ? "abandon" : "wait"}
          onChange={(event) => setHow(event.detail.value)}
          items={[
            {
              value: "wait",
              label: "Stop and wait",
              description: stopping ? "It is stopping that way already." : "They end, then the execution is stopped.",
              disabled: stopping,
            },
            {
              value: "abandon",
              label: "Stop and abandon",
              description: "The execution stops at once. What the actions began may still go on where it runs.",
            },
          ]}
        />
      </FormField>
      <FormField label="Comments" errorText={tooLong} constraintText={`${reason.length} of ${MOST} characters.`}>
        <Textarea value={reason} onChange={(event) => setReason(event.detail.value)} rows={2} />
      </FormField>
    </Confirm>
  );
}
