/** Cloudscape's colours for style sheets of our own: put this on an element, then use `var(--good)` and the like below it. */

import * as token from "@cloudscape-design/design-tokens";
import type { CSSProperties } from "react";

export const COLOURS = {
  "--good": token.colorTextStatusSuccess,
  "--bad": token.colorTextStatusError,
  "--busy": token.colorTextStatusInfo,
  "--waiting": token.colorTextStatusWarning,
  "--quiet": token.colorTextStatusInactive,
  "--text": token.colorTextBodyDefault,
  "--secondary": token.colorTextBodySecondary,
  "--link": token.colorTextLinkDefault,
  "--surface": token.colorBackgroundContainerContent,
  "--ground": token.colorBackgroundLayoutMain,
  "--line": token.colorBorderDividerDefault,
  "--rim": token.colorBorderInputDefault,
  "--focus": token.colorBorderItemFocused,
  "--round": token.borderRadiusContainer,
} as CSSProperties;
