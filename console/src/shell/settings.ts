/** What a person chose, kept in the browser: theme, columns, favourites. */

import { Density, Mode, applyDensity, applyMode } from "@cloudscape-design/global-styles";
import { useCallback, useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
const kept = new Map<string, [string | null, unknown]>();

function read<T>(name: string, otherwise: T): T {
  const text = localStorage.getItem(`stageline.${name}`);
  const known = kept.get(name);
  if (known && known[0] === text) return known[1] as T;
  let value = otherwise;
  try {
    if (text !== null) value = JSON.parse(text) as T;
  } catch {
    localStorage.removeItem(`stageline.${name}`);
  }
  kept.set(name, [text, value]);
  return value;
}

/** A value that stays in this browser. `otherwise` should be a constant. */
export function useSetting<T>(name: string, otherwise: T): [T, (value: T) => void] {
  const value = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => read(name, otherwise),
  );
  const set = useCallback(
    (next: T) => {
      localStorage.setItem(`stageline.${name}`, JSON.stringify(next));
      listeners.forEach((listener) => listener());
    },
    [name],
  );
  return [value, set];
}

export type Theme = "light" | "dark" | "system";

/** Put a theme on the page. */
export function applyTheme(theme: Theme) {
  const dark = theme === "dark" || (theme === "system" && window.matchMedia("(prefers-color-scheme: dark)").matches);
  applyMode(dark ? Mode.Dark : Mode.Light);
  applyDensity(Density.Comfortable);
  document.documentElement.style.colorScheme = dark ? "dark" : "light";
}
