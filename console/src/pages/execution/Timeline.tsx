/** Where the time went: a bar for each run and each wait, and the same as a table. */

import "./Timeline.css";

import Box from "@cloudscape-design/components/box";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";

import { Status, statusWord } from "../../parts/Status";
import { When, duration, useNow } from "../../parts/When";
import { tone } from "./colours";
import type { Known } from "./reading";
import { type Bar, bars, markText, marks, shares } from "./timeline";

const KINDS: Record<Bar["kind"], string> = { work: "Actions", approval: "Approvals", rule: "Rules", wait: "Waiting" };

export function Timeline({ known, onOpen }: { known: Known; onOpen: (run: string) => void }) {
  const clock = useNow();
  // The clock of the page ticks by the second; what began since its last tick has not begun in the future.
  const now = Math.max(clock, ...known.runs.map((run) => run.end ?? run.start));
  const waiting = known.cards.find((card) => card.waiting)?.name;
  const found = bars(known.runs, known.ended, waiting, now);
  if (found.length === 0) return <Box color="text-body-secondary">Nothing has run yet.</Box>;
  const start = Math.min(known.started ?? found[0].start, found[0].start);
  const end = Math.max(known.ended ?? now, ...found.map((bar) => bar.end ?? now));
  return (
    <SpaceBetween size="l">
      <Shares found={found} now={now} />
      <Chart found={found} start={start} end={end} now={now} onOpen={onOpen} />
      <Rows found={found} now={now} onOpen={onOpen} />
    </SpaceBetween>
  );
}

function Shares({ found, now }: { found: Bar[]; now: number }) {
  return (
    <ul className="x-legend x-colours" aria-label="Time by kind">
      {shares(found, now).map((each) => (
        <li key={each.kind}>
          <span className={`x-key x-kind-${each.kind}`} aria-hidden="true" />
          {KINDS[each.kind]}: {duration(each.seconds)}
        </li>
      ))}
    </ul>
  );
}

interface ChartProps {
  found: Bar[];
  start: number;
  end: number;
  now: number;
  onOpen: (run: string) => void;
}

function Chart({ found, start, end, now, onOpen }: ChartProps) {
  const length = Math.max(end - start, 0.001);
  const share = (instant: number) => `${Math.min(100, Math.max(0, ((instant - start) / length) * 100))}%`;
  return (
    <div className="x-chart x-colours" role="group" aria-label="Timeline">
      <div className="x-axis" aria-hidden="true">
        {marks(length).map((mark) => (
          <span key={mark} style={{ insetInlineStart: share(start + mark) }}>
            {markText(mark)}
          </span>
        ))}
      </div>
      {found.map((bar) => {
        const to = bar.end ?? now;
        const text = `${bar.label}, ${bar.kind === "wait" ? "waiting" : statusWord(bar.status)}, ${duration(to - bar.start)}, ${duration(bar.start - start)} after the start`;
        const shape = { insetInlineStart: share(bar.start), inlineSize: `max(3px, calc(${share(to)} - ${share(bar.start)}))` };
        const looks = `x-bar x-kind-${bar.kind} ${tone(bar.status)}${bar.end === undefined ? " x-open" : ""}`;
        return (
          <div key={bar.id} className="x-row">
            <span className="x-label" aria-hidden="true" title={`${bar.label} – ${bar.stage}`}>
              {bar.label} <span className="x-soft">{bar.kind === "wait" ? "" : bar.stage}</span>
            </span>
            <div className="x-track">
              {marks(length).map((mark) => (
                <i key={mark} aria-hidden="true" style={{ insetInlineStart: share(start + mark) }} />
              ))}
              {bar.kind === "wait" ? (
                <span className={looks} style={shape} role="img" aria-label={text} title={text} />
              ) : (
                <button type="button" className={looks} style={shape} aria-label={text} title={text} onClick={() => onOpen(bar.id)} />
              )}
            </div>
            <span className="x-took" aria-hidden="true">
              {duration(to - bar.start)}
            </span>
          </div>
        );
      })}
    </div>
  );
}

function Rows({ found, now, onOpen }: { found: Bar[]; now: number; onOpen: (run: string) => void }) {
  return (
    <Table<Bar>
      variant="embedded"
      wrapLines
      items={found}
      trackBy="id"
      ariaLabels={{ tableLabel: "Actions of the execution" }}
      columnDefinitions={[
        {
          id: "action",
          header: "Action",
          isRowHeader: true,
          cell: (bar) =>
            bar.kind === "wait" ? (
              <Box color="text-body-secondary">{bar.label}</Box>
            ) : (
              <button type="button" className="x-name x-colours" onClick={() => onOpen(bar.id)}>
                {bar.label}
              </button>
            ),
        },
        { id: "stage", header: "Stage", cell: (bar) => bar.stage },
        { id: "kind", header: "Kind", cell: (bar) => ({ work: "Action", approval: "Approval", rule: "Rule", wait: "Wait" })[bar.kind] },
        { id: "status", header: "Status", minWidth: 130, cell: (bar) => (bar.kind === "wait" ? "–" : <Status status={bar.status} />) },
        { id: "started", header: "Started", minWidth: 110, cell: (bar) => <When at={bar.start} /> },
        { id: "duration", header: "Duration", cell: (bar) => duration((bar.end ?? now) - bar.start) },
      ]}
    />
  );
}
