/** Which lines of a log are seen: sections that can be folded, and where a row of the screen lies among the lines. Pure. */

export interface Line {
  /** Epoch milliseconds. */
  at: number;
  text: string;
}

export interface Section {
  name: string;
  /** Index of its first line. */
  start: number;
}

const ENTERING = /^\[Container\] \S+ \S+ Entering phase ([A-Z_]+)/;
const PHASE = /^\[Container\] \S+ \S+ Phase complete: ([A-Z_]+) State: (\S+)/;

/** The sections that begin in `lines` from index `from` on: the phases of a build. */
export function sectionsIn(lines: readonly Line[], from: number): Section[] {
  const found: Section[] = [];
  for (let at = from; at < lines.length; at += 1) {
    const text = lines[at].text;
    if (!text.startsWith("[Container]")) continue;
    const match = ENTERING.exec(text);
    if (match) found.push({ name: match[1], start: at });
  }
  return found;
}

/** How the phase that a line tells of ended, if it does. */
export function ended(text: string): [string, string] | undefined {
  const match = PHASE.exec(text);
  return match ? [match[1], match[2]] : undefined;
}

/** Stretches of lines that are seen, with what is folded between them left out but for its first line. */
export interface Rows {
  count: number;
  /** The line in a row. */
  line: (row: number) => number;
  /** The row of a line; of a folded one the row of its section's first line. */
  row: (line: number) => number;
}

export function rowsOf(count: number, sections: readonly Section[], folded: ReadonlySet<number>): Rows {
  const stretches: { row: number; line: number; length: number }[] = [];
  let row = 0;
  let line = 0;
  const add = (end: number) => {
    if (end > line) stretches.push({ row, line, length: end - line });
    row += Math.max(0, end - line);
    line = Math.max(line, end);
  };
  sections.forEach((section, at) => {
    if (!folded.has(section.start)) return;
    add(section.start + 1);
    line = sections[at + 1]?.start ?? count;
  });
  add(count);
  return {
    count: row,
    line: (wanted) => {
      const found = stretches[last(stretches, (each) => each.row <= wanted)];
      return found ? found.line + wanted - found.row : 0;
    },
    row: (wanted) => {
      const found = stretches[last(stretches, (each) => each.line <= wanted)];
      return found ? found.row + Math.min(wanted - found.line, found.length - 1) : 0;
    },
  };
}

/** The index of the last item for which `holds`, which holds for a beginning of them. */
function last<T>(items: readonly T[], holds: (item: T) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(items[middle])) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}
