/** All pipelines with how they stand. */

import { useCollection } from "@cloudscape-design/collection-hooks";
import Header from "@cloudscape-design/components/header";
import Pagination from "@cloudscape-design/components/pagination";
import Table from "@cloudscape-design/components/table";
import TextFilter from "@cloudscape-design/components/text-filter";

import type { PipelineSummary } from "../api/models/codepipeline";
import { useLive } from "../api/live";
import { useListing } from "../api/queries";
import { Failure } from "../parts/Failure";
import { RouterLink } from "../parts/RouterLink";
import { When } from "../parts/When";
import { Shell } from "../shell/Shell";
import { useTitle } from "../shell/title";

export default function Pipelines() {
  useTitle("Pipelines");
  useLive();
  const found = useListing("codepipeline", "ListPipelines", {}, (page) => [page.pipelines, page.nextToken]);
  const { items, collectionProps, filterProps, paginationProps, filteredItemsCount } = useCollection(found.data ?? [], {
    filtering: {},
    pagination: { pageSize: 25 },
    sorting: {},
  });
  return (
    <Shell crumbs={[{ text: "Pipelines", href: "/pipelines" }]} contentType="table">
      <Failure error={found.error} what="the pipelines" again={found.refetch} />
      <Table<PipelineSummary>
        {...collectionProps}
        variant="full-page"
        header={
          <Header variant="awsui-h1-sticky" counter={`(${found.data?.length ?? 0})`}>
            Pipelines
          </Header>
        }
        items={items}
        loading={found.isLoading}
        loadingText="Reading the pipelines"
        filter={<TextFilter {...filterProps} filteringPlaceholder="Find a pipeline" countText={`${filteredItemsCount} found`} />}
        pagination={<Pagination {...paginationProps} />}
        columnDefinitions={[
          {
            id: "name",
            header: "Name",
            sortingField: "name",
            cell: (each) => <RouterLink to={`/pipelines/${each.name}`}>{each.name}</RouterLink>,
          },
          { id: "type", header: "Type", cell: (each) => each.pipelineType },
          { id: "mode", header: "Mode", cell: (each) => each.executionMode },
          { id: "updated", header: "Updated", cell: (each) => <When at={each.updated} /> },
        ]}
      />
    </Shell>
  );
}
