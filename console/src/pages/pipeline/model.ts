/** A pipeline as its page draws it: declaration and state joined, actions grouped by run order. Pure. */

import type {
  ActionDeclaration,
  ActionExecution,
  ActionState,
  GetPipelineStateOutput,
  PipelineDeclaration,
  RuleExecution,
  StageConditionState,
  StageDeclaration,
  StageExecution,
  StageState,
} from "../../api/models/codepipeline";
import type { Mark } from "../../shell/title";

export type ConditionKind = "BEFORE_ENTRY" | "ON_SUCCESS" | "ON_FAILURE";

export interface ActionView {
  stage: string;
  name: string;
  declared?: ActionDeclaration;
  state?: ActionState;
  /** The latest run, also when it belongs to an execution before the present one of the stage. */
  latest?: ActionExecution;
  /** Whether the latest run is of an earlier passage: the present execution has not come to this action. */
  stale: boolean;
  /** What the action shows: its status, nothing when it has not run in the present passage. */
  status?: string;
}

export interface RuleView {
  name: string;
  provider?: string;
  latest?: RuleExecution;
}

export interface ConditionView {
  kind: ConditionKind;
  title: string;
  /** What follows when it fails: FAIL, SKIP, ROLLBACK, RETRY. */
  result?: string;
  status?: string;
  summary?: string;
  rules: RuleView[];
}

export interface StageView {
  name: string;
  index: number;
  declared?: StageDeclaration;
  state: StageState;
  actions: ActionView[];
  /** Actions that run side by side, in the order of the groups. */
  groups: ActionView[][];
  conditions: ConditionView[];
  waiting: StageExecution[];
  status?: string;
  executionId?: string;
}

export const RUNNING = ["InProgress", "Stopping"];

export function stagesOf(state: GetPipelineStateOutput, declaration?: PipelineDeclaration): StageView[] {
  return (state.stageStates ?? []).map((each, index) => stageView(each, index, declaration));
}

/** The stages of a declaration alone: what the mode PARALLEL has to show. */
export function declaredStages(declaration: PipelineDeclaration): StageView[] {
  const stageStates = declaration.stages.map((stage) => ({
    stageName: stage.name,
    actionStates: stage.actions.map((action) => ({ actionName: action.name })),
  }));
  return stagesOf({ stageStates }, declaration);
}

function stageView(state: StageState, index: number, declaration?: PipelineDeclaration): StageView {
  const name = state.stageName ?? "";
  const declared = declaration?.stages.find((each) => each.name === name);
  const conditions = conditionsOf(state, declared);
  const groups = actionsOf(state, declared, conditions);
  const waiting = state.inboundExecutions ?? (state.inboundExecution ? [state.inboundExecution] : []);
  return {
    name,
    index,
    declared,
    state,
    groups,
    actions: groups.flat(),
    conditions,
    waiting,
    status: state.latestExecution?.status,
    executionId: state.latestExecution?.pipelineExecutionId,
  };
}

/**
 * Actions keep their last result until they run again, so a stage that is in progress shows results of several passages. A run is
 * of an earlier passage if something that comes before it has changed later than it, or if the stage was not entered at all.
 */
function actionsOf(state: StageState, declared: StageDeclaration | undefined, conditions: ConditionView[]): ActionView[][] {
  const orders = new Map<number, ActionView[]>();
  (state.actionStates ?? []).forEach((each, position) => {
    const found = declared?.actions.find((action) => action.name === each.actionName);
    const order = found ? (found.runOrder ?? 1) : position + 1;
    const view = { stage: state.stageName ?? "", name: each.actionName ?? "", declared: found, state: each, stale: false };
    orders.set(order, [...(orders.get(order) ?? []), { ...view, latest: each.latestExecution }]);
  });
  const groups = [...orders.entries()].sort(([one], [other]) => one - other).map(([, group]) => group);
  const barred = notEntered(state, conditions);
  let before = 0;
  return groups.map((group) => {
    const since = before;
    const judged = group.map((each) => {
      const changed = each.latest?.lastStatusChange ?? 0;
      const stale = each.latest !== undefined && (barred || changed < since);
      before = Math.max(before, stale ? Number.POSITIVE_INFINITY : started(each.latest, changed));
      return { ...each, stale, status: stale ? undefined : each.latest?.status };
    });
    return judged;
  });
}

