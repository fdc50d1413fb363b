/** News from the server: while a page is seen, what it shows of pipelines is asked again as soon as something changes. */

import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

const POLL = 5_000;
/** Milliseconds for which the server tells, when a stream begins, what has changed just before. */
const LATELY = 8_000;
/** Milliseconds between one round of questions and the next. */
const REST = 250;
/** Milliseconds after which a round is not waited for any longer. */
const PATIENCE = 10_000;

type Names = ReadonlySet<string> | "any";

/**
 * Follow one pipeline, or all of them without a name. Falls back to asking every few seconds where no stream comes through.
 * Streams are held only by pages that can be seen: a browser has few connections for one server.
 */
export function useLive(pipeline?: string): "live" | "polling" {
  const client = useQueryClient();
  const [mode, setMode] = useState<"live" | "polling">("polling");
  useEffect(() => {
    let source: EventSource | undefined;
    const { tell, end } = rounds(client);
    const open = () => {
      let since = Date.now();
      source = new EventSource(`/console/events${pipeline ? `?${new URLSearchParams({ pipeline })}` : ""}`);
      source.addEventListener("ready", (event) => {
        setMode("live");
        tell(Date.now() - since < LATELY ? named(event) : "any");
        since = 0; // the next one follows a gap
      });
      source.addEventListener("changed", (event) => tell(named(event)));
      source.onerror = () => setMode("polling");
    };
    const seen = () => {
      source?.close();
      source = undefined;
      if (document.visibilityState !== "visible") return;
      open();
      tell("any");
    };
    if (document.visibilityState === "visible") open();
    document.addEventListener("visibilitychange", seen);
    return () => {
      document.removeEventListener("visibilitychange", seen);
      source?.close();
      end();
    };
  }, [client, pipeline]);
  useEffect(() => {
    if (mode === "live") return;
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") void refresh(client, "any");
    }, POLL);
    return () => clearInterval(timer);
  }, [client, mode]);
  return mode;
}

/** Which pipelines an event tells of. */
function named(event: MessageEvent<string>): Names {
  try {
    const { pipelines } = JSON.parse(event.data) as { pipelines?: unknown };
    return Array.isArray(pipelines) ? new Set(pipelines.map(String)) : "any";
  } catch {
    return "any";
  }
}

/** Asks in rounds: what is told while one is on its way waits for the next, so that much news neither piles up nor starves a page. */
function rounds(client: QueryClient) {
  let told: Names = new Set();
  let busy = false;
  let ended = false;
  const go = async () => {
    if (busy || ended || (told !== "any" && told.size === 0)) return;
    busy = true;
    const names = told;
    told = new Set();
    await Promise.all([pause(REST), Promise.race([refresh(client, names), pause(PATIENCE)])]);
    busy = false;
    void go();
  };
  const tell = (names: Names) => {
    told = told === "any" || names === "any" ? "any" : new Set([...told, ...names]);
    void go();
  };
  const end = () => {
    ended = true;
  };
  return { tell, end };
}

/** Ask again what is shown of these pipelines, and what is about none in particular. */
function refresh(client: QueryClient, names: Names): Promise<void> {
  return client.invalidateQueries({
    queryKey: ["codepipeline"],
    predicate: ({ queryKey }) => {
      const params = queryKey[2] as { pipelineName?: unknown; name?: unknown } | undefined;
      const about = params?.pipelineName ?? params?.name;
      return names === "any" || typeof about !== "string" || names.has(about);
    },
  });
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
