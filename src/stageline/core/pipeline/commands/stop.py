"""Stopping an execution: waiting for the actions in progress, or abandoning them."""

from dataclasses import replace

from stageline.core.pipeline import actions, conditions, stage, waiting
from stageline.core.pipeline.effects import Refusal
from stageline.core.pipeline.events import StopRequested
from stageline.core.pipeline.state import ENDED, RUNNING, STOPPED, STOPPING
from stageline.core.pipeline.turn import Turn


def stop_requested(turn: Turn, event: StopRequested) -> Refusal | str:
    """Stop an execution; the answer is its id."""
    execution = turn.state.executions.get(event.execution_id)
    if execution is None or execution.status in ENDED:
        status = f"with status {execution.status} " if execution else ""
        text = f"The pipeline execution {event.execution_id} {status}cannot be stopped: it is not in progress."
        return Refusal("PipelineExecutionNotStoppable", text)
    if execution.ending in ("wait", "abandon") and not (execution.ending == "wait" and event.abandon):
        text = (
            f"The pipeline execution {event.execution_id} is already stopping; it can only be changed from waiting to abandoning."
        )
        return Refusal("DuplicatedStopRequest", text)
    turn.save(
        execution.id,
        status=STOPPING,
        ending="abandon" if event.abandon else "wait",
        stop_reason=event.reason,
    )
    turn.announce("Pipeline", "STOPPING", execution.id)
    if execution.waiting:
        waiting.leave_queue(turn, execution.id)
        turn.save(execution.id, run=None)
        waiting.end(turn, execution.id, STOPPED, event.reason)
        return execution.id
    run = turn.execution(execution.id).run
    if run is not None:
        turn.save(execution.id, run=replace(run, status=STOPPING))
        turn.announce("Stage", "STOPPING", execution.id, stage=run.stage)
        if event.abandon:
            for each in run.runs.values():
                if each.status == RUNNING:
                    actions.abandon(turn, each)
            conditions.abandon(turn, execution.id)
    stage.advance(turn, execution.id)
    return execution.id
