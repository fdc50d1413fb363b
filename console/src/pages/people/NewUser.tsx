/** A new user: with a password for this console, groups and policies, step by step. */

import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Multiselect, { type MultiselectProps } from "@cloudscape-design/components/multiselect";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Toggle from "@cloudscape-design/components/toggle";
import { useRef, useState } from "react";
import { useNavigate } from "react-router";

import { call } from "../../api/client";
import { useNotices } from "../../shell/notices";
import { ChoosePolicies } from "./ChoosePolicies";
import { Once } from "./Once";
import { type Chosen, PasswordFields } from "./PasswordFields";
import { Staged, type Step } from "./Staged";
import { placeOf } from "./address";
import { useGroups } from "./choices";
import { misnamed } from "./names";
import { madeUp } from "./passwords";

/** Lets people replace the password that they were given. */
const CHANGE = "arn:aws:iam::aws:policy/IAMUserChangePassword";

type Options = readonly MultiselectProps.Option[];

export function NewUser({ onDone }: { onDone: () => void }) {
  const navigate = useNavigate();
  const { tell } = useNotices();
  const made = useRef(madeUp());
  const [name, setName] = useState("");
  const [signsIn, setSignsIn] = useState(true);
  const [chosen, setChosen] = useState<Chosen>({ own: false, password: "", reset: true });
  const [groups, setGroups] = useState<Options>([]);
  const [policies, setPolicies] = useState<Options>([]);
  const password = chosen.own ? chosen.password : made.current;
  const steps = stepsOf(name, signsIn ? { password, reset: chosen.reset } : undefined, groups, policies);
  const close = (finished: boolean) => {
    onDone();
    if (finished) navigate(placeOf("user", name));
  };
  const [finished, setFinished] = useState(false);
  const show = signsIn && !chosen.own;
  return (
    <Staged
      title="Create a user"
      verb="Create user"
      size="medium"
      steps={steps}
      disabled={!name || Boolean(misnamed(name)) || (signsIn && !password)}
      onFinished={() => {
        setFinished(true);
        tell("success", `The user ${name} is made.`);
        if (!show) navigate(placeOf("user", name));
      }}
      after={
        show ? (
          <Once
            what="The password"
            values={[
              ["Sign in at", `${window.location.origin}/console/`],
              ["User name", name],
              ["Password", password],
            ]}
          />
        ) : undefined
      }
      onDone={() => close(finished)}
    >
      {(done) => (
        <SpaceBetween size="m">
          <FormField label="User name" errorText={misnamed(name)}>
            <Input value={name} onChange={(event) => setName(event.detail.value)} disabled={done.has("user")} autoFocus autoComplete={false} />
          </FormField>
          <Toggle checked={signsIn} disabled={done.has("password")} onChange={(event) => setSignsIn(event.detail.checked)}>
            May sign in to this console
          </Toggle>
          {signsIn && <PasswordFields value={chosen} onChange={setChosen} disabled={done.has("password")} />}
          <ChooseGroups chosen={groups} onChange={setGroups} />
          <ChoosePolicies label="Policies – optional" chosen={policies} onChange={setPolicies} />
        </SpaceBetween>
      )}
    </Staged>
  );
}

function ChooseGroups({ chosen, onChange }: { chosen: Options; onChange: (chosen: Options) => void }) {
  const found = useGroups();
  return (
    <FormField label="Groups – optional" errorText={found.error?.message} stretch>
      <Multiselect
        selectedOptions={chosen}
        options={(found.data ?? []).map((each) => ({ value: each.GroupName, label: each.GroupName }))}
        onChange={(event) => onChange(event.detail.selectedOptions)}
        filteringType="auto"
        placeholder="Choose groups"
        empty="There is no group yet."
        deselectAriaLabel={(option) => `Take away ${option.label}`}
        expandToViewport
      />
    </FormField>
  );
}

function stepsOf(UserName: string, login: { password: string; reset: boolean } | undefined, groups: Options, policies: Options): Step[] {
  const attach = (arn: string, label: string): Step => ({
    key: arn,
    what: `Attach ${label}`,
    run: () => call("iam", "AttachUserPolicy", { UserName, PolicyArn: arn }),
  });
  const steps: Step[] = [{ key: "user", what: `Create ${UserName}`, run: () => call("iam", "CreateUser", { UserName }) }];
  if (login) {
    const given = { UserName, Password: login.password, PasswordResetRequired: login.reset };
    steps.push({ key: "password", what: "Set the password", run: () => call("iam", "CreateLoginProfile", given) });
    if (login.reset && !policies.some((each) => each.value === CHANGE)) {
      steps.push(attach(CHANGE, "IAMUserChangePassword, to change the password"));
    }
  }
  for (const each of groups) {
    const GroupName = each.value ?? "";
    steps.push({ key: `group ${GroupName}`, what: `Add to ${GroupName}`, run: () => call("iam", "AddUserToGroup", { UserName, GroupName }) });
  }
  return [...steps, ...policies.map((each) => attach(each.value ?? "", each.label ?? ""))];
}
