"""Retrying a stage in place: the same execution, new action runs, the same artifacts."""

from stageline.core.pipeline import conditions, stage
from stageline.core.pipeline.effects import Refusal
from stageline.core.pipeline.events import RetryRequested
from stageline.core.pipeline.modes import limited
from stageline.core.pipeline.state import ENDED, PARALLEL, STOPPED, Execution, StageRun
from stageline.core.pipeline.turn import Turn


def retry_requested(turn: Turn, event: RetryRequested) -> Refusal | str:
    """Run failed (or all) actions of a stage again; the answer is the execution's id, which stays the same."""
    if turn.state.declaration.stage(event.stage) is None:
        return Refusal("StageNotFound", f"Pipeline '{turn.state.name}' does not have a stage with name '{event.stage}'")
    execution = turn.state.executions.get(event.execution_id)
    run = execution.run if execution else None
    refusal = _refusal(turn, event, execution, run)
    if refusal or execution is None or run is None:
        return refusal or _not_latest(event)
    if not execution.parallel:
        retries = turn.stage(event.stage).manual_retries + 1
        turn.save_stage(event.stage, manual_retries=retries, last_retry="ManualStageRetry")
    conditions.abandon(turn, execution.id)
    turn.save(execution.id, run=conditions.again(run, event.mode))
    if execution.status in ENDED:
        stage.resume(turn, execution.id)
    else:
        turn.save(execution.id, attempt=execution.attempt + 1, retried=turn.at)
    stage.advance(turn, execution.id)
    return execution.id


def _not_latest(event: RetryRequested) -> Refusal:
    text = f"The pipeline execution {event.execution_id} is not the latest execution in the stage '{event.stage}'."
    return Refusal("NotLatestPipelineExecution", text)


def _refusal(turn: Turn, event: RetryRequested, execution: Execution | None, run: StageRun | None) -> Refusal | None:
    here = turn.stage(event.stage)
    parallel = execution is not None and execution.parallel
    if here.latest_id != event.execution_id and not parallel and turn.state.declaration.mode != PARALLEL:
        return _not_latest(event)
    if execution is None or run is None:
        text = f"The stage '{event.stage}' has nothing to retry, or the pipeline has changed since this execution."
        return Refusal("StageNotRetryable", text)
    if run.stage != event.stage or execution.waiting or execution.version != turn.state.version:
        text = f"The stage '{event.stage}' cannot be retried: the execution has left it or the pipeline has changed."
        return Refusal("StageNotRetryable", text)
    if execution.ending and execution.status not in ENDED:
        return Refusal("Conflict", f"The pipeline execution {event.execution_id} is being stopped or cancelled.")
    if not run.broken and not conditions.broken(run) and execution.status != STOPPED:
        return Refusal("StageNotRetryable", f"The stage '{event.stage}' does not have any failed actions to retry.")
    if event.mode == "ALL_ACTIONS" and run.acting:
        text = f"The stage '{event.stage}' has actions in progress; all of its actions can be retried when they have ended."
        return Refusal("StageNotRetryable", text)
    if here.holder not in ("", execution.id) and not parallel:
        return Refusal("Conflict", f"The stage '{event.stage}' is held by another execution.")
    return limited(turn.state) if execution.status in ENDED else None
