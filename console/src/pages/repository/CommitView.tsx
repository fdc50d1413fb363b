/** One commit: what was said, and what it changed. */

import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import { useParams } from "react-router";

import { useCall } from "../../api/queries";
import { Failure } from "../../parts/Failure";
import { RouterLink } from "../../parts/RouterLink";
import { When } from "../../parts/When";
import { Differences } from "./Differences";
import { madeAt, said } from "./content";

export function CommitView({ repository }: { repository: string }) {
  const { id = "" } = useParams();
  const root = `/repositories/${encodeURIComponent(repository)}`;
  const found = useCall("codecommit", "GetCommit", { repositoryName: repository, commitId: id });
  const commit = found.data?.commit;
  if (found.isLoading) return <Spinner size="large" />;
  if (!commit) return <Failure error={found.error} what="this commit" again={found.refetch} />;
  const [first, rest] = said(commit.message);
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">{first}</Header>}>
        <SpaceBetween size="m">
          {rest && <Box variant="pre">{rest}</Box>}
          <KeyValuePairs
            columns={4}
            items={[
              { label: "Commit", value: <RouterLink to={`${root}/tree/${id}`}>{id}</RouterLink> },
              { label: "Author", value: `${commit.author?.name} <${commit.author?.email}>` },
              { label: "Made", value: <When at={madeAt(commit.author?.date)} /> },
              {
                label: "Parents",
                value: (commit.parents ?? []).length
                  ? commit.parents?.map((each) => (
                      <div key={each}>
                        <RouterLink to={`${root}/commits/${each}`}>{each.slice(0, 8)}</RouterLink>
                      </div>
                    ))
                  : "None: the first commit",
              },
            ]}
          />
        </SpaceBetween>
      </Container>
      <Differences repository={repository} before={commit.parents?.[0]} after={id} />
    </SpaceBetween>
  );
}
