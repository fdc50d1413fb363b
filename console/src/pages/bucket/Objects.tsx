/** The objects of a bucket, folder by folder; the prefix is in the address. */

import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import Icon from "@cloudscape-design/components/icon";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import Toggle from "@cloudscape-design/components/toggle";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useSearchParams } from "react-router";

import { type ApiError, call, objectUrl } from "../../api/client";
import { may } from "../../api/may";
import { usePages } from "../../api/queries";
import { Confirm } from "../../parts/Confirm";
import { Failure } from "../../parts/Failure";
import { PathTrail } from "../../parts/PathTrail";
import { Permitted } from "../../parts/Permitted";
import { RouterLink } from "../../parts/RouterLink";
import { When } from "../../parts/When";
import { Upload } from "./Upload";
import { Versions } from "./Versions";

interface Row {
  key: string;
  name: string;
  folder: boolean;
  size?: number;
  changed?: number;
}

export function Objects({ bucket }: { bucket: string }) {
  const [query, setQuery] = useSearchParams();
  const prefix = query.get("prefix") ?? "";
  const versions = query.get("versions") === "true";
  const [uploading, setUploading] = useState(false);
  const [deleting, setDeleting] = useState<string[]>([]);
  const [chosen, setChosen] = useState<Row[]>([]);
  const client = useQueryClient();
  const found = usePages("s3", "ListObjectsV2", { Bucket: bucket, Prefix: prefix, Delimiter: "/" }, { token: "ContinuationToken", next: "NextContinuationToken" });
  const rows: Row[] = (found.data?.pages ?? []).flatMap((page) => [
    ...(page.CommonPrefixes ?? []).map((each) => row(each.Prefix ?? "", prefix, true)),
    ...(page.Contents ?? [])
      .filter((each) => each.Key !== prefix)
      .map((each) => ({ ...row(each.Key ?? "", prefix, false), size: each.Size, changed: each.LastModified })),
  ]);
  const here = `/buckets/${encodeURIComponent(bucket)}`;
  const at = (wanted: string) => `${here}?${new URLSearchParams({ prefix: wanted, ...(versions ? { versions: "true" } : {}) })}`;
  const steps = prefix.split("/").filter(Boolean);
  const again = () => client.invalidateQueries({ queryKey: ["s3"] });
  const files = chosen.filter((each) => !each.folder);
  return (
    <SpaceBetween size="m">
      <PathTrail
        label="Place in the bucket"
        steps={[
          { text: bucket, to: at("") },
          ...steps.map((text, index) => ({ text, to: at(`${steps.slice(0, index + 1).join("/")}/`) })),
        ]}
      />
      <Failure error={found.error as ApiError | null} what="the objects" again={found.refetch} />
      <Toggle
        checked={versions}
        onChange={(event) => setQuery({ prefix, ...(event.detail.checked ? { versions: "true" } : {}) }, { replace: true })}
      >
        Show versions
      </Toggle>
      {versions ? (
        <Versions bucket={bucket} prefix={prefix} />
      ) : (
        <Table<Row>
          items={rows}
          trackBy="key"
          loading={found.isLoading}
          loadingText="Reading the objects"
          selectionType="multi"
          selectedItems={chosen}
          isItemDisabled={(each) => each.folder}
          onSelectionChange={(event) => setChosen(event.detail.selectedItems)}
          ariaLabels={{
            selectionGroupLabel: "Objects",
            allItemsSelectionLabel: () => "All objects",
            itemSelectionLabel: (_, each) => each.name,
          }}
          empty={<Box textAlign="center">Nothing is here. Upload something, or run: aws s3 cp FILE s3://{bucket}/</Box>}
          header={
            <Header
              variant="h2"
              actions={
                <SpaceBetween direction="horizontal" size="xs">
                  <Button iconName="refresh" ariaLabel="Read again" onClick={again} />
                  <Permitted
                    asks={may("s3", "DeleteObject", { Bucket: bucket, Key: files[0]?.key ?? "any" })}
                    disabled={files.length === 0}
                    disabledReason="Choose objects first."
                    onClick={() => setDeleting(files.map((each) => each.key))}
                  >
                    Delete
                  </Permitted>
                  <Permitted
                    variant="primary"
                    asks={may("s3", "PutObject", { Bucket: bucket, Key: `${prefix}any` })}
                    onClick={() => setUploading(true)}
                  >
                    Upload
                  </Permitted>
                </SpaceBetween>
              }
            >
              Objects
            </Header>
          }
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
              header: "Name",
              isRowHeader: true,
              cell: (each) => (
                <SpaceBetween direction="horizontal" size="xs">
                  <Icon name={each.folder ? "folder" : "file"} />
                  {each.folder ? <RouterLink to={at(each.key)}>{each.name}</RouterLink> : each.name}
                </SpaceBetween>
              ),
            },
            { id: "size", header: "Bytes", cell: (each) => each.size?.toLocaleString() ?? "–" },
            { id: "changed", header: "Changed", cell: (each) => (each.folder ? "–" : <When at={each.changed} />) },
            {
              id: "get",
              header: "Download",
              cell: (each) =>
                each.folder ? (
                  "–"
                ) : (
                  <Button
                    variant="inline-link"
                    href={objectUrl(bucket, each.key)}
                    download={each.name}
                    ariaLabel={`Download ${each.name}`}
                  >
                    Download
                  </Button>
                ),
            },
          ]}
        />
      )}
      {uploading && <Upload bucket={bucket} prefix={prefix} onDone={() => setUploading(false)} />}
      {deleting.length > 0 && (
        <Confirm
          title={deleting.length === 1 ? `Delete ${deleting[0]}?` : `Delete ${deleting.length} objects?`}
          verb="Delete"
          onConfirm={async () => {
            const given = { Objects: deleting.map((Key) => ({ Key })) };
            const done = await call("s3", "DeleteObjects", { Bucket: bucket, Delete: given });
            await again();
            setChosen([]);
            const failed = done.Errors?.[0];
            if (failed) throw Object.assign(new Error(`${failed.Key}: ${failed.Message}`), { name: failed.Code });
          }}
          onDone={() => setDeleting([])}
        >
          Where the bucket keeps versions, they stay and can be brought back.
        </Confirm>
      )}
    </SpaceBetween>
  );
}

function row(key: string, prefix: string, folder: boolean): Row {
  return { key, name: key.slice(prefix.length).replace(/\/$/, ""), folder };
}
