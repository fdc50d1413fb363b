/** What the parts of the edit page share: the document, what is wrong with it, and how to change it. */

import { createContext, useContext } from "react";

import type { PipelineDeclaration } from "../../api/models/codepipeline";
import type { Path, Problem } from "../../parts/structure/schema";
import { type Types, within } from "./problems";

export interface Draft {
  document: PipelineDeclaration;
  /** As it was when editing began. */
  base: PipelineDeclaration;
  problems: Problem[];
  types: Types;
  /** Make a change; `said` tells what it was. Steps with the same `mark` in a row are undone as one. */
  apply: (document: PipelineDeclaration, said: string, mark?: string) => void;
}

const Context = createContext<Draft | undefined>(undefined);
export const DraftProvider = Context.Provider;

export function useDraft(): Draft {
  const known = useContext(Context);
  if (!known) throw new Error("useDraft is used outside of the edit page");
  return known;
}

/** The first message at a place or within it, for a form field. */
export function useProblem(path: Path): string | undefined {
  return within(useDraft().problems, path)[0]?.message;
}

/** The id of the element that shows a place, so that it can be scrolled to. */
export function placeId(path: Path): string {
  return `at-${path.join("-")}`;
}
