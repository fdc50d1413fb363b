/** All log groups. */

import { useCollection } from "@cloudscape-design/collection-hooks";
import Box from "@cloudscape-design/components/box";
import Header from "@cloudscape-design/components/header";
import Pagination from "@cloudscape-design/components/pagination";
import Table from "@cloudscape-design/components/table";
import TextFilter from "@cloudscape-design/components/text-filter";

import { useListing } from "../api/queries";
import { Failure } from "../parts/Failure";
import { RouterLink } from "../parts/RouterLink";
import { When } from "../parts/When";
import { Shell } from "../shell/Shell";
import { useTitle } from "../shell/title";

export default function Logs() {
  useTitle("Logs");
  const found = useListing("logs", "DescribeLogGroups", {}, (page) => [page.logGroups, page.nextToken]);
  const { items, collectionProps, filterProps, paginationProps } = useCollection(found.data ?? [], {
    filtering: { noMatch: "No log group has this in its name." },
    pagination: { pageSize: 50 },
    sorting: { defaultState: { sortingColumn: { sortingField: "logGroupName" } } },
  });
  return (
    <Shell crumbs={[{ text: "Logs", href: "/logs" }]} contentType="table">
      <Failure error={found.error} what="the log groups" again={found.refetch} />
      <Table
        {...collectionProps}
        variant="full-page"
        header={
          <Header variant="awsui-h1-sticky" counter={`(${found.data?.length ?? 0})`}>
            Log groups
          </Header>
        }
        items={items}
        loading={found.isLoading}
        loadingText="Reading the log groups"
        empty={<Box textAlign="center">No logs yet. Builds write theirs to /aws/codebuild/PROJECT.</Box>}
        filter={<TextFilter {...filterProps} filteringPlaceholder="Find a log group" filteringAriaLabel="Find a log group" />}
        pagination={<Pagination {...paginationProps} />}
        columnDefinitions={[
          {
            id: "name",
            header: "Log group",
            sortingField: "logGroupName",
            isRowHeader: true,
            cell: (each) => (
              <RouterLink to={`/logs/${encodeURIComponent(each.logGroupName ?? "")}`}>{each.logGroupName}</RouterLink>
            ),
          },
          {
            id: "kept",
            header: "Kept for",
            cell: (each) => (each.retentionInDays ? `${each.retentionInDays} days` : "Ever"),
          },
          { id: "size", header: "Bytes", cell: (each) => (each.storedBytes ?? 0).toLocaleString() },
          {
            id: "made",
            header: "Created",
            sortingField: "creationTime",
            cell: (each) => <When at={each.creationTime === undefined ? undefined : each.creationTime / 1000} />,
          },
        ]}
      />
    </Shell>
  );
}
