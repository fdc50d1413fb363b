/** The lines of a log stream, read in portions from its beginning, and followed while it grows. */

import { useEffect, useReducer, useRef } from "react";

import { ApiError, call } from "../../api/client";
import { type Line, type Section, sectionsIn } from "./rows";

const PORTION = 10_000;
const LOOK_EVERY = 700;
/** So many lines are kept in the browser: what comes later is in the download. */
export const MOST = 3_000_000;

export interface Log {
  /** Grows in place; `count` says how far it has been drawn. */
  lines: Line[];
  count: number;
  sections: Section[];
  /** True while older lines are still being read. */
  loading: boolean;
  error: ApiError | null;
}

/** Follow a stream; `live` says whether more may come. */
export function useLog(group: string, stream: string, live: boolean): Log {
  const log = useRef<Log>({ lines: [], count: 0, sections: [], loading: true, error: null });
  const growing = useRef(live);
  growing.current = live;
  const [, draw] = useReducer((times: number) => times + 1, 0);
  useEffect(() => {
    const stopped = new AbortController();
    const now: Log = { lines: [], count: 0, sections: [], loading: true, error: null };
    log.current = now;
    const take = (events: { timestamp?: number; message?: string }[]) => {
      const before = now.lines.length;
      for (const event of events) {
        const text = (event.message ?? "").replace(/\r?\n$/, "");
        for (const each of text.split("\n")) now.lines.push({ at: event.timestamp ?? 0, text: each });
      }
      const sections = sectionsIn(now.lines, before);
      if (sections.length > 0) now.sections = [...now.sections, ...sections];
      now.count = now.lines.length;
    };
    const read = async () => {
      let token: string | undefined;
      let ending = 0;
      while (!stopped.signal.aborted && now.lines.length < MOST) {
        try {
          const params = { logGroupName: group, logStreamName: stream, startFromHead: true, limit: PORTION };
          const page = await call("logs", "GetLogEvents", token ? { ...params, nextToken: token } : params, stopped.signal);
          const events = page.events ?? [];
          const atEnd = page.nextForwardToken === token || events.length === 0;
          token = page.nextForwardToken;
          take(events);
          const changed = events.length > 0 || now.loading || now.error;
          now.error = null;
          if (atEnd) now.loading = false;
          if (changed) draw();
          if (!atEnd) continue;
          // What a build says last may be written a moment after it has ended.
          if (!growing.current && (ending += 1) > 2) return;
        } catch (failure) {
          if (stopped.signal.aborted) return;
          const error = failure as ApiError;
          now.loading = false;
          // The stream of a build that is about to begin is not there yet.
          if (!(error.code === "ResourceNotFoundException" && growing.current)) {
            now.error = error;
            draw();
            if (error.status !== 0) return;
          }
        }
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
      }
    };
    void read();
    return () => stopped.abort();
  }, [group, stream]);
  return log.current;
}
