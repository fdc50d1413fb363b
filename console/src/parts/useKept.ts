/** State of a page that its address keeps. It changes at once, while the router takes its time to follow. */

import { useEffect, useRef, useState } from "react";
import { useSearchParams } from "react-router";

/** `parse` reads an address's query, `write` makes one; both should be functions of a module. */
export function useKept<T>(parse: (query: URLSearchParams) => T, write: (value: T) => URLSearchParams): [T, (value: T) => void] {
  const [query, setQuery] = useSearchParams();
  const [value, setValue] = useState(() => parse(query));
  const sent = useRef(query.toString());
  useEffect(() => {
    // What this page has written comes back later, maybe after more was typed; only what somebody else wrote is taken over.
    const there = new URLSearchParams(window.location.search);
    if (there.toString() === sent.current) return;
    sent.current = there.toString();
    setValue(parse(there));
  }, [query, parse]);
  const change = (next: T) => {
    const written = write(next);
    sent.current = written.toString();
    setValue(next);
    setQuery(written, { replace: true });
  };
  return [value, change];
}
