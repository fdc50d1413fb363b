/** One line of a log. */

import { type Run, runs } from "./ansi";
import { type Line, ended } from "./rows";

interface Props {
  line: Line;
  /** From 1; what links to the line say. */
  number: number;
  /** Pixels from the top of the scrolled area. */
  top: number;
  section: string | undefined;
  folded: boolean;
  onFold: () => void;
  times: boolean;
  chosen: boolean;
  wanted: string;
  current: boolean;
}

export function LogRow({ line, number, top, section, folded, onFold, times, chosen, wanted, current }: Props) {
  const end = ended(line.text);
  const names = ["log-row", section && "log-section", chosen && "chosen", end && end[1] !== "SUCCEEDED" && "bad"];
  return (
    <div className={names.filter(Boolean).join(" ")} style={{ top }} data-line={number}>
      <a className="log-number" href={`#L${number}`} aria-label={`Link to line ${number}`}>
        {number}
      </a>
      {section ? (
        <button className="log-fold" aria-expanded={!folded} aria-label={`${folded ? "Unfold" : "Fold"} ${section}`} onClick={onFold}>
          {folded ? "▸" : "▾"}
        </button>
      ) : (
        <span className="log-fold" />
      )}
      {times && <span className="log-time">{new Date(line.at).toISOString().slice(11, 23)}</span>}
      <span className="log-text">
        {runs(line.text).map((run, at) => (
          <span key={at} className={run.className || undefined} style={{ color: run.color, background: run.background }}>
            {wanted ? <Hits run={run} wanted={wanted} current={current} /> : run.text}
          </span>
        ))}
      </span>
    </div>
  );
}

function Hits({ run, wanted, current }: { run: Run; wanted: string; current: boolean }) {
  const parts = [];
  const lower = run.text.toLowerCase();
  const sought = wanted.toLowerCase();
  let at = 0;
  for (let found = lower.indexOf(sought); found >= 0; found = lower.indexOf(sought, at)) {
    parts.push(run.text.slice(at, found));
    at = found + sought.length;
    parts.push(
      <mark key={found} className={`log-hit${current ? " current" : ""}`}>
        {run.text.slice(found, at)}
      </mark>,
    );
  }
  parts.push(run.text.slice(at));
  return <>{parts}</>;
}
