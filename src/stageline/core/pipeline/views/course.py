"""The course of one execution, a sentence for each turn that it took: read off the events of the journal as they are folded."""

from collections.abc import Iterator
from dataclasses import dataclass

from stageline.core.pipeline.effects import Announce, Decision, RecordAction
from stageline.core.pipeline.events import (
    ApprovalAnswered,
    ConditionOverridden,
    Event,
    PipelineDeclared,
    RetryRequested,
    StopRequested,
)
from stageline.core.pipeline.state import FAILED, ROLLBACK, ActionRun, Execution, State
from stageline.core.pipeline.views.standing import standing


@dataclass(frozen=True)
class Remark:
    """A sentence about an instant."""

    at: int
    text: str


def remarks(before: State | None, event: Event, decision: Decision, execution_id: str) -> Iterator[str]:
    """What a decision meant for an execution, in sentences; none when it meant nothing to it."""
    announced = [each for each in decision.effects if isinstance(each, Announce) and each.execution.id == execution_id]
    was = before.executions.get(execution_id) if before else None
    now = decision.state.executions.get(execution_id)
    yield from _asked(before, event, was)
    yield from _failures(decision, execution_id)
    for each in announced:
        if each.level == "Pipeline" and each.state == "STARTED":
            yield _started(each.execution)
    last = next((each.execution for each in reversed(announced)), now)
    if was and was.run and last and _left_unpassed(was, last):
        yield f"It skipped stage '{was.run.stage}': {_condition(decision, was)}"
    if was and now and was.run and now.run and now.run.retried and not was.run.retried:
        yield f"Stage '{now.run.stage}' is retried automatically, once."
    if now and now.waiting and (was is None or now.waiting != was.waiting):
        yield standing(decision.state, now)
    for each in announced:
        if each.level == "Stage" and each.state == "STARTED":
            yield f"It entered stage '{each.stage}'."
        if each.level == "Pipeline" and each.state not in ("STARTED", "STOPPING", "RESUMED"):
            yield _ended(each.execution)


def _asked(before: State | None, event: Event, was: Execution | None) -> Iterator[str]:
    """What somebody did to the execution."""
    match event:
        case StopRequested() if was and event.execution_id == was.id:
            how = "abandoning its actions in progress" if event.abandon else "waiting for its actions in progress"
            yield f"{event.by or 'Somebody'} asked to stop it, {how}{_why(event.reason)}."
        case RetryRequested() if was and event.execution_id == was.id:
            what = "all actions" if event.mode == "ALL_ACTIONS" else "the failed actions"
            yield f"{event.by or 'Somebody'} asked to run {what} of stage '{event.stage}' again."
        case ConditionOverridden() if was and event.execution_id == was.id:
            kind = event.condition.lower().replace("_", " ")
            yield f"{event.by or 'Somebody'} overrode the condition '{kind}' of stage '{event.stage}'."
        case ApprovalAnswered() if was and _asks(was, event.token):
            said = "approved" if event.approved else "rejected"
            yield f"{event.by} {said} '{event.action}' in stage '{event.stage}'{_why(event.summary)}."
        case PipelineDeclared() if was and not was.ending and not was.parallel and before:
            yield f"The pipeline was updated to version {event.declaration.version}."


def _why(text: str) -> str:
    return f" ({text})" if text else ""


def _asks(execution: Execution, token: str) -> bool:
    return any(run.token == token for run in execution.run.acting) if execution.run else False


def _failures(decision: Decision, execution_id: str) -> Iterator[str]:
    for each in decision.effects:
        if isinstance(each, RecordAction) and each.run.execution_id == execution_id and each.run.status == FAILED:
            yield _failure(each.run)


def _failure(run: ActionRun) -> str:
    what = f"Rule '{run.action}' of a condition" if run.condition else f"Action '{run.action}'"
    return f"{what} in stage '{run.stage}' failed ({run.error_code}): {run.error_message}"


def _left_unpassed(was: Execution, last: Execution) -> bool:
    if was.run is None or was.run.status != "InProgress" or was.run.stage in last.passed:
        return False
    moved = last.run is not None and (last.run.stage != was.run.stage or bool(last.waiting))
    return (moved or last.status == "Succeeded") and last.status != FAILED


def _condition(decision: Decision, was: Execution) -> str:
    here = decision.state.stages.get(was.run.stage) if was.run else None
    condition = here.conditions.get("BEFORE_ENTRY") if here else None
    return (condition.summary if condition else "") or "its entry condition failed."


def _started(execution: Execution) -> str:
    by = f" ({execution.trigger_detail})" if execution.trigger_detail else ""
    if execution.kind == ROLLBACK:
        return f"It was started by {execution.trigger}{by}, to run a stage as execution {execution.rollback_target} ran it."
    return f"It was started by {execution.trigger}{by}, with version {execution.version} of the pipeline."


def _ended(execution: Execution) -> str:
    text = f"It ended with the status {execution.status}"
    why = execution.summary or execution.stop_reason
    return f"{text}: {why}" if why else f"{text}."
