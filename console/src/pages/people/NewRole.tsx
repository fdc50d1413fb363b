/** A new role, for a service or for people: the trust policy is written for it, and can be changed before. */

import ExpandableSection from "@cloudscape-design/components/expandable-section";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import type { MultiselectProps } from "@cloudscape-design/components/multiselect";
import Select, { type SelectProps } from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate } from "react-router";

import { call } from "../../api/client";
import { usePerson } from "../../api/session";
import { useNotices } from "../../shell/notices";
import { ChooseBoundary } from "./Boundary";
import { ChoosePolicies } from "./ChoosePolicies";
import { Staged } from "./Staged";
import { placeOf } from "./address";
import { misnamed } from "./names";
import { Editor, unfit } from "./policy/Editor";
import { SERVICES, trust } from "./policy/documents";
import { TRUST_LIMIT } from "./policy/limits";

type Option = SelectProps.Option;
const PEOPLE: Option = {
  value: "people",
  label: "People of this account",
  description: "Those whose policies allow sts:AssumeRole on the role",
};
const OTHERS: Option = { value: "others", label: "Somebody else", description: "Write the trust policy" };

export function NewRole({ onDone }: { onDone: () => void }) {
  const { account } = usePerson();
  const navigate = useNavigate();
  const { tell } = useNotices();
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [who, setWho] = useState<Option>(toOption(SERVICES[0]));
  const [written, setWritten] = useState<string>();
  const [policies, setPolicies] = useState<readonly MultiselectProps.Option[]>([]);
  const [boundary, setBoundary] = useState<Option | null>(null);
  const text = written ?? (who.value?.endsWith(".com") ? trust({ Service: who.value }) : trust({ AWS: account }));
  const given = {
    RoleName: name,
    AssumeRolePolicyDocument: text,
    Description: description || undefined,
    PermissionsBoundary: boundary?.value,
  };
  const steps = [
    { key: "role", what: `Create ${name}`, run: () => call("iam", "CreateRole", given) },
    ...policies.map((each) => ({
      key: each.value ?? "",
      what: `Attach ${each.label}`,
      run: () => call("iam", "AttachRolePolicy", { RoleName: name, PolicyArn: each.value ?? "" }),
    })),
  ];
  return (
    <Staged
      title="Create a role"
      verb="Create role"
      size="large"
      steps={steps}
      disabled={!name || Boolean(misnamed(name)) || Boolean(unfit(text, "trust", TRUST_LIMIT))}
      onFinished={() => {
        tell("success", `The role ${name} is made.`);
        navigate(placeOf("role", name));
      }}
      onDone={onDone}
    >
      {(done) => (
        <SpaceBetween size="m">
          <FormField label="Who takes the role">
            <Select
              selectedOption={who}
              options={[...SERVICES.map(toOption), PEOPLE, OTHERS]}
              onChange={(event) => {
                setWho(event.detail.selectedOption);
                setWritten(undefined);
              }}
              disabled={done.has("role")}
            />
          </FormField>
          <FormField label="Role name" errorText={misnamed(name)}>
            <Input value={name} onChange={(event) => setName(event.detail.value)} disabled={done.has("role")} autoComplete={false} />
          </FormField>
          <FormField label="Description – optional">
            <Input value={description} onChange={(event) => setDescription(event.detail.value)} disabled={done.has("role")} />
          </FormField>
          <ChoosePolicies label="Policies – optional" chosen={policies} onChange={setPolicies} />
          <ExpandableSection headerText="Trust policy" key={who.value} defaultExpanded={who.value === "others"}>
            <Editor value={text} onChange={setWritten} kind="trust" limit={TRUST_LIMIT} label="Trust policy" rows={10} />
          </ExpandableSection>
          <ExpandableSection headerText="Permissions boundary">
            <ChooseBoundary chosen={boundary} onChange={setBoundary} />
          </ExpandableSection>
        </SpaceBetween>
      )}
    </Staged>
  );
}

function toOption(each: (typeof SERVICES)[number]): Option {
  return { value: each.service, label: each.label, description: each.description };
}
