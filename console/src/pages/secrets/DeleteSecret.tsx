/** Deleting a secret: after some days in which it can be taken back, or at once and for good. */

import Checkbox from "@cloudscape-design/components/checkbox";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";

import { call } from "../../api/client";
import { Confirm } from "../../parts/Confirm";
import { useNotices } from "../../shell/notices";

const [LEAST, MOST] = [7, 30];

export function DeleteSecret({ name, onDone }: { name: string; onDone: () => void }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { tell } = useNotices();
  const [days, setDays] = useState(String(MOST));
  const [atOnce, setAtOnce] = useState(false);
  const wrong = /^\d+$/.test(days) && Number(days) >= LEAST && Number(days) <= MOST ? undefined : `A number from ${LEAST} to ${MOST}.`;
  const go = async () => {
    const how = atOnce ? { ForceDeleteWithoutRecovery: true } : { RecoveryWindowInDays: Number(days) };
    await call("secretsmanager", "DeleteSecret", { SecretId: name, ...how });
    if (atOnce) navigate("/secrets");
    await client.invalidateQueries({ queryKey: ["secretsmanager"] });
    tell("success", atOnce ? `${name} is deleted.` : `${name} will be deleted in ${days} days. Until then it can be restored.`);
  };
  return (
    <Confirm
      title={`Delete ${name}?`}
      verb="Delete"
      typed={atOnce ? name : undefined}
      disabled={!atOnce && Boolean(wrong)}
      onConfirm={go}
      onDone={onDone}
    >
      Nobody can read it from now on.
      <FormField label="Days in which it can be restored" errorText={atOnce ? undefined : wrong}>
        <Input value={days} inputMode="numeric" disabled={atOnce} onChange={(event) => setDays(event.detail.value)} />
      </FormField>
      <Checkbox checked={atOnce} onChange={(event) => setAtOnce(event.detail.checked)}>
        At once and for good
      </Checkbox>
    </Confirm>
  );
}
