/** All versions of a pipeline: what each changed, who saved it, and the way back to it. */

import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Pagination from "@cloudscape-design/components/pagination";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import Table from "@cloudscape-design/components/table";
import { useState } from "react";
import { useNavigate, useParams, useSearchParams } from "react-router";

import { useLive } from "../api/live";
import { may } from "../api/may";
import type { PipelineDeclaration } from "../api/models/codepipeline";
import { useCall } from "../api/queries";
import { Failure } from "../parts/Failure";
import { Permitted } from "../parts/Permitted";
import { RouterLink } from "../parts/RouterLink";
import { When } from "../parts/When";
import { Difference } from "../parts/structure/Difference";
import { changes } from "../parts/structure/changes";
import { Shell } from "../shell/Shell";
import { useTitle } from "../shell/title";
import { Restore } from "./pipelineversions/Restore";
import { type Save, useSaves } from "./pipelineversions/saves";
import { useVersions } from "./pipelineversions/versions";

const PAGE = 15;

export default function PipelineVersions() {
  const { name = "" } = useParams();
  useTitle(`Versions of ${name}`);
  useLive(name);
  const found = useCall("codepipeline", "GetPipeline", { name });
  const place = `/pipelines/${encodeURIComponent(name)}`;
  const { pipeline, metadata } = found.data ?? {};
  return (
    <Shell
      crumbs={[
        { text: "Pipelines", href: "/pipelines" },
        { text: name, href: place },
        { text: "Versions", href: `${place}/versions` },
      ]}
    >
      <Failure error={found.error} what={`the pipeline ${name}`} again={found.refetch} />
      {found.isLoading && <Spinner />}
      {pipeline && !found.error && (
        <Versions
          current={pipeline}
          arn={metadata?.pipelineArn ?? ""}
          created={metadata?.created ?? 0}
          updated={metadata?.updated ?? 0}
        />
      )}
    </Shell>
  );
}

interface Props {
  current: PipelineDeclaration;
  arn: string;
  created: number;
  updated: number;
}

function Versions({ current, arn, created, updated }: Props) {
  const [query] = useSearchParams();
  const [page, setPage] = useState(1);
  const [restoring, setRestoring] = useState<PipelineDeclaration>();
  const newest = current.version ?? 1;
  const asked = Number(query.get("version"));
  const chosen = Number.isInteger(asked) && asked >= 1 && asked <= newest ? asked : newest;
  const top = newest - (page - 1) * PAGE;
  const rows = Array.from({ length: Math.max(0, Math.min(PAGE, top)) }, (_, index) => top - index);
  const wanted = [...new Set([...rows, ...rows.map((each) => each - 1), chosen, chosen - 1])].filter((each) => each >= 1);
  const { known, error } = useVersions(current.name, created, wanted);
  const saves = useSaves({ arn, created, updated });
  return (
    <SpaceBetween size="l">
      <Failure error={error} what="all of the versions" />
      <Table<number>
        header={
          <Header
            variant="h1"
            counter={`(${newest})`}
            description={saves.error?.denied ? "Who saved them is in the audit trail, which you may not see." : undefined}
          >
            Versions of {current.name}
          </Header>
        }
        items={rows}
        trackBy={String}
        selectedItems={[chosen]}
        wrapLines
        pagination={
          newest > PAGE ? (
            <Pagination
              currentPageIndex={page}
              pagesCount={Math.ceil(newest / PAGE)}
              onChange={({ detail }) => setPage(detail.currentPageIndex)}
            />
          ) : undefined
        }
        columnDefinitions={[
          { id: "version", header: "Version", cell: (each) => <VersionLink version={each} chosen={chosen} newest={newest} />, width: 100 },
          { id: "changes", header: "Changes", cell: (each) => <Changes version={each} known={known} />, minWidth: 220 },
          { id: "when", header: "Saved", cell: (each) => <When at={timeOf(each, newest, saves.data, created, updated)} />, width: 150 },
          { id: "who", header: "By", cell: (each) => saves.data?.get(each)?.who ?? "–", width: 150 },
          {
            id: "restore",
            header: "Restore",
            width: 150,
            cell: (each) => {
              const old = known.get(each);
              return each === newest ? (
                "current"
              ) : (
                <Permitted
                  asks={may("codepipeline", "UpdatePipeline", { pipeline: old ?? current })}
                  disabled={!old}
                  ariaLabel={`Restore version ${each}`}
                  wrapText={false}
                  onClick={() => setRestoring(old)}
                >
                  Restore
                </Permitted>
              );
            },
          },
        ]}
      />
      <Compared chosen={chosen} newest={newest} known={known} current={current} />
      {restoring && <Restore current={current} old={restoring} onDone={() => setRestoring(undefined)} />}
    </SpaceBetween>
  );
}

