/** How deliveries go: what runs and what waits, and the figures of the last days. */

import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useMemo } from "react";
import { useSearchParams } from "react-router";

import { useLive } from "../api/live";
import type { PipelineSummary } from "../api/models/codepipeline";
import { useListing } from "../api/queries";
import { Failure } from "../parts/Failure";
import { Shell } from "../shell/Shell";
import { useSetting } from "../shell/settings";
import { useTitle } from "../shell/title";
import { Charts } from "./dashboard/Charts";
import { Delivery } from "./dashboard/Delivery";
import { Now, useGoing } from "./dashboard/Now";
import { Slowest } from "./dashboard/Slowest";
import "./dashboard/dashboard.css";
import { daily, figures, slowest } from "./dashboard/figures";
import { MOST, PIPELINES, type Read, useFollow, useHistories } from "./dashboard/history";
import { NoPipelines } from "./pipelines/Nothing";
import { useRows } from "./pipelines/states";

const WINDOWS = [7, 30, 90];
const NONE: string[] = [];

export default function Dashboard() {
  const found = useListing("codepipeline", "ListPipelines", {}, (page) => [page.pipelines, page.nextToken]);
  const scope = useScope(found.data ?? []);
  useLive(scope.pipeline || undefined);
  return (
    <Shell crumbs={[{ text: "Dashboard", href: "/dashboard" }]} contentType="dashboard">
      <SpaceBetween size="l">
        <Header variant="h1" actions={<Controls {...scope} />}>
          Dashboard
        </Header>
        <Failure error={found.error} what="the pipelines" again={found.refetch} />
        {found.data?.length === 0 ? (
          <Container>
            <NoPipelines />
          </Container>
        ) : (
          !found.error && <Told {...scope} />
        )}
      </SpaceBetween>
    </Shell>
  );
}

/** Which pipelines are counted, and over how many days: as the address says. */
function useScope(pipelines: PipelineSummary[]) {
  const [query, setQuery] = useSearchParams();
  const [kept] = useSetting<string[]>("favourites", NONE);
  const days = WINDOWS.find((each) => String(each) === query.get("days")) ?? 30;
  const pipeline = query.get("pipeline") ?? "";
  const every = query.has("all");
  const counted = useMemo(() => {
    if (pipeline) return [pipeline];
    const favourites = new Set(Array.isArray(kept) ? kept : []);
    const order = (each: PipelineSummary) => (favourites.has(each.name ?? "") ? Number.POSITIVE_INFINITY : (each.updated ?? 0));
    const sorted = [...pipelines].sort((a, b) => (order(b) > order(a) ? 1 : -1)).map((each) => each.name ?? "");
    return every ? sorted : sorted.slice(0, PIPELINES);
  }, [pipelines, pipeline, kept, every]);
  const change = (changes: Record<string, string>) => {
    const next = { days: String(days), ...(pipeline ? { pipeline } : {}), ...(every ? { all: "1" } : {}), ...changes };
    setQuery(Object.fromEntries(Object.entries(next).filter(([, value]) => value)), { replace: true });
  };
  return { pipelines, days, pipeline, counted, change };
}

type Scope = ReturnType<typeof useScope>;

function Controls({ pipelines, days, pipeline, change }: Scope) {
  const all = { value: "", label: "All pipelines" };
  const options = [all, ...pipelines.map((each) => ({ value: each.name ?? "", label: each.name }))];
  return (
    <div className="controls">
      <Select
        options={options}
        selectedOption={pipeline ? { value: pipeline, label: pipeline } : all}
        filteringType="auto"
        filteringAriaLabel="Find a pipeline"
        ariaLabel="Pipeline"
        virtualScroll={options.length > 100}
        onChange={({ detail }) => change({ pipeline: detail.selectedOption.value ?? "" })}
      />
      <SegmentedControl
        label="Days"
        selectedId={String(days)}
        options={WINDOWS.map((each) => ({ id: String(each), text: `${each} days` }))}
        onChange={({ detail }) => change({ days: detail.selectedId })}
      />
    </div>
  );
}

function Told(scope: Scope) {
  const { counted, days } = scope;
  const latest = useRows(counted);
  const read = useHistories(counted, days);
  useFollow(latest);
  const going = useGoing(latest);
  const waiting = going.filter((each) => each.approval).length;
  useTitle(waiting > 0 ? `Dashboard (${waiting} to approve)` : "Dashboard", waiting > 0 ? "waiting" : going.length > 0 ? "busy" : "none");
  const found = useMemo(
    () => ({ figures: figures(read.runs, days), days: daily(read.runs, days, new Date()), slowest: slowest(read.runs, 10) }),
    [read.runs, days],
  );
  return (
    <SpaceBetween size="l">
      <Now going={going} />
      <Counted {...scope} read={read} />
      <Delivery of={found.figures} days={days} />
      <Charts of={found.days} />
      <Slowest of={found.slowest} loading={read.waiting > 0} />
    </SpaceBetween>
  );
}

/** What the figures are about, where that is not simply everything. */
function Counted({ pipelines, pipeline, counted, change, read }: Scope & { read: Read }) {
  const cut = read.runs.filter((each) => each.cut).length;
  const left = pipeline ? 0 : pipelines.length - counted.length;
  if (read.waiting + left + cut + read.failed.length === 0) return null;
  return (
    <SpaceBetween size="xs">
      {read.waiting > 0 && (
        <StatusIndicator type="loading">
          {`${counted.length - read.waiting} of ${counted.length} pipelines are counted so far.`}
        </StatusIndicator>
      )}
      {left > 0 && (
        <Alert type="info" action={<Button onClick={() => change({ all: "1" })}>Count all {pipelines.length.toLocaleString("en")}</Button>}>
          Counted are {counted.length} of {pipelines.length.toLocaleString("en")} pipelines: favourites first, then those that were changed last.
        </Alert>
      )}
      {cut > 0 && (
        <Alert type="info">
          {`Of ${cut} ${cut === 1 ? "pipeline" : "pipelines"} the latest ${MOST.toLocaleString("en")} executions and runs of actions are counted; there were more in this time.`}
        </Alert>
      )}
      {read.failed.length > 0 && (
        <Alert type="warning" header={`${read.failed.length} of ${counted.length} pipelines are not counted`}>
          <Box variant="span">{read.failed[0].error.message}</Box>
        </Alert>
      )}
    </SpaceBetween>
  );
}
