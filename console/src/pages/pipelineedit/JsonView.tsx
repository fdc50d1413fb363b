/** The same document as text. What can be read as a pipeline is taken over as it is typed; what cannot is told at its line. */

import "./json.css";

import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useEffect, useMemo, useRef, useState } from "react";

import type { PipelineDeclaration } from "../../api/models/codepipeline";
import { canonical, same, written } from "../../parts/structure/canonical";
import { type Problem, shapeProblems } from "../../parts/structure/schema";
import { useDraft } from "./draft";
import { lineOf, readJson } from "./jsontext";

interface Remark {
  line: number;
  message: string;
}

interface Props {
  /** Told whether the text cannot be taken over just now. */
  onBroken: (broken: boolean) => void;
}

export function JsonView({ onBroken }: Props) {
  const { document, base, problems, apply } = useDraft();
  const [text, setText] = useState(() => written(document));
  const reading = useMemo(() => readJson(text), [text]);
  const shape = useMemo(() => (reading.error ? [] : fatal(reading.value, base.name)), [reading, base.name]);
  const broken = reading.error !== undefined || shape.length > 0;
  // Undo and other views change the document: the text follows, unless it says the same in its own way.
  const shown = useRef(document);
  useEffect(() => {
    if (shown.current === document) return;
    shown.current = document;
    setText(written(document));
  }, [document]);
  useEffect(() => {
    onBroken(broken);
    return () => onBroken(false);
  }, [broken, onBroken]);
  const type = (next: string) => {
    setText(next);
    const read = readJson(next);
    if (read.error || fatal(read.value, base.name).length > 0) return;
    const { version: _, ...given } = read.value as PipelineDeclaration;
    if (same(canonical(given), canonical(document))) return;
    shown.current = given;
    apply(given, "Edit as JSON", "json");
  };
  const told = broken ? shape : problems;
  const remarks: Remark[] = reading.error
    ? [{ line: reading.error.line, message: `Column ${reading.error.column}: ${reading.error.message}` }]
    : told.map((each) => ({ line: lineOf(reading.lines, each.path), message: each.message })).sort((a, b) => a.line - b.line);
  return (
    <SpaceBetween size="s">
      <Box color="text-body-secondary">The same pipeline as JSON: as in GetPipeline and UpdatePipeline, without the version.</Box>
      {broken && (
        <Alert type="warning">
          This text is not a pipeline yet. The stages show what it was before; put right what is marked to go on.
        </Alert>
      )}
      <TextEditor text={text} onChange={type} remarks={remarks} />
    </SpaceBetween>
  );
}

/** Why a value cannot be taken over. The name of a pipeline stays: it is the key of what is saved. */
function fatal(value: unknown, name: string): Problem[] {
  const found = shapeProblems(value).filter((each) => each.broken);
  if (found.length === 0 && (value as PipelineDeclaration).name !== name) {
    found.push({ path: ["name"], message: `The name stays ${name}: a pipeline cannot be renamed. Clone it instead.` });
  }
  return found;
}

function TextEditor({ text, onChange, remarks }: { text: string; onChange: (text: string) => void; remarks: Remark[] }) {
  const area = useRef<HTMLTextAreaElement>(null);
  const wrong = new Set(remarks.map((each) => each.line));
  const lines = text.split("\n");
  const go = (line: number) => {
    const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    area.current?.focus();
    area.current?.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
    area.current?.closest(".jsonview")?.scrollTo({ top: Math.max(0, (line - 4) * 20) });
  };
  return (
    <>
      {remarks.length > 0 && (
        <ul className="remarks" aria-label="What is wrong in the text">
          {remarks.map((each, index) => (
            <li key={index}>
              <Button variant="inline-link" onClick={() => go(each.line)}>
                Line {each.line}
              </Button>{" "}
              {each.message}
            </li>
          ))}
        </ul>
      )}
      <div className="jsonview">
        <div className="numbers" aria-hidden="true">
          {lines.map((_, index) => (
            <div key={index} className={wrong.has(index + 1) ? "wrong" : undefined}>
              {index + 1}
            </div>
          ))}
        </div>
        <textarea
          ref={area}
          aria-label="Pipeline as JSON"
          aria-invalid={remarks.length > 0}
          value={text}
          rows={lines.length + 1}
          onChange={(event) => onChange(event.target.value)}
          spellCheck={false}
          wrap="off"
          autoCapitalize="off"
          autoComplete="off"
        />
      </div>
    </>
  );
}
