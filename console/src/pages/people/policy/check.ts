/** What is wrong with a policy, while it is typed. The server has the last word on everything else. */

import { Malformed, type Node, place, read } from "./json";

export type PolicyKind = "identity" | "trust";

export interface Fault {
  message: string;
  line: number;
  column: number;
}

const TOP = ["Version", "Id", "Statement"];
const OF_STATEMENT = ["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition"];

/** The first thing that is wrong, or nothing. */
export function fault(text: string, kind: PolicyKind): Fault | undefined {
  try {
    check(read(text), kind);
  } catch (error) {
    if (error instanceof Malformed) return { message: error.message, ...place(text, error.at) };
    throw error;
  }
}

/** The statements of a text that can be read. */
export function statements(text: string): Record<string, unknown>[] {
  try {
    const found = read(text).members?.get("Statement");
    return (found?.items ?? (found ? [found] : [])).filter((each) => each.members).map((each) => each.value as Record<string, unknown>);
  } catch (error) {
    if (error instanceof Malformed) return [];
    throw error;
  }
}

/** The length that counts: white space does not. */
export function size(text: string): number {
  return text.replace(/[ \t\r\n]/g, "").length;
}

/** The text with two spaces for each level. */
export function formatted(text: string): string {
  return JSON.stringify(JSON.parse(text), null, 2);
}

function check(root: Node, kind: PolicyKind) {
  if (!root.members || !root.names) throw new Malformed("A policy is an object: it begins with {", root.start);
  known(root, TOP, "a policy");
  const version = root.members.get("Version");
  if (version && version.value !== "2012-10-17" && version.value !== "2008-10-17") {
    throw new Malformed('The version is "2012-10-17"', version.start);
  }
  const found = root.members.get("Statement");
  if (!found) throw new Malformed('There is no "Statement"', root.start);
  const items = found.items ?? [found];
  if (items.length === 0) throw new Malformed("There has to be a statement", found.start);
  for (const each of items) statement(each, kind);
}

function statement(node: Node, kind: PolicyKind) {
  if (!node.members) throw new Malformed("A statement is an object", node.start);
  known(node, OF_STATEMENT, "a statement");
  const effect = node.members.get("Effect");
  if (!effect) throw new Malformed('This statement has no "Effect"', node.start);
  if (effect.value !== "Allow" && effect.value !== "Deny") throw new Malformed('The effect is "Allow" or "Deny"', effect.start);
  const actions = one(node, "Action", "NotAction");
  for (const each of texts(actions)) action(each);
  const place = kind === "trust" ? ["Principal", "NotPrincipal"] : ["Resource", "NotResource"];
  const foreign = kind === "trust" ? ["Resource", "NotResource"] : ["Principal", "NotPrincipal"];
  const where = one(node, place[0], place[1]);
  if (kind === "identity") for (const each of texts(where)) resource(each);
  for (const name of foreign) {
    const at = node.names?.get(name);
    if (at !== undefined) throw new Malformed(`${name} has no place in ${kind === "trust" ? "a trust policy" : "such a policy"}`, at);
  }
}

function known(node: Node, names: string[], what: string) {
  for (const [name, at] of node.names ?? []) {
    if (names.includes(name)) continue;
    const meant = names.find((each) => each.toLowerCase() === name.toLowerCase());
    throw new Malformed(`"${name}" is no part of ${what}${meant ? `: it is written "${meant}"` : ""}`, at);
  }
}

function one(node: Node, name: string, not: string): Node {
  const [yes, no] = [node.members?.get(name), node.members?.get(not)];
  if (yes && no) throw new Malformed(`Give "${name}" or "${not}", not both`, no.start);
  const found = yes ?? no;
  if (!found) throw new Malformed(`This statement has no "${name}"`, node.start);
  return found;
}

function texts(node: Node): Node[] {
  const found = node.items ?? [node];
  if (found.length === 0) throw new Malformed("This list is empty", node.start);
  for (const each of found) if (typeof each.value !== "string") throw new Malformed("A string is expected here", each.start);
  return found;
}

function action(node: Node) {
  if (!/^(\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+)$/.test(node.value as string)) {
    throw new Malformed("An action is written service:Action, as codepipeline:GetPipeline", node.start);
  }
}

function resource(node: Node) {
  const text = node.value as string;
  if (text !== "*" && !/^arn:|^\*|^\$\{/.test(text)) throw new Malformed('A resource is an ARN, or "*"', node.start);
}
