/** Reads JSON as people write it: the value, the line of each member, and the place of what cannot be read. */

import type { Path } from "../../parts/structure/schema";

export interface Reading {
  value?: unknown;
  /** Line (from 1) on which a member or an item begins, by its path as JSON. */
  lines: Map<string, number>;
  error?: { message: string; line: number; column: number };
}

class Unreadable extends Error {
  constructor(
    message: string,
    readonly at: number,
  ) {
    super(message);
  }
}

export function readJson(text: string): Reading {
  const reader = new Reader(text);
  try {
    return { value: reader.whole(), lines: reader.lines };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    const before = text.slice(0, error.at);
    const line = before.split("\n").length;
    return {
      lines: reader.lines,
      error: { message: error.message, line, column: error.at - before.lastIndexOf("\n") },
    };
  }
}

/** The line of a place, or of the nearest thing around it that is there. */
export function lineOf(lines: Map<string, number>, path: Path): number {
  for (let length = path.length; length > 0; length -= 1) {
    const found = lines.get(JSON.stringify(path.slice(0, length)));
    if (found !== undefined) return found;
  }
  return 1;
}

const DEEPEST = 60;
const WORD = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.])/y;
const STRING = /"(?:[^"\\\n\r]|\\.)*"/y;

class Reader {
  readonly lines = new Map<string, number>();
  private at = 0;
  private line = 1;

  constructor(private readonly text: string) {}

  whole(): unknown {
    const value = this.value([]);
    this.space();
    if (this.at < this.text.length) this.fail("There is more after the end.");
    return value;
  }

  private fail(message: string): never {
    throw new Unreadable(message, this.at);
  }

  private space() {
    for (; this.at < this.text.length; this.at += 1) {
      const each = this.text[this.at] as string;
      if (!" \t\r\n".includes(each)) return;
      if (each === "\n") this.line += 1;
    }
  }

  private next(): string {
    this.space();
    return this.text[this.at] ?? "";
  }

  /** What a sticky expression finds just here. */
  private match(expression: RegExp): string | undefined {
    expression.lastIndex = this.at;
    return expression.exec(this.text)?.[0];
  }

  private take(sign: string, instead: string) {
    if (this.next() !== sign) this.fail(this.at < this.text.length ? instead : "The text ends too early.");
    this.at += 1;
  }

  private value(path: Path): unknown {
    if (path.length > DEEPEST) this.fail("This is nested too deeply.");
    const sign = this.next();
    if (path.length > 0 && typeof path.at(-1) === "number") this.lines.set(JSON.stringify(path), this.line);
    if (sign === "{") return this.object(path);
    if (sign === "[") return this.list(path);
    if (sign === '"') return this.string();
    const word = this.match(WORD);
    if (!word) this.fail(sign ? "A value is expected here: a text in quotes, a number, { or [." : "The text ends too early.");
    this.at += word.length;
    return JSON.parse(word);
  }

  private object(path: Path): Record<string, unknown> {
    const found: Record<string, unknown> = {};
    this.at += 1;
    if (this.next() === "}") {
      this.at += 1;
      return found;
    }
    for (;;) {
      if (this.next() !== '"') this.fail('The name of a member is expected here, in quotes (").');
      const [start, line] = [this.at, this.line];
      const name = this.string();
      if (Object.hasOwn(found, name)) {
        this.at = start;
        this.fail(`The member "${name}" is here twice.`);
      }
      this.lines.set(JSON.stringify([...path, name]), line);
      this.take(":", "A colon is expected between a name and its value.");
      // Not by assignment, which gives __proto__ a meaning of its own.
      Object.defineProperty(found, name, { value: this.value([...path, name]), enumerable: true, writable: true, configurable: true });
      if (this.next() === "}") break;
      this.take(",", "A comma or } is expected here.");
    }
    this.at += 1;
    return found;
  }

  private list(path: Path): unknown[] {
    const found: unknown[] = [];
    this.at += 1;
    if (this.next() === "]") {
      this.at += 1;
      return found;
    }
    for (;;) {
      found.push(this.value([...path, found.length]));
      if (this.next() === "]") break;
      this.take(",", "A comma or ] is expected here.");
    }
    this.at += 1;
    return found;
  }

  private string(): string {
    const end = this.match(STRING);
    if (!end) this.fail("This text has no closing quote on its line.");
    try {
      const value: string = JSON.parse(end);
      this.at += end.length;
      return value;
    } catch {
      this.fail("This text has a character or an escape that JSON does not know.");
    }
  }
}
