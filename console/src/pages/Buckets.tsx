/** All buckets. */

import { useCollection } from "@cloudscape-design/collection-hooks";
import Box from "@cloudscape-design/components/box";
import Checkbox from "@cloudscape-design/components/checkbox";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Pagination from "@cloudscape-design/components/pagination";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import TextFilter from "@cloudscape-design/components/text-filter";
import { useState } from "react";
import { useNavigate } from "react-router";

import { call } from "../api/client";
import { may } from "../api/may";
import { useAction, useCall } from "../api/queries";
import { Confirm } from "../parts/Confirm";
import { Failure } from "../parts/Failure";
import { Permitted } from "../parts/Permitted";
import { RouterLink } from "../parts/RouterLink";
import { When } from "../parts/When";
import { Shell } from "../shell/Shell";
import { useTitle } from "../shell/title";

export default function Buckets() {
  useTitle("Buckets");
  const navigate = useNavigate();
  const [making, setMaking] = useState(false);
  const [deleting, setDeleting] = useState("");
  const found = useCall("s3", "ListBuckets", {});
  const drop = useAction("s3", "DeleteBucket");
  const { items, collectionProps, filterProps, paginationProps } = useCollection(found.data?.Buckets ?? [], {
    filtering: { noMatch: "No bucket has this in its name." },
    pagination: { pageSize: 50 },
    sorting: { defaultState: { sortingColumn: { sortingField: "Name" } } },
  });
  return (
    <Shell crumbs={[{ text: "Buckets", href: "/buckets" }]} contentType="table">
      <Failure error={found.error} what="the buckets" again={found.refetch} />
      <Table
        {...collectionProps}
        variant="full-page"
        header={
          <Header
            variant="awsui-h1-sticky"
            counter={`(${found.data?.Buckets?.length ?? 0})`}
            actions={
              <Permitted variant="primary" asks={may("s3", "CreateBucket", { Bucket: "any-bucket" })} onClick={() => setMaking(true)}>
                Create bucket
              </Permitted>
            }
          >
            Buckets
          </Header>
        }
        items={items}
        loading={found.isLoading}
        loadingText="Reading the buckets"
        empty={
          <Box textAlign="center">
            <SpaceBetween size="s">
              <Box>No buckets yet. Pipelines keep their artifacts in one, and can take sources from one that keeps versions.</Box>
              <Box variant="code">aws s3 mb s3://artifacts</Box>
            </SpaceBetween>
          </Box>
        }
        filter={<TextFilter {...filterProps} filteringPlaceholder="Find a bucket" filteringAriaLabel="Find a bucket" />}
        pagination={<Pagination {...paginationProps} />}
        columnDefinitions={[
          {
            id: "name",
            header: "Name",
            sortingField: "Name",
            isRowHeader: true,
            cell: (each) => <RouterLink to={`/buckets/${encodeURIComponent(each.Name ?? "")}`}>{each.Name}</RouterLink>,
          },
          { id: "made", header: "Created", sortingField: "CreationDate", cell: (each) => <When at={each.CreationDate} /> },
          {
            id: "act",
            header: "Actions",
            cell: (each) => (
              <Permitted
                variant="inline-link"
                asks={may("s3", "DeleteBucket", { Bucket: each.Name ?? "" })}
                onClick={() => setDeleting(each.Name ?? "")}
                ariaLabel={`Delete ${each.Name}`}
              >
                Delete
              </Permitted>
            ),
          },
        ]}
      />
      {making && (
        <Create
          onDone={(name) => {
            setMaking(false);
            if (name) navigate(`/buckets/${encodeURIComponent(name)}`);
          }}
        />
      )}
      {deleting && (
        <Confirm
          title={`Delete ${deleting}?`}
          verb="Delete"
          typed="delete"
          onConfirm={() => drop.mutateAsync({ Bucket: deleting })}
          onDone={() => setDeleting("")}
        >
          Only a bucket that is empty, old versions included, can be deleted.
        </Confirm>
      )}
    </Shell>
  );
}

function Create({ onDone }: { onDone: (name?: string) => void }) {
  const [name, setName] = useState("");
  const [versions, setVersions] = useState(true);
  const create = useAction("s3", "CreateBucket");
  let made = false;
  return (
    <Confirm
      title="Create bucket"
      verb="Create"
      disabled={!name}
      onConfirm={async () => {
        await create.mutateAsync({ Bucket: name });
        made = true;
        if (versions) {
          await call("s3", "PutBucketVersioning", { Bucket: name, VersioningConfiguration: { Status: "Enabled" } });
        }
      }}
      onDone={() => onDone(made ? name : undefined)}
    >
      <FormField label="Name" constraintText="Lower-case letters, digits, dots and hyphens; 3 to 63 characters.">
        <Input value={name} onChange={(event) => setName(event.detail.value)} autoFocus />
      </FormField>
      <Checkbox
        checked={versions}
        onChange={(event) => setVersions(event.detail.checked)}
        description="A pipeline's S3 source needs it; with it, an artifact can be told from a later one of the same name."
      >
        Keep versions
      </Checkbox>
    </Confirm>
  );
}
