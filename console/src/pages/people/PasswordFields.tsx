/** Which password somebody gets: made up, or chosen; and whether it has to be changed at the first sign-in. */

import Checkbox from "@cloudscape-design/components/checkbox";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";

export interface Chosen {
  own: boolean;
  password: string;
  reset: boolean;
}

interface Props {
  value: Chosen;
  onChange: (value: Chosen) => void;
  disabled?: boolean;
}

export function PasswordFields({ value, onChange, disabled }: Props) {
  return (
    <SpaceBetween size="s">
      <FormField label="Password">
        <RadioGroup
          value={value.own ? "own" : "made"}
          onChange={(event) => onChange({ ...value, own: event.detail.value === "own" })}
          items={[
            { value: "made", label: "Make one up, and show it once", disabled },
            { value: "own", label: "A password of my choice", disabled },
          ]}
        />
      </FormField>
      {value.own && (
        <FormField label="Chosen password" constraintText="It has to follow the password policy, which Settings shows.">
          <Input
            type="password"
            value={value.password}
            disabled={disabled}
            onChange={(event) => onChange({ ...value, password: event.detail.value })}
            autoComplete="new-password"
          />
        </FormField>
      )}
      <Checkbox checked={value.reset} disabled={disabled} onChange={(event) => onChange({ ...value, reset: event.detail.checked })}>
        It must be changed at the first sign-in
      </Checkbox>
    </SpaceBetween>
  );
}
