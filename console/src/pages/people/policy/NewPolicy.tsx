/** A new managed policy. */

import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";

import { call } from "../../../api/client";
import { Confirm } from "../../../parts/Confirm";
import { useNotices } from "../../../shell/notices";
import { placeOf } from "../address";
import { misnamed } from "../names";
import { STARTER } from "./documents";
import { Editor, unfit } from "./Editor";
import { MANAGED_LIMIT } from "./limits";

export function NewPolicy({ onDone }: { onDone: () => void }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { tell } = useNotices();
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [document, setDocument] = useState(STARTER);
  const create = async () => {
    const made = await call("iam", "CreatePolicy", { PolicyName: name, Description: description || undefined, PolicyDocument: document });
    await client.invalidateQueries({ queryKey: ["iam"] });
    tell("success", `The policy ${name} is made. Attach it to people, groups or roles.`);
    navigate(placeOf("policy", made.Policy?.Arn ?? name));
  };
  return (
    <Confirm
      title="Create a policy"
      verb="Create policy"
      size="large"
      disabled={!name || Boolean(misnamed(name, 128)) || Boolean(unfit(document, "identity", MANAGED_LIMIT))}
      onConfirm={create}
      onDone={onDone}
    >
      <FormField label="Policy name" errorText={misnamed(name, 128)}>
        <Input value={name} onChange={(event) => setName(event.detail.value)} autoFocus />
      </FormField>
      <FormField label="Description – optional">
        <Input value={description} onChange={(event) => setDescription(event.detail.value)} />
      </FormField>
      <Editor value={document} onChange={setDocument} limit={MANAGED_LIMIT} />
    </Confirm>
  );
}
