/** Two texts line by line: what is kept, what goes, what comes; long stretches that are the same are left out. */

import { diffLines } from "diff";

export interface Line {
  kind: "same" | "less" | "more" | "gap";
  text: string;
  /** Number in the first and in the second text. */
  one?: number;
  two?: number;
}

const AROUND = 3;

export function lineDiff(before: string, after: string): Line[] {
  let [one, two] = [0, 0];
  const all = diffLines(`${before}\n`, `${after}\n`).flatMap((part) =>
    part.value
      .replace(/\n$/, "")
      .split("\n")
      .map((text): Line => {
        if (part.added) return { kind: "more", text, two: (two += 1) };
        if (part.removed) return { kind: "less", text, one: (one += 1) };
        return { kind: "same", text, one: (one += 1), two: (two += 1) };
      }),
  );
  return shortened(all);
}

function shortened(lines: Line[]): Line[] {
  const near = new Set<number>();
  lines.forEach((line, index) => {
    if (line.kind === "same") return;
    for (let at = index - AROUND; at <= index + AROUND; at += 1) near.add(at);
  });
  const found: Line[] = [];
  let hidden = 0;
  const close = () => {
    if (hidden > 0) found.push({ kind: "gap", text: `${hidden} ${hidden === 1 ? "line is" : "lines are"} the same` });
    hidden = 0;
  };
  lines.forEach((line, index) => {
    if (!near.has(index)) {
      hidden += 1;
      return;
    }
    close();
    found.push(line);
  });
  close();
  return found;
}
