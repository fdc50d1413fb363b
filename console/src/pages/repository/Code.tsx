/** A folder or a file at a branch or commit. */

import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Icon from "@cloudscape-design/components/icon";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import Table from "@cloudscape-design/components/table";
import { useNavigate, useParams } from "react-router";

import { useCall } from "../../api/queries";
import { Failure } from "../../parts/Failure";
import { PathTrail } from "../../parts/PathTrail";
import { RouterLink } from "../../parts/RouterLink";
import { RefSelect } from "./RefSelect";
import { SourceText } from "./SourceText";
import { decoded } from "./content";

interface Row {
  name: string;
  path: string;
  kind: "folder" | "file" | "link" | "module";
}

export function Code({ repository, file = false }: { repository: string; file?: boolean }) {
  const { ref = "", "*": path = "" } = useParams();
  const navigate = useNavigate();
  const root = `/repositories/${encodeURIComponent(repository)}`;
  const at = (kind: "tree" | "blob", wanted: string, where = ref) =>
    `${root}/${kind}/${encodeURIComponent(where)}/${wanted.split("/").map(encodeURIComponent).join("/")}`;
  const steps = path ? path.split("/") : [];
  return (
    <SpaceBetween size="m">
      <div className="code-place">
        <RefSelect
          repository={repository}
          value={ref}
          label="Branch or commit"
          onChange={(chosen) => navigate(at(file ? "blob" : "tree", path, chosen))}
        />
        <PathTrail
          label="Path in the repository"
          steps={[
            { text: repository, to: at("tree", "") },
            ...steps.map((text, index) => ({ text, to: at("tree", steps.slice(0, index + 1).join("/")) })),
          ]}
        />
      </div>
      {file ? (
        <OneFile repository={repository} commit={ref} path={path} />
      ) : (
        <OneFolder repository={repository} commit={ref} path={path} at={at} />
      )}
    </SpaceBetween>
  );
}

interface FolderProps {
  repository: string;
  commit: string;
  path: string;
  at: (kind: "tree" | "blob", path: string) => string;
}

function OneFolder({ repository, commit, path, at }: FolderProps) {
  const found = useCall("codecommit", "GetFolder", {
    repositoryName: repository,
    commitSpecifier: commit,
    folderPath: path ? `/${path}` : "/",
  });
  const below = (each: { relativePath?: string; absolutePath?: string }, kind: Row["kind"]): Row => ({
    name: each.relativePath ?? "",
    path: each.absolutePath ?? "",
    kind,
  });
  const rows = [
    ...(found.data?.subFolders ?? []).map((each) => below(each, "folder")),
    ...(found.data?.files ?? []).map((each) => below(each, "file")),
    ...(found.data?.symbolicLinks ?? []).map((each) => below(each, "link")),
    ...(found.data?.subModules ?? []).map((each) => below(each, "module")),
  ];
  const readme = rows.find((each) => each.kind === "file" && /^readme(\.\w+)?$/i.test(each.name));
  return (
    <SpaceBetween size="m">
      <Failure error={found.error} what="this folder" again={found.refetch} />
      <Table<Row>
        items={rows}
        loading={found.isLoading}
        loadingText="Reading the folder"
        empty={<Box textAlign="center">Nothing is in this folder.</Box>}
        columnDefinitions={[
          {
            id: "name",
            header: "Name",
            isRowHeader: true,
            cell: (each) => (
              <SpaceBetween direction="horizontal" size="xs">
                <Icon name={each.kind === "folder" ? "folder" : each.kind === "module" ? "share" : "file"} />
                {each.kind === "module" ? (
                  each.name
                ) : (
                  <RouterLink to={at(each.kind === "folder" ? "tree" : "blob", each.path)}>{each.name}</RouterLink>
                )}
              </SpaceBetween>
            ),
          },
          { id: "kind", header: "Kind", cell: (each) => each.kind },
        ]}
      />
      {readme && <OneFile repository={repository} commit={commit} path={readme.path} />}
    </SpaceBetween>
  );
}

function OneFile({ repository, commit, path }: { repository: string; commit: string; path: string }) {
  const found = useCall("codecommit", "GetFile", { repositoryName: repository, commitSpecifier: commit, filePath: path });
  if (found.isLoading) return <Spinner size="large" />;
  if (!found.data) return <Failure error={found.error} what="this file" again={found.refetch} />;
  const content = decoded(found.data.fileContent);
  return (
    <Container
      disableContentPaddings
      header={
        <Header variant="h2" description={`${content.bytes.toLocaleString()} bytes`}>
          {path.split("/").at(-1)}
        </Header>
      }
    >
      {content.text === undefined ? (
        <Box padding="l">This file is no text, or too large to be shown. Clone the repository to see it.</Box>
      ) : (
        <SourceText text={content.text} label={path} />
      )}
    </Container>
  );
}
