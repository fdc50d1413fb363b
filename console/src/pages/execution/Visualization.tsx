/** The stages of an execution side by side, with their conditions and actions, each with how it stands (or stood). */

import "./Visualization.css";

import StatusIndicator from "@cloudscape-design/components/status-indicator";

import { Status } from "../../parts/Status";
import { duration, useNow } from "../../parts/When";
import { tone } from "./colours";
import { type Box, type Card, groups } from "./outline";
import { KINDS, type Run, approval } from "./runs";

/** What a condition does once one of its rules fails. */
const RESULTS: Record<string, string> = {
  FAIL: "else it fails",
  SKIP: "else it is skipped",
  ROLLBACK: "else it rolls back",
  RETRY: "else it is retried",
};

interface Props {
  cards: Card[];
  runs: Run[];
  /** Epoch seconds; without it, now. */
  instant?: number;
  onOpen: (run: string) => void;
}

export function Visualization({ cards, runs, instant, onOpen }: Props) {
  return (
    <ol className="x-stages x-colours" aria-label="Stages">
      {cards.map((card) => (
        <li key={card.name} className={`x-stage ${tone(card.status)}`}>
          <section aria-label={`Stage ${card.name}`}>
            <header>
              <strong>{card.name}</strong>
              {card.waiting ? <StatusIndicator type="pending">Waits in front</StatusIndicator> : <Status status={card.status} />}
            </header>
            <Judgements card={card} entry onOpen={onOpen} />
            {groups(card.boxes).map((group) => (
              <ul key={group[0].order} className="x-group">
                {group.map((box) => (
                  <li key={box.name}>
                    <Action box={box} run={runs.find((each) => each.id === box.run)} instant={instant} onOpen={onOpen} />
                  </li>
                ))}
              </ul>
            ))}
            <Judgements card={card} entry={false} onOpen={onOpen} />
          </section>
        </li>
      ))}
    </ol>
  );
}

function Judgements({ card, entry, onOpen }: { card: Card; entry: boolean; onOpen: (run: string) => void }) {
  return card.judgements
    .filter((each) => (each.kind === "BEFORE_ENTRY") === entry)
    .map((each) => (
      <div key={each.kind} className="x-judgement">
        <span>{KINDS[each.kind]}</span>
        <span className="x-between">
          <Status status={each.status} />
          {each.result && <span className="x-soft">{RESULTS[each.result]}</span>}
        </span>
        {each.rules.map((rule) => (
          <Opens key={rule.name} run={rule.run} onOpen={onOpen} name={`${rule.name} (${rule.provider})`} />
        ))}
      </div>
    ));
}

function Action({ box, run, instant, onOpen }: { box: Box; run?: Run; instant?: number; onOpen: (run: string) => void }) {
  return (
    <div className={`x-action ${tone(box.status)}`}>
      <Opens run={box.run} onOpen={onOpen} name={box.name} />
      <span className="x-soft">{approval(box) ? "Manual approval" : box.provider}</span>
      <span className="x-between">
        <Status status={box.status} />
        {run && <Lasted run={run} instant={instant} />}
      </span>
    </div>
  );
}

function Lasted({ run, instant }: { run: Run; instant?: number }) {
  const now = useNow();
  const end = Math.min(run.end ?? Math.max(now, run.start), instant ?? Number.POSITIVE_INFINITY);
  return <span className="x-soft">{duration(end - run.start)}</span>;
}

function Opens({ run, name, onOpen }: { run?: string; name: string; onOpen: (run: string) => void }) {
  if (!run) return <span className="x-name">{name}</span>;
  return (
    <button type="button" className="x-name" onClick={() => onOpen(run)}>
      {name}
    </button>
  );
}
