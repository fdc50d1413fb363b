/** Setting the whole password policy. */

import Checkbox from "@cloudscape-design/components/checkbox";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { call } from "../../api/client";
import type { PasswordPolicy, UpdateAccountPasswordPolicyRequest } from "../../api/models/iam";
import { Confirm } from "../../parts/Confirm";
import { useNotices } from "../../shell/notices";

const SWITCHES: [keyof UpdateAccountPasswordPolicyRequest, string][] = [
  ["RequireUppercaseCharacters", "An uppercase letter"],
  ["RequireLowercaseCharacters", "A lowercase letter"],
  ["RequireNumbers", "A digit"],
  ["RequireSymbols", "A symbol"],
  ["AllowUsersToChangePassword", "Everybody may change the own password"],
  ["HardExpiry", "An expired password can be replaced by an administrator only"],
];
const NUMBERS: [keyof UpdateAccountPasswordPolicyRequest, string, number, number, string][] = [
  ["MinimumPasswordLength", "Characters at least", 6, 128, ""],
  ["MaxPasswordAge", "Days until a password expires", 1, 1095, "Empty: never."],
  ["PasswordReusePrevention", "Earlier passwords that are refused", 1, 24, "Empty: none."],
];

export function RulesForm({ policy, onDone }: { policy: PasswordPolicy | undefined; onDone: () => void }) {
  const client = useQueryClient();
  const { tell } = useNotices();
  const [switches, setSwitches] = useState<Record<string, boolean>>(() =>
    Object.fromEntries(SWITCHES.map(([name]) => [name, Boolean(policy?.[name])])),
  );
  const [numbers, setNumbers] = useState<Record<string, string>>(() =>
    Object.fromEntries(NUMBERS.map(([name]) => [name, String(policy?.[name] || (name === "MinimumPasswordLength" ? 8 : ""))])),
  );
  const wrong = (name: string, least: number, most: number) => {
    const text = numbers[name];
    if (!text && name !== "MinimumPasswordLength") return undefined;
    return /^\d+$/.test(text) && Number(text) >= least && Number(text) <= most ? undefined : `A number from ${least} to ${most}.`;
  };
  const save = async () => {
    const given = Object.fromEntries(Object.entries(numbers).filter(([, text]) => text).map(([name, text]) => [name, Number(text)]));
    await call("iam", "UpdateAccountPasswordPolicy", { ...switches, ...given });
    await client.invalidateQueries({ queryKey: ["iam"] });
    tell("success", "The password policy is saved. It counts for passwords that are set from now on.");
  };
  return (
    <Confirm
      title="Password policy"
      verb="Save"
      disabled={NUMBERS.some(([name, , least, most]) => wrong(name, least, most))}
      onConfirm={save}
      onDone={onDone}
    >
      <SpaceBetween size="m">
        {NUMBERS.map(([name, label, least, most, hint]) => (
          <FormField key={name} label={label} errorText={wrong(name, least, most)} constraintText={hint}>
            <Input
              inputMode="numeric"
              value={numbers[name]}
              onChange={(event) => setNumbers({ ...numbers, [name]: event.detail.value })}
            />
          </FormField>
        ))}
        <SpaceBetween size="xs">
          {SWITCHES.map(([name, label]) => (
            <Checkbox
              key={name}
              checked={switches[name]}
              onChange={(event) => setSwitches({ ...switches, [name]: event.detail.checked })}
            >
              {label}
            </Checkbox>
          ))}
        </SpaceBetween>
      </SpaceBetween>
    </Confirm>
  );
}
