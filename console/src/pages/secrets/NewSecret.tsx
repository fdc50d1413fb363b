/** A new secret. */

import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";

import { call } from "../../api/client";
import { Confirm } from "../../parts/Confirm";
import { useNotices } from "../../shell/notices";
import { ValueField } from "./ValueField";
import { placeOf } from "./address";

export function NewSecret({ onDone }: { onDone: () => void }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { tell } = useNotices();
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [value, setValue] = useState("");
  const wrong = name && !/^[A-Za-z0-9/_+=.@-]+$/.test(name) ? "Letters, digits and / _ + = . @ - only." : undefined;
  const create = async () => {
    const ClientRequestToken = crypto.randomUUID();
    await call("secretsmanager", "CreateSecret", { Name: name, Description: description || undefined, SecretString: value, ClientRequestToken });
    await client.invalidateQueries({ queryKey: ["secretsmanager"] });
    tell("success", `The secret ${name} is kept.`);
    navigate(placeOf("secret", name));
  };
  return (
    <Confirm title="Create a secret" verb="Create secret" disabled={!name || !value || Boolean(wrong)} onConfirm={create} onDone={onDone}>
      <FormField label="Name" errorText={wrong} constraintText="Such as shop/database; slashes make groups for policies.">
        <Input value={name} onChange={(event) => setName(event.detail.value)} autoFocus autoComplete={false} />
      </FormField>
      <FormField label="Description – optional">
        <Input value={description} onChange={(event) => setDescription(event.detail.value)} />
      </FormField>
      <ValueField value={value} onChange={setValue} description="A text, or a JSON object whose keys builds can name." />
    </Confirm>
  );
}
