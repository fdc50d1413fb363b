/** The title of the browser's tab, and its picture: both show how things stand. */

import { useEffect } from "react";

export type Mark = "good" | "bad" | "busy" | "waiting" | "none";

const COLOURS: Record<Mark, string> = { good: "#2e8540", bad: "#d13212", busy: "#0972d3", waiting: "#e07941", none: "" };

/** Set the title, and a coloured dot on the picture. */
export function useTitle(title: string, mark: Mark = "none") {
  useEffect(() => {
    document.title = title ? `${title} – Stageline` : "Stageline";
  }, [title]);
  useEffect(() => {
    const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    if (!link) return;
    if (mark === "none") {
      link.href = "/console/favicon.svg";
      return;
    }
    const picture = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0b3558"/><circle cx="16" cy="16" r="9" fill="${COLOURS[mark]}" stroke="#fff" stroke-width="2"/></svg>`;
    link.href = `data:image/svg+xml,${encodeURIComponent(picture)}`;
  }, [mark]);
}
