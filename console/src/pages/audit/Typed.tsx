/** A filter that counts when it is finished: with Enter, or when it is left. */

import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import { useEffect, useState } from "react";

interface Props {
  label: string;
  value: string;
  onChange: (value: string) => void;
  placeholder?: string;
}

export function Typed({ label, value, onChange, placeholder }: Props) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const finish = (now = text) => now.trim() !== value && onChange(now.trim());
  return (
    <FormField label={label}>
      <Input
        type="search"
        value={text}
        placeholder={placeholder}
        clearAriaLabel={`Clear: ${label}`}
        onChange={(event) => {
          setText(event.detail.value);
          if (!event.detail.value) finish("");
        }}
        onBlur={() => finish()}
        onKeyDown={(event) => event.detail.key === "Enter" && finish()}
      />
    </FormField>
  );
}
