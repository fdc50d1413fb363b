/** The branches of a repository. */

import Badge from "@cloudscape-design/components/badge";
import Box from "@cloudscape-design/components/box";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { useState } from "react";

import { call } from "../../api/client";
import { may } from "../../api/may";
import type { RepositoryMetadata } from "../../api/models/codecommit";
import { useAction, useListing } from "../../api/queries";
import { Confirm } from "../../parts/Confirm";
import { Failure } from "../../parts/Failure";
import { Permitted } from "../../parts/Permitted";
import { RouterLink } from "../../parts/RouterLink";
import { RefSelect } from "./RefSelect";

export function Branches({ repository }: { repository: RepositoryMetadata }) {
  const name = repository.repositoryName ?? "";
  const root = `/repositories/${encodeURIComponent(name)}`;
  const [making, setMaking] = useState(false);
  const [deleting, setDeleting] = useState("");
  const found = useListing("codecommit", "ListBranches", { repositoryName: name }, (page) => [page.branches, page.nextToken]);
  const drop = useAction("codecommit", "DeleteBranch");
  const standard = useAction("codecommit", "UpdateDefaultBranch");
  return (
    <>
      <Failure error={found.error} what="the branches" again={found.refetch} />
      <Table<string>
        items={found.data ?? []}
        loading={found.isLoading}
        loadingText="Reading the branches"
        empty={<Box textAlign="center">No branches: nothing has been pushed yet.</Box>}
        header={
          <Header
            variant="h2"
            actions={
              <Permitted
                asks={may("codecommit", "CreateBranch", { repositoryName: name, branchName: "any", commitId: "0".repeat(40) })}
                disabled={!found.data?.length}
                onClick={() => setMaking(true)}
              >
                Create branch
              </Permitted>
            }
          >
            Branches
          </Header>
        }
        columnDefinitions={[
          {
            id: "name",
            header: "Branch",
            isRowHeader: true,
            cell: (each) => (
              <SpaceBetween direction="horizontal" size="xs">
                <RouterLink to={`${root}/tree/${encodeURIComponent(each)}`}>{each}</RouterLink>
                {each === repository.defaultBranch && <Badge>default</Badge>}
              </SpaceBetween>
            ),
          },
          {
            id: "history",
            header: "Commits",
            cell: (each) => <RouterLink to={`${root}/history/${encodeURIComponent(each)}`}>Commits</RouterLink>,
          },
          {
            id: "act",
            header: "Actions",
            cell: (each) => (
              <SpaceBetween direction="horizontal" size="xs">
                <Permitted
                  variant="inline-link"
                  asks={may("codecommit", "UpdateDefaultBranch", { repositoryName: name, defaultBranchName: each })}
                  disabled={each === repository.defaultBranch}
                  onClick={() => standard.mutate({ repositoryName: name, defaultBranchName: each })}
                  ariaLabel={`Make ${each} the default branch`}
                >
                  Make default
                </Permitted>
                <Permitted
                  variant="inline-link"
                  asks={may("codecommit", "DeleteBranch", { repositoryName: name, branchName: each })}
                  disabled={each === repository.defaultBranch}
                  disabledReason="The default branch stays."
                  onClick={() => setDeleting(each)}
                  ariaLabel={`Delete ${each}`}
                >
                  Delete
                </Permitted>
              </SpaceBetween>
            ),
          },
        ]}
      />
      {making && <Create repository={name} from={repository.defaultBranch ?? ""} onDone={() => setMaking(false)} />}
      {deleting && (
        <Confirm
          title={`Delete ${deleting}?`}
          verb="Delete"
          onConfirm={() => drop.mutateAsync({ repositoryName: name, branchName: deleting })}
          onDone={() => setDeleting("")}
        >
          Commits that no other branch has cannot be found by name any more.
        </Confirm>
      )}
    </>
  );
}

function Create({ repository, from, onDone }: { repository: string; from: string; onDone: () => void }) {
  const [name, setName] = useState("");
  const [base, setBase] = useState(from);
  const create = useAction("codecommit", "CreateBranch");
  return (
    <Confirm
      title="Create branch"
      verb="Create"
      disabled={!name || !base}
      onConfirm={async () => {
        const { branch } = await call("codecommit", "GetBranch", { repositoryName: repository, branchName: base });
        await create.mutateAsync({ repositoryName: repository, branchName: name, commitId: branch?.commitId ?? "" });
      }}
      onDone={onDone}
    >
      <FormField label="Name">
        <Input value={name} onChange={(event) => setName(event.detail.value)} autoFocus />
      </FormField>
      <FormField label="From">
        <RefSelect repository={repository} value={base} label="From" onChange={setBase} />
      </FormField>
    </Confirm>
  );
}
