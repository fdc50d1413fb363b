/** The action and rule types that this server has, as forms need them: one form for both. */

import type { ActionDeclaration, ActionType, ActionTypeId, RuleDeclaration, RuleType } from "../../api/models/codepipeline";
import { useListing } from "../../api/queries";

export interface Property {
  name: string;
  required: boolean;
  secret: boolean;
  description?: string;
  type?: "String" | "Number" | "Boolean";
}

/** A provider: its name in declarations, what may be configured, how many artifacts it takes and gives. */
export interface Kind {
  id: { category: string; owner: string; provider: string; version: string };
  properties: Property[];
  inputs: [least: number, most: number];
  outputs: [least: number, most: number];
  /** Where its own configuration is kept, for types of others. */
  link?: string;
}

/** All action types. */
export function useActionTypes() {
  const found = useListing("codepipeline", "ListActionTypes", {}, (page) => [page.actionTypes, page.nextToken]);
  return { ...found, kinds: found.data?.map(ofAction) };
}

/** All rule types. */
export function useRuleTypes() {
  const found = useListing("codepipeline", "ListRuleTypes", {}, (page) => [page.ruleTypes, undefined]);
  return { ...found, kinds: found.data?.map(ofRule) };
}

function ofAction(type: ActionType): Kind {
  return {
    id: type.id,
    properties: type.actionConfigurationProperties ?? [],
    inputs: [type.inputArtifactDetails.minimumCount, type.inputArtifactDetails.maximumCount],
    outputs: [type.outputArtifactDetails.minimumCount, type.outputArtifactDetails.maximumCount],
    link: type.settings?.thirdPartyConfigurationUrl,
  };
}

function ofRule(type: RuleType): Kind {
  return {
    id: { owner: "AWS", version: "1", ...type.id },
    properties: type.ruleConfigurationProperties ?? [],
    inputs: [type.inputArtifactDetails.minimumCount, type.inputArtifactDetails.maximumCount],
    outputs: [0, 0],
  };
}

/** A type as one text; the key of tables and options. */
export function keyOf(id: { category: string; owner?: string; provider: string; version?: string }): string {
  return `${id.category}/${id.owner ?? "AWS"}/${id.provider}/${id.version ?? "1"}`;
}

/** The type of an action or a rule, if it is there. */
export function kindOf(kinds: Kind[] | undefined, id: { category: string; owner?: string; provider: string; version?: string }) {
  return kinds?.find((each) => keyOf(each.id) === keyOf(id));
}

/** Whether it runs commands of its declaration rather than a configuration. */
export function runsCommands(id: { category: string; provider: string }): boolean {
  return id.provider === "Commands" && (id.category === "Compute" || id.category === "Rule");
}

/** An action of a type with nothing filled in. */
export function newAction(id: ActionTypeId, name: string): ActionDeclaration {
  return { name, actionTypeId: id, runOrder: 1, configuration: {}, inputArtifacts: [], outputArtifacts: [] };
}

/** A rule of a type with nothing filled in. */
export function newRule(provider: string, name: string): RuleDeclaration {
  return { name, ruleTypeId: { category: "Rule", owner: "AWS", provider, version: "1" }, configuration: {} };
}
