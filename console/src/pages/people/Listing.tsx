/** A table of things with a name: found by text (kept in the address), sorted, a page at a time; says what to do when there is none. */

import { useCollection } from "@cloudscape-design/collection-hooks";
import Box from "@cloudscape-design/components/box";
import Header from "@cloudscape-design/components/header";
import Pagination from "@cloudscape-design/components/pagination";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import TextFilter from "@cloudscape-design/components/text-filter";
import type { ReactNode } from "react";
import { useSearchParams } from "react-router";

interface Props<T> {
  title: string;
  /** What one is called, for messages: "user". */
  one: string;
  items: T[] | undefined;
  loading: boolean;
  columns: TableProps.ColumnDefinition<T>[];
  /** Why one would want some of these, and how to get them. */
  empty: ReactNode;
  actions?: ReactNode;
  description?: ReactNode;
  variant?: TableProps.Variant;
  /** False where the list is short by nature. */
  finding?: boolean;
  level?: "h1" | "h2" | "h3";
  trackBy?: keyof T & string;
}

export function Listing<T>(props: Props<T>) {
  const { title, one, items, loading, columns, empty, actions, description, variant = "container", finding = true } = props;
  const [query, setQuery] = useSearchParams();
  const found = useCollection(items ?? [], {
    filtering: { defaultFilteringText: finding ? (query.get("find") ?? "") : "" },
    pagination: { pageSize: 25 },
    sorting: { defaultState: { sortingColumn: columns[0] } },
  });
  const keep = (text: string) => {
    const next = new URLSearchParams(query);
    if (text) next.set("find", text);
    else next.delete("find");
    setQuery(next, { replace: true });
  };
  const none = (
    <Box textAlign="center" padding="m">
      <SpaceBetween size="s">{items?.length ? <>No {one} fits “{found.filterProps.filteringText}”.</> : empty}</SpaceBetween>
    </Box>
  );
  return (
    <Table<T>
      {...found.collectionProps}
      variant={variant}
      trackBy={props.trackBy}
      header={
        <Header variant={props.level ?? "h2"} counter={items ? `(${items.length})` : undefined} actions={actions} description={description}>
          {title}
        </Header>
      }
      items={found.items}
      loading={loading}
      loadingText={`Reading: ${title.toLowerCase()}`}
      empty={none}
      columnDefinitions={columns}
      wrapLines
      filter={
        finding ? (
          <TextFilter
            {...found.filterProps}
            onChange={(event) => {
              found.filterProps.onChange(event);
              keep(event.detail.filteringText);
            }}
            filteringAriaLabel={`Find a ${one}`}
            filteringPlaceholder={`Find a ${one}`}
            countText={found.filterProps.filteringText ? `${found.filteredItemsCount} found` : undefined}
          />
        ) : undefined
      }
      pagination={(items?.length ?? 0) > 25 ? <Pagination {...found.paginationProps} /> : undefined}
    />
  );
}
