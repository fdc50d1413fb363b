/** Runs of actions and rules of one execution, as one list. */

import type {
  ActionExecutionDetail,
  ArtifactDetail,
  Condition,
  PipelineDeclaration,
  RuleExecutionDetail,
  StageDeclaration,
} from "../../api/models/codepipeline";

export type Kind = "BEFORE_ENTRY" | "ON_SUCCESS" | "ON_FAILURE";

export const KINDS: Record<Kind, string> = {
  BEFORE_ENTRY: "Entry condition",
  ON_SUCCESS: "Success condition",
  ON_FAILURE: "Failure condition",
};

export interface Run {
  id: string;
  stage: string;
  name: string;
  /** Of a rule: the condition it belongs to. */
  condition?: Kind;
  rule: boolean;
  category: string;
  provider: string;
  status: string;
  /** Epoch seconds. */
  start: number;
  end?: number;
  by?: string;
  summary?: string;
  error?: { code?: string; message?: string };
  externalId?: string;
  externalUrl?: string;
  logStream?: string;
  role?: string;
  region?: string;
  namespace?: string;
  configuration: Record<string, string>;
  resolved: Record<string, string>;
  inputs: ArtifactDetail[];
  outputs: ArtifactDetail[];
  variables: Record<string, string>;
}

/** All runs, oldest first. Both listings come newest first. */
export function runsOf(
  actions: ActionExecutionDetail[],
  rules: RuleExecutionDetail[],
  declaration: PipelineDeclaration | undefined,
): Run[] {
  const found = [...actions].reverse().map(ofAction);
  const judged = [...rules].reverse().map((each) => ofRule(each, found, declaration));
  return [...found, ...judged].sort((a, b) => a.start - b.start);
}

function ofAction(detail: ActionExecutionDetail): Run {
  const type = detail.input?.actionTypeId;
  const result = detail.output?.executionResult;
  return {
    ...common(detail),
    id: detail.actionExecutionId ?? "",
    name: detail.actionName ?? "",
    rule: false,
    category: type?.category ?? "",
    provider: type?.provider ?? "",
    logStream: result?.logStreamARN,
    namespace: detail.input?.namespace,
    outputs: detail.output?.outputArtifacts ?? [],
    variables: detail.output?.outputVariables ?? {},
  };
}

function ofRule(detail: RuleExecutionDetail, actions: Run[], declaration: PipelineDeclaration | undefined): Run {
  const stage = declaration?.stages.find((each) => each.name === detail.stageName);
  const before = actions.filter((run) => run.stage === detail.stageName && run.start < (detail.startTime ?? 0));
  return {
    ...common(detail),
    id: detail.ruleExecutionId ?? "",
    name: detail.ruleName ?? "",
    rule: true,
    condition: stage && belongsTo(stage, detail.ruleName ?? "", before),
    category: "Rule",
    provider: detail.input?.ruleTypeId?.provider ?? "",
    outputs: [],
    variables: {},
  };
}

function common(detail: ActionExecutionDetail | RuleExecutionDetail) {
  const result = detail.output?.executionResult;
  const status = detail.status ?? "InProgress";
  return {
    stage: detail.stageName ?? "",
    status,
    start: detail.startTime ?? 0,
    end: status === "InProgress" ? undefined : detail.lastUpdateTime,
    by: detail.updatedBy,
    summary: result?.externalExecutionSummary,
    error: result?.errorDetails,
    externalId: result?.externalExecutionId,
    externalUrl: result?.externalExecutionUrl,
    role: detail.input?.roleArn,
    region: detail.input?.region,
    configuration: detail.input?.configuration ?? {},
    resolved: detail.input?.resolvedConfiguration ?? {},
    inputs: detail.input?.inputArtifacts ?? [],
  };
}

/** The conditions of a stage, by kind. */
export function conditionsOf(stage: StageDeclaration): [Kind, Condition][] {
  const all: [Kind, Condition[] | undefined][] = [
    ["BEFORE_ENTRY", stage.beforeEntry?.conditions],
    ["ON_SUCCESS", stage.onSuccess?.conditions],
    ["ON_FAILURE", stage.onFailure?.conditions],
  ];
  return all.flatMap(([kind, found]) => (found ?? []).map((each): [Kind, Condition] => [kind, each]));
}

/** History does not say which condition a rule was run for. Where the name does not tell, the actions that ran before do. */
function belongsTo(stage: StageDeclaration, rule: string, before: Run[]): Kind | undefined {
  const kinds = conditionsOf(stage)
    .filter(([, condition]) => condition.rules?.some((each) => each.name === rule))
    .map(([kind]) => kind);
  if (kinds.length < 2) return kinds[0];
  const fits: Kind = before.length === 0 ? "BEFORE_ENTRY" : latest(before).some(failed) ? "ON_FAILURE" : "ON_SUCCESS";
  return kinds.includes(fits) ? fits : kinds[0];
}

/** The latest run of each name of those in one stage. */
export function latest(runs: Run[]): Run[] {
  return [...new Map(runs.map((run) => [run.name, run])).values()];
}

function failed(run: Run): boolean {
  return run.status === "Failed";
}

/** Whether a run waits for a person. */
export function approval(run: { category: string }): boolean {
  return run.category === "Approval";
}
