/** A new group, with policies. */

import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import type { MultiselectProps } from "@cloudscape-design/components/multiselect";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate } from "react-router";

import { call } from "../../api/client";
import { useNotices } from "../../shell/notices";
import { ChoosePolicies } from "./ChoosePolicies";
import { Staged } from "./Staged";
import { placeOf } from "./address";
import { misnamed } from "./names";

export function NewGroup({ onDone }: { onDone: () => void }) {
  const navigate = useNavigate();
  const { tell } = useNotices();
  const [name, setName] = useState("");
  const [policies, setPolicies] = useState<readonly MultiselectProps.Option[]>([]);
  const steps = [
    { key: "group", what: `Create ${name}`, run: () => call("iam", "CreateGroup", { GroupName: name }) },
    ...policies.map((each) => ({
      key: each.value ?? "",
      what: `Attach ${each.label}`,
      run: () => call("iam", "AttachGroupPolicy", { GroupName: name, PolicyArn: each.value ?? "" }),
    })),
  ];
  return (
    <Staged
      title="Create a group"
      verb="Create group"
      steps={steps}
      disabled={!name || Boolean(misnamed(name, 128))}
      onFinished={() => {
        tell("success", `The group ${name} is made.`);
        navigate(placeOf("group", name));
      }}
      onDone={onDone}
    >
      {(done) => (
        <SpaceBetween size="m">
          <FormField label="Group name" errorText={misnamed(name, 128)}>
            <Input value={name} onChange={(event) => setName(event.detail.value)} disabled={done.has("group")} autoFocus autoComplete={false} />
          </FormField>
          <ChoosePolicies label="Policies – optional" chosen={policies} onChange={setPolicies} />
        </SpaceBetween>
      )}
    </Staged>
  );
}
