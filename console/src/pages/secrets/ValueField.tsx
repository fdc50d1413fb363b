/** Where a secret value is typed: hidden unless one wants to see it. */

import Checkbox from "@cloudscape-design/components/checkbox";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { useState } from "react";

interface Props {
  value: string;
  onChange: (value: string) => void;
  description?: string;
  /** A value that is no secret is seen at once. */
  plain?: boolean;
}

export function ValueField({ value, onChange, description, plain }: Props) {
  const [seen, setSeen] = useState(false);
  const change = (event: { detail: { value: string } }) => onChange(event.detail.value);
  return (
    <SpaceBetween size="xs">
      <FormField label="Value" description={description}>
        {plain || seen ? (
          <Textarea value={value} onChange={change} rows={4} spellcheck={false} disableBrowserAutocorrect />
        ) : (
          <Input type="password" value={value} onChange={change} autoComplete="off" />
        )}
      </FormField>
      {!plain && (
        <Checkbox checked={seen} onChange={(event) => setSeen(event.detail.checked)}>
          Show what I type, on several lines
        </Checkbox>
      )}
    </SpaceBetween>
  );
}
