/** Webhooks that start the pipeline. */

import Box from "@cloudscape-design/components/box";
import Header from "@cloudscape-design/components/header";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";

import type { ListWebhookItem } from "../../api/models/codepipeline";
import { useListing } from "../../api/queries";
import { Failure } from "../../parts/Failure";
import { When } from "../../parts/When";
import { Copied } from "./General";

export function Webhooks({ name }: { name: string }) {
  const found = useListing("codepipeline", "ListWebhooks", {}, (page) => [page.webhooks, page.NextToken], { token: "NextToken" });
  const webhooks = found.data?.filter((each) => each.definition.targetPipeline === name) ?? [];
  return (
    <>
      <Table<ListWebhookItem>
        header={
          <Header variant="h2" counter={found.data ? `(${webhooks.length})` : undefined} description="Addresses that others call to start this pipeline.">
            Webhooks
          </Header>
        }
        items={webhooks}
        trackBy={(each) => each.definition.name}
        loading={found.isLoading}
        loadingText="Reading the webhooks"
        wrapLines
        empty={
          found.error ? (
            <Failure error={found.error} what="the webhooks" again={found.refetch} />
          ) : (
            <Box textAlign="center" color="text-body-secondary">
              No webhook starts this pipeline. Make one with <Box variant="code">aws codepipeline put-webhook</Box>
            </Box>
          )
        }
        columnDefinitions={[
          { id: "name", header: "Name", cell: (each) => each.definition.name },
          { id: "action", header: "Source action", cell: (each) => each.definition.targetAction },
          { id: "url", header: "URL", cell: (each) => <Copied text={each.url} what={`the URL of ${each.definition.name}`} />, minWidth: 220 },
          { id: "filters", header: "Filters", cell: (each) => each.definition.filters.map((one) => `${one.jsonPath}${one.matchEquals ? ` = ${one.matchEquals}` : ""}`).join(", ") },
          { id: "authentication", header: "Authentication", cell: (each) => each.definition.authentication },
          {
            id: "last",
            header: "Last called",
            cell: (each) =>
              each.errorCode ? (
                <StatusIndicator type="error">{each.errorMessage ?? each.errorCode}</StatusIndicator>
              ) : (
                <When at={each.lastTriggered} />
              ),
          },
        ]}
      />
    </>
  );
}
