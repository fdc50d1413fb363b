/** Stopping an execution: after its actions in progress have ended, or at once. */

import Alert from "@cloudscape-design/components/alert";
import FormField from "@cloudscape-design/components/form-field";
import RadioGroup from "@cloudscape-design/components/radio-group";
import Textarea from "@cloudscape-design/components/textarea";
import { useState } from "react";

import { useAction } from "../../api/queries";
import { Confirm } from "../../parts/Confirm";
import { useNotices } from "../../shell/notices";
import { short } from "./words";

interface Props {
  name: string;
  id: string;
  /** It stops already: what is left is to abandon its actions. */
  stopping: boolean;
  onDone: () => void;
}

export function StopDialog({ name, id, stopping, onDone }: Props) {
  const stop = useAction("codepipeline", "StopPipelineExecution");
  const { tell } = useNotices();
  const [how, setHow] = useState(stopping ? "abandon" : "wait");
  const [reason, setReason] = useState("");
  const confirm = async () => {
    const given = reason.trim() ? { reason: reason.trim() } : {};
    await stop.mutateAsync({ pipelineName: name, pipelineExecutionId: id, abandon: how === "abandon", ...given });
    tell("success", `Execution ${short(id)} of ${name} stops.`);
  };
  return (
    <Confirm title={`Stop execution ${short(id)}`} verb="Stop" onConfirm={confirm} onDone={onDone}>
      <FormField label="How">
        <RadioGroup
          value={how}
          onChange={(event) => setHow(event.detail.value)}
          items={[
            {
              value: "wait",
              label: "Stop and wait",
              description: "Actions in progress end first; nothing new begins.",
              disabled: stopping,
            },
            { value: "abandon", label: "Stop and abandon", description: "At once; what actions began elsewhere goes on unobserved." },
          ]}
        />
      </FormField>
      {how === "abandon" && (
        <Alert type="warning">A deployment or a build that is abandoned may leave things half done: look at it afterwards.</Alert>
      )}
      <FormField label="Comment" description="Everybody who looks at the execution sees it.">
        <Textarea value={reason} onChange={(event) => setReason(event.detail.value.slice(0, 200))} rows={2} />
      </FormField>
    </Confirm>
  );
}
