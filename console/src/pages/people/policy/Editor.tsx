/** A policy as text: what is wrong is told while it is typed, with the place; what it means stands below in plain words. */

import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";

import "../people.css";
import { type Fault, type PolicyKind, fault, formatted, size } from "./check";
import { Words } from "./Words";

interface Props {
  value: string;
  onChange: (text: string) => void;
  kind?: PolicyKind;
  /** Characters that count, at most. */
  limit: number;
  label?: string;
  description?: string;
  rows?: number;
}

/** Why a policy cannot be saved as it is; nothing when it can be tried. */
export function unfit(text: string, kind: PolicyKind, limit: number): Fault | undefined {
  const found = fault(text, kind);
  if (found || size(text) <= limit) return found;
  return { message: `The policy is too long: ${size(text)} characters, at most ${limit}`, line: 1, column: 1 };
}

export function Editor({ value, onChange, kind = "identity", limit, label = "Policy", description, rows = 16 }: Props) {
  const wrong = unfit(value, kind, limit);
  const broken = wrong && fault(value, kind);
  return (
    <SpaceBetween size="s">
      <FormField
        stretch
        label={label}
        description={description}
        errorText={wrong ? `Line ${wrong.line}, column ${wrong.column}: ${wrong.message}.` : undefined}
        constraintText={`${size(value).toLocaleString("en")} of ${limit.toLocaleString("en")} characters; white space does not count`}
        secondaryControl={
          <Button disabled={Boolean(broken)} onClick={() => onChange(formatted(value))} ariaLabel="Format the policy">
            Format
          </Button>
        }
      >
        <div className="policy-text">
          <Textarea
            value={value}
            onChange={(event) => onChange(event.detail.value)}
            rows={rows}
            spellcheck={false}
            disableBrowserAutocorrect
            invalid={Boolean(wrong)}
          />
        </div>
      </FormField>
      {wrong && broken ? <Excerpt text={value} at={wrong} /> : <Words text={value} />}
    </SpaceBetween>
  );
}

/** The line that is wrong, with a mark below the place. */
function Excerpt({ text, at }: { text: string; at: Fault }) {
  const line = text.split("\n")[at.line - 1] ?? "";
  const from = Math.max(0, at.column - 40);
  return (
    <Box variant="pre" color="text-status-error">
      {`${line.slice(from, from + 80)}\n${" ".repeat(at.column - 1 - from)}^`}
    </Box>
  );
}
