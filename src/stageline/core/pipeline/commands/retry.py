"""Retrying a stage in place: the same execution, new action runs, the same artifacts."""

from dataclasses import replace

from stageline.core.pipeline import actions, stage
from stageline.core.pipeline.effects import Refusal
from stageline.core.pipeline.events import RetryRequested
from stageline.core.pipeline.state import ABANDONED, ENDED, FAILED, RUNNING, STOPPED, Execution, StageRun
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
    again = {
        name: each for name, each in run.runs.items() if event.mode == "FAILED_ACTIONS" and each.status not in (FAILED, ABANDONED)
    }
    resumed = execution.status in ENDED
    here = turn.stage(event.stage)
    turn.save_stage(event.stage, holder=execution.id, latest_id=execution.id, manual_retries=here.manual_retries + 1)
    turn.save(
        execution.id,
        status=RUNNING,
        summary="",
        ending="",
        stop_reason=None,
        attempt=execution.attempt + 1,
        retried=turn.at,
        run=replace(run, status=RUNNING, runs=again),
    )
    if resumed:
        turn.announce("Pipeline", "RESUMED", execution.id)
        turn.announce("Stage", "RESUMED", execution.id, stage=event.stage)
    for name, each in run.runs.items():
        if event.mode == "FAILED_ACTIONS" and name not in again:
            _start(turn, execution.id, event.stage, each.action)
    stage.advance(turn, execution.id)
    return execution.id


def _start(turn: Turn, execution_id: str, stage_name: str, name: str) -> None:
    declared = turn.declaration(turn.execution(execution_id)).stage(stage_name)
    action = declared.action(name) if declared else None
    if action is not None:
        actions.start(turn, execution_id, stage_name, action)


def _not_latest(event: RetryRequested) -> Refusal:
    text = f"The pipeline execution {event.execution_id} is not the latest execution in the stage '{event.stage}'."
    return Refusal("NotLatestPipelineExecution", text)


def _refusal(turn: Turn, event: RetryRequested, execution: Execution | None, run: StageRun | None) -> Refusal | None:
    here = turn.stage(event.stage)
    if here.latest_id != event.execution_id:
        return _not_latest(event)
    if execution is None or run is None:
        text = f"The stage '{event.stage}' has nothing to retry, or the pipeline has changed since this execution."
        return Refusal("StageNotRetryable", text)
    if run.stage != event.stage or execution.version != turn.state.version:
        text = f"The stage '{event.stage}' cannot be retried: the execution has left it or the pipeline has changed."
        return Refusal("StageNotRetryable", text)
    if execution.ending and execution.status not in ENDED:
        return Refusal("Conflict", f"The pipeline execution {event.execution_id} is being stopped or cancelled.")
    failed = [each for each in run.runs.values() if each.status in (FAILED, ABANDONED)]
    if not failed and execution.status != STOPPED:
        return Refusal("StageNotRetryable", f"The stage '{event.stage}' does not have any failed actions to retry.")
    if event.mode == "ALL_ACTIONS" and run.busy:
        text = f"The stage '{event.stage}' has actions in progress; all of its actions can be retried when they have ended."
        return Refusal("StageNotRetryable", text)
    if execution.status not in ENDED and here.holder != execution.id:
        return Refusal("Conflict", f"The stage '{event.stage}' is held by another execution.")
    return None
