/** Which columns a person wants, and how many pipelines on a page: kept in the browser. */

import CollectionPreferences, { type CollectionPreferencesProps } from "@cloudscape-design/components/collection-preferences";

import { useSetting } from "../../shell/settings";
import { SHOWN, columns } from "./columns";

export interface Choice {
  pageSize: number;
  wrapLines: boolean;
  contentDensity: "comfortable" | "compact";
  contentDisplay: CollectionPreferencesProps.ContentDisplayItem[];
}

const ALL = columns({ favourites: new Set(), toggle: () => undefined });
const USUAL: Choice = {
  pageSize: 25,
  wrapLines: false,
  contentDensity: "comfortable",
  contentDisplay: ALL.map(({ id }) => ({ id, visible: SHOWN.includes(id) })),
};
const SIZES = [10, 25, 50, 100];

/** What is kept may be of another version, or anything: what is not understood is as usual. */
function understood(kept: Partial<Choice> | null): Choice {
  const display = Array.isArray(kept?.contentDisplay) ? kept.contentDisplay.filter(({ id }) => ALL.some((each) => each.id === id)) : [];
  const missing = USUAL.contentDisplay.filter(({ id }) => !display.some((each) => each.id === id));
  return {
    pageSize: SIZES.includes(kept?.pageSize ?? 0) ? (kept?.pageSize as number) : USUAL.pageSize,
    wrapLines: kept?.wrapLines === true,
    contentDensity: kept?.contentDensity === "compact" ? "compact" : "comfortable",
    contentDisplay: display.length > 0 ? [...display, ...missing.map((each) => ({ ...each, visible: false }))] : USUAL.contentDisplay,
  };
}

export function useChoice(): [Choice, (choice: Choice) => void] {
  const [kept, keep] = useSetting<Partial<Choice> | null>("pipelines", null);
  return [understood(kept), keep];
}

export function Preferences({ choice, keep }: { choice: Choice; keep: (choice: Choice) => void }) {
  return (
    <CollectionPreferences
      title="Preferences"
      confirmLabel="Confirm"
      cancelLabel="Cancel"
      preferences={choice}
      onConfirm={({ detail }) => keep(understood(detail as Partial<Choice>))}
      pageSizePreference={{ title: "Pipelines on a page", options: SIZES.map((value) => ({ value, label: String(value) })) }}
      wrapLinesPreference={{ label: "Wrap lines", description: "Show all of a text, on several lines" }}
      contentDensityPreference={{ label: "Compact", description: "Show more rows at once" }}
      contentDisplayPreference={{
        title: "Columns",
        options: ALL.map(({ id, title }) => ({ id, label: title, alwaysVisible: id === "name" })),
      }}
    />
  );
}
