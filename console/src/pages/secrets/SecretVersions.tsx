/** The versions of a secret with their labels. */

import Badge from "@cloudscape-design/components/badge";
import Box from "@cloudscape-design/components/box";
import SpaceBetween from "@cloudscape-design/components/space-between";

import { may } from "../../api/may";
import type { SecretVersionsListEntry } from "../../api/models/secretsmanager";
import { useListing } from "../../api/queries";
import { Failure } from "../../parts/Failure";
import { When } from "../../parts/When";
import { Listing } from "../people/Listing";
import { Reveal } from "./Reveal";
import { valueOf } from "./values";

export function SecretVersions({ name, deleted }: { name: string; deleted: boolean }) {
  const given = { SecretId: name, IncludeDeprecated: true };
  const found = useListing("secretsmanager", "ListSecretVersionIds", given, (page) => [page.Versions, page.NextToken], {
    token: "NextToken",
  });
  if (found.error) return <Failure error={found.error} what="the versions" again={found.refetch} />;
  const items = found.data && [...found.data].sort((a, b) => (b.CreatedDate ?? 0) - (a.CreatedDate ?? 0));
  return (
    <Listing<SecretVersionsListEntry>
      title="Versions"
      one="version"
      finding={false}
      items={items}
      loading={found.isLoading}
      empty={<Box>No value yet.</Box>}
      columns={[
        { id: "id", header: "Version", isRowHeader: true, cell: (each) => <Box variant="code">{each.VersionId}</Box> },
        {
          id: "labels",
          header: "Labels",
          cell: (each) => (
            <SpaceBetween direction="horizontal" size="xxs">
              {(each.VersionStages ?? []).map((stage) => (
                <Badge key={stage} color={stage === "AWSCURRENT" ? "green" : "grey"}>
                  {stage}
                </Badge>
              ))}
            </SpaceBetween>
          ),
        },
        { id: "made", header: "Created", cell: (each) => <When at={each.CreatedDate} /> },
        {
          id: "value",
          header: "Value",
          cell: (each) =>
            deleted ? (
              "–"
            ) : (
              <Reveal
                what={`version ${each.VersionId}`}
                asks={may("secretsmanager", "GetSecretValue", { SecretId: name, VersionId: each.VersionId })}
                read={() => valueOf(name, each.VersionId)}
              />
            ),
        },
      ]}
    />
  );
}
