/** Artifacts of an execution: who made each, and who read it. Pure. */

import type { Run } from "./runs";

export interface Stored {
  id: string;
  name: string;
  bucket: string;
  key: string;
  made?: Run;
  read: Run[];
}

/** Each object once, in the order in which they appeared. */
export function stored(runs: Run[]): Stored[] {
  const found = new Map<string, Stored>();
  for (const run of runs) {
    for (const side of ["inputs", "outputs"] as const) {
      for (const { name, s3location } of run[side]) {
        if (!name || !s3location?.bucket || !s3location.key) continue;
        const id = JSON.stringify([name, s3location.bucket, s3location.key]);
        const known = found.get(id) ?? { id, name, bucket: s3location.bucket, key: s3location.key, read: [] };
        if (side === "outputs") known.made = run;
        else known.read.push(run);
        found.set(id, known);
      }
    }
  }
  return [...found.values()];
}
