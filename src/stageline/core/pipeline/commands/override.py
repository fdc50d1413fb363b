"""Overriding a condition: the execution goes on although rules fail or have not ended."""

from stageline.core.pipeline import conditions, stage
from stageline.core.pipeline.conditions import ON_SUCCESS
from stageline.core.pipeline.effects import Refusal
from stageline.core.pipeline.events import ConditionOverridden
from stageline.core.pipeline.modes import limited
from stageline.core.pipeline.state import ENDED, FAILED, RUNNING, STOPPED, Execution
from stageline.core.pipeline.turn import Turn


def condition_overridden(turn: Turn, event: ConditionOverridden) -> Refusal | str:
    """Override the entry or success condition of a stage; an execution that failed by it resumes."""
    execution = turn.state.executions.get(event.execution_id)
    versions = [turn.state.declaration, *([turn.declaration(execution)] if execution and execution.parallel else [])]
    if all(each.stage(event.stage) is None for each in versions):
        return Refusal("StageNotFound", f"Pipeline '{turn.state.name}' does not have a stage with name '{event.stage}'")
    refusal = _refusal(turn, event, execution)
    if refusal or execution is None:
        return refusal or _not_overridable(event, "the execution is not in the stage any more")
    resumed = execution.status in ENDED
    conditions.override(turn, execution.id, event.condition, event.by)
    if resumed:
        stage.resume(turn, execution.id)
    stage.advance(turn, execution.id)
    return ""


def _not_overridable(event: ConditionOverridden, why: str) -> Refusal:
    kind = "success" if event.condition == ON_SUCCESS else "entry"
    return Refusal("ConditionNotOverridable", f"The {kind} condition of stage '{event.stage}' cannot be overridden: {why}.")


def _refusal(turn: Turn, event: ConditionOverridden, execution: Execution | None) -> Refusal | None:
    latest = turn.stage(event.stage).latest_id
    if latest != event.execution_id and not (execution and execution.parallel):
        text = f"The pipeline execution {event.execution_id} is not the latest execution in the stage '{event.stage}'."
        return Refusal("NotLatestPipelineExecution", text)
    run = execution.run if execution else None
    if execution is None or run is None or run.stage != event.stage or execution.waiting:
        return _not_overridable(event, "the execution is not in the stage any more")
    ended = execution.status in ENDED
    if execution.ending and not ended:
        return Refusal("Conflict", f"The pipeline execution {execution.id} is being stopped or cancelled.")
    if execution.status == STOPPED:
        return _not_overridable(event, "the execution was stopped; retry the stage to go on")
    found = run.conditions.get(event.condition)
    declared = turn.declaration(execution).stage(event.stage)
    condition = conditions.declared(declared, event.condition) if declared else None
    if found is None or condition is None:
        return _not_overridable(event, "it has not been evaluated")
    if condition.result == "SKIP":
        return _not_overridable(event, "its result is SKIP")
    if found.status not in (RUNNING, FAILED):
        return _not_overridable(event, f"it is {found.status}")
    return limited(turn.state) if ended else None
