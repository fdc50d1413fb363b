/** Colours of terminals: text with ANSI escapes as runs of plain text with a style. Everything else that escapes is left out. */

export interface Run {
  text: string;
  /** Names of classes: `ansi-fg-1`, `ansi-bold` … */
  className: string;
  /** Colours beyond the sixteen. */
  color?: string;
  background?: string;
}

// CSI sequences, OSC sequences (titles, hyperlinks) with their end, and two-character escapes.
const ESCAPE = /\u001b(?:\[([0-9;:]*)([@-~])|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\^_])/g;
// What else would move the cursor or be drawn as nothing.
const CONTROL = /[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f]/g;

interface Style {
  bold?: boolean;
  dim?: boolean;
  italic?: boolean;
  underline?: boolean;
  fg?: string | number;
  bg?: string | number;
}

/** The text alone. */
export function plain(line: string): string {
  return line.includes("\u001b") ? line.replace(ESCAPE, "").replace(CONTROL, "") : line.replace(CONTROL, "");
}

/** The runs of a line. */
export function runs(line: string): Run[] {
  if (!line.includes("\u001b")) return [{ text: line.replace(CONTROL, ""), className: "" }];
  const found: Run[] = [];
  let style: Style = {};
  let at = 0;
  const take = (end: number) => {
    const text = line.slice(at, end).replace(CONTROL, "");
    if (text) found.push(styled(text, style));
  };
  for (const match of line.matchAll(ESCAPE)) {
    take(match.index);
    at = match.index + match[0].length;
    if (match[2] === "m") style = changed(style, match[1]);
  }
  take(line.length);
  return found;
}

function styled(text: string, style: Style): Run {
  const names = (["bold", "dim", "italic", "underline"] as const).filter((each) => style[each]).map((each) => `ansi-${each}`);
  if (typeof style.fg === "number") names.push(`ansi-fg-${style.fg}`);
  if (typeof style.bg === "number") names.push(`ansi-bg-${style.bg}`);
  return {
    text,
    className: names.join(" "),
    color: typeof style.fg === "string" ? style.fg : undefined,
    background: typeof style.bg === "string" ? style.bg : undefined,
  };
}

function changed(before: Style, codes: string): Style {
  const given = codes.split(/[;:]/).map(Number);
  const style = { ...before };
  for (let at = 0; at < given.length; at += 1) {
    const code = given[at];
    if (code === 0) for (const each of Object.keys(style)) delete style[each as keyof Style];
    else if (code === 1) style.bold = true;
    else if (code === 2) style.dim = true;
    else if (code === 3) style.italic = true;
    else if (code === 4) style.underline = true;
    else if (code === 22) style.bold = style.dim = false;
    else if (code === 23) style.italic = false;
    else if (code === 24) style.underline = false;
    else if (code >= 30 && code <= 37) style.fg = code - 30;
    else if (code >= 90 && code <= 97) style.fg = code - 82;
    else if (code === 39) style.fg = undefined;
    else if (code >= 40 && code <= 47) style.bg = code - 40;
    else if (code >= 100 && code <= 107) style.bg = code - 92;
    else if (code === 49) style.bg = undefined;
    else if (code === 38 || code === 48) {
      const [colour, used] = extended(given.slice(at + 1));
      if (code === 38) style.fg = colour;
      else style.bg = colour;
      at += used;
    }
  }
  return style;
}

/** A colour of the 256, or a true one; and how many codes it took. */
function extended(codes: number[]): [string | number | undefined, number] {
  if (codes[0] === 2) return [`rgb(${[1, 2, 3].map((at) => Math.min(255, codes[at] || 0)).join(" ")})`, 4];
  const index = codes[0] === 5 ? codes[1] : -1;
  if (!(index >= 0 && index < 256)) return [undefined, codes.length];
  if (index < 16) return [index, 2];
  if (index >= 232) return [`rgb(${Array(3).fill((index - 232) * 10 + 8).join(" ")})`, 2];
  const steps = [Math.floor((index - 16) / 36), Math.floor((index - 16) / 6) % 6, (index - 16) % 6];
  return [`rgb(${steps.map((step) => (step ? step * 40 + 55 : 0)).join(" ")})`, 2];
}
