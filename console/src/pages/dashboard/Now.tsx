/** What runs now, and what waits for somebody to approve it. */

import Box from "@cloudscape-design/components/box";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import { useQueries } from "@tanstack/react-query";

import { call } from "../../api/client";
import type { GetPipelineStateOutput, PipelineExecutionSummary } from "../../api/models/codepipeline";
import { inTurn } from "../../api/turns";
import { RouterLink } from "../../parts/RouterLink";
import { Took } from "../../parts/When";
import { doing, reviewPage } from "../pipelines/doing";

const MOST = 50;

interface Going {
  name: string;
  execution: PipelineExecutionSummary;
  text: string;
  approval?: string;
}

/** Executions in progress, those that began last first, with what they do. */
export function useGoing(latest: Map<string, { executions: PipelineExecutionSummary[] | undefined }>): Going[] {
  const going = [...latest]
    .flatMap(([name, { executions }]) =>
      (executions ?? []).filter(({ status }) => status === "InProgress" || status === "Stopping").map((execution) => ({ name, execution })),
    )
    .sort((a, b) => (b.execution.startTime ?? 0) - (a.execution.startTime ?? 0));
  const names = [...new Set(going.map((each) => each.name))].slice(0, MOST);
  const states = useQueries({
    queries: names.map((name) => ({
      queryKey: ["codepipeline", "GetPipelineState", { name }],
      queryFn: ({ signal }: { signal: AbortSignal }): Promise<GetPipelineStateOutput> =>
        inTurn(() => call("codepipeline", "GetPipelineState", { name }, signal), signal),
    })),
    combine: (found) => new Map(names.map((name, at) => [name, found[at].data as GetPipelineStateOutput | undefined])),
  });
  return going.map((each) => {
    const found = doing(states.get(each.name), each.execution.pipelineExecutionId ?? "");
    return { ...each, text: found?.text ?? each.execution.statusSummary ?? "", approval: found?.approval };
  });
}

export function Now({ going }: { going: Going[] }) {
  const waiting = going.filter((each) => each.approval);
  const running = going.filter((each) => !each.approval);
  return (
    <ColumnLayout columns={2}>
      <Container fitHeight header={<Header variant="h2" counter={`(${running.length})`}>Running now</Header>}>
        <Items of={running} nothing="Nothing runs." label="Running now" />
      </Container>
      <Container
        fitHeight
        header={
          <Header variant="h2" counter={`(${waiting.length})`} actions={<RouterLink to="/approvals">All approvals</RouterLink>}>
            Waits for approval
          </Header>
        }
      >
        <Items of={waiting} nothing="Nothing waits for anybody." label="Waits for approval" />
      </Container>
    </ColumnLayout>
  );
}

function Items({ of, nothing, label }: { of: Going[]; nothing: string; label: string }) {
  if (of.length === 0) return <Box color="text-body-secondary">{nothing}</Box>;
  return (
    <ul className="going" aria-label={label}>
      {of.slice(0, MOST).map(({ name, execution, text, approval }) => (
        <li key={execution.pipelineExecutionId}>
          <RouterLink to={approval ? reviewPage(name, approval) : `/pipelines/${name}/executions/${execution.pipelineExecutionId}`}>{name}</RouterLink>
          <span className="going-text">{text}</span>
          <span className="going-time">
            <Took from={execution.startTime} to={undefined} />
          </span>
        </li>
      ))}
      {of.length > MOST && <li>and {of.length - MOST} more</li>}
    </ul>
  );
}

