/** News from the server: while a page is seen, what it shows of pipelines is asked again as soon as something changes. */

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

const POLL = 5_000;

/**
 * Follow one pipeline, or all of them without a name. Falls back to asking every few seconds where no stream comes through.
 * Streams are held only by pages that can be seen: a browser has few connections for one server.
 */
export function useLive(pipeline?: string): "live" | "polling" {
  const client = useQueryClient();
  const [mode, setMode] = useState<"live" | "polling">("polling");
  useEffect(() => {
    let source: EventSource | undefined;
    const again = () => void client.invalidateQueries({ queryKey: ["codepipeline"] });
    const open = () => {
      source = new EventSource(`/console/events${pipeline ? `?${new URLSearchParams({ pipeline })}` : ""}`);
      source.addEventListener("ready", () => setMode("live"));
      source.addEventListener("changed", again);
      source.onerror = () => setMode("polling");
    };
    const seen = () => {
      source?.close();
      source = undefined;
      if (document.visibilityState !== "visible") return;
      open();
      again();
    };
    if (document.visibilityState === "visible") open();
    document.addEventListener("visibilitychange", seen);
    return () => {
      document.removeEventListener("visibilitychange", seen);
      source?.close();
    };
  }, [client, pipeline]);
  useEffect(() => {
    if (mode === "live") return;
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") void client.invalidateQueries({ queryKey: ["codepipeline"] });
    }, POLL);
    return () => clearInterval(timer);
  }, [client, mode]);
  return mode;
}
