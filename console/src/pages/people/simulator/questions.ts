/** What the simulator asks, as an address keeps it, and what it offers. */

import { ACTIONS } from "../../../api/models/actions";
import type { ContextEntry } from "../../../api/models/iam";

export interface Asked {
  /** ARN of a user, group or role; empty: the policy that is written below. */
  who: string;
  actions: string[];
  resources: string[];
  context: { key: string; value: string }[];
}

/** From an address. */
export function parsed(query: URLSearchParams): Asked {
  return {
    who: query.get("who") ?? "",
    actions: query.getAll("action"),
    resources: query.getAll("resource"),
    context: query.getAll("context").map((each) => ({ key: each.split("=", 1)[0], value: each.slice(each.indexOf("=") + 1) })),
  };
}

/** Into an address. */
export function written(asked: Asked): URLSearchParams {
  const query = new URLSearchParams({ tab: "simulator" });
  if (asked.who) query.set("who", asked.who);
  for (const each of asked.actions) query.append("action", each);
  for (const each of asked.resources) query.append("resource", each);
  for (const { key, value } of asked.context) if (key) query.append("context", `${key}=${value}`);
  return query;
}

/** Context as the operation takes it; several values are given with commas between them. */
export function entries(context: Asked["context"]): ContextEntry[] {
  return context
    .filter(({ key }) => key)
    .map(({ key, value }) => {
      const values = value.split(",").map((each) => each.trim());
      return { ContextKeyName: key, ContextKeyValues: values, ContextKeyType: values.length > 1 ? "stringList" : "string" };
    });
}

/** Actions that the operations of this server ask for. */
export const KNOWN = ACTIONS.map(([action, resource]) => ({ value: action, description: resource }));

/** Condition keys that belong to actions, after those that every request has. */
export function keysOf(actions: string[]): string[] {
  const own = ACTIONS.filter(([action]) => actions.includes(action)).flatMap(([, , keys]) => keys);
  return [...new Set([...own, "aws:username", "aws:SourceIp", "aws:CurrentTime", "aws:SecureTransport", "aws:PrincipalArn"])];
}

/** What a resource of these actions looks like. */
export function pattern(actions: string[], account: string, region: string): string {
  const found = ACTIONS.find(([action, resource]) => actions.includes(action) && resource !== "*")?.[1];
  return (found ?? "*").replaceAll("{account}", account).replaceAll("{region}", region);
}
