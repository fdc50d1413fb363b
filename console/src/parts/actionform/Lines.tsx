/** A text area with one entry a line; empty lines mean nothing. */

import Textarea from "@cloudscape-design/components/textarea";

import "./typed.css";
import { useHeld } from "./held";

interface Props {
  value: string[] | undefined;
  onChange: (lines: string[] | undefined) => void;
  placeholder?: string;
  rows?: number;
}

export function Lines({ value, onChange, placeholder, rows = 3 }: Props) {
  const [text, setText] = useHeld<string[], string>(
    value ?? [],
    (lines) => lines.join("\n"),
    (held) => held.split("\n").filter((line) => line.trim()),
    (lines) => onChange(lines.length ? lines : undefined),
  );
  return (
    <div className="as-typed">
      <Textarea
        value={text}
        onChange={(event) => setText(event.detail.value)}
        placeholder={placeholder}
        rows={Math.min(20, Math.max(rows, text.split("\n").length))}
        spellcheck={false}
      />
    </div>
  );
}
