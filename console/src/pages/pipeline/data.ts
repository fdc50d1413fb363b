/** What the page of a pipeline reads. */

import { useQueries } from "@tanstack/react-query";

import { call } from "../../api/client";
import { may, useAllowed } from "../../api/may";
import type { PipelineExecution, PipelineExecutionSummary } from "../../api/models/codepipeline";
import { useCall } from "../../api/queries";
import { type StageView, stagesOf } from "./model";

const RECENT = 50;

export type Executions = ReadonlyMap<string, PipelineExecutionSummary>;

export function usePipeline(name: string) {
  const state = useCall("codepipeline", "GetPipelineState", { name });
  const structure = useCall("codepipeline", "GetPipeline", { name });
  const declaration = structure.data?.pipeline;
  const stages = state.data ? stagesOf(state.data, declaration) : [];
  const executions = useExecutions(name, stages);
  return { state, structure, declaration, stages, executions };
}

/** The recent executions, and those that stages still show from before them. */
function useExecutions(name: string, stages: StageView[]): Executions {
  const params = { pipelineName: name, maxResults: RECENT };
  const listed = useAllowed(may("codepipeline", "ListPipelineExecutions", params));
  const recent = useCall("codepipeline", "ListPipelineExecutions", params, { enabled: listed === true });
  const known = new Map((recent.data?.pipelineExecutionSummaries ?? []).map((each) => [each.pipelineExecutionId ?? "", each]));
  const ids = stages.flatMap((stage) => [stage.executionId, ...stage.waiting.map((each) => each.pipelineExecutionId)]);
  const missing = !recent.data ? [] : [...new Set(ids)].filter((id): id is string => id !== undefined && !known.has(id));
  const older = useQueries({
    queries: missing.map((id) => {
      const params = { pipelineName: name, pipelineExecutionId: id };
      return {
        queryKey: ["codepipeline", "GetPipelineExecution", params],
        queryFn: ({ signal }: { signal: AbortSignal }) => call("codepipeline", "GetPipelineExecution", params, signal),
      };
    }),
  });
  for (const each of older) {
    const found = each.data?.pipelineExecution;
    if (found?.pipelineExecutionId) known.set(found.pipelineExecutionId, summaryOf(found));
  }
  return known;
}

function summaryOf(execution: PipelineExecution): PipelineExecutionSummary {
  const sourceRevisions = (execution.artifactRevisions ?? []).map((each) => ({
    actionName: each.name ?? "",
    revisionId: each.revisionId,
    revisionSummary: each.revisionSummary,
    revisionUrl: each.revisionUrl,
  }));
  return { ...execution, sourceRevisions };
}
