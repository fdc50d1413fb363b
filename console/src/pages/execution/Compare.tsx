/** Two executions of a pipeline beside each other: what differs between them. */

import Badge from "@cloudscape-design/components/badge";
import Box from "@cloudscape-design/components/box";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Table from "@cloudscape-design/components/table";
import Toggle from "@cloudscape-design/components/toggle";

import { useCall } from "../../api/queries";
import { Failure } from "../../parts/Failure";
import { RouterLink } from "../../parts/RouterLink";
import { Status, statusWord } from "../../parts/Status";
import { duration, exactly, useNow } from "../../parts/When";
import { useAddress } from "../../parts/address";
import { type Pace, type Place, type Row, artifacts, beside, differs, flat, paces, revisions, variables } from "./compare";
import { type Known, useExecution } from "./reading";
import { short, triggerWords } from "./words";

export function Compare({ known }: { known: Known }) {
  const [query, change] = useAddress();
  const id = query.get("compare") ?? "";
  const other = useExecution(known.name, id, Boolean(id) && id !== known.id);
  const all = query.get("all") === "1";
  return (
    <SpaceBetween size="l">
      <SpaceBetween size="s">
        <Other known={known} id={id} onChoose={(chosen) => change({ compare: chosen })} />
        <Toggle checked={all} onChange={(event) => change({ all: event.detail.checked ? "1" : undefined }, true)}>
          Show also what is the same
        </Toggle>
      </SpaceBetween>
      <Failure error={other.error} what="the other execution" again={other.again} />
      {!id && <Box color="text-body-secondary">Choose an execution to compare this one with.</Box>}
      {other.pending && id && id !== known.id && <StatusIndicator type="loading">Reading the other execution</StatusIndicator>}
      {other.known && <Differences one={known} other={other.known} all={all} />}
    </SpaceBetween>
  );
}

function Other({ known, id, onChoose }: { known: Known; id: string; onChoose: (id: string) => void }) {
  const found = useCall("codepipeline", "ListPipelineExecutions", { pipelineName: known.name, maxResults: 100 });
  const options = (found.data?.pipelineExecutionSummaries ?? [])
    .filter((each) => each.pipelineExecutionId !== known.id)
    .map((each) => ({
      value: each.pipelineExecutionId,
      label: short(each.pipelineExecutionId),
      description: `${statusWord(each.status)}, ${each.startTime ? exactly(each.startTime) : ""}`,
      filteringTags: [each.pipelineExecutionId ?? ""],
    }));
  return (
    <FormField label="Compare with" errorText={found.error?.message}>
      <Select
        selectedOption={id ? (options.find((each) => each.value === id) ?? { value: id, label: short(id) }) : null}
        options={options}
        statusType={found.isPending ? "loading" : "finished"}
        placeholder="An execution of this pipeline"
        empty="There is no other execution"
        filteringType="auto"
        onChange={(event) => onChoose(event.detail.selectedOption.value ?? "")}
      />
    </FormField>
  );
}

function Differences({ one, other, all }: { one: Known; other: Known; all: boolean }) {
  const now = useNow();
  const heads: [string, string] = [short(one.id), short(other.id)];
  const versions = `version ${one.execution.pipelineVersion} and version ${other.execution.pipelineVersion}`;
  return (
    <SpaceBetween size="l">
      <Sides title="Executions" rows={overview(one, other, now)} heads={heads} links={[one, other]} all same="" />
      <Sides title="Source revisions" rows={beside(revisions(one), revisions(other))} heads={heads} all={all} same="The source revisions are the same." />
      <Sides title="Variables" rows={beside(variables(one), variables(other))} heads={heads} all={all} same="The variables are the same." />
      <Paces rows={paces(one, other, now)} heads={heads} />
      <Stored one={artifacts(one)} other={artifacts(other)} heads={heads} />
      <Sides
        title="Pipeline"
        rows={beside(flat(one.declaration), flat(other.declaration))}
        heads={heads}
        all={all}
        same={`The declaration is the same: ${versions}.`}
      />
    </SpaceBetween>
  );
}

function overview(one: Known, other: Known, now: number): Row[] {
  const tell = (name: string, of: (known: Known) => string | undefined): Row => ({ name, one: of(one), other: of(other) });
  return [
    tell("Status", ({ execution }) => statusWord(execution.status)),
    tell("Trigger", ({ execution }) => {
      const { what, who } = triggerWords(execution.trigger);
      return [what, who].filter(Boolean).join(" – ");
    }),
    tell("Pipeline version", ({ execution }) => String(execution.pipelineVersion)),
    tell("Execution mode", ({ execution }) => execution.executionMode),
    tell("Type", ({ execution }) => execution.executionType),
    tell("Started", ({ started }) => (started === undefined ? "–" : exactly(started))),
    tell("Duration", ({ started, ended }) => (started === undefined ? "–" : duration((ended ?? now) - started))),
  ];
}

interface SidesProps {
  title: string;
  rows: Row[];
  heads: [string, string];
  links?: [Known, Known];
  all: boolean;
  /** What is said when nothing differs. */
  same: string;
}

