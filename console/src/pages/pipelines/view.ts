/** What the list shows, kept in the address: a link to it shows a colleague the same. */

import { useCallback, useRef } from "react";

import { useKept } from "../../parts/useKept";
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

function written(place: Place): URLSearchParams {
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
  return new URLSearchParams(Object.entries(all).filter(([, value]) => value));
}

/** The place, and a function that changes some of it; whatever changes the list itself leads back to its first page. */
export function usePlace(): [Place, (changes: Partial<Place>) => void] {
  const [place, set] = useKept(read, written);
  // Several changes may come before the page is drawn again: each goes on from the one before.
  const latest = useRef({ place, set });
  latest.current = { place, set };
  const change = useCallback((changes: Partial<Place>) => {
    const first = "page" in changes || "selected" in changes ? {} : { page: 1 };
    latest.current.place = { ...latest.current.place, ...first, ...changes };
    latest.current.set(latest.current.place);
  }, []);
  return [place, change];
}

export const isSort = (id: string | undefined): id is Sort => SORTS.some((each) => each === id);
export { MODES, TYPES };
