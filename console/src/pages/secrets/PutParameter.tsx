/** A new parameter, or a new version of one. */

import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";

import { call } from "../../api/client";
import type { ParameterType } from "../../api/models/ssm";
import { Confirm } from "../../parts/Confirm";
import { useNotices } from "../../shell/notices";
import { ValueField } from "./ValueField";
import { placeOf } from "./address";

const TYPES: { value: ParameterType; label: string; description: string }[] = [
  { value: "String", label: "String", description: "A text that may be seen" },
  { value: "StringList", label: "StringList", description: "Texts with commas between them" },
  { value: "SecureString", label: "SecureString", description: "Kept encrypted, decrypted on demand" },
];

interface Props {
  /** The parameter that gets a new version. */
  of?: { name: string; type: ParameterType; description: string };
  onDone: () => void;
}

export function PutParameter({ of, onDone }: Props) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { tell } = useNotices();
  const [name, setName] = useState(of?.name ?? "");
  const [type, setType] = useState<ParameterType>(of?.type ?? "SecureString");
  const [description, setDescription] = useState(of?.description ?? "");
  const [value, setValue] = useState("");
  const wrong = name && !/^[A-Za-z0-9/_.-]+$/.test(name) ? "Letters, digits and / _ . - only." : undefined;
  const save = async () => {
    const made = await call("ssm", "PutParameter", {
      Name: name,
      Value: value,
      Type: type,
      Description: description || undefined,
      Overwrite: of !== undefined,
    });
    await client.invalidateQueries({ queryKey: ["ssm"] });
    tell("success", `Version ${made.Version} of ${name} is kept.`);
    if (!of) navigate(placeOf("parameter", name));
  };
  return (
    <Confirm
      title={of ? `A new value for ${of.name}` : "Create a parameter"}
      verb={of ? "Save" : "Create parameter"}
      disabled={!name || !value || Boolean(wrong)}
      onConfirm={save}
      onDone={onDone}
    >
      {!of && (
        <>
          <FormField label="Name" errorText={wrong} constraintText="Such as /shop/database/host; a path begins with a slash.">
            <Input value={name} onChange={(event) => setName(event.detail.value)} autoFocus autoComplete={false} />
          </FormField>
          <FormField label="Type">
            <Select
              selectedOption={TYPES.find((each) => each.value === type) ?? null}
              options={TYPES}
              onChange={(event) => setType(event.detail.selectedOption.value as ParameterType)}
            />
          </FormField>
        </>
      )}
      <FormField label="Description – optional">
        <Input value={description} onChange={(event) => setDescription(event.detail.value)} />
      </FormField>
      <ValueField value={value} onChange={setValue} plain={type !== "SecureString"} />
    </Confirm>
  );
}
