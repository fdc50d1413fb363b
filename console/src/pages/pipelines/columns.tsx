/** The columns of the list. */

import Badge from "@cloudscape-design/components/badge";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import type { TableProps } from "@cloudscape-design/components/table";

import type { ExecutionTrigger, PipelineSummary, SourceRevision } from "../../api/models/codepipeline";
import { RouterLink } from "../../parts/RouterLink";
import { When } from "../../parts/When";
import { whoIs } from "../../parts/short";
import { modeWord } from "./Filters";
import { Latest, Recent, Told } from "./Latest";

export type Column = TableProps.ColumnDefinition<PipelineSummary> & { id: string; title: string };

/** By the ids that the preferences keep. */
export const SHOWN = ["name", "status", "revisions", "started", "recent", "type", "mode"];

interface Given {
  favourites: ReadonlySet<string>;
  toggle: (name: string) => void;
}

/** All columns; which of them are shown, and in which order, is the person's choice. */
export function columns({ favourites, toggle }: Given): Column[] {
  return [
    { ...titled("name", "Name"), sortingField: "name", isRowHeader: true, cell: (each) => <Name {...{ each, favourites, toggle }} /> },
    {
      ...titled("status", "Latest execution"),
      sortingField: "status",
      cell: (each) => (
        <Told name={each.name ?? ""}>{(found) => <Latest name={each.name ?? ""} execution={found[0]} />}</Told>
      ),
    },
    {
      ...titled("revisions", "Source revisions"),
      cell: (each) => <Told name={each.name ?? ""}>{(found) => <Revisions of={found[0]?.sourceRevisions} />}</Told>,
    },
    {
      ...titled("trigger", "Trigger"),
      cell: (each) => <Told name={each.name ?? ""}>{(found) => <Trigger of={found[0]?.trigger} />}</Told>,
    },
    {
      ...titled("started", "Started"),
      sortingField: "started",
      cell: (each) => <Told name={each.name ?? ""}>{(found) => <When at={found[0]?.startTime} />}</Told>,
    },
    {
      ...titled("recent", "Most recent"),
      cell: (each) => <Told name={each.name ?? ""}>{(found) => <Recent name={each.name ?? ""} executions={found} />}</Told>,
    },
    { ...titled("type", "Type"), sortingField: "type", cell: (each) => <Badge>{each.pipelineType}</Badge> },
    { ...titled("mode", "Mode"), sortingField: "mode", cell: (each) => modeWord(each.executionMode) },
    { ...titled("version", "Version"), sortingField: "version", cell: (each) => each.version },
    { ...titled("created", "Created"), sortingField: "created", cell: (each) => <When at={each.created} /> },
    { ...titled("updated", "Updated"), sortingField: "updated", cell: (each) => <When at={each.updated} /> },
  ];
}

function titled(id: string, title: string) {
  return { id, title, header: title };
}

function Name({ each, favourites, toggle }: { each: PipelineSummary } & Given) {
  const name = each.name ?? "";
  const loved = favourites.has(name);
  return (
    <span className="name">
      <Button
        variant="inline-icon"
        iconName={loved ? "star-filled" : "star"}
        ariaLabel={loved ? `Remove ${name} from the favourites` : `Add ${name} to the favourites`}
        onClick={() => toggle(name)}
      />
      <RouterLink to={`/pipelines/${name}`}>{name}</RouterLink>
    </span>
  );
}

function Revisions({ of }: { of: SourceRevision[] | undefined }) {
  if (!of?.length) return <>–</>;
  return (
    <>
      {of.map((each) => (
        <div key={each.actionName} className="revision" title={`${each.actionName}: ${each.revisionId} ${each.revisionSummary ?? ""}`}>
          {each.actionName} – <Box variant="code">{short(each.revisionId)}</Box> {summary(each.revisionSummary)}
        </div>
      ))}
    </>
  );
}

/** A commit as people quote it. */
function short(id: string | undefined): string {
  return id ? id.slice(0, /^[0-9a-f]{40}$/.test(id) ? 8 : 12) : "–";
}

function summary(text: string | undefined): string {
  return text?.split("\n")[0] ?? "";
}

const CAUSES: Record<string, string> = {
  CreatePipeline: "Pipeline created",
  StartPipelineExecution: "Started by hand",
  PollForSourceChanges: "Source changed (polled)",
  Webhook: "Webhook",
  WebhookV2: "Webhook",
  CloudWatchEvent: "Event",
  PutActionRevision: "Revision put",
  ManualRollback: "Rollback by hand",
  AutomatedRollback: "Automatic rollback",
};

function Trigger({ of }: { of: ExecutionTrigger | undefined }) {
  if (!of?.triggerType) return <>–</>;
  const detail = of.triggerDetail ?? "";
  return (
    <div className="why" title={`${of.triggerType} ${detail}`}>
      {CAUSES[of.triggerType] ?? of.triggerType}
      {detail && <Box variant="small"> – {whoIs(detail)}</Box>}
    </div>
  );
}
