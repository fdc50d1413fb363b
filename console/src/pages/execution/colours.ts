/** How statuses look, by a class of `colours.css`: x-good, x-bad, x-busy or x-none. */

import "./colours.css";

const TONES: Record<string, string> = {
  Succeeded: "x-good",
  Overridden: "x-good",
  Failed: "x-bad",
  Errored: "x-bad",
  InProgress: "x-busy",
  Stopping: "x-busy",
};

export function tone(status: string | undefined): string {
  return (status && TONES[status]) || "x-none";
}