function VersionLink({ version, chosen, newest }: { version: number; chosen: number; newest: number }) {
  const [query] = useSearchParams();
  const next = new URLSearchParams(query);
  next.set("version", String(version));
  return (
    <Box fontWeight={version === chosen ? "bold" : "normal"}>
      <RouterLink to={`?${next}`} ariaLabel={`Version ${version}${version === newest ? ", the current one" : ""}`}>
        {version}
      </RouterLink>
    </Box>
  );
}

/** The audit trail's time; of the first and the last version the pipeline itself knows it. */
function timeOf(version: number, newest: number, saves: Map<number, Save> | undefined, created: number, updated: number) {
  return saves?.get(version)?.at ?? (version === 1 ? created : version === newest ? updated : undefined);
}

function Changes({ version, known }: { version: number; known: Map<number, PipelineDeclaration> }) {
  const [before, after] = [known.get(version - 1), known.get(version)];
  if (version === 1) return <>The pipeline is created.</>;
  if (!before || !after) return <Spinner />;
  const found = changes(before, after);
  const more = found.length > 2 ? ` And ${found.length - 2} more.` : "";
  return <>{found.length === 0 ? "Nothing changed." : `${found.slice(0, 2).map((each) => each.text).join(" ")}${more}`}</>;
}

interface ComparedProps {
  chosen: number;
  newest: number;
  known: Map<number, PipelineDeclaration>;
  current: PipelineDeclaration;
}

function Compared({ chosen, newest, known, current }: ComparedProps) {
  const [query] = useSearchParams();
  const navigate = useNavigate();
  const against = chosen === newest ? "previous" : chosen === 1 || query.get("against") === "current" ? "current" : "previous";
  const one = against === "previous" ? known.get(chosen - 1) : known.get(chosen);
  const two = against === "previous" ? known.get(chosen) : current;
  const choose = (id: string) => {
    const next = new URLSearchParams(query);
    next.set("version", String(chosen));
    next.set("against", id);
    navigate(`?${next}`, { replace: true });
  };
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            newest > 1 && (
            <SegmentedControl
              label="Compare with"
              selectedId={against}
              options={[
                { id: "previous", text: "With the previous one", disabled: chosen === 1 },
                { id: "current", text: "With the current one", disabled: chosen === newest },
              ]}
              onChange={({ detail }) => choose(detail.selectedId)}
            />
            )
          }
        >
          {against === "previous" ? `What version ${chosen} changed` : `From version ${chosen} to the current one`}
        </Header>
      }
    >
      {newest === 1 ? (
        <Box color="text-body-secondary">
          There is one version so far. Each time the pipeline is <RouterLink to={`/pipelines/${encodeURIComponent(current.name)}/edit`}>edited</RouterLink> and
          saved, another one is kept here.
        </Box>
      ) : one && two ? (
        <Difference before={one} after={two} names={[`version ${one.version}`, `version ${two.version}`]} />
      ) : (
        <Spinner />
      )}
    </Container>
  );
}
