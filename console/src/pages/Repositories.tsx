/** All repositories. */

import { useCollection } from "@cloudscape-design/collection-hooks";
import Box from "@cloudscape-design/components/box";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import Pagination from "@cloudscape-design/components/pagination";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import TextFilter from "@cloudscape-design/components/text-filter";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";

import { type ApiError, call } from "../api/client";
import { may } from "../api/may";
import type { RepositoryMetadata } from "../api/models/codecommit";
import { useAction, useListing } from "../api/queries";
import { Confirm } from "../parts/Confirm";
import { Failure } from "../parts/Failure";
import { Permitted } from "../parts/Permitted";
import { RouterLink } from "../parts/RouterLink";
import { When } from "../parts/When";
import { Shell } from "../shell/Shell";
import { useTitle } from "../shell/title";

const MOST = 25;

export default function Repositories() {
  useTitle("Repositories");
  const navigate = useNavigate();
  const [making, setMaking] = useState(false);
  const names = useListing("codecommit", "ListRepositories", {}, (page) => [page.repositories, page.nextToken]);
  const details = useQuery<RepositoryMetadata[], ApiError>({
    queryKey: ["codecommit", "BatchGetRepositories", names.data],
    queryFn: async ({ signal }) => {
      const wanted = (names.data ?? []).map((each) => each.repositoryName ?? "");
      const found: RepositoryMetadata[] = [];
      for (let at = 0; at < wanted.length; at += MOST) {
        const given = { repositoryNames: wanted.slice(at, at + MOST) };
        found.push(...((await call("codecommit", "BatchGetRepositories", given, signal)).repositories ?? []));
      }
      return found;
    },
    enabled: (names.data?.length ?? 0) > 0,
  });
  const { items, collectionProps, filterProps, paginationProps } = useCollection(details.data ?? [], {
    filtering: { noMatch: "No repository has this in its name." },
    pagination: { pageSize: 25 },
    sorting: { defaultState: { sortingColumn: { sortingField: "repositoryName" } } },
  });
  const create = (
    <Permitted
      variant="primary"
      asks={may("codecommit", "CreateRepository", { repositoryName: "any" })}
      onClick={() => setMaking(true)}
    >
      Create repository
    </Permitted>
  );
  return (
    <Shell crumbs={[{ text: "Repositories", href: "/repositories" }]} contentType="table">
      <Failure error={names.error ?? details.error} what="the repositories" again={names.refetch} />
      <Table
        {...collectionProps}
        variant="full-page"
        header={
          <Header variant="awsui-h1-sticky" counter={`(${names.data?.length ?? 0})`} actions={create}>
            Repositories
          </Header>
        }
        items={items}
        loading={names.isLoading || details.isLoading}
        loadingText="Reading the repositories"
        empty={
          <Box textAlign="center">
            <SpaceBetween size="s">
              <Box>No repositories yet. A push to one can start pipelines.</Box>
              <Box variant="code">aws codecommit create-repository --repository-name website</Box>
            </SpaceBetween>
          </Box>
        }
        filter={<TextFilter {...filterProps} filteringPlaceholder="Find a repository" filteringAriaLabel="Find a repository" />}
        pagination={<Pagination {...paginationProps} />}
        columnDefinitions={[
          {
            id: "name",
            header: "Name",
            sortingField: "repositoryName",
            isRowHeader: true,
            cell: (each) => <RouterLink to={`/repositories/${encodeURIComponent(each.repositoryName ?? "")}`}>{each.repositoryName}</RouterLink>,
          },
          { id: "description", header: "Description", cell: (each) => each.repositoryDescription ?? "–" },
          { id: "branch", header: "Default branch", cell: (each) => each.defaultBranch ?? "–" },
          {
            id: "changed",
            header: "Changed",
            sortingField: "lastModifiedDate",
            cell: (each) => <When at={each.lastModifiedDate} />,
          },
        ]}
      />
      {making && (
        <Create
          onDone={(name) => {
            setMaking(false);
            if (name) navigate(`/repositories/${encodeURIComponent(name)}`);
          }}
        />
      )}
    </Shell>
  );
}

function Create({ onDone }: { onDone: (name?: string) => void }) {
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const create = useAction("codecommit", "CreateRepository");
  let made = false;
  return (
    <Confirm
      title="Create repository"
      verb="Create"
      disabled={!name}
      onConfirm={async () => {
        await create.mutateAsync({ repositoryName: name, ...(description ? { repositoryDescription: description } : {}) });
        made = true;
      }}
      onDone={() => onDone(made ? name : undefined)}
    >
      <FormField label="Name" constraintText="Letters, digits, and . _ -; at most 100 characters.">
        <Input value={name} onChange={(event) => setName(event.detail.value)} autoFocus />
      </FormField>
      <FormField label="Description">
        <Input value={description} onChange={(event) => setDescription(event.detail.value)} />
      </FormField>
    </Confirm>
  );
}
