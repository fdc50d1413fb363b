/** The streams of a log group, the latest first. */

import { useCollection } from "@cloudscape-design/collection-hooks";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Table from "@cloudscape-design/components/table";
import TextFilter from "@cloudscape-design/components/text-filter";
import { useParams } from "react-router";

import { usePages } from "../api/queries";
import type { ApiError } from "../api/client";
import { Failure } from "../parts/Failure";
import { RouterLink } from "../parts/RouterLink";
import { When } from "../parts/When";
import { Shell } from "../shell/Shell";
import { useTitle } from "../shell/title";

export default function LogGroup() {
  const { group = "" } = useParams();
  useTitle(group);
  const found = usePages("logs", "DescribeLogStreams", { logGroupName: group, orderBy: "LastEventTime", descending: true });
  const streams = found.data?.pages.flatMap((page) => page.logStreams ?? []) ?? [];
  const { items, collectionProps, filterProps } = useCollection(streams, {
    filtering: { noMatch: "No stream that was read has this in its name." },
  });
  const here = `/logs/${encodeURIComponent(group)}`;
  return (
    <Shell
      crumbs={[
        { text: "Logs", href: "/logs" },
        { text: group, href: here },
      ]}
      contentType="table"
    >
      <Failure error={found.error as ApiError | null} what="this log group" again={found.refetch} />
      <Table
        {...collectionProps}
        variant="full-page"
        header={<Header variant="awsui-h1-sticky">{group}</Header>}
        items={items}
        loading={found.isLoading}
        loadingText="Reading the streams"
        empty={<Box textAlign="center">This group has no streams.</Box>}
        filter={<TextFilter {...filterProps} filteringPlaceholder="Find a stream" filteringAriaLabel="Find a stream" />}
        footer={
          found.hasNextPage ? (
            <Box textAlign="center">
              <Button loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
                More
              </Button>
            </Box>
          ) : undefined
        }
        columnDefinitions={[
          {
            id: "name",
            header: "Stream",
            isRowHeader: true,
            cell: (each) => <RouterLink to={`${here}/${encodeURIComponent(each.logStreamName ?? "")}`}>{each.logStreamName}</RouterLink>,
          },
          { id: "last", header: "Last event", cell: (each) => <When at={seconds(each.lastEventTimestamp)} /> },
          { id: "first", header: "First event", cell: (each) => <When at={seconds(each.firstEventTimestamp)} /> },
        ]}
      />
    </Shell>
  );
}

function seconds(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : milliseconds / 1000;
}
