/** JSON as a tree that knows where in the text everything stands, for messages that point at the place. */

export class Malformed extends Error {
  /** `at` is an offset into the text. */
  constructor(
    message: string,
    readonly at: number,
  ) {
    super(message);
  }
}

export interface Node {
  value: unknown;
  start: number;
  end: number;
  /** Of an object; where each name stands is in `names`. */
  members?: Map<string, Node>;
  names?: Map<string, number>;
  items?: Node[];
}

/** Line and column, both from 1. */
export function place(text: string, at: number): { line: number; column: number } {
  const before = text.slice(0, at);
  return { line: before.split("\n").length, column: at - (before.lastIndexOf("\n") + 1) + 1 };
}

/** The offset of a line and a column. */
export function offset(text: string, line: number, column: number): number {
  const lines = text.split("\n").slice(0, line - 1);
  return lines.reduce((sum, each) => sum + each.length + 1, 0) + column - 1;
}

const SPACE = /[ \t\r\n]*/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const DEEPEST = 60;

/** Read a text; raises Malformed. */
export function read(text: string): Node {
  const [found, after] = value(text, skip(text, 0), 0);
  const end = skip(text, after);
  if (end < text.length) throw new Malformed("There is something after the end of the document", end);
  return found;
}

function skip(text: string, at: number): number {
  SPACE.lastIndex = at;
  SPACE.exec(text);
  return SPACE.lastIndex;
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] || undefined;
}

function value(text: string, at: number, depth: number): [Node, number] {
  if (at >= text.length) throw new Malformed("The text ends too early", at);
  if (depth > DEEPEST) throw new Malformed("This is nested too deeply", at);
  if (text[at] === "{") return object(text, at, depth);
  if (text[at] === "[") return array(text, at, depth);
  const found = text[at] === '"' ? match(STRING, text, at) : match(SCALAR, text, at);
  if (found === undefined) {
    throw new Malformed(text[at] === '"' ? "This string does not end" : "A value is expected here", at);
  }
  return [{ value: JSON.parse(found), start: at, end: at + found.length }, at + found.length];
}

function object(text: string, start: number, depth: number): [Node, number] {
  const members = new Map<string, Node>();
  const names = new Map<string, number>();
  let at = skip(text, start + 1);
  while (text[at] !== "}") {
    const quoted = match(STRING, text, at);
    if (quoted === undefined) throw new Malformed("A name in double quotes is expected here", at);
    const name = JSON.parse(quoted) as string;
    if (members.has(name)) throw new Malformed(`"${name}" is given twice`, at);
    names.set(name, at);
    at = skip(text, at + quoted.length);
    if (text[at] !== ":") throw new Malformed(`A colon is expected after "${name}"`, at);
    const [found, after] = value(text, skip(text, at + 1), depth + 1);
    members.set(name, found);
    at = next(text, after, "}");
  }
  const plain = Object.fromEntries([...members].map(([name, node]) => [name, node.value]));
  return [{ value: plain, start, end: at + 1, members, names }, at + 1];
}

function array(text: string, start: number, depth: number): [Node, number] {
  const items: Node[] = [];
  let at = skip(text, start + 1);
  while (text[at] !== "]") {
    const [found, after] = value(text, at, depth + 1);
    items.push(found);
    at = next(text, after, "]");
  }
  return [{ value: items.map((each) => each.value), start, end: at + 1, items }, at + 1];
}

/** What follows an element: its end, or a comma and the next one. */
function next(text: string, after: number, end: string): number {
  const at = skip(text, after);
  if (text[at] === end) return at;
  if (text[at] !== ",") throw new Malformed(`A comma or ${end} is expected here`, at);
  const following = skip(text, at + 1);
  if (text[following] === end) throw new Malformed("There is a comma too many", at);
  return following;
}
