/** What is different between two declarations: in sentences, and line by line. */

import "./Difference.css";

import Badge from "@cloudscape-design/components/badge";
import Box from "@cloudscape-design/components/box";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useMemo } from "react";

import type { PipelineDeclaration } from "../../api/models/codepipeline";
import { written } from "./canonical";
import { type Change, changes } from "./changes";
import { type Line, lineDiff } from "./linediff";

const COLOURS = { added: "green", removed: "red", changed: "blue", moved: "grey" } as const;
const SIGNS = { same: " ", less: "-", more: "+", gap: "" } as const;
const SAID = { same: "", less: "removed: ", more: "added: ", gap: "" } as const;

interface Props {
  before: PipelineDeclaration;
  after: PipelineDeclaration;
  /** What the two are called. */
  names?: [string, string];
  /** Whether the lines are shown from the start. */
  open?: boolean;
}

export function Difference({ before, after, names = ["before", "after"], open = true }: Props) {
  const sentences = useMemo(() => changes(before, after), [before, after]);
  const lines = useMemo(() => lineDiff(written(before), written(after)), [before, after]);
  if (lines.every((each) => each.kind === "same" || each.kind === "gap")) {
    return <Box color="text-body-secondary">There is no difference.</Box>;
  }
  return (
    <SpaceBetween size="s">
      <Sentences changes={sentences} />
      <ExpandableSection defaultExpanded={open} headerText="Line by line" headingTagOverride="h3">
        <Lines lines={lines} names={names} />
      </ExpandableSection>
    </SpaceBetween>
  );
}

function Sentences({ changes: found }: { changes: Change[] }) {
  return (
    <ul className="changes" aria-label="Changes">
      {found.map((each) => (
        <li key={each.text}>
          <Badge color={COLOURS[each.kind]}>{each.kind}</Badge> <span>{each.text}</span>
        </li>
      ))}
    </ul>
  );
}

function Lines({ lines, names }: { lines: Line[]; names: [string, string] }) {
  const label = `Lines of ${names[0]} and ${names[1]}`;
  return (
    // A region that scrolls has to be reachable by keyboard.
    <div className="difference" role="region" aria-label={label} tabIndex={0}>
      <table>
        <thead className="unseen">
          <tr>
            <th>{names[0]}</th>
            <th>{names[1]}</th>
            <th>Line</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((each, index) => (
            <tr key={index} className={each.kind}>
              <td>{each.one}</td>
              <td>{each.two}</td>
              <td>
                <span aria-hidden="true">{SIGNS[each.kind]}</span>
                <span className="unseen">{SAID[each.kind]}</span>
                {each.text}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
