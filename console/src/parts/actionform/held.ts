/** What is being typed, where the value that it means has fewer states than the text: empty lines, rows without a name. */

import { useState } from "react";

/**
 * Held in a form of its own; the value is told. When the value is changed from outside, what is held follows.
 * `hold` makes the held form of a value, `mean` the value of a held form.
 */
export function useHeld<V, H>(value: V, hold: (value: V) => H, mean: (held: H) => V, onChange: (value: V) => void) {
  const [held, setHeld] = useState<H>(() => hold(value));
  const outside = JSON.stringify(mean(hold(value)));
  const fresh = JSON.stringify(mean(held)) === outside ? held : hold(value);
  if (fresh !== held) setHeld(fresh);
  const change = (next: H) => {
    setHeld(next);
    onChange(mean(next));
  };
  return [fresh, change] as const;
}
