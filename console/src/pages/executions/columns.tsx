/** The columns of the history. */

import "./columns.css";

import Box from "@cloudscape-design/components/box";
import type { TableProps } from "@cloudscape-design/components/table";

import type { PipelineExecutionSummary } from "../../api/models/codepipeline";
import { Address } from "../../parts/Address";
import { RouterLink } from "../../parts/RouterLink";
import { Status } from "../../parts/Status";
import { Took, When } from "../../parts/When";
import { ended } from "../execution/reading";
import { short, shortRevision, triggerWords } from "../execution/words";

type Summary = PipelineExecutionSummary;

export function columns(name: string): TableProps.ColumnDefinition<Summary>[] {
  const page = (id = "") => `/pipelines/${encodeURIComponent(name)}/executions/${id}`;
  return [
    {
      id: "id",
      header: "Execution",
      isRowHeader: true,
      cell: (each) => (
        <RouterLink to={page(each.pipelineExecutionId)} ariaLabel={`Execution ${each.pipelineExecutionId}`}>
          {short(each.pipelineExecutionId)}
        </RouterLink>
      ),
    },
    {
      id: "status",
      header: "Status",
      minWidth: 140,
      cell: (each) => (
        <>
          <Status status={each.status} />
          {(each.statusSummary || each.stopTrigger?.reason) && (
            <Box color="text-body-secondary" fontSize="body-s">
              <div className="history-lines" title={each.statusSummary || each.stopTrigger?.reason}>
                {each.statusSummary || each.stopTrigger?.reason}
              </div>
            </Box>
          )}
        </>
      ),
    },
    { id: "revisions", header: "Source revisions", minWidth: 170, cell: (each) => <Sources of={each} page={page} /> },
    {
      id: "trigger",
      header: "Trigger",
      minWidth: 150,
      cell: (each) => {
        const { what, who } = triggerWords(each.trigger);
        return (
          <span title={each.trigger?.triggerDetail}>
            {what}
            {who && <Box color="text-body-secondary">{who}</Box>}
          </span>
        );
      },
    },
    { id: "started", header: "Started", minWidth: 110, cell: (each) => <When at={each.startTime} /> },
    {
      id: "duration",
      header: "Duration",
      minWidth: 90,
      cell: (each) => <Took from={each.startTime} to={ended(each.status) ? each.lastUpdateTime : undefined} />,
    },
    { id: "completed", header: "Completed", minWidth: 110, cell: (each) => <When at={ended(each.status) ? each.lastUpdateTime : undefined} /> },
  ];
}

function Sources({ of, page }: { of: Summary; page: (id?: string) => string }) {
  const target = of.rollbackMetadata?.rollbackTargetPipelineExecutionId;
  return (
    <>
      {target && (
        <div>
          Rollback to <RouterLink to={page(target)}>{short(target)}</RouterLink>
        </div>
      )}
      {(of.sourceRevisions ?? []).map((each) => (
        <div key={each.actionName} className="history-lines" title={each.revisionSummary}>
          {each.actionName} – <Address url={each.revisionUrl}>{shortRevision(each.revisionId)}</Address>
          {each.revisionSummary && <>: {each.revisionSummary.split("\n")[0]}</>}
        </div>
      ))}
      {!target && (of.sourceRevisions ?? []).length === 0 && "–"}
    </>
  );
}
