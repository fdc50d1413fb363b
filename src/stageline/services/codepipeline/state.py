"""``GetPipelineState``: what every stage and action shows now."""

from collections.abc import Mapping

from stageline.core.pipeline.declaration import Stage
from stageline.core.pipeline.state import RUNNING, ActionRun, ConditionRun, StageState, State, Transition
from stageline.engine.apply import Engine
from stageline.ports.api import Context, Request, Response
from stageline.ports.store import Doc, Store
from stageline.services.codepipeline import records
from stageline.services.codepipeline.custom import links
from stageline.services.codepipeline.custom.catalog import Catalog
from stageline.services.codepipeline.shapes import present

CONDITIONS = {
    "BEFORE_ENTRY": "beforeEntryConditionState",
    "ON_SUCCESS": "onSuccessConditionState",
    "ON_FAILURE": "onFailureConditionState",
}


def get_pipeline_state(ctx: Context, request: Request, *, store: Store, engine: Engine, catalog: Catalog) -> Response:
    """One entry per stage of the current version, in order."""
    name = request["name"]
    with store.read() as tx:
        record = records.find(tx, ctx, name)
        found = engine.state(tx, name)
    if found is None:
        raise records.not_found(ctx, name)
    state = found[1]
    return {
        "pipelineName": name,
        "pipelineVersion": state.version,
        "created": record["created"],
        "updated": record["updated"],
        "stageStates": links.with_entities(
            [_stage(state, each) for each in state.declaration.stages], state.declaration, catalog
        ),
    }


def _stage(state: State, stage: Stage) -> Doc:
    here = state.stages.get(stage.name) or StageState()
    waiting = [_inbound(state, each) for each in here.waiting]
    shown: Doc = {
        "stageName": stage.name,
        "inboundTransitionState": _transition(here.inbound),
        "actionStates": [_action(action.name, here.shown) for action in stage.actions],
    }
    if waiting:
        shown["inboundExecution"] = waiting[0]
        shown["inboundExecutions"] = waiting
    if here.latest_id:
        shown["latestExecution"] = {
            "pipelineExecutionId": here.latest_id,
            "status": here.latest_status or RUNNING,
            "type": here.latest_kind,
        }
    for kind, member in CONDITIONS.items():
        if kind in here.conditions:
            shown[member] = _condition(here.conditions[kind])
    if here.last_retry:
        shown["retryStageMetadata"] = {
            "latestRetryTrigger": here.last_retry,
            **present(manualStageRetryAttempt=here.manual_retries or None, autoStageRetryAttempt=here.auto_retries or None),
        }
    return shown


def _condition(run: ConditionRun) -> Doc:
    latest = {"status": run.status, **present(summary=run.summary)}
    condition = {
        "latestExecution": {**latest, "lastStatusChange": run.updated},
        "ruleStates": [_rule(name, each) for name, each in run.runs.items()],
    }
    return {"latestExecution": latest, "conditionStates": [condition]}


def _rule(name: str, run: ActionRun) -> Doc:
    latest = {
        key: value for key, value in _latest(run).items() if key not in ("actionExecutionId", "logStreamARN", "percentComplete")
    }
    return {"ruleName": name, "latestExecution": {"ruleExecutionId": run.id, **latest}}


def _inbound(state: State, execution_id: str) -> Doc:
    return {"pipelineExecutionId": execution_id, "status": state.executions[execution_id].status, "type": "STANDARD"}


def _transition(transition: Transition) -> Doc:
    return {
        "enabled": transition.enabled,
        **present(lastChangedBy=transition.by, lastChangedAt=transition.changed or None, disabledReason=transition.reason),
    }


def _action(name: str, shown: Mapping[str, ActionRun]) -> Doc:
    run = shown.get(name)
    if run is None:
        return {"actionName": name}
    state: Doc = {"actionName": name, "latestExecution": _latest(run)}
    if run.revision is not None:
        state["currentRevision"] = {
            "revisionId": run.revision.id,
            "revisionChangeId": run.revision.change_id or run.revision.id,
            # AWS's model has no revision without a time: where the source gave none, it is when the action told of it.
            "created": run.revision.created or run.updated,
        }
        state.update(present(revisionUrl=run.revision.url))
    return state


def _latest(run: ActionRun) -> Doc:
    latest: Doc = {
        "actionExecutionId": run.id,
        "status": run.status,
        "lastStatusChange": run.updated,
        **present(
            summary=run.summary,
            lastUpdatedBy=run.by,
            externalExecutionId=run.external_id,
            externalExecutionUrl=run.external_url,
            logStreamARN=run.log_stream,
        ),
    }
    if run.percent is not None:
        latest["percentComplete"] = run.percent
    if run.token and run.status == RUNNING:
        latest["token"] = run.token
    if run.error_code:
        latest["errorDetails"] = {"code": run.error_code, "message": run.error_message}
    return latest
