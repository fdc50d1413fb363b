"""Stages: approve or reject, retry, override a condition, switch transitions."""

from typing import Literal

from stageline.core.pipeline.commands import demand
from stageline.core.pipeline.events import ApprovalAnswered, ConditionOverridden, RetryRequested, TransitionSwitched
from stageline.engine.apply import Engine
from stageline.ports.api import Context, Request, Response
from stageline.ports.store import Store
from stageline.services.codepipeline import records
from stageline.services.codepipeline.shapes import answer


def put_approval_result(ctx: Context, request: Request, *, store: Store, engine: Engine) -> Response:
    """Approve or reject a manual approval, with the token of its present run."""
    result, name = request["result"], request["pipelineName"]
    with store.write() as tx:
        tx.lock(f"pipeline/{name}")
        records.find(tx, ctx, name)
        asked = demand.of(tx.get(records.TAGS, records.arn(ctx, name)) or {}, request["stageName"], request["actionName"])
        event = ApprovalAnswered(
            request["stageName"],
            request["actionName"],
            request["token"],
            result["status"] == "Approved",
            result.get("summary", ""),
            ctx.caller.arn,
            ctx.caller.person,
            asked.persons,
            asked.others_only,
        )
        answer(engine.apply_in(tx, name, event))
    return {"approvedAt": ctx.now}


def retry_stage_execution(ctx: Context, request: Request, *, store: Store, engine: Engine) -> Response:
    """Run the failed actions, or all actions, of a stage again in the same execution."""
    _find(ctx, store, request["pipelineName"])
    event = RetryRequested(request["stageName"], request["pipelineExecutionId"], request["retryMode"], ctx.caller.arn)
    return {"pipelineExecutionId": answer(engine.apply(request["pipelineName"], event))}


def disable_stage_transition(ctx: Context, request: Request, *, store: Store, engine: Engine) -> Response:
    """Let nothing pass a transition until it is enabled again."""
    return _switch(ctx, request, store, engine, enabled=False)


def enable_stage_transition(ctx: Context, request: Request, *, store: Store, engine: Engine) -> Response:
    """Let executions pass a transition again."""
    return _switch(ctx, request, store, engine, enabled=True)


def _switch(ctx: Context, request: Request, store: Store, engine: Engine, *, enabled: bool) -> Response:
    _find(ctx, store, request["pipelineName"])
    side: Literal["Inbound", "Outbound"] = "Inbound" if request["transitionType"] == "Inbound" else "Outbound"
    event = TransitionSwitched(request["stageName"], side, enabled, request.get("reason", ""), ctx.caller.arn)
    answer(engine.apply(request["pipelineName"], event))
    return {}


def override_stage_condition(ctx: Context, request: Request, *, store: Store, engine: Engine) -> Response:
    """Let an execution pass the entry or success condition of a stage, whatever its rules say."""
    _find(ctx, store, request["pipelineName"])
    condition: Literal["BEFORE_ENTRY", "ON_SUCCESS"] = (
        "BEFORE_ENTRY" if request["conditionType"] == "BEFORE_ENTRY" else "ON_SUCCESS"
    )
    event = ConditionOverridden(request["stageName"], request["pipelineExecutionId"], condition, ctx.caller.arn)
    answer(engine.apply(request["pipelineName"], event))
    return {}


def _find(ctx: Context, store: Store, name: str) -> None:
    with store.read() as tx:
        records.find(tx, ctx, name)
