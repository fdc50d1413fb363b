/** Asks before a page is left whose changes would be lost: by a link, by the browser's buttons, by closing the tab. */

import { useContext, useEffect, useRef, useState } from "react";
import { UNSAFE_NavigationContext as NavigationContext } from "react-router";

export interface Leaving {
  /** True while somebody wants to leave and has not answered. */
  asked: boolean;
  /** Leave and lose the changes. */
  leave: () => void;
  stay: () => void;
  /** From now on leave without asking: the changes are kept elsewhere, or there are none. */
  free: () => void;
}

// Listeners of the window are called in the order in which they came: main.tsx loads this before the router begins to listen.
let guard: ((event: PopStateEvent) => void) | undefined;
window.addEventListener("popstate", (event) => guard?.(event));

type Navigate = (...given: never[]) => void;

/**
 * `dirty`: whether there is something to lose. The router has blockers for its data routers only, so this stands before the
 * navigator of the plain one, and before its listener for the browser's buttons.
 */
export function useLeaving(dirty: boolean): Leaving {
  const { navigator } = useContext(NavigationContext);
  const [wanted, setWanted] = useState<() => void>();
  const freed = useRef(false);
  useEffect(() => {
    if (!dirty) return undefined;
    const here = window.location.pathname;
    const number = (): number => window.history.state?.idx ?? 0;
    const place = number();
    const real = { push: navigator.push.bind(navigator), replace: navigator.replace.bind(navigator) };
    const guarded =
      (go: Navigate) =>
      (...given: never[]) => {
        const elsewhere = new URL(navigator.createHref(given[0]), window.location.href).pathname !== here;
        if (freed.current || !elsewhere) go(...given);
        else setWanted(() => () => go(...given));
      };
    navigator.push = guarded(real.push as Navigate) as typeof navigator.push;
    navigator.replace = guarded(real.replace as Navigate) as typeof navigator.replace;
    let returning = false;
    const popped = (event: PopStateEvent) => {
      if (freed.current || window.location.pathname === here) {
        if (returning) event.stopImmediatePropagation();
        returning = false;
        return;
      }
      event.stopImmediatePropagation();
      const by = number() - place || -1;
      returning = true;
      window.history.go(-by);
      setWanted(() => () => window.history.go(by));
    };
    const closing = (event: BeforeUnloadEvent) => {
      if (!freed.current) event.preventDefault();
    };
    guard = popped;
    window.addEventListener("beforeunload", closing);
    return () => {
      Object.assign(navigator, real);
      guard = undefined;
      window.removeEventListener("beforeunload", closing);
    };
  }, [dirty, navigator]);
  const free = () => {
    freed.current = true;
  };
  const leave = () => {
    free();
    setWanted(undefined);
    wanted?.();
  };
  return { asked: wanted !== undefined, leave, stay: () => setWanted(undefined), free };
}
