/** Colours of statuses and of kinds of time, as custom properties for the style sheets of this page; they follow the theme. */

import {
  colorBackgroundCellShaded,
  colorBackgroundContainerContent,
  colorBorderDividerDefault,
  colorBorderItemFocused,
  colorChartsLineGrid,
  colorChartsPaletteCategorical1,
  colorChartsPaletteCategorical3,
  colorTextBodyDefault,
  colorTextBodySecondary,
  colorTextStatusError,
  colorTextStatusInactive,
  colorTextStatusInfo,
  colorTextStatusSuccess,
} from "@cloudscape-design/design-tokens";
import type { CSSProperties } from "react";

export const COLOURS = {
  "--x-good": colorTextStatusSuccess,
  "--x-bad": colorTextStatusError,
  "--x-busy": colorTextStatusInfo,
  "--x-none": colorTextStatusInactive,
  "--x-line": colorBorderDividerDefault,
  "--x-grid": colorChartsLineGrid,
  "--x-text": colorTextBodyDefault,
  "--x-soft": colorTextBodySecondary,
  "--x-paper": colorBackgroundContainerContent,
  "--x-shade": colorBackgroundCellShaded,
  "--x-focus": colorBorderItemFocused,
  "--x-approval": colorChartsPaletteCategorical3,
  "--x-rule": colorChartsPaletteCategorical1,
} as CSSProperties;

const TONES: Record<string, string> = {
  Succeeded: "good",
  Overridden: "good",
  Failed: "bad",
  Errored: "bad",
  InProgress: "busy",
  Stopping: "busy",
};

/** The end of the name of a class: good, bad, busy or none. */
export function tone(status: string | undefined): string {
  return (status && TONES[status]) || "none";
}
