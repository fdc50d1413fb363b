/** What is in files: text or not, and what changed between two texts. Pure. */

import { structuredPatch } from "diff";

/** So many bytes are shown at most. */
export const LONGEST = 1_000_000;

export interface Content {
  /** Undefined where the bytes are no text. */
  text: string | undefined;
  bytes: number;
}

/** The content of Base64. */
export function decoded(base64: string): Content {
  const bytes = Uint8Array.from(atob(base64), (each) => each.charCodeAt(0));
  if (bytes.length > LONGEST || bytes.subarray(0, 8000).includes(0)) return { text: undefined, bytes: bytes.length };
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), bytes: bytes.length };
  } catch {
    return { text: undefined, bytes: bytes.length };
  }
}

export interface DiffLine {
  kind: "same" | "added" | "removed" | "gap";
  text: string;
  before?: number;
  after?: number;
}

/** The lines that changed, with three around them. */
export function changes(before: string, after: string): DiffLine[] {
  const patch = structuredPatch("", "", before, after, undefined, undefined, { context: 3 });
  const found: DiffLine[] = [];
  for (const hunk of patch?.hunks ?? []) {
    found.push({ kind: "gap", text: `@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@` });
    let one = hunk.oldStart;
    let two = hunk.newStart;
    for (const line of hunk.lines) {
      const text = line.slice(1);
      if (line[0] === "+") found.push({ kind: "added", text, after: two++ });
      else if (line[0] === "-") found.push({ kind: "removed", text, before: one++ });
      else if (line[0] === " ") found.push({ kind: "same", text, before: one++, after: two++ });
    }
  }
  return found;
}

/** The first line of a commit's message, and the rest. */
export function said(message: string | undefined): [string, string] {
  const [first = "", ...rest] = (message ?? "").trim().split("\n");
  return [first, rest.join("\n").trim()];
}

/** When a commit was made: git writes "epoch zone". Epoch seconds. */
export function madeAt(date: string | undefined): number | undefined {
  const seconds = Number((date ?? "").split(" ")[0]);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : undefined;
}
