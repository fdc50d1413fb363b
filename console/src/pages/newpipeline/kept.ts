/** The draft, kept in the browser's tab: a reload or another sign-in loses nothing but secrets. */

import { useCallback, useRef, useState } from "react";

import { type Kind, kindOf } from "../../parts/actionform/catalog";
import type { Draft } from "./draft";

export interface Held {
  draft: Draft;
  /** Index of the step of the wizard. */
  step: number;
  /** What has been made already, in words, by the id of its step. */
  made: Record<string, string>;
  /** Steps that make something whose answer never came. */
  begun: string[];
}

/** What was kept under a name. */
export function recalled(name: string): Held | undefined {
  const text = sessionStorage.getItem(name);
  if (!text) return undefined;
  try {
    return JSON.parse(text) as Held;
  } catch {
    sessionStorage.removeItem(name);
    return undefined;
  }
}

/** What is held, the way to change it, and the way to forget it. `current` tells it also to what runs in the background. */
export function useKept(name: string, initial: Held, kinds: Kind[] | undefined) {
  const [held, setHeld] = useState<Held>(initial);
  const current = useRef(held);
  const change = useCallback(
    (how: (before: Held) => Held) => {
      const next = how(current.current);
      current.current = next;
      setHeld(next);
      sessionStorage.setItem(name, JSON.stringify({ ...next, draft: withoutSecrets(next.draft, kinds, undefined) }));
    },
    [name, kinds],
  );
  const forget = useCallback(() => sessionStorage.removeItem(name), [name]);
  return { held, current, change, forget };
}

/** The same draft with `instead` of each secret; nothing where it is undefined. */
export function withoutSecrets(draft: Draft, kinds: Kind[] | undefined, instead: string | undefined): Draft {
  const stages = draft.stages.map((each) => ({
    ...each,
    stage: {
      ...each.stage,
      actions: each.stage.actions.map((action) => {
        const kind = kindOf(kinds, action.actionTypeId);
        const secret = new Set(kind?.properties.filter((property) => property.secret).map((property) => property.name));
        const entries = Object.entries(action.configuration ?? {});
        const shown = entries.flatMap(([name, value]) =>
          !secret.has(name) ? [[name, value]] : instead ? [[name, instead]] : [],
        );
        return { ...action, configuration: Object.fromEntries(shown) as Record<string, string> };
      }),
    },
  }));
  return { ...draft, stages };
}
