/** One build: its log while it runs, its phases with where the time went, what it was given. */

import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import ContentLayout from "@cloudscape-design/components/content-layout";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import Table from "@cloudscape-design/components/table";
import Tabs from "@cloudscape-design/components/tabs";
import { useNavigate, useParams, useSearchParams } from "react-router";

import { may } from "../api/may";
import type { Build as Shape } from "../api/models/codebuild";
import { useAction, useCall } from "../api/queries";
import { Failure } from "../parts/Failure";
import { Permitted } from "../parts/Permitted";
import { RouterLink } from "../parts/RouterLink";
import { Status, statusMark } from "../parts/Status";
import { Took, When } from "../parts/When";
import { LogViewer } from "../parts/logviewer/LogViewer";
import { Shell } from "../shell/Shell";
import { useNotices } from "../shell/notices";
import { useTitle } from "../shell/title";
import { Phases } from "./build/Phases";

export default function Build() {
  const { id = "" } = useParams();
  const [query, setQuery] = useSearchParams();
  const found = useCall("codebuild", "BatchGetBuilds", { ids: [id] }, { every: 1_000 });
  const build = found.data?.builds?.[0];
  const ended = build?.buildComplete === true;
  const project = build?.projectName ?? id.split(":")[0];
  useTitle(`Build ${build?.buildNumber ?? ""} of ${project}`, statusMark(build?.buildStatus));
  return (
    <Shell
      crumbs={[
        { text: "Build projects", href: "/projects" },
        { text: project, href: `/projects/${encodeURIComponent(project)}` },
        { text: id.split(":")[1] ?? id, href: `/builds/${encodeURIComponent(id)}` },
      ]}
    >
      <Failure error={found.error} what="this build" again={found.refetch} />
      {found.isLoading && <Spinner size="large" />}
      {found.data && !build && <Box textAlign="center">There is no build {id}: it was deleted, or never was.</Box>}
      {build && (
        <ContentLayout header={<Top id={id} build={build} ended={ended} />}>
          <SpaceBetween size="l">
            <Summary build={build} />
            <Tabs
              ariaLabel="Parts of the build"
              activeTabId={query.get("tab") ?? "log"}
              onChange={(event) => setQuery({ tab: event.detail.activeTabId }, { replace: true })}
              tabs={[
                { id: "log", label: "Log", content: <Log build={build} ended={ended} /> },
                { id: "phases", label: "Phases", content: <Phases phases={build.phases ?? []} /> },
                { id: "environment", label: "Environment", content: <Environment build={build} /> },
              ]}
            />
          </SpaceBetween>
        </ContentLayout>
      )}
    </Shell>
  );
}

function Top({ id, build, ended }: { id: string; build: Shape; ended: boolean }) {
  const navigate = useNavigate();
  const { failed } = useNotices();
  const stop = useAction("codebuild", "StopBuild");
  const retry = useAction("codebuild", "RetryBuild");
  return (
    <Header
      variant="h1"
      description={<Status status={build.buildStatus} detail={ended ? undefined : build.currentPhase} />}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Permitted
            asks={may("codebuild", "StopBuild", { id })}
            disabled={ended}
            disabledReason="It has ended."
            loading={stop.isPending}
            onClick={() => stop.mutate({ id }, { onError: (error) => failed(error, "Not stopped") })}
          >
            Stop build
          </Permitted>
          <Permitted
            asks={may("codebuild", "RetryBuild", { id })}
            disabled={!ended}
            disabledReason="It has not ended yet."
            loading={retry.isPending}
            onClick={() =>
              retry.mutate(
                { id },
                {
                  onSuccess: (made) => navigate(`/builds/${encodeURIComponent(made.build?.id ?? "")}`),
                  onError: (error) => failed(error, "Not retried"),
                },
              )
            }
          >
            Retry build
          </Permitted>
        </SpaceBetween>
      }
    >
      {build.projectName} #{build.buildNumber}
    </Header>
  );
}

function Summary({ build }: { build: Shape }) {
  return (
    <Container>
      <KeyValuePairs
        columns={4}
        items={[
          { label: "Started", value: <When at={build.startTime} /> },
          { label: "Duration", value: <Took from={build.startTime} to={build.endTime} /> },
          { label: "Initiator", value: <Initiator name={build.initiator} /> },
          { label: "Source version", value: build.resolvedSourceVersion ?? build.sourceVersion ?? "–" },
        ]}
      />
    </Container>
  );
}

function Initiator({ name = "–" }: { name?: string }) {
  const pipeline = name.startsWith("codepipeline/") ? name.slice("codepipeline/".length) : "";
  return pipeline ? <RouterLink to={`/pipelines/${encodeURIComponent(pipeline)}`}>{name}</RouterLink> : <>{name}</>;
}

function Log({ build, ended }: { build: Shape; ended: boolean }) {
  const { groupName, streamName } = build.logs ?? {};
  if (!groupName || !streamName) return <Box textAlign="center">This build writes no log, or none yet.</Box>;
  return <LogViewer group={groupName} stream={streamName} live={!ended} />;
}

function Environment({ build }: { build: Shape }) {
  const environment = build.environment;
  return (
    <SpaceBetween size="l">
      <KeyValuePairs
        columns={3}
        items={[
          { label: "Image", value: environment?.image ?? "–" },
          { label: "Compute", value: environment?.computeType ?? "–" },
          { label: "Role", value: build.serviceRole ?? "–" },
          { label: "Source", value: [build.source?.type, build.source?.location].filter(Boolean).join(" ") || "–" },
          { label: "Artifacts", value: build.artifacts?.location ?? "–" },
          { label: "Timeout", value: build.timeoutInMinutes ? `${build.timeoutInMinutes} min` : "–" },
        ]}
      />
      <Table
        variant="embedded"
        header={<Header variant="h2">Environment variables</Header>}
        items={environment?.environmentVariables ?? []}
        empty={<Box textAlign="center">None were given.</Box>}
        columnDefinitions={[
          { id: "name", header: "Name", isRowHeader: true, cell: (each) => each.name },
          { id: "value", header: "Value", cell: (each) => each.value },
          { id: "type", header: "Type", cell: (each) => each.type ?? "PLAINTEXT" },
        ]}
      />
      <Table
        variant="embedded"
        header={<Header variant="h2">Exported variables</Header>}
        items={build.exportedEnvironmentVariables ?? []}
        empty={<Box textAlign="center">The build exported none.</Box>}
        columnDefinitions={[
          { id: "name", header: "Name", isRowHeader: true, cell: (each) => each.name },
          { id: "value", header: "Value", cell: (each) => each.value },
        ]}
      />
    </SpaceBetween>
  );
}
