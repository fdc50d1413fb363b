/** Declarations in one spelling, so that two of them can be compared: the server's defaults filled in, members in a fixed order. */

import type { ActionDeclaration, PipelineDeclaration } from "../../api/models/codepipeline";
import { PIPELINE, type Shape } from "./schema";

/** The declaration as it is stored, without its version. */
export function canonical(document: PipelineDeclaration): PipelineDeclaration {
  const { version: _, ...rest } = document;
  return ordered(
    {
      ...rest,
      pipelineType: document.pipelineType ?? "V1",
      executionMode: document.executionMode ?? "SUPERSEDED",
      stages: document.stages.map((stage) => ({ ...stage, actions: stage.actions.map(complete) })),
    },
    PIPELINE,
  ) as PipelineDeclaration;
}

function complete(action: ActionDeclaration): ActionDeclaration {
  return {
    ...action,
    runOrder: action.runOrder ?? 1,
    configuration: action.configuration ?? {},
    inputArtifacts: action.inputArtifacts ?? [],
    outputArtifacts: action.outputArtifacts ?? [],
  };
}

/** A declaration as text, as it is shown and edited. */
export function written(document: PipelineDeclaration): string {
  return JSON.stringify(canonical(document), null, 2);
}

/** Whether two declarations mean the same. */
export function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(ordered(one)) === JSON.stringify(ordered(other));
}

function ordered(value: unknown, shape?: Shape): unknown {
  if (Array.isArray(value)) return value.map((each) => ordered(each, shape?.is === "list" ? shape.of : undefined));
  if (typeof value !== "object" || value === null) return value;
  const members = shape?.is === "object" ? shape.members : {};
  const order = Object.keys(members);
  const rank = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  const names = Object.keys(value).sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0));
  const of = (name: string) => (shape?.is === "map" ? shape.of : members[name]);
  return Object.fromEntries(names.map((name) => [name, ordered((value as Record<string, unknown>)[name], of(name))]));
}
