/** What is different between two declarations, in sentences. */

import type {
  ActionDeclaration,
  Condition,
  PipelineDeclaration,
  PipelineVariableDeclaration,
  StageDeclaration,
} from "../../api/models/codepipeline";
import { canonical, same } from "./canonical";

export interface Change {
  kind: "added" | "removed" | "changed" | "moved";
  text: string;
}

const PROPERTIES: [keyof PipelineDeclaration, string][] = [
  ["pipelineType", "Pipeline type"],
  ["executionMode", "Execution mode"],
  ["roleArn", "Service role"],
  ["artifactStore", "Artifact store"],
  ["artifactStores", "Artifact stores"],
];
const CONDITIONS = [
  ["beforeEntry", "Entry condition"],
  ["onSuccess", "Success condition"],
  ["onFailure", "Failure condition or automation"],
] as const;

/** From `before` to `after`, the pipeline as a whole first, then stage by stage. */
export function changes(before: PipelineDeclaration, after: PipelineDeclaration): Change[] {
  const [one, two] = [canonical(before), canonical(after)];
  return [...properties(one, two), ...variables(one, two), ...triggers(one, two), ...stages(one, two)];
}

function properties(one: PipelineDeclaration, two: PipelineDeclaration): Change[] {
  return PROPERTIES.flatMap(([member, called]) => changed(called, one[member], two[member]));
}

function changed(called: string, was: unknown, is: unknown): Change[] {
  if (same(was ?? null, is ?? null)) return [];
  if (was === undefined) return [{ kind: "added", text: `${called} is added${shown(is, " (", ")")}.` }];
  if (is === undefined) return [{ kind: "removed", text: `${called} is removed.` }];
  const told = typeof was === "object" || typeof is === "object" ? "" : ` from ${shown(was)} to ${shown(is)}`;
  return [{ kind: "changed", text: `${called} changes${told}.` }];
}

function shown(value: unknown, before = "", after = ""): string {
  if (typeof value === "object" || value === undefined) return "";
  const text = String(value);
  return `${before}${text.length > 60 ? `${text.slice(0, 59)}…` : text}${after}`;
}

function variables(one: PipelineDeclaration, two: PipelineDeclaration): Change[] {
  const [was, is] = [one.variables ?? [], two.variables ?? []].map(
    (each: PipelineVariableDeclaration[]) => new Map(each.map((variable) => [variable.name, variable])),
  );
  return byName(was, is, (name, a, b) => changed(`Variable ${name}`, a, b));
}

function triggers(one: PipelineDeclaration, two: PipelineDeclaration): Change[] {
  const [was, is] = [one.triggers ?? [], two.triggers ?? []].map(
    (each) => new Map(each.map((trigger) => [trigger.gitConfiguration.sourceActionName, trigger])),
  );
  return byName(was, is, (name, a, b) => changed(`The trigger of ${name}`, a, b));
}

function byName<T>(was: Map<string, T>, is: Map<string, T>, tell: (name: string, a?: T, b?: T) => Change[]): Change[] {
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((name) => tell(name, was.get(name), is.get(name)));
}

function stages(one: PipelineDeclaration, two: PipelineDeclaration): Change[] {
  const [was, is] = [one, two].map((each) => new Map(each.stages.map((stage) => [stage.name, stage])));
  const kept = (document: PipelineDeclaration) => document.stages.map((each) => each.name).filter((name) => was.has(name) && is.has(name));
  const order: Change[] = same(kept(one), kept(two))
    ? []
    : [{ kind: "moved", text: `The order of the stages is now ${two.stages.map((each) => each.name).join(", ")}.` }];
  const each = byName<StageDeclaration>(was, is, (name, a, b) => {
    if (!a || !b) return [{ kind: a ? "removed" : "added", text: `Stage ${name} is ${a ? "removed" : `added (${count(b)})`}.` }];
    return inStage(a, b);
  });
  return [...order, ...each, ...moves(one, two)];
}

function count(stage: StageDeclaration | undefined): string {
  const names = stage?.actions.map((each) => each.name) ?? [];
  return names.length === 0 ? "no actions yet" : names.join(", ");
}

function inStage(was: StageDeclaration, is: StageDeclaration): Change[] {
  const conditions = CONDITIONS.flatMap(([member, called]) => {
    const found = changed(`${called} of stage ${is.name}`, was[member], is[member]);
    return found.map((each) => ({ ...each, text: each.text.replace(/\.$/, conditionTold(is[member])) }));
  });
  const [a, b] = [was, is].map((stage) => new Map(stage.actions.map((action) => [action.name, action])));
  const both = byName<ActionDeclaration>(a, b, (name, x, y) => (x && y ? inAction(is.name, name, x, y) : []));
  return [...conditions, ...both];
}

function conditionTold(declared: { result?: string; conditions?: Condition[] } | undefined): string {
  const rules = declared?.conditions?.flatMap((each) => each.rules ?? []).map((rule) => rule.name) ?? [];
  const result = declared?.conditions?.[0]?.result ?? declared?.result;
  return declared ? `: ${[rules.join(", "), result].filter(Boolean).join(" → ")}.` : ".";
}

function inAction(stage: string, name: string, was: ActionDeclaration, is: ActionDeclaration): Change[] {
  const where = `${stage}/${name}`;
  const members = [...new Set([...Object.keys(was), ...Object.keys(is)])] as (keyof ActionDeclaration)[];
  return members.flatMap((member) => {
    if (member === "configuration") return inConfiguration(where, was.configuration ?? {}, is.configuration ?? {});
    if (member === "runOrder" && was.runOrder !== is.runOrder) {
      return [{ kind: "moved" as const, text: `${where} runs in group ${is.runOrder} instead of ${was.runOrder}.` }];
    }
    return changed(`${where}: ${member}`, was[member], is[member]);
  });
}

function inConfiguration(where: string, was: Record<string, string>, is: Record<string, string>): Change[] {
  return byName(new Map(Object.entries(was)), new Map(Object.entries(is)), (key, a, b) => changed(`${where}: ${key}`, a, b));
}

/** Actions that are gone from one stage, or new in another; the same name in both is a move. */
function moves(one: PipelineDeclaration, two: PipelineDeclaration): Change[] {
  const places = (document: PipelineDeclaration) => document.stages.flatMap((stage) => stage.actions.map((action) => [stage.name, action.name]));
  const less = (a: string[][], b: string[][]) => a.filter(([stage, name]) => !b.some(([s, n]) => s === stage && n === name));
  const [gone, fresh] = [less(places(one), places(two)), less(places(two), places(one))];
  const known = (document: PipelineDeclaration, stage: string) => document.stages.some((each) => each.name === stage);
  const from = (name: string) => gone.find((each) => each[1] === name);
  const found = fresh.map(([stage, name]): Change | undefined => {
    const before = from(name);
    if (before) return { kind: "moved", text: `${name} moves from stage ${before[0]} to stage ${stage}.` };
    return known(one, stage) ? { kind: "added", text: `${stage}/${name} is added.` } : undefined;
  });
  const left = gone
    .filter(([stage, name]) => known(two, stage) && !fresh.some((each) => each[1] === name))
    .map(([stage, name]): Change => ({ kind: "removed", text: `${stage}/${name} is removed.` }));
  return [...found.filter((each) => each !== undefined), ...left];
}
