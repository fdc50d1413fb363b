/**
 * A log: live, with colours, search, phases that fold, links to lines and a download.
 *
 * Only the rows on the screen are drawn. Rows have one height, so where each lies is a matter of arithmetic; beyond what browsers
 * allow as the height of an element, scrolling is scaled.
 */

import Button from "@cloudscape-design/components/button";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Toggle from "@cloudscape-design/components/toggle";
import { type KeyboardEvent, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";

import { Failure } from "../Failure";
import { LogRow } from "./LogRow";
import { plain } from "./ansi";
import "./logviewer.css";
import { rowsOf } from "./rows";
import { useLog } from "./useLog";

const ROW = 24;
const TALLEST = 8_000_000;
const BEYOND = 20;

interface Props {
  group: string;
  stream: string;
  /** Whether more may come. */
  live: boolean;
}

export function LogViewer({ group, stream, live }: Props) {
  const log = useLog(group, stream, live);
  const [folded, setFolded] = useState<ReadonlySet<number>>(new Set());
  const [follow, setFollow] = useState(() => !window.location.hash.startsWith("#L"));
  const [times, setTimes] = useState(false);
  const [chosen, setChosen] = useState(() => numbered(window.location.hash));
  const [wanted, setWanted] = useState("");
  const [hit, setHit] = useState(0);
  const [view, setView] = useState({ top: 0, height: 600 });
  const box = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => rowsOf(log.count, log.sections, folded), [log.count, log.sections, folded]);
  const height = rows.count * ROW;
  const scale = Math.max(1, height / TALLEST);
  const hits = useMemo(() => (wanted ? search(log.lines, log.count, wanted) : []), [log.lines, log.count, wanted]);

  const show = useCallback(
    (line: number) => {
      const scroller = box.current;
      if (scroller) scroller.scrollTop = Math.max(0, rows.row(line) * ROW - scroller.clientHeight / 2) / scale;
    },
    [rows, scale],
  );
  useLayoutEffect(() => {
    const scroller = box.current;
    if (follow && scroller) scroller.scrollTop = scroller.scrollHeight;
  }, [follow, rows.count]);
  const waiting = useRef(chosen);
  useEffect(() => {
    if (waiting.current === undefined || log.count <= waiting.current) return;
    show(waiting.current);
    waiting.current = undefined;
  }, [log.count, show]);
  useEffect(() => {
    const moved = () => {
      const line = numbered(window.location.hash);
      setChosen(line);
      if (line !== undefined) show(line);
    };
    window.addEventListener("hashchange", moved);
    return () => window.removeEventListener("hashchange", moved);
  }, [show]);

  const scrolled = () => {
    const scroller = box.current;
    if (!scroller) return;
    setView({ top: scroller.scrollTop, height: scroller.clientHeight });
    const atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < ROW * 2;
    if (follow && !atEnd) setFollow(false);
  };
  const go = (step: number) => {
    if (hits.length === 0) return;
    const next = (hit + step + hits.length) % hits.length;
    setHit(next);
    setFollow(false);
    show(hits[next]);
  };
  const fold = (start: number) => {
    const next = new Set(folded);
    if (!next.delete(start)) next.add(start);
    setFolded(next);
    setFollow(false);
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === "End") setFollow(live);
    if (event.key === "Home") setFollow(false);
  };

  const first = Math.max(0, Math.floor((view.top * scale) / ROW) - BEYOND);
  const end = Math.min(rows.count, Math.ceil((view.top * scale + view.height) / ROW) + BEYOND);
  const starts = useMemo(() => new Map(log.sections.map((each) => [each.start, each.name])), [log.sections]);
  const drawn = [];
  for (let row = first; row < end; row += 1) {
    const at = rows.line(row);
    drawn.push(
      <LogRow
        key={at}
        line={log.lines[at]}
        number={at + 1}
        top={row * ROW - view.top * scale + view.top}
        section={starts.get(at)}
        folded={folded.has(at)}
        onFold={() => fold(at)}
        times={times}
        chosen={chosen === at}
        wanted={wanted}
        current={hits[hit] === at}
      />,
    );
  }
  return (
    <SpaceBetween size="s">
      <Failure error={log.error} what="this log" />
      <div className="log-tools">
        <SpaceBetween direction="horizontal" size="s" alignItems="center">
          <form
            onSubmit={(event) => {
              event.preventDefault();
              go(1);
            }}
          >
            <Input
              type="search"
              ariaLabel="Search the log"
              placeholder="Search the log"
              value={wanted}
              onChange={(event) => {
                setWanted(event.detail.value);
                setHit(0);
              }}
              onKeyDown={(event) => {
                if (event.detail.key === "Enter" && event.detail.shiftKey) go(-1);
              }}
            />
          </form>
          {wanted && (
            <>
              <span role="status">{hits.length === 0 ? "Nothing found" : `${hit + 1} of ${hits.length} lines`}</span>
              <Button iconName="angle-up" ariaLabel="Previous hit" variant="icon" onClick={() => go(-1)} />
              <Button iconName="angle-down" ariaLabel="Next hit" variant="icon" onClick={() => go(1)} />
            </>
          )}
          <Toggle checked={times} onChange={(event) => setTimes(event.detail.checked)}>
            Times
          </Toggle>
          <Toggle checked={follow} onChange={(event) => setFollow(event.detail.checked)}>
            Follow
          </Toggle>
          {log.sections.length > 0 && (
            <Button
              onClick={() => setFolded(folded.size > 0 ? new Set() : new Set(log.sections.map((each) => each.start)))}
            >
              {folded.size > 0 ? "Unfold all" : "Fold all"}
            </Button>
          )}
          <Button iconName="download" disabled={log.count === 0} onClick={() => download(log.lines, stream)}>
            Download
          </Button>
        </SpaceBetween>
      </div>
      <div className="log">
        <div
          className="log-scroll"
          ref={box}
          role="region"
          aria-label={`Log ${stream}`}
          tabIndex={0}
          onScroll={scrolled}
          onKeyDown={keys}
        >
          <div style={{ height: Math.max(height / scale, 1) }}>{drawn}</div>
        </div>
      </div>
      <span role="status">
        {log.loading
          ? `Reading… ${log.count.toLocaleString()} lines so far`
          : `${log.count.toLocaleString()} lines${live ? ", more may come" : ""}`}
      </span>
    </SpaceBetween>
  );
}

function numbered(hash: string): number | undefined {
  const match = /^#L(\d+)$/.exec(hash);
  return match ? Number(match[1]) - 1 : undefined;
}

function search(lines: readonly { text: string }[], count: number, wanted: string): number[] {
  const lower = wanted.toLowerCase();
  const found: number[] = [];
  for (let at = 0; at < count; at += 1) if (plain(lines[at].text).toLowerCase().includes(lower)) found.push(at);
  return found;
}

function download(lines: readonly { text: string }[], stream: string) {
  const parts: string[] = [];
  for (let at = 0; at < lines.length; at += 10_000) {
    parts.push(lines.slice(at, at + 10_000).map((each) => plain(each.text)).join("\n"), "\n");
  }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(parts, { type: "text/plain" }));
  link.download = `${stream.replace(/[^\w.-]+/g, "-")}.log`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
