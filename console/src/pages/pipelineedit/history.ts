/** The document that is edited, with the way back and forth through what was done to it. */

import type { PipelineDeclaration } from "../../api/models/codepipeline";

export interface Step {
  document: PipelineDeclaration;
  /** What was done to get here, for menus and screen readers. */
  said: string;
  /** Steps one after the other with the same mark are one: typing into a field. */
  mark?: string;
}

export interface History {
  past: Step[];
  now: Step;
  future: Step[];
}

export type Move = ({ type: "apply" } & Step) | { type: "undo" } | { type: "redo" } | { type: "begin"; document: PipelineDeclaration };

const KEPT = 200;

export function begun(document: PipelineDeclaration): History {
  return { past: [], now: { document, said: "" }, future: [] };
}

export function moved(history: History, move: Move): History {
  const { past, now, future } = history;
  switch (move.type) {
    case "begin":
      return begun(move.document);
    case "apply": {
      const { type: _, ...step } = move;
      if (step.document === now.document) return history;
      if (step.mark !== undefined && step.mark === now.mark) return { past, now: step, future: [] };
      return { past: [...past, now].slice(-KEPT), now: step, future: [] };
    }
    case "undo": {
      const before = past.at(-1);
      // Without its mark: what is typed after going back is a step of its own.
      return before ? { past: past.slice(0, -1), now: { ...before, mark: undefined }, future: [now, ...future] } : history;
    }
    case "redo": {
      const [after, ...rest] = future;
      return after ? { past: [...past, now], now: after, future: rest } : history;
    }
  }
}