/** What is still running bars everything behind it, whatever the clock says. */
function started(latest: ActionExecution | undefined, changed: number): number {
  return latest === undefined || latest.status === "InProgress" ? Number.POSITIVE_INFINITY : changed;
}

function notEntered(state: StageState, conditions: ConditionView[]): boolean {
  if (state.latestExecution?.status === "Skipped") return true;
  if (state.latestExecution?.type === "ROLLBACK") return false;
  const entry = conditions.find((each) => each.kind === "BEFORE_ENTRY")?.status;
  return entry !== undefined && entry !== "Succeeded" && entry !== "Overridden";
}

function conditionsOf(state: StageState, declared?: StageDeclaration): ConditionView[] {
  return [
    conditionOf("BEFORE_ENTRY", "Entry condition", state.beforeEntryConditionState, declared?.beforeEntry?.conditions),
    conditionOf("ON_SUCCESS", "Success condition", state.onSuccessConditionState, declared?.onSuccess?.conditions),
    conditionOf("ON_FAILURE", "Failure condition", state.onFailureConditionState, declared?.onFailure?.conditions, declared?.onFailure?.result),
  ].filter((each) => each !== undefined);
}

type Declared = { result?: string; rules?: { name: string; ruleTypeId: { provider: string } }[] };

function conditionOf(
  kind: ConditionKind,
  title: string,
  state: StageConditionState | undefined,
  declared: Declared[] | undefined,
  otherwise?: string,
): ConditionView | undefined {
  if (!state && !declared?.length) return undefined;
  const known = new Map((state?.conditionStates ?? []).flatMap((each) => each.ruleStates ?? []).map((each) => [each.ruleName, each]));
  const rules: RuleView[] = (declared ?? [])
    .flatMap((each) => each.rules ?? [])
    .map((rule) => ({ name: rule.name, provider: rule.ruleTypeId.provider, latest: known.get(rule.name)?.latestExecution }));
  for (const [name, each] of known) {
    if (name && !rules.some((rule) => rule.name === name)) rules.push({ name, latest: each.latestExecution });
  }
  const { status, summary } = state?.latestExecution ?? {};
  return { kind, title, result: declared?.[0]?.result ?? otherwise, status, summary, rules };
}

/** An approval that somebody can answer now. */
export function waitsForAnswer(action: ActionView): boolean {
  return !action.stale && action.status === "InProgress" && Boolean(action.latest?.token);
}

/** The colour of a status. */
export function toneOf(status: string | undefined): "good" | "bad" | "busy" | "quiet" | "none" {
  if (!status) return "none";
  if (status === "Succeeded" || status === "Overridden") return "good";
  if (status === "Failed" || status === "Errored") return "bad";
  return status === "InProgress" || status === "Stopping" ? "busy" : "quiet";
}

export function toneOfAction(action: ActionView): ReturnType<typeof toneOf> | "waiting" {
  return waitsForAnswer(action) ? "waiting" : toneOf(action.status);
}

/** How a pipeline stands, for the tab: what asks for somebody comes first, then what is wrong, then what goes on. */
export function markOf(stages: StageView[]): Mark {
  if (stages.some((stage) => stage.actions.some(waitsForAnswer))) return "waiting";
  const statuses = stages.map((stage) => stage.status);
  if (statuses.includes("InProgress") || statuses.includes("Stopping")) return "busy";
  if (statuses.includes("Failed")) return "bad";
  return statuses.includes("Succeeded") ? "good" : "none";
}

/** Whether the actions that failed can be run again alone. */
export function hasFailed(stage: StageView): boolean {
  return stage.actions.some((each) => each.status === "Failed" || each.status === "Abandoned");
}

/** Whether anything in a stage is there to be retried. */
export function retryable(stage: StageView): boolean {
  if (!stage.executionId) return false;
  if (stage.status === "Failed" || stage.status === "Stopped") return true;
  return stage.status === "InProgress" && stage.actions.some((each) => each.status === "Failed");
}

/** Why a condition cannot be overridden now; empty where it can. */
export function overridable(stage: StageView, condition: ConditionView): string {
  if (condition.kind === "ON_FAILURE") return "CodePipeline has no override for failure conditions.";
  if (condition.result === "SKIP") return "A condition that skips its stage cannot be overridden.";
  if (!stage.executionId || !condition.status) return "It has not been evaluated.";
  if (!["InProgress", "Failed"].includes(condition.status)) return `It is ${condition.status}.`;
  return stage.status === "Stopped" ? "The execution was stopped: retry the stage to go on." : "";
}
