/** What changed between two texts, line by line. */

import Box from "@cloudscape-design/components/box";
import { diffLines } from "diff";

import "../people.css";

const AROUND = 3;

interface Line {
  mark: "+" | "−" | " ";
  text: string;
}

/** The lines of both texts with their marks; long runs of equal lines are left out, for which a line without text stands. */
export function compared(before: string, after: string): (Line | undefined)[] {
  const all = diffLines(before, after).flatMap((part): Line[] => {
    const lines = part.value.replace(/\n$/, "").split("\n");
    return lines.map((text) => ({ mark: part.added ? "+" : part.removed ? "−" : " ", text }));
  });
  const near = (index: number) => all.slice(Math.max(0, index - AROUND), index + AROUND + 1).some((each) => each.mark !== " ");
  return all.map((line, index) => (near(index) ? line : undefined)).filter((line, index, lines) => line || lines[index - 1]);
}

export function Diff({ before, after }: { before: string; after: string }) {
  const lines = compared(`${before}\n`, `${after}\n`);
  if (!lines.some((line) => line && line.mark !== " ")) return <Box color="text-body-secondary">Nothing is different.</Box>;
  return (
    <div role="figure" aria-label="Differences">
      {lines.map((line, index) => (
        <Box key={index} variant="code" display="block" color={colour(line)}>
          <span className="document">{line ? `${line.mark} ${line.text}` : "⋯"}</span>
        </Box>
      ))}
    </div>
  );
}

function colour(line: Line | undefined) {
  if (line?.mark === "+") return "text-status-success";
  return line?.mark === "−" ? "text-status-error" : "text-body-secondary";
}
