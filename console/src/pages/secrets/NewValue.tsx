/** A new version of a secret. */

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { call } from "../../api/client";
import { Confirm } from "../../parts/Confirm";
import { useNotices } from "../../shell/notices";
import { ValueField } from "./ValueField";

export function NewValue({ name, onDone }: { name: string; onDone: () => void }) {
  const client = useQueryClient();
  const { tell } = useNotices();
  const [value, setValue] = useState("");
  const save = async () => {
    await call("secretsmanager", "PutSecretValue", { SecretId: name, SecretString: value, ClientRequestToken: crypto.randomUUID() });
    await client.invalidateQueries({ queryKey: ["secretsmanager"] });
    tell("success", `${name} has a new value; the one before is AWSPREVIOUS.`);
  };
  return (
    <Confirm title={`A new value for ${name}`} verb="Save" disabled={!value} onConfirm={save} onDone={onDone}>
      <ValueField value={value} onChange={setValue} description="Builds that begin from now on get it." />
    </Confirm>
  );
}
