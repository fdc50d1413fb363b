/** How the latest execution of a pipeline stands, and why, in short. */

import Box from "@cloudscape-design/components/box";
import type { ReactNode } from "react";

import type { PipelineExecutionSummary } from "../../api/models/codepipeline";
import { useCall } from "../../api/queries";
import { RouterLink } from "../../parts/RouterLink";
import { Status, statusWord } from "../../parts/Status";
import { ago, useNow } from "../../parts/When";
import { briefly, doing, reviewPage } from "./doing";
import { useLatest } from "./states";
import "./list.css";

/** What a cell shows that needs the executions: they, or that they are on their way, or that one may not see them. */
export function Told({ name, children }: { name: string; children: (executions: PipelineExecutionSummary[]) => ReactNode }) {
  const { data, error } = useLatest(name);
  if (data) return <>{children(data.pipelineExecutionSummaries ?? [])}</>;
  if (!error) return <Box color="text-status-inactive">…</Box>;
  return (
    <span title={error.message}>
      <Box variant="span" color="text-status-inactive">
        {error.denied ? "Not shown to you" : "Could not be read"}
      </Box>
    </span>
  );
}

export function Latest({ name, execution }: { name: string; execution: PipelineExecutionSummary | undefined }) {
  if (!execution) return <Status status={undefined} />;
  const status = <Status status={execution.status} />;
  const id = execution.pipelineExecutionId ?? "";
  return (
    <div>
      <RouterLink
        to={`/pipelines/${name}/executions/${id}`}
        variant="secondary"
        ariaLabel={`${statusWord(execution.status)}, latest execution of ${name}`}
      >
        {status}
      </RouterLink>
      {execution.status === "InProgress" ? <Going name={name} execution={execution} /> : <Why text={execution.statusSummary} />}
    </div>
  );
}

function Going({ name, execution }: { name: string; execution: PipelineExecutionSummary }) {
  const asks = !execution.statusSummary;
  const state = useCall("codepipeline", "GetPipelineState", { name }, { enabled: asks });
  if (!asks) return <Why text={execution.statusSummary} />;
  const found = doing(state.data, execution.pipelineExecutionId ?? "");
  if (found?.approval) {
    return (
      <div className="why">
        <RouterLink to={reviewPage(name, found.approval)} fontSize="body-s">
          {found.text}
        </RouterLink>
      </div>
    );
  }
  return <Why text={found?.text} />;
}

function Why({ text }: { text: string | undefined }) {
  if (!text) return null;
  return (
    <div className="why" title={text}>
      <Box variant="small">{briefly(text)}</Box>
    </div>
  );
}

/** The most recent executions as dots, newest first: each tells its status by colour, by shape, and in words. */
export function Recent({ name, executions }: { name: string; executions: PipelineExecutionSummary[] }) {
  const now = useNow();
  if (executions.length === 0) return <>–</>;
  return (
    <ul className="recent" aria-label={`Most recent executions of ${name}, newest first`}>
      {executions.map((each) => {
        const kind = each.executionType === "ROLLBACK" ? "rollback " : "";
        const label = `${statusWord(each.status)}, ${kind}started ${ago(each.startTime ?? now, now)}`;
        return (
          <li key={each.pipelineExecutionId}>
            <RouterLink to={`/pipelines/${name}/executions/${each.pipelineExecutionId}`} variant="secondary" ariaLabel={label}>
              <span className={`dot dot-${each.status}`} title={label} />
            </RouterLink>
          </li>
        );
      })}
    </ul>
  );
}
