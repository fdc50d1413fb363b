/** What the list shows, kept in the address: a link to it shows a colleague the same. */

import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router";

import { SORTS, STATUSES, type Sort, type View } from "./arrange";

export interface Place extends View {
  page: number;
  selected: string;
}

const MODES = ["SUPERSEDED", "QUEUED", "PARALLEL"];
const TYPES = ["V1", "V2"];

function read(query: URLSearchParams): Place {
  const sort = query.get("sort") ?? "";
  const among = (name: string, all: string[]) => all.find((each) => each === query.get(name)) ?? "";
  return {
    text: query.get("find") ?? "",
    statuses: (query.get("status") ?? "").split(",").filter((each) => STATUSES.includes(each)),
    type: among("type", TYPES),
    mode: among("mode", MODES),
    sort: SORTS.find((each) => each === sort.replace("-", "")) ?? "name",
    descending: sort.startsWith("-"),
    page: Math.max(1, Number.parseInt(query.get("page") ?? "1", 10) || 1),
    selected: query.get("selected") ?? "",
  };
}

function written(place: Place): Record<string, string> {
  const { text, statuses, type, mode, sort, descending, page, selected } = place;
  const all = {
    find: text,
    status: statuses.join(","),
    type,
    mode,
    sort: sort === "name" && !descending ? "" : `${descending ? "-" : ""}${sort}`,
    page: page > 1 ? String(page) : "",
    selected,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value));
}

/** The place, and a function that changes some of it; whatever changes the list itself leads back to its first page. */
export function usePlace(): [Place, (changes: Partial<Place>) => void] {
  const [query, setQuery] = useSearchParams();
  const place = useMemo(() => read(query), [query]);
  const change = useCallback(
    (changes: Partial<Place>) => {
      const first = "page" in changes || "selected" in changes ? {} : { page: 1 };
      setQuery((before) => written({ ...read(before), ...first, ...changes }), { replace: true });
    },
    [setQuery],
  );
  return [place, change];
}

export const isSort = (id: string | undefined): id is Sort => SORTS.some((each) => each === id);
export { MODES, TYPES };
