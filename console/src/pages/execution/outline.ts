/** Stages and actions of an execution with how they stand: now, or as they stood at an instant. */

import type { PipelineDeclaration } from "../../api/models/codepipeline";
import { type Kind, type Run, conditionsOf } from "./runs";

/** How everything stands at one instant. Names of actions are unique in a stage, those of rules in a condition. */
export interface Standing {
  stages: Map<string, string>;
  /** By `place(stage, action)`. */
  actions: Map<string, { id: string; status: string }>;
  /** By `place(stage, kind, rule)`. */
  rules: Map<string, { id: string; status: string }>;
  /** By `place(stage, kind)`. */
  conditions: Map<string, string>;
  /** The stage in front of which the execution waits. */
  waiting?: string;
}

export interface Box {
  name: string;
  category: string;
  provider: string;
  order: number;
  status?: string;
  run?: string;
}

export interface Judgement {
  kind: Kind;
  result?: string;
  status?: string;
  rules: { name: string; provider: string; status?: string; run?: string }[];
}

export interface Card {
  name: string;
  status?: string;
  waiting: boolean;
  boxes: Box[];
  judgements: Judgement[];
}

export const EMPTY: Standing = { stages: new Map(), actions: new Map(), rules: new Map(), conditions: new Map() };

export function place(...names: (string | undefined)[]): string {
  return JSON.stringify(names);
}

/** The stages of the version that was run; where that may not be read, those that ran. */
export function outline(declaration: PipelineDeclaration | undefined, runs: Run[], standing: Standing): Card[] {
  return (declaration ? declared(declaration) : ran(runs)).map((card) => ({
    ...card,
    status: standing.stages.get(card.name),
    waiting: standing.waiting === card.name,
    boxes: card.boxes.map((box) => ({ ...box, ...at(standing.actions.get(place(card.name, box.name))) })),
    judgements: card.judgements.map((each) => ({
      ...each,
      status: standing.conditions.get(place(card.name, each.kind)),
      rules: each.rules.map((rule) => ({ ...rule, ...at(standing.rules.get(place(card.name, each.kind, rule.name))) })),
    })),
  }));
}

function at(found: { id: string; status: string } | undefined) {
  return { run: found?.id, status: found?.status };
}

function declared(declaration: PipelineDeclaration): Card[] {
  return declaration.stages.map((stage) => ({
    name: stage.name,
    waiting: false,
    boxes: stage.actions.map((action) => ({
      name: action.name,
      category: action.actionTypeId.category,
      provider: action.actionTypeId.provider,
      order: action.runOrder ?? 1,
    })),
    judgements: conditionsOf(stage).map(([kind, condition]) => ({
      kind,
      result: condition.result,
      rules: (condition.rules ?? []).map((rule) => ({ name: rule.name, provider: rule.ruleTypeId.provider })),
    })),
  }));
}

function ran(runs: Run[]): Card[] {
  const cards = new Map<string, Card>();
  for (const run of runs.filter((each) => !each.rule)) {
    const card = cards.get(run.stage) ?? { name: run.stage, waiting: false, boxes: [], judgements: [] };
    if (!card.boxes.some((box) => box.name === run.name))
      card.boxes.push({ name: run.name, category: run.category, provider: run.provider, order: card.boxes.length + 1 });
    cards.set(run.stage, card);
  }
  return [...cards.values()];
}

/** Actions side by side that have one run order, one group below the other. */
export function groups(boxes: Box[]): Box[][] {
  const found = new Map<number, Box[]>();
  for (const box of boxes) found.set(box.order, [...(found.get(box.order) ?? []), box]);
  return [...found.entries()].sort(([a], [b]) => a - b).map(([, group]) => group);
}
