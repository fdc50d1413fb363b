/** All build projects, with how their latest builds went. */

import { useCollection } from "@cloudscape-design/collection-hooks";
import Box from "@cloudscape-design/components/box";
import Header from "@cloudscape-design/components/header";
import Pagination from "@cloudscape-design/components/pagination";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import TextFilter from "@cloudscape-design/components/text-filter";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";

import { type ApiError, call } from "../api/client";
import { may } from "../api/may";
import type { Project } from "../api/models/codebuild";
import { useListing } from "../api/queries";
import { Failure } from "../parts/Failure";
import { Permitted } from "../parts/Permitted";
import { RouterLink } from "../parts/RouterLink";
import { Status } from "../parts/Status";
import { When } from "../parts/When";
import { Shell } from "../shell/Shell";
import { useTitle } from "../shell/title";
import { ProjectDialog } from "./project/ProjectDialog";

const MOST = 100;

export default function Projects() {
  useTitle("Build projects");
  const navigate = useNavigate();
  const [making, setMaking] = useState(false);
  const names = useListing("codebuild", "ListProjects", {}, (page) => [page.projects, page.nextToken]);
  const projects = useQuery<Project[], ApiError>({
    queryKey: ["codebuild", "BatchGetProjects", names.data],
    queryFn: async ({ signal }) => {
      const found: Project[] = [];
      for (let at = 0; at < (names.data ?? []).length; at += MOST) {
        const page = await call("codebuild", "BatchGetProjects", { names: (names.data ?? []).slice(at, at + MOST) }, signal);
        found.push(...(page.projects ?? []));
      }
      return found;
    },
    enabled: (names.data?.length ?? 0) > 0,
  });
  const { items, collectionProps, filterProps, paginationProps } = useCollection(projects.data ?? [], {
    filtering: { noMatch: "No project has this in its name." },
    pagination: { pageSize: 25 },
    sorting: { defaultState: { sortingColumn: { sortingField: "name" } } },
  });
  return (
    <Shell crumbs={[{ text: "Build projects", href: "/projects" }]} contentType="table">
      <Failure error={names.error ?? projects.error} what="the projects" again={names.refetch} />
      <Table
        {...collectionProps}
        variant="full-page"
        header={
          <Header
            variant="awsui-h1-sticky"
            counter={`(${names.data?.length ?? 0})`}
            actions={
              <Permitted
                variant="primary"
                asks={may("codebuild", "CreateProject", ANY as never)}
                onClick={() => setMaking(true)}
              >
                Create project
              </Permitted>
            }
          >
            Build projects
          </Header>
        }
        items={items}
        loading={names.isLoading || projects.isLoading}
        loadingText="Reading the projects"
        empty={
          <Box textAlign="center">
            <SpaceBetween size="s">
              <Box>No projects yet. A project says how a source is built: with which buildspec, image and role.</Box>
            </SpaceBetween>
          </Box>
        }
        filter={<TextFilter {...filterProps} filteringPlaceholder="Find a project" filteringAriaLabel="Find a project" />}
        pagination={<Pagination {...paginationProps} />}
        columnDefinitions={[
          {
            id: "name",
            header: "Name",
            sortingField: "name",
            isRowHeader: true,
            cell: (each) => <RouterLink to={`/projects/${encodeURIComponent(each.name ?? "")}`}>{each.name}</RouterLink>,
          },
          { id: "status", header: "Latest build", cell: (each) => <Latest project={each.name ?? ""} /> },
          { id: "source", header: "Source", cell: (each) => [each.source?.type, each.source?.location].filter(Boolean).join(" ") },
          { id: "image", header: "Image", cell: (each) => each.environment?.image },
          { id: "changed", header: "Changed", sortingField: "lastModified", cell: (each) => <When at={each.lastModified} /> },
        ]}
      />
      {making && (
        <ProjectDialog
          onDone={(name) => {
            setMaking(false);
            if (name) navigate(`/projects/${encodeURIComponent(name)}`);
          }}
        />
      )}
    </Shell>
  );
}

const ANY = {
  name: "any",
  source: { type: "NO_SOURCE", buildspec: "version: 0.2" },
  artifacts: { type: "NO_ARTIFACTS" },
  environment: { type: "LINUX_CONTAINER", image: "aws/codebuild/standard:7.0", computeType: "BUILD_GENERAL1_SMALL" },
  serviceRole: "arn:aws:iam::000000000000:role/any",
};

function Latest({ project }: { project: string }) {
  const found = useQuery({
    queryKey: ["codebuild", "latest", project],
    queryFn: async ({ signal }) => {
      const ids = (await call("codebuild", "ListBuildsForProject", { projectName: project }, signal)).ids ?? [];
      if (ids.length === 0) return null;
      return (await call("codebuild", "BatchGetBuilds", { ids: [ids[0]] }, signal)).builds?.[0] ?? null;
    },
    refetchInterval: 5_000,
  });
  if (found.isLoading) return <>…</>;
  if (!found.data) return <Status status={undefined} />;
  return (
    <RouterLink to={`/builds/${encodeURIComponent(found.data.id ?? "")}`}>
      <Status status={found.data.buildStatus} />
    </RouterLink>
  );
}
