/** What a page shows, kept in its address: so that a link sends a colleague to the same tab, filter and selection. */

import { useCallback } from "react";
import { useSearchParams } from "react-router";

type Changes = Record<string, string | undefined>;

/**
 * The query of the address, and a function that changes members of it: empty and undefined ones go. `replace` makes no new place in
 * the browser's history: for what changes with every key.
 */
export function useAddress(): [URLSearchParams, (changes: Changes, replace?: boolean) => void] {
  const [query, setQuery] = useSearchParams();
  const change = useCallback(
    (changes: Changes, replace = false) =>
      setQuery(
        (before) => {
          const after = new URLSearchParams(before);
          for (const [name, value] of Object.entries(changes)) {
            if (value) after.set(name, value);
            else after.delete(name);
          }
          return after;
        },
        { replace, preventScrollReset: true },
      ),
    [setQuery],
  );
  return [query, change];
}
