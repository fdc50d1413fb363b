/** The commits of a branch, the latest first, along the first parents. */

import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";

import { type ApiError, call } from "../../api/client";
import type { Commit } from "../../api/models/codecommit";
import { Failure } from "../../parts/Failure";
import { RouterLink } from "../../parts/RouterLink";
import { When } from "../../parts/When";
import { RefSelect } from "./RefSelect";
import { madeAt, said } from "./content";

const PORTION = 30;

export function History({ repository }: { repository: string }) {
  const { ref = "" } = useParams();
  const navigate = useNavigate();
  const root = `/repositories/${encodeURIComponent(repository)}`;
  const [shown, setShown] = useState(PORTION);
  const found = useQuery<Commit[], ApiError>({
    queryKey: ["codecommit", "history", repository, ref, shown],
    queryFn: ({ signal }) => walked(repository, ref, shown, signal),
    placeholderData: (before) => before,
  });
  const commits = found.data ?? [];
  const more = commits.length >= shown && (commits.at(-1)?.parents?.length ?? 0) > 0;
  return (
    <SpaceBetween size="m">
      <RefSelect
        repository={repository}
        value={ref}
        label="Branch"
        onChange={(chosen) => navigate(`${root}/history/${encodeURIComponent(chosen)}`)}
      />
      <Failure error={found.error} what="the commits" again={found.refetch} />
      <Table<Commit>
        items={commits}
        loading={found.isLoading}
        loadingText="Reading the commits"
        empty={<Box textAlign="center">There are no commits.</Box>}
        footer={
          more ? (
            <Box textAlign="center">
              <Button loading={found.isFetching} onClick={() => setShown(shown + PORTION)}>
                More
              </Button>
            </Box>
          ) : undefined
        }
        columnDefinitions={[
          {
            id: "id",
            header: "Commit",
            isRowHeader: true,
            cell: (each) => <RouterLink to={`${root}/commits/${each.commitId}`}>{each.commitId?.slice(0, 8)}</RouterLink>,
          },
          { id: "message", header: "Message", cell: (each) => said(each.message)[0] },
          { id: "author", header: "Author", cell: (each) => each.author?.name },
          { id: "made", header: "Made", cell: (each) => <When at={madeAt(each.author?.date)} /> },
          {
            id: "code",
            header: "Code",
            cell: (each) => <RouterLink to={`${root}/tree/${each.commitId}`}>Browse</RouterLink>,
          },
        ]}
      />
    </SpaceBetween>
  );
}

async function walked(repository: string, ref: string, most: number, signal: AbortSignal): Promise<Commit[]> {
  const found: Commit[] = [];
  let next: string | undefined = /^[0-9a-f]{40}$/.test(ref)
    ? ref
    : (await call("codecommit", "GetBranch", { repositoryName: repository, branchName: ref }, signal)).branch?.commitId;
  while (next && found.length < most) {
    const { commit } = await call("codecommit", "GetCommit", { repositoryName: repository, commitId: next }, signal);
    found.push(commit);
    next = commit.parents?.[0];
  }
  return found;
}
