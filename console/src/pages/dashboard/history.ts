/** Reads what the figures are computed from: the latest executions and action runs of pipelines, as far as a window reaches back. */

import { type UseQueryResult, queryOptions, useQueries, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";

import { type ApiError, call } from "../../api/client";
import type { PipelineExecutionSummary } from "../../api/models/codepipeline";
import { inTurn } from "../../api/turns";
import type { Runs } from "./figures";

/** So many executions, and so many runs of actions, are counted of each pipeline. */
export const MOST = 1_000;
/** So many pipelines are counted unless somebody asks for all of them. */
export const PIPELINES = 100;
const PAGE = 100;
const DAY = 86_400;

interface Begun {
  startTime?: number;
}

/** Pages of a listing, newest first, back to an instant; and whether there was more. */
async function back<T extends Begun>(
  since: number,
  read: (nextToken: string | undefined) => Promise<[T[] | undefined, string | undefined]>,
): Promise<[T[], boolean]> {
  const found: T[] = [];
  let next: string | undefined;
  do {
    const [items = [], after] = await read(next);
    found.push(...items.filter((each) => (each.startTime ?? 0) >= since));
    if (items.length === 0 || (items.at(-1)?.startTime ?? 0) < since) return [found, false];
    next = after;
  } while (next !== undefined && found.length < MOST);
  return [found, next !== undefined];
}

async function history(pipelineName: string, days: number, signal: AbortSignal): Promise<Runs> {
  const since = Date.now() / 1000 - days * DAY;
  const params = { pipelineName, maxResults: PAGE };
  const [executions, cut] = await back(since, async (nextToken) => {
    const page = await inTurn(() => call("codepipeline", "ListPipelineExecutions", { ...params, nextToken }, signal), signal);
    return [page.pipelineExecutionSummaries, page.nextToken];
  });
  const first = executions.at(-1)?.startTime;
  if (first === undefined) return { name: pipelineName, executions, actions: [], cut };
  const [actions, more] = await back(first, async (nextToken) => {
    const page = await inTurn(() => call("codepipeline", "ListActionExecutions", { ...params, nextToken }, signal), signal);
    return [page.actionExecutionDetails, page.nextToken];
  });
  // Executions of which not all actions are known would count as not deployed.
  const known = more ? (actions.at(-1)?.startTime ?? 0) : 0;
  return { name: pipelineName, executions: executions.filter((each) => (each.startTime ?? 0) >= known), actions, cut: cut || more };
}

function historyOf(name: string, days: number) {
  return queryOptions<Runs, ApiError>({
    queryKey: ["dashboard", name, days],
    queryFn: ({ signal }) => history(name, days, signal),
    staleTime: 60_000,
    refetchInterval: 300_000,
  });
}

export interface Read {
  runs: Runs[];
  waiting: number;
  failed: { name: string; error: ApiError }[];
}

/** The histories of these pipelines. */
export function useHistories(names: string[], days: number): Read {
  return useQueries({
    queries: names.map((name) => historyOf(name, days)),
    combine: (found: UseQueryResult<Runs, ApiError>[]) => ({
      runs: found.flatMap((each) => each.data ?? []),
      waiting: found.filter((each) => each.isPending).length,
      failed: found.flatMap((each, at) => (each.error && !each.data ? [{ name: names[at], error: each.error }] : [])),
    }),
  });
}

/** Reads the history of a pipeline again when its latest execution is another one, or has ended. */
export function useFollow(latest: Map<string, { executions: PipelineExecutionSummary[] | undefined }>): void {
  const client = useQueryClient();
  const before = useRef(new Map<string, string>());
  useEffect(() => {
    for (const [name, { executions }] of latest) {
      if (!executions) continue;
      const stamp = executions.map((each) => `${each.pipelineExecutionId} ${each.status}`).join();
      const known = before.current.get(name);
      before.current.set(name, stamp);
      if (known !== undefined && known !== stamp) void client.invalidateQueries({ queryKey: ["dashboard", name] });
    }
  }, [client, latest]);
}
