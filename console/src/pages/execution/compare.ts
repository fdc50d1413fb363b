/** Differences of two executions. Pure. */

import type { PipelineDeclaration } from "../../api/models/codepipeline";
import type { Known } from "./reading";
import { type Run, latest } from "./runs";

export interface Row {
  /** What is compared. */
  name: string;
  one?: string;
  other?: string;
}

export function differs(row: Row): boolean {
  return row.one !== row.other;
}

/** Two sets of named values, side by side: those of the first in their order, then what only the second has. */
export function beside(one: Map<string, string>, other: Map<string, string>): Row[] {
  return [...new Set([...one.keys(), ...other.keys()])].map((name) => ({ name, one: one.get(name), other: other.get(name) }));
}

export function revisions({ execution }: Known): Map<string, string> {
  return new Map((execution.artifactRevisions ?? []).map((each) => [each.name ?? "", each.revisionId ?? ""]));
}

/** Pipeline variables, then output variables as actions refer to them. */
export function variables({ execution, runs }: Known): Map<string, string> {
  const found = new Map((execution.variables ?? []).map((each) => [`variables.${each.name}`, each.resolvedValue ?? ""]));
  for (const run of runs)
    for (const [name, value] of Object.entries(run.variables)) found.set(`${run.namespace ?? `(${run.name})`}.${name}`, value);
  return found;
}

export interface Pace {
  stage: string;
  name: string;
  one?: number;
  other?: number;
  oneStatus?: string;
  otherStatus?: string;
}

/** Seconds that each action took, over all its attempts, in the order of the first execution. */
export function paces(one: Known, other: Known, now: number): Pace[] {
  const mine = took(one.runs, now);
  const theirs = took(other.runs, now);
  return [...new Set([...mine.keys(), ...theirs.keys()])].map((key) => {
    const [stage, name] = JSON.parse(key) as [string, string];
    const [a, b] = [mine.get(key), theirs.get(key)];
    return { stage, name, one: a?.seconds, other: b?.seconds, oneStatus: a?.status, otherStatus: b?.status };
  });
}

function took(runs: Run[], now: number): Map<string, { seconds: number; status: string }> {
  const found = new Map<string, { seconds: number; status: string }>();
  for (const run of runs.filter((each) => !each.rule)) {
    const key = JSON.stringify([run.stage, run.name]);
    found.set(key, { seconds: (found.get(key)?.seconds ?? 0) + (run.end ?? now) - run.start, status: run.status });
  }
  return found;
}

export interface Place {
  bucket: string;
  key: string;
}

/** Where each artifact of an execution lies: the latest of its name that was made. */
export function artifacts({ runs }: Known): Map<string, Place> {
  const found = new Map<string, Place>();
  for (const run of latestOfStages(runs))
    for (const each of [...run.inputs, ...run.outputs])
      if (each.name && each.s3location?.bucket && each.s3location.key)
        found.set(each.name, { bucket: each.s3location.bucket, key: each.s3location.key });
  return found;
}

function latestOfStages(runs: Run[]): Run[] {
  const stages = [...new Set(runs.map((run) => run.stage))];
  return stages.flatMap((stage) => latest(runs.filter((run) => run.stage === stage && !run.rule)));
}

/** The pipeline as declared, each value under the path by which people speak of it: `stages[Build].actions[Compile].runOrder`. */
export function flat(declaration: PipelineDeclaration | undefined): Map<string, string> {
  const found = new Map<string, string>();
  if (declaration) walk(found, "", { ...declaration, version: undefined });
  return found;
}

function walk(found: Map<string, string>, path: string, value: unknown) {
  if (Array.isArray(value)) {
    value.forEach((each, index) => walk(found, `${path}[${label(each, index)}]`, each));
  } else if (value && typeof value === "object") {
    for (const [name, each] of Object.entries(value)) walk(found, path ? `${path}.${name}` : name, each);
  } else if (value !== undefined && value !== null) {
    found.set(path, String(value));
  }
}

function label(each: unknown, index: number): string {
  const name = each && typeof each === "object" ? (each as { name?: unknown }).name : undefined;
  return typeof name === "string" ? name : String(index);
}
