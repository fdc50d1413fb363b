/** The latest executions of pipelines: asked for row by row, a few at a time, and kept. */

import { type QueryClient, queryOptions, useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useState, useSyncExternalStore } from "react";

import { ApiError, call } from "../../api/client";
import type { ListPipelineExecutionsOutput, PipelineExecutionSummary } from "../../api/models/codepipeline";
import type { Session } from "../../api/session";
import { inTurn } from "../../api/turns";

const RECENT = 5;
const KEPT = 30 * 60_000;
/** Milliseconds after which all of them are read once more while the list is arranged by what they say. */
const AGAIN = 30_000;
/** No more than so many are read to arrange the list; with more pipelines the page says so. */
export const MOST = 2_000;
/** Milliseconds for which a denial is believed: each try is a line in the audit trail. */
const BELIEVED = 60_000;
const refused = new Map<string, { error: ApiError; until: number }>();
const KEY = ["codepipeline", "ListPipelineExecutions"] as const;

/** The question for one pipeline. */
export function latestOf(pipelineName: string) {
  const params = { pipelineName, maxResults: RECENT };
  return queryOptions<ListPipelineExecutionsOutput, ApiError>({
    queryKey: [...KEY, params],
    queryFn: async ({ client, signal }) => {
      const who = `${client.getQueryData<Session>(["session"])?.arn} ${pipelineName}`;
      const before = refused.get(who);
      if (before && before.until > Date.now()) throw before.error;
      try {
        return await inTurn(() => call("codepipeline", "ListPipelineExecutions", params, signal), signal);
      } catch (error) {
        if (error instanceof ApiError && error.denied) refused.set(who, { error, until: Date.now() + BELIEVED });
        throw error;
      }
    },
    gcTime: KEPT,
  });
}

/** How one pipeline stands; asked again when news arrive. Each row asks for itself, so that an answer draws one row anew. */
export function useLatest(name: string) {
  return useQuery(latestOf(name));
}

export interface Row {
  executions: PipelineExecutionSummary[] | undefined;
  error: ApiError | null;
}

/** How several pipelines stand. */
export function useRows(names: string[]): Map<string, Row> {
  return useQueries({
    queries: names.map(latestOf),
    combine: (found) =>
      new Map(names.map((name, at) => [name, { executions: found[at].data?.pipelineExecutionSummaries, error: found[at].error }])),
  });
}

/** What is known of any pipeline, without asking. While `wanted`, a new function whenever more is known. */
export function useKnown(wanted: boolean): (name: string) => PipelineExecutionSummary[] | undefined {
  const client = useQueryClient();
  const cache = client.getQueryCache();
  const subscribe = useCallback(
    (changed: () => void) => {
      if (!wanted) return () => undefined;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const end = cache.subscribe(({ type, query }) => {
        if (type !== "updated" || query.queryKey[1] !== KEY[1] || timer !== undefined) return;
        timer = setTimeout(() => {
          timer = undefined;
          versions.set(client, (versions.get(client) ?? 0) + 1);
          changed();
        }, 200);
      });
      return () => {
        clearTimeout(timer);
        end();
      };
    },
    [client, cache, wanted],
  );
  const version = useSyncExternalStore(subscribe, () => versions.get(client) ?? 0);
  return useCallback(
    (name: string) => client.getQueryData(latestOf(name).queryKey)?.pipelineExecutionSummaries,
    // eslint-disable-next-line react-hooks/exhaustive-deps -- what is known changes with the version
    [client, version],
  );
}

const versions = new WeakMap<QueryClient, number>();

/** While `wanted`, reads the executions of all pipelines, and again after a while; returns how many of them are known. */
export function useAll(names: string[], wanted: boolean): void {
  const client = useQueryClient();
  const list = names.slice(0, MOST).join("\n");
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (!wanted || !list) return;
    const ended = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const asked = list.split("\n").map((name) => async () => {
      // Whoever may not see an execution sees none: the row says so when it is looked at.
      if (!ended.signal.aborted) await client.fetchQuery({ ...latestOf(name), staleTime: AGAIN }).catch(() => undefined);
    });
    void inSequence(asked, 4).then(() => {
      if (!ended.signal.aborted) timer = setTimeout(() => setRound((before) => before + 1), AGAIN);
    });
    return () => {
      ended.abort();
      clearTimeout(timer);
    };
  }, [client, list, wanted, round]);
}

async function inSequence(jobs: (() => Promise<void>)[], abreast: number): Promise<void> {
  const left = jobs.values();
  const work = async () => {
    for (const job of left) await job();
  };
  await Promise.all(Array.from({ length: abreast }, work));
}

export interface Counts {
  all: number;
  known: number;
  refused: number;
  reading: boolean;
}

/** Of how many pipelines it is known how they stand. */
export function counts(client: QueryClient, names: string[]): Counts {
  const states = names.map((name) => client.getQueryState(latestOf(name).queryKey));
  const known = states.filter((each) => each?.data !== undefined).length;
  const refused = states.filter((each) => each?.status === "error").length;
  return { all: names.length, known, refused, reading: known + refused < Math.min(names.length, MOST) };
}
