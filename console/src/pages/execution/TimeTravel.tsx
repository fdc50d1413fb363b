/** How an execution stood at each moment of its course. */

import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import Slider from "@cloudscape-design/components/slider";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { useQuery } from "@tanstack/react-query";

import { type ApiError, request } from "../../api/client";
import { Status } from "../../parts/Status";
import { duration, exactly } from "../../parts/When";
import { useAddress } from "../../parts/address";
import { Visualization } from "./Visualization";
import { type Moment, type Step, reconstructed, told } from "./journey";
import { outline } from "./outline";
import type { Known } from "./reading";

export function TimeTravel({ known, onOpen }: { known: Known; onOpen: (run: string) => void }) {
  const [query, change] = useAddress();
  const { moments, error, pending } = useMoments(known);
  if (pending) return <Box color="text-body-secondary">Reading the journal…</Box>;
  if (moments.length === 0) return <Box color="text-body-secondary">Nothing has happened yet.</Box>;
  const index = chosen(moments, query.get("at"));
  const moment = moments[index];
  const to = (wanted: number) =>
    change({ at: wanted >= moments.length - 1 ? undefined : new Date(moments[wanted].at * 1000).toISOString() }, true);
  const since = (each: Moment) => `+${duration(each.at - moments[0].at)}`;
  return (
    <SpaceBetween size="l">
      {error && (
        <Alert type="info" header="Reconstructed from the history of actions">
          When actions and rules began and ended is known; waits, transitions and what people did in between are not.{" "}
          {error.message}
        </Alert>
      )}
      <Header
        variant="h2"
        description={error ? "Reconstructed from the history of actions and rules." : "As the journal of the pipeline tells it."}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button iconName="angle-left" ariaLabel="Earlier" disabled={index === 0} onClick={() => to(index - 1)} />
            <Button
              iconName="angle-right"
              ariaLabel="Later"
              disabled={index === moments.length - 1}
              onClick={() => to(index + 1)}
            />
          </SpaceBetween>
        }
      >
        {index === moments.length - 1 && known.running ? "Now" : exactly(moment.at)}
      </Header>
      {moments.length > 1 && (
        <Slider
          min={0}
          max={moments.length - 1}
          step={1}
          value={index}
          tickMarks={moments.length <= 40}
          valueFormatter={(value) => since(moments[Math.min(value, moments.length - 1)])}
          ariaLabel="Moment of the execution"
          onChange={(event) => to(event.detail.value)}
        />
      )}
      <div aria-live="polite">
        <Status status={moment.status} /> {moment.sentence}
      </div>
      <Visualization cards={outline(known.declaration, known.runs, moment.standing)} runs={known.runs} instant={moment.at} onOpen={onOpen} />
      <Moments moments={moments} index={index} since={since} to={to} />
    </SpaceBetween>
  );
}

interface ListProps {
  moments: Moment[];
  index: number;
  since: (moment: Moment) => string;
  to: (index: number) => void;
}

function Moments({ moments, index, since, to }: ListProps) {
  return (
    <Table<{ moment: Moment; at: number }>
      variant="embedded"
      wrapLines
      header={
        <Header variant="h3" counter={`(${moments.length})`}>
          What happened
        </Header>
      }
      items={moments.map((moment, at) => ({ moment, at }))}
      trackBy={(each) => String(each.at)}
      ariaLabels={{ tableLabel: "What happened" }}
      columnDefinitions={[
        {
          id: "at",
          header: "When",
          isRowHeader: true,
          width: 110,
          cell: ({ moment, at }) => (
            <Link
              href={`?tab=travel&at=${new Date(moment.at * 1000).toISOString()}`}
              ariaLabel={`Show ${since(moment)}${at === index ? ", shown" : ""}`}
              onFollow={(event) => {
                event.preventDefault();
                to(at);
              }}
            >
              {at === index ? <strong>{since(moment)}</strong> : since(moment)}
            </Link>
          ),
        },
        {
          id: "what",
          header: "What",
          cell: ({ moment }) => (
            <div>
              {moment.remarks.map((text, line) => (
                <div key={`${line}`}>{text}</div>
              ))}
              {moment.remarks.length === 0 && <Box color="text-body-secondary">{changes(moment)}</Box>}
            </div>
          ),
        },
      ]}
    />
  );
}

function changes(moment: Moment): string {
  return moment.sentence || "Something of it changed.";
}

/** The last moment that is not after the instant of the address; the latest without one. */
function chosen(moments: Moment[], at: string | null): number {
  const wanted = at ? Date.parse(at) : Number.NaN;
  if (Number.isNaN(wanted)) return moments.length - 1;
  // The journal knows milliseconds, of which floats of seconds may lose a little.
  const after = moments.findIndex((each) => Math.round(each.at * 1000) > wanted);
  return after < 0 ? moments.length - 1 : Math.max(0, after - 1);
}

/** From the journal, and where that may not or cannot be read, from the history of actions. */
function useMoments(known: Known): { moments: Moment[]; error: ApiError | null; pending: boolean } {
  const path = `/journeys/${encodeURIComponent(known.name)}/${encodeURIComponent(known.id)}`;
  // The server folds a long journal in portions: whoever asks again gets the next.
  const found = useQuery<{ steps: Step[]; behind: number }, ApiError>({
    queryKey: ["codepipeline", "journey", known.name, known.id],
    queryFn: ({ signal }) => request("GET", path, undefined, signal),
    refetchInterval: ({ state }) => ((state.data?.behind ?? 0) > 0 ? 100 : false),
  });
  const behind = (found.data?.behind ?? 0) > 0;
  const moments = found.data ? told(found.data.steps) : reconstructed(known.declaration, known.runs, known.whole);
  return { moments, error: found.data ? null : found.error, pending: found.isPending || (behind && moments.length === 0) };
}
