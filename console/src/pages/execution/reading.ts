/** Everything that is known of one execution, read by the operations that tell it, and asked again when news arrive. */

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { type ApiError, call } from "../../api/client";
import type {
  GetPipelineStateOutput,
  PipelineDeclaration,
  PipelineExecution,
  PipelineExecutionSummary,
} from "../../api/models/codepipeline";
import { useCall, useListing } from "../../api/queries";
import { type Card, type Standing, outline } from "./outline";
import { type Run, runsOf } from "./runs";
import { type Whole, standingAt } from "./standing";

const ENDED = new Set(["Succeeded", "Failed", "Stopped", "Superseded", "Cancelled"]);
/** Pages of a hundred executions that are searched for when this one began: no operation asks for it by id. */
const PAGES = 10;

export interface Known {
  name: string;
  id: string;
  execution: PipelineExecution;
  /** What only the listing of executions tells: when it began and ended, and why it was stopped. */
  summary?: PipelineExecutionSummary;
  declaration?: PipelineDeclaration;
  runs: Run[];
  cards: Card[];
  whole: Whole;
  /** Epoch seconds. */
  started?: number;
  ended?: number;
  running: boolean;
  /** Why the runs of actions, or of rules, could not be read. */
  actionsError: ApiError | null;
  rulesError: ApiError | null;
}

export function ended(status: string | undefined): boolean {
  return ENDED.has(status ?? "");
}

/** One execution; `known` is undefined while it is read, and where it cannot be. */
export function useExecution(name: string, id: string, enabled = true) {
  const found = useCall("codepipeline", "GetPipelineExecution", { pipelineName: name, pipelineExecutionId: id }, { enabled });
  const execution = found.data?.pipelineExecution;
  const there = enabled && Boolean(execution);
  const filter = { pipelineName: name, filter: { pipelineExecutionId: id } };
  const actions = useListing(
    "codepipeline",
    "ListActionExecutions",
    filter,
    (page) => [page.actionExecutionDetails, page.nextToken],
    { enabled: there },
  );
  const rules = useListing(
    "codepipeline",
    "ListRuleExecutions",
    filter,
    (page) => [page.ruleExecutionDetails, page.nextToken],
    { enabled: there },
  );
  const version = execution?.pipelineVersion;
  const pipeline = useCall("codepipeline", "GetPipeline", { name, version }, { enabled: there });
  const parallel = execution?.executionMode === "PARALLEL";
  const state = useCall("codepipeline", "GetPipelineState", { name }, { enabled: there && !parallel });
  const summary = useSummary(name, id, execution?.status);
  const declaration = pipeline.data?.pipeline;
  const known = useMemo(() => {
    if (!execution || actions.isPending) return undefined;
    return together(name, id, execution, summary, declaration, runsOf(actions.data ?? [], rules.data ?? [], declaration), {
      state: parallel ? undefined : state.data,
      actionsError: actions.error,
      rulesError: rules.error,
    });
  }, [name, id, execution, summary, declaration, actions, rules, parallel, state.data]);
  return { known, error: found.error, again: found.refetch, pending: enabled && !found.error && !known };
}

/** Searches the listing once for each status that the execution takes, not with each of the news. */
function useSummary(name: string, id: string, status: string | undefined): PipelineExecutionSummary | undefined {
  return useQuery({
    queryKey: ["summary of an execution", name, id, status],
    queryFn: async ({ signal }) => {
      let nextToken: string | undefined;
      for (let page = 0; page < PAGES; page += 1) {
        const some = await call("codepipeline", "ListPipelineExecutions", { pipelineName: name, nextToken }, signal);
        const found = some.pipelineExecutionSummaries?.find((each) => each.pipelineExecutionId === id);
        if (found) return found;
        nextToken = some.nextToken;
        if (!nextToken) break;
      }
      return null;
    },
    enabled: status !== undefined,
    placeholderData: (before) => before,
    staleTime: 60_000,
  }).data ?? undefined;
}

interface More {
  state?: GetPipelineStateOutput;
  actionsError: ApiError | null;
  rulesError: ApiError | null;
}

function together(
  name: string,
  id: string,
  execution: PipelineExecution,
  summary: PipelineExecutionSummary | undefined,
  declaration: PipelineDeclaration | undefined,
  runs: Run[],
  { state, actionsError, rulesError }: More,
): Known {
  const over = ended(execution.status);
  const last = Math.max(...runs.map((run) => run.end ?? run.start));
  const end = over ? (summary?.pipelineExecutionId === id && ended(summary.status) ? summary.lastUpdateTime : finite(last)) : undefined;
  const whole = { status: execution.status ?? "", ended: end };
  const standing = standingAt(declaration, runs, whole, Number.POSITIVE_INFINITY);
  return {
    name,
    id,
    execution,
    summary,
    declaration,
    runs,
    cards: outline(declaration, runs, state ? asShown(standing, state, id) : standing),
    whole,
    started: (summary?.pipelineExecutionId === id ? summary.startTime : undefined) ?? runs[0]?.start,
    ended: end,
    running: !over,
    actionsError,
    rulesError,
  };
}

function finite(instant: number): number | undefined {
  return Number.isFinite(instant) ? instant : undefined;
}

/** The pipeline's state says it of the stages that this execution was in last, and where it waits. */
function asShown(standing: Standing, state: GetPipelineStateOutput, id: string): Standing {
  const stages = new Map(standing.stages);
  let waiting: string | undefined;
  for (const stage of state.stageStates ?? []) {
    if (stage.latestExecution?.pipelineExecutionId === id) stages.set(stage.stageName ?? "", stage.latestExecution.status);
    if (stage.inboundExecutions?.some((each) => each.pipelineExecutionId === id)) waiting = stage.stageName;
  }
  return { ...standing, stages, waiting };
}
