/** One build project: its builds, how it builds, and starting one. */

import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import ContentLayout from "@cloudscape-design/components/content-layout";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate, useParams } from "react-router";

import { type ApiError, call } from "../api/client";
import { may } from "../api/may";
import type { Build } from "../api/models/codebuild";
import { useAction, useCall } from "../api/queries";
import { Confirm } from "../parts/Confirm";
import { Failure } from "../parts/Failure";
import { Permitted } from "../parts/Permitted";
import { RouterLink } from "../parts/RouterLink";
import { Status, statusMark } from "../parts/Status";
import { Took, When } from "../parts/When";
import { Shell } from "../shell/Shell";
import { useNotices } from "../shell/notices";
import { useTitle } from "../shell/title";
import { ProjectDialog } from "./project/ProjectDialog";

export default function Project() {
  const { name = "" } = useParams();
  const navigate = useNavigate();
  const { failed } = useNotices();
  const [dialog, setDialog] = useState<"" | "delete" | "change">("");
  const found = useCall("codebuild", "BatchGetProjects", { names: [name] });
  const start = useAction("codebuild", "StartBuild");
  const drop = useAction("codebuild", "DeleteProject");
  const [shown, setShown] = useState(20);
  const builds = useBuilds(name, shown);
  const project = found.data?.projects?.[0];
  useTitle(name, statusMark(builds.data?.[0]?.buildStatus));
  return (
    <Shell
      crumbs={[
        { text: "Build projects", href: "/projects" },
        { text: name, href: `/projects/${encodeURIComponent(name)}` },
      ]}
    >
      <Failure error={found.error} what="this project" again={found.refetch} />
      {found.data && !project && <Box textAlign="center">There is no project {name}.</Box>}
      {project && (
        <ContentLayout
          header={
            <Header
              variant="h1"
              description={project.description}
              actions={
                <SpaceBetween direction="horizontal" size="xs">
                  <Permitted asks={may("codebuild", "DeleteProject", { name })} onClick={() => setDialog("delete")}>
                    Delete
                  </Permitted>
                  <Permitted asks={may("codebuild", "UpdateProject", { name })} onClick={() => setDialog("change")}>
                    Edit
                  </Permitted>
                  <Permitted
                    variant="primary"
                    asks={may("codebuild", "StartBuild", { projectName: name })}
                    disabled={project.source?.type === "CODEPIPELINE"}
                    disabledReason="It builds what a pipeline hands it: release a change there."
                    loading={start.isPending}
                    onClick={() =>
                      start.mutate(
                        { projectName: name },
                        {
                          onSuccess: (made) => navigate(`/builds/${encodeURIComponent(made.build?.id ?? "")}`),
                          onError: (error) => failed(error, "Not started"),
                        },
                      )
                    }
                  >
                    Start build
                  </Permitted>
                </SpaceBetween>
              }
            >
              {name}
            </Header>
          }
        >
          <SpaceBetween size="l">
            <Container>
              <KeyValuePairs
                columns={4}
                items={[
                  { label: "Source", value: [project.source?.type, project.source?.location].filter(Boolean).join(" ") },
                  { label: "Image", value: project.environment?.image ?? "–" },
                  { label: "Role", value: project.serviceRole ?? "–" },
                  { label: "Timeout", value: `${project.timeoutInMinutes ?? 60} min` },
                ]}
              />
            </Container>
            <Table<Build>
              header={<Header variant="h2">Builds</Header>}
              items={builds.data ?? []}
              loading={builds.isLoading}
              loadingText="Reading the builds"
              empty={<Box textAlign="center">It has built nothing yet.</Box>}
              footer={
                (builds.data?.length ?? 0) >= shown ? (
                  <Box textAlign="center">
                    <Button onClick={() => setShown(shown + 50)}>More</Button>
                  </Box>
                ) : undefined
              }
              columnDefinitions={[
                {
                  id: "number",
                  header: "Build",
                  isRowHeader: true,
                  cell: (each) => (
                    <RouterLink to={`/builds/${encodeURIComponent(each.id ?? "")}`}>#{each.buildNumber}</RouterLink>
                  ),
                },
                { id: "status", header: "Status", cell: (each) => <Status status={each.buildStatus} /> },
                { id: "version", header: "Source version", cell: (each) => each.resolvedSourceVersion ?? each.sourceVersion ?? "–" },
                { id: "by", header: "Initiator", cell: (each) => each.initiator },
                { id: "took", header: "Duration", cell: (each) => <Took from={each.startTime} to={each.endTime} /> },
                { id: "started", header: "Started", cell: (each) => <When at={each.startTime} /> },
              ]}
            />
          </SpaceBetween>
        </ContentLayout>
      )}
      {dialog === "delete" && (
        <Confirm
          title={`Delete ${name}?`}
          verb="Delete"
          typed="delete"
          onConfirm={() => drop.mutateAsync({ name }).then(() => navigate("/projects"))}
          onDone={() => setDialog("")}
        >
          Its builds are deleted with it. Pipelines that use it fail from then on.
        </Confirm>
      )}
      {dialog === "change" && project && <ProjectDialog project={project} onDone={() => setDialog("")} />}
    </Shell>
  );
}

function useBuilds(project: string, shown: number) {
  return useQuery<Build[], ApiError>({
    queryKey: ["codebuild", "builds", project, shown],
    queryFn: async ({ signal }) => {
      const ids: string[] = [];
      let next: string | undefined;
      do {
        const page = await call("codebuild", "ListBuildsForProject", { projectName: project, nextToken: next }, signal);
        ids.push(...(page.ids ?? []));
        next = page.nextToken;
      } while (next && ids.length < shown);
      const wanted = ids.slice(0, shown);
      const found: Build[] = [];
      for (let at = 0; at < wanted.length; at += 100) {
        found.push(...((await call("codebuild", "BatchGetBuilds", { ids: wanted.slice(at, at + 100) }, signal)).builds ?? []));
      }
      return found.sort((one, other) => (other.buildNumber ?? 0) - (one.buildNumber ?? 0));
    },
    refetchInterval: 3_000,
  });
}
