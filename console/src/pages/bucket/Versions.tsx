/** The versions of the objects below a prefix, delete markers too. */

import Badge from "@cloudscape-design/components/badge";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";

import { objectUrl } from "../../api/client";
import { may } from "../../api/may";
import { useAction, useCall } from "../../api/queries";
import { Failure } from "../../parts/Failure";
import { Permitted } from "../../parts/Permitted";
import { When } from "../../parts/When";
import { useNotices } from "../../shell/notices";

interface Row {
  key: string;
  id: string;
  latest: boolean;
  marker: boolean;
  changed?: number;
  size?: number;
}

export function Versions({ bucket, prefix }: { bucket: string; prefix: string }) {
  const found = useCall("s3", "ListObjectVersions", { Bucket: bucket, Prefix: prefix, MaxKeys: 1000 });
  const drop = useAction("s3", "DeleteObject");
  const { failed } = useNotices();
  const rows: Row[] = [
    ...(found.data?.Versions ?? []).map((each) => ({
      key: each.Key ?? "",
      id: each.VersionId ?? "",
      latest: each.IsLatest ?? false,
      marker: false,
      changed: each.LastModified,
      size: each.Size,
    })),
    ...(found.data?.DeleteMarkers ?? []).map((each) => ({
      key: each.Key ?? "",
      id: each.VersionId ?? "",
      latest: each.IsLatest ?? false,
      marker: true,
      changed: each.LastModified,
    })),
  ].sort((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : (other.changed ?? 0) - (one.changed ?? 0)));
  return (
    <>
      <Failure error={found.error} what="the versions" again={found.refetch} />
      <Table<Row>
        items={rows}
        loading={found.isLoading}
        loadingText="Reading the versions"
        empty={<Box textAlign="center">There are none below this prefix.</Box>}
        footer={found.data?.IsTruncated ? <Box textAlign="center">The first 1,000; choose a folder to see more.</Box> : undefined}
        columnDefinitions={[
          {
            id: "key",
            header: "Key",
            isRowHeader: true,
            cell: (each) => (
              <SpaceBetween direction="horizontal" size="xs">
                {each.key}
                {each.latest && <Badge>latest</Badge>}
                {each.marker && <Badge color="red">delete marker</Badge>}
              </SpaceBetween>
            ),
          },
          { id: "id", header: "Version", cell: (each) => <Box variant="code">{each.id}</Box> },
          { id: "size", header: "Bytes", cell: (each) => each.size?.toLocaleString() ?? "–" },
          { id: "changed", header: "Made", cell: (each) => <When at={each.changed} /> },
          {
            id: "act",
            header: "Actions",
            cell: (each) => (
              <SpaceBetween direction="horizontal" size="xs">
                {!each.marker && (
                  <Button variant="inline-link" href={objectUrl(bucket, each.key, each.id)} download ariaLabel={`Download ${each.key} ${each.id}`}>
                    Download
                  </Button>
                )}
                <Permitted
                  variant="inline-link"
                  asks={may("s3", "DeleteObject", { Bucket: bucket, Key: each.key, VersionId: each.id })}
                  onClick={() =>
                    drop.mutate({ Bucket: bucket, Key: each.key, VersionId: each.id }, { onError: (error) => failed(error, "Not deleted") })
                  }
                  ariaLabel={`${each.marker ? "Remove marker" : "Delete for good"}: ${each.key} ${each.id}`}
                >
                  {each.marker ? "Remove marker" : "Delete for good"}
                </Permitted>
              </SpaceBetween>
            ),
          },
        ]}
      />
    </>
  );
}
