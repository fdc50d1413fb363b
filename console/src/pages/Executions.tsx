/** The history of a pipeline: all its executions, newest first. */

import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Pagination from "@cloudscape-design/components/pagination";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { useEffect } from "react";
import { useParams } from "react-router";

import type { ApiError } from "../api/client";
import { useLive } from "../api/live";
import type { PipelineExecutionSummary } from "../api/models/codepipeline";
import { useCall, usePages } from "../api/queries";
import { Failure } from "../parts/Failure";
import { statusMark } from "../parts/Status";
import { useNow } from "../parts/When";
import { useAddress } from "../parts/address";
import { Shell } from "../shell/Shell";
import { useTitle } from "../shell/title";
import { Chosen } from "./executions/Chosen";
import { Filters } from "./executions/Filters";
import { columns } from "./executions/columns";
import { filterOf, fits, narrow, sinceInstant } from "./executions/filter";

const SIZE = 25;
/** How many executions are read in search of some that fit, before somebody is asked whether to search on. */
const ENOUGH = 500;

export default function Executions() {
  const { name = "" } = useParams();
  const [query, change] = useAddress();
  useLive(name);
  const filter = filterOf(query);
  const now = useNow();
  const found = usePages("codepipeline", "ListPipelineExecutions", {
    pipelineName: name,
    maxResults: 100,
    ...(filter.stage ? { filter: { succeededInStage: { stageName: filter.stage } } } : {}),
  });
  const pipeline = useCall("codepipeline", "GetPipeline", { name });
  const all = (found.data?.pages ?? []).flatMap((page) => page.pipelineExecutionSummaries ?? []);
  const rows = narrow(filter) ? all.filter((each) => fits(each, filter, now)) : all;
  // Newest come first: what is older than asked for need not be read.
  const past = (all.at(-1)?.startTime ?? Number.POSITIVE_INFINITY) < sinceInstant(filter.since, now);
  const more = found.hasNextPage && !past;
  const page = Math.max(1, Number(query.get("page")) || 1);
  const short = rows.length < page * SIZE && more;
  const { fetchNextPage, isFetching } = found;
  useEffect(() => {
    if (short && !isFetching && all.length < Math.max(ENOUGH, page * SIZE)) void fetchNextPage();
  }, [short, isFetching, all.length, page, fetchNextPage]);
  useTitle(`${name} executions`, statusMark(filter.stage || narrow(filter) ? undefined : all[0]?.status));
  const ids = new Set((query.get("selected") ?? "").split(","));
  const chosen = rows.filter((each) => ids.has(each.pipelineExecutionId ?? ""));
  const path = `/pipelines/${encodeURIComponent(name)}`;
  return (
    <Shell
      contentType="table"
      crumbs={[
        { text: "Pipelines", href: "/pipelines" },
        { text: name, href: path },
        { text: "Executions", href: `${path}/executions` },
      ]}
    >
      <Failure error={found.error as ApiError | null} what="the executions" again={found.refetch} />
      <Table<PipelineExecutionSummary>
        variant="full-page"
        wrapLines
        selectionType="multi"
        trackBy="pipelineExecutionId"
        items={rows.slice((page - 1) * SIZE, page * SIZE)}
        selectedItems={chosen}
        onSelectionChange={(event) =>
          change({ selected: event.detail.selectedItems.map((each) => each.pipelineExecutionId).join(",") }, true)
        }
        header={
          <Header
            variant="awsui-h1-sticky"
            counter={`(${rows.length}${more ? "+" : ""})`}
            actions={<Chosen name={name} chosen={chosen} />}
          >
            Executions of {name}
          </Header>
        }
        loading={found.isLoading || (rows.length === 0 && isFetching)}
        loadingText="Reading the executions"
        columnDefinitions={columns(name)}
        ariaLabels={{
          tableLabel: `Executions of ${name}`,
          selectionGroupLabel: "Selection",
          allItemsSelectionLabel: () => "Select all executions on this page",
          itemSelectionLabel: (_, each) => `Select execution ${each.pipelineExecutionId}`,
        }}
        filter={
          <Filters
            filter={filter}
            stages={pipeline.data?.pipeline?.stages.map((each) => each.name) ?? []}
            count={`${rows.length} found`}
            onChange={(changes, replace) => change({ ...changes, page: undefined, selected: undefined }, replace)}
          />
        }
        pagination={
          <Pagination
            currentPageIndex={page}
            pagesCount={Math.max(1, Math.ceil(rows.length / SIZE))}
            openEnd={Boolean(more)}
            onChange={(event) => change({ page: event.detail.currentPageIndex > 1 ? String(event.detail.currentPageIndex) : undefined })}
          />
        }
        empty={
          <Empty
            name={name}
            filtered={narrow(filter) || Boolean(filter.stage)}
            searched={more ? all.length : 0}
            onMore={() => void fetchNextPage()}
            onClear={() => change({ q: "", status: "", trigger: "", stage: "", since: "", page: "" })}
          />
        }
      />
    </Shell>
  );
}

interface EmptyProps {
  name: string;
  filtered: boolean;
  /** How many were searched, when there are more. */
  searched: number;
  onMore: () => void;
  onClear: () => void;
}

function Empty({ name, filtered, searched, onMore, onClear }: EmptyProps) {
  if (filtered) {
    return (
      <Box textAlign="center">
        <SpaceBetween size="s">
          {searched > 0 ? `None of the latest ${searched} executions fits.` : "No execution fits."}
          {searched > 0 && <Button onClick={onMore}>Search older ones</Button>}
          <Button onClick={onClear}>Clear the filters</Button>
        </SpaceBetween>
      </Box>
    );
  }
  return (
    <Box textAlign="center">
      <SpaceBetween size="s">
        This pipeline has not run yet. Release a change to start it:
        <Box variant="code">aws codepipeline start-pipeline-execution --name {name}</Box>
      </SpaceBetween>
    </Box>
  );
}
