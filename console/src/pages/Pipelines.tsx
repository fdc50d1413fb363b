/** All pipelines with how they stand. */

import Header from "@cloudscape-design/components/header";
import Pagination from "@cloudscape-design/components/pagination";
import Table from "@cloudscape-design/components/table";
import { usePrefetchQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";

import { useLive } from "../api/live";
import type { PipelineSummary } from "../api/models/codepipeline";
import { listing } from "../api/queries";
import { Failure } from "../parts/Failure";
import { Shell } from "../shell/Shell";
import { useSetting } from "../shell/settings";
import { useTitle } from "../shell/title";
import { Actions } from "./pipelines/Actions";
import { Filters } from "./pipelines/Filters";
import { NoMatch, NoPipelines } from "./pipelines/Nothing";
import { Progress } from "./pipelines/Progress";
import { arranged, isFiltered, needsStates } from "./pipelines/arrange";
import { columns } from "./pipelines/columns";
import { Preferences, useChoice } from "./pipelines/preferences";
import { counts, useAll, useKnown } from "./pipelines/states";
import { type Place, isSort, usePlace } from "./pipelines/view";

const ALL = listing("codepipeline", "ListPipelines", {}, (page) => [page.pipelines, page.nextToken]);
const NOTHING: PipelineSummary[] = [];
const NONE: string[] = [];

export default function Pipelines() {
  useTitle("Pipelines");
  useLive();
  usePrefetchQuery(ALL); // before anything is drawn
  const found = useQuery(ALL);
  return (
    <Shell crumbs={[{ text: "Pipelines", href: "/pipelines" }]} contentType="table">
      {found.error ? (
        <Failure error={found.error} what="the pipelines" again={found.refetch} />
      ) : (
        <List pipelines={found.data ?? NOTHING} loading={found.isLoading} />
      )}
    </Shell>
  );
}

function List({ pipelines, loading }: { pipelines: PipelineSummary[]; loading: boolean }) {
  const [place, change] = usePlace();
  const [choice, keep] = useChoice();
  const [favourites, toggle] = useFavourites();
  const { shown, page, pages, read } = useArranged(pipelines, place, choice.pageSize, favourites);
  const definitions = useMemo(() => columns({ favourites, toggle }), [favourites, toggle]);
  const selected = pipelines.find((each) => each.name === place.selected);
  const clear = () => change({ text: "", statuses: [], type: "", mode: "" });
  const filtered = isFiltered(place);
  return (
    <Table<PipelineSummary>
      variant="full-page"
      stickyHeader
      enableKeyboardNavigation
      wrapLines={choice.wrapLines}
      contentDensity={choice.contentDensity}
      trackBy="name"
      selectionType="single"
      selectedItems={selected ? [selected] : []}
      onSelectionChange={({ detail }) => change({ selected: detail.selectedItems[0]?.name ?? "" })}
      columnDefinitions={definitions}
      columnDisplay={choice.contentDisplay}
      sortingColumn={definitions.find((each) => each.id === place.sort)}
      sortingDescending={place.descending}
      onSortingChange={({ detail: { sortingColumn, isDescending } }) => {
        const sort = sortingColumn.sortingField;
        if (isSort(sort)) change({ sort, descending: isDescending ?? false });
      }}
      items={page}
      loading={loading}
      loadingText="Reading the pipelines"
      empty={filtered ? <NoMatch reading={read?.reading ?? false} onClear={clear} /> : <NoPipelines />}
      header={
        <Header
          variant="awsui-h1-sticky"
          counter={loading ? undefined : filtered ? `(${shown.length}/${pipelines.length})` : `(${pipelines.length})`}
          actions={<Actions selected={selected?.name ?? ""} onDeleted={() => change({ selected: "" })} />}
          description={read && <Progress {...read} />}
        >
          Pipelines
        </Header>
      }
      filter={<Filters place={place} change={change} count={filtered ? matches(shown.length) : ""} />}
      pagination={
        <Pagination
          currentPageIndex={Math.min(place.page, pages)}
          pagesCount={pages}
          onChange={({ detail }) => change({ page: detail.currentPageIndex })}
        />
      }
      preferences={<Preferences choice={choice} keep={keep} />}
      ariaLabels={{
        tableLabel: "Pipelines",
        selectionGroupLabel: "Select a pipeline",
        itemSelectionLabel: (_, each) => `Select ${each.name}`,
      }}
      renderAriaLive={({ firstIndex, lastIndex, totalItemsCount }) => `Pipelines ${firstIndex} to ${lastIndex} of ${totalItemsCount}`}
      totalItemsCount={shown.length}
      firstIndex={(Math.min(place.page, pages) - 1) * choice.pageSize + 1}
    />
  );
}

/** The list as asked for, and the page of it that is seen. */
function useArranged(pipelines: PipelineSummary[], place: Place, size: number, favourites: ReadonlySet<string>) {
  const client = useQueryClient();
  const known = useKnown(needsStates(place));
  const names = useMemo(() => pipelines.map((each) => each.name ?? ""), [pipelines]);
  useAll(names, needsStates(place));
  const shown = useMemo(() => arranged(pipelines, place, known, favourites), [pipelines, place, known, favourites]);
  const pages = Math.max(1, Math.ceil(shown.length / size));
  const first = (Math.min(place.page, pages) - 1) * size;
  const read = needsStates(place) ? counts(client, names) : undefined;
  return { shown, pages, read, page: shown.slice(first, first + size) };
}

/** Names of pipelines that somebody wants to see first. */
function useFavourites(): [ReadonlySet<string>, (name: string) => void] {
  const [kept, keep] = useSetting<string[]>("favourites", NONE);
  const favourites = useMemo(() => new Set(Array.isArray(kept) ? kept : []), [kept]);
  const toggle = useCallback(
    (name: string) => keep(favourites.has(name) ? [...favourites].filter((each) => each !== name) : [...favourites, name]),
    [favourites, keep],
  );
  return [favourites, toggle];
}

function matches(count: number): string {
  return count === 1 ? "1 match" : `${count} matches`;
}
