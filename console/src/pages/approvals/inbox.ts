/** All approvals that wait, over all pipelines that a person may see. */

import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";

import { ApiError, type Input, type Operation, type Output, call, request } from "../../api/client";
import { type Question, may } from "../../api/may";
import type { PipelineExecutionSummary, PipelineSummary, Tag } from "../../api/models/codepipeline";
import { useListing } from "../../api/queries";
import { usePerson } from "../../api/session";
import { type Asked, askedBy, barredBy, demandsOf } from "../pipeline/approval";
import { stagesOf, waitsForAnswer } from "../pipeline/model";

export interface Waiting extends Asked {
  /** Why this person's yes would not count, whatever the policies say. */
  barred: string;
  persons: number;
}

interface Inbox {
  waiting: Waiting[];
  /** Pipelines whose approvals this person cannot see. */
  unseen: string[];
}

const AT_ONCE = 6;
/** Milliseconds for which a refusal is believed: each try is a line in the audit trail. */
const BELIEVED = 300_000;

/** The inbox, made anew when news arrive: one round at a time, however many news there are. */
export function useInbox() {
  const { arn = "", account, region } = usePerson();
  const refused = useRef(new Map<string, number>());
  const news = useListing("codepipeline", "ListPipelines", {}, (page) => [page.pipelines, page.nextToken]);
  const pipelines = news.data;
  const found = useQuery<Inbox, ApiError>({
    queryKey: ["approvals", arn, pipelines?.map((each) => each.name).join("/")],
    queryFn: ({ signal }) => read(pipelines ?? [], { arn, account, region, refused: refused.current, signal }),
    enabled: pipelines !== undefined,
    placeholderData: (before) => before,
    staleTime: 0,
  });
  const { isFetching, refetch } = found;
  const seen = useRef(0);
  useEffect(() => {
    if (isFetching || news.dataUpdatedAt === seen.current) return;
    seen.current = news.dataUpdatedAt;
    void refetch({ cancelRefetch: false });
  }, [news.dataUpdatedAt, isFetching, refetch]);
  return { ...found, error: news.error ?? found.error, isLoading: news.isLoading || found.isLoading, pipelines };
}

interface Reader {
  arn: string;
  account: string;
  region: string;
  refused: Map<string, number>;
  signal: AbortSignal;
}

async function read(pipelines: PipelineSummary[], reader: Reader): Promise<Inbox> {
  const inbox: Inbox = { waiting: [], unseen: [] };
  const left = [...pipelines];
  const worker = async () => {
    for (let each = left.shift(); each; each = left.shift()) {
      const found = await ofPipeline(each, reader);
      if (found) inbox.waiting.push(...found);
      else inbox.unseen.push(each.name ?? "");
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  inbox.waiting.sort((one, other) => (one.since ?? 0) - (other.since ?? 0));
  return inbox;
}

/** The approvals of one pipeline; undefined where they cannot be seen. */
async function ofPipeline(pipeline: PipelineSummary, reader: Reader): Promise<Waiting[] | undefined> {
  const name = pipeline.name ?? "";
  const person = `${reader.arn}/${name}`;
  if ((reader.refused.get(person) ?? 0) > Date.now()) return undefined;
  try {
    return pipeline.executionMode === "PARALLEL" ? await inParallel(name, reader) : await inStages(name, reader);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.code === "PipelineNotFoundException") return [];
    if (!error.denied) throw error;
    reader.refused.set(person, Date.now() + BELIEVED);
    return undefined;
  }
}

async function inStages(name: string, reader: Reader): Promise<Waiting[]> {
  const state = await call("codepipeline", "GetPipelineState", { name }, reader.signal);
  if (!stagesOf(state).some((stage) => stage.actions.some(waitsForAnswer))) return [];
  const structure = await ifAllowed("GetPipeline", { name }, reader);
  const [executions, tags] = await surroundings(name, reader);
  return stagesOf(state, structure?.pipeline).flatMap((stage) =>
    stage.actions.filter(waitsForAnswer).map((action) => {
      const execution = executions.find((each) => each.pipelineExecutionId === stage.executionId);
      return judged(askedBy(name, stage, action, execution), tags, reader);
    }),
  );
}

/** No state shows a token in the mode PARALLEL: the history of the executions in progress has it. */
async function inParallel(name: string, reader: Reader): Promise<Waiting[]> {
  const listed = await call("codepipeline", "ListPipelineExecutions", { pipelineName: name, maxResults: 100 }, reader.signal);
  const busy = (listed.pipelineExecutionSummaries ?? []).filter((each) => each.status === "InProgress");
  if (busy.length === 0) return [];
  const structure = await ifAllowed("GetPipeline", { name }, reader);
  const [, tags] = await surroundings(name, reader);
  const found: Waiting[] = [];
  for (const execution of busy) {
    const filter = { pipelineExecutionId: execution.pipelineExecutionId ?? "" };
    const runs = await call("codepipeline", "ListActionExecutions", { pipelineName: name, filter }, reader.signal);
    for (const run of runs.actionExecutionDetails ?? []) {
      const token = run.output?.executionResult?.externalExecutionId;
      if (run.status !== "InProgress" || run.input?.actionTypeId?.category !== "Approval" || !token) continue;
      const declared = structure?.pipeline?.stages
        .find((each) => each.name === run.stageName)
        ?.actions.find((each) => each.name === run.actionName);
      const asked: Asked = {
        pipeline: name,
        stage: run.stageName ?? "",
        action: run.actionName ?? "",
        token,
        executionId: filter.pipelineExecutionId,
        runId: run.actionExecutionId,
        since: run.startTime,
        lasts: (declared?.timeoutInMinutes ?? 7 * 24 * 60) * 60,
        message: run.output?.executionResult?.externalExecutionSummary ?? run.input.resolvedConfiguration?.CustomData,
        configuration: run.input.resolvedConfiguration,
        execution,
      };
      found.push(judged(asked, tags, reader));
    }
  }
  return found;
}

async function surroundings(name: string, reader: Reader): Promise<[PipelineExecutionSummary[], Tag[] | undefined]> {
  const resourceArn = `arn:aws:codepipeline:${reader.region}:${reader.account}:${name}`;
  const [listed, tagged] = await Promise.all([
    ifAllowed("ListPipelineExecutions", { pipelineName: name, maxResults: 50 }, reader),
    ifAllowed("ListTagsForResource", { resourceArn }, reader),
  ]);
  return [listed?.pipelineExecutionSummaries ?? [], tagged?.tags];
}

function judged(asked: Asked, tags: Tag[] | undefined, reader: Reader): Waiting {
  const demands = demandsOf(tags, asked.stage, asked.action);
  return { ...asked, persons: demands.persons, barred: barredBy(demands, asked.execution, reader.arn) };
}

/** The answer of a reading operation where it is allowed, asked first: a refusal is a line in the audit trail. */
async function ifAllowed<O extends Operation<"codepipeline">>(
  operation: O,
  params: Input<"codepipeline", O>,
  { signal }: Reader,
): Promise<Output<"codepipeline", O> | undefined> {
  const questions: Question[] = [may("codepipeline", operation, params)];
  const { reasons } = await request<{ reasons: string[] }>("POST", "/may", { questions }, signal);
  return reasons[0] ? undefined : call("codepipeline", operation, params, signal);
}