function Sides({ title, rows, heads, links, all, same }: SidesProps) {
  const apart = rows.filter(differs);
  const cell = (value: string | undefined, row: Row) => (
    <Box variant={differs(row) ? "strong" : "span"} color={value === undefined ? "text-body-secondary" : undefined}>
      {value ?? "not there"}
    </Box>
  );
  const head = (index: 0 | 1) =>
    links ? <RouterLink to={`/pipelines/${encodeURIComponent(links[index].name)}/executions/${links[index].id}`}>{heads[index]}</RouterLink> : heads[index];
  return (
    <Table<Row>
      variant="embedded"
      wrapLines
      header={
        <Header variant="h3" counter={`(${apart.length} ${apart.length === 1 ? "difference" : "differences"})`}>
          {title}
        </Header>
      }
      items={all ? rows : apart}
      trackBy="name"
      ariaLabels={{ tableLabel: title }}
      empty={<Box color="text-body-secondary">{rows.length === 0 ? "There are none." : same}</Box>}
      columnDefinitions={[
        { id: "name", header: "What", isRowHeader: true, width: 280, cell: (row) => row.name },
        { id: "one", header: head(0), cell: (row) => cell(row.one, row) },
        { id: "other", header: head(1), cell: (row) => cell(row.other, row) },
        {
          id: "differs",
          header: "Differs",
          width: 100,
          cell: (row) => (differs(row) ? <Badge color="blue">differs</Badge> : <Box color="text-body-secondary">same</Box>),
        },
      ]}
    />
  );
}

function Paces({ rows, heads }: { rows: Pace[]; heads: [string, string] }) {
  const cell = (seconds: number | undefined, status: string | undefined) =>
    seconds === undefined ? (
      <Box color="text-body-secondary">not run</Box>
    ) : (
      <>
        {duration(seconds)} <Status status={status} />
      </>
    );
  return (
    <Table<Pace>
      variant="embedded"
      wrapLines
      header={<Header variant="h3">Duration of actions</Header>}
      items={rows}
      trackBy={(row) => JSON.stringify([row.stage, row.name])}
      ariaLabels={{ tableLabel: "Duration of actions" }}
      empty={<Box color="text-body-secondary">Nothing has run.</Box>}
      columnDefinitions={[
        { id: "action", header: "Action", isRowHeader: true, width: 280, cell: (row) => `${row.name} (${row.stage})` },
        { id: "one", header: heads[0], cell: (row) => cell(row.one, row.oneStatus) },
        { id: "other", header: heads[1], cell: (row) => cell(row.other, row.otherStatus) },
        { id: "change", header: "Change", cell: (row) => changeText(row) },
      ]}
    />
  );
}

function changeText({ one, other }: Pace): string {
  if (one === undefined || other === undefined) return "–";
  const apart = other - one;
  if (Math.abs(apart) < 0.1) return "the same";
  return `${apart > 0 ? "+" : "−"}${duration(Math.abs(apart))}`;
}

interface StoredProps {
  one: Map<string, Place>;
  other: Map<string, Place>;
  heads: [string, string];
}

function Stored({ one, other, heads }: StoredProps) {
  const names = [...new Set([...one.keys(), ...other.keys()])];
  return (
    <Table<string>
      variant="embedded"
      wrapLines
      header={
        <Header variant="h3" description="Compared by the objects' ETag: equal ones hold the same bytes.">
          Artifacts
        </Header>
      }
      items={names}
      trackBy={(name) => name}
      ariaLabels={{ tableLabel: "Artifacts" }}
      empty={<Box color="text-body-secondary">There are none.</Box>}
      columnDefinitions={[
        { id: "name", header: "Artifact", isRowHeader: true, width: 280, cell: (name) => name },
        { id: "one", header: heads[0], cell: (name) => <Size of={one.get(name)} /> },
        { id: "other", header: heads[1], cell: (name) => <Size of={other.get(name)} /> },
        { id: "same", header: "Content", cell: (name) => <Same one={one.get(name)} other={other.get(name)} /> },
      ]}
    />
  );
}

function useHead(of: Place | undefined) {
  return useCall("s3", "HeadObject", { Bucket: of?.bucket ?? "", Key: of?.key ?? "" }, { enabled: Boolean(of) });
}

function Size({ of }: { of: Place | undefined }) {
  const head = useHead(of);
  if (!of) return <Box color="text-body-secondary">not there</Box>;
  if (head.error) return <Box color="text-body-secondary">{head.error.denied ? "hidden" : "gone"}</Box>;
  return <>{head.data?.ContentLength === undefined ? "…" : `${head.data.ContentLength} bytes`}</>;
}

function Same({ one, other }: { one: Place | undefined; other: Place | undefined }) {
  const [a, b] = [useHead(one).data?.ETag, useHead(other).data?.ETag];
  if (!a || !b) return <>–</>;
  return a === b ? <Box color="text-body-secondary">the same bytes</Box> : <Badge color="blue">differs</Badge>;
}
