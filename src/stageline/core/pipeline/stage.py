"""Inside a stage: groups of actions by run order, and how the stage and then the execution go on or end."""

from dataclasses import replace

from stageline.core.pipeline import actions, waiting
from stageline.core.pipeline.declaration import Action
from stageline.core.pipeline.state import ABANDONED, CANCELLED, FAILED, STOPPED, SUCCEEDED, Execution, StageRun
from stageline.core.pipeline.turn import Turn


def advance(turn: Turn, execution_id: str) -> None:
    """Do what is next for an execution that is in a stage: nothing while actions run, else a group, an end, a next stage."""
    execution = turn.execution(execution_id)
    run = _run(execution)
    if run.busy:
        return
    if execution.ending in ("wait", "abandon"):
        _stop(turn, execution_id, STOPPED)
    elif execution.ending == "cancel":
        _stop(turn, execution_id, CANCELLED)
    elif any(each.status in (FAILED, ABANDONED) for each in run.runs.values()):
        _fail(turn, execution_id)
    else:
        group = next_group(turn, execution)
        if not group:
            _succeed(turn, execution_id)
            return
        for action in group:
            actions.start(turn, execution_id, run.stage, action)
        advance(turn, execution_id)


def next_group(turn: Turn, execution: Execution) -> tuple[Action, ...]:
    """The actions of the lowest run order that has not succeeded as a whole, those that have not run."""
    run = _run(execution)
    stage = turn.declaration(execution).stage(run.stage)
    todo = [action for action in stage.actions if action.name not in run.runs] if stage else []
    lowest = min((action.run_order for action in todo), default=0)
    return tuple(action for action in todo if action.run_order == lowest)


def _run(execution: Execution) -> StageRun:
    if execution.run is None:
        raise AssertionError(f"execution {execution.id} is in no stage")
    return execution.run


def _succeed(turn: Turn, execution_id: str) -> None:
    execution = turn.execution(execution_id)
    stage = _run(execution).stage
    _leave(turn, execution_id, SUCCEEDED, "SUCCEEDED")
    turn.save(execution_id, passed=(*execution.passed, stage))
    stages = turn.declaration(execution).stages
    after = turn.declaration(execution).index(stage) + 1
    if after == len(stages):
        waiting.end(turn, execution_id, SUCCEEDED)
    else:
        waiting.arrive(turn, execution_id, stages[after].name)
    _free(turn, stage)


def _fail(turn: Turn, execution_id: str) -> None:
    run = _run(turn.execution(execution_id))
    broken = next(each for each in run.runs.values() if each.status in (FAILED, ABANDONED))
    _leave(turn, execution_id, FAILED, "FAILED")
    summary = f"Action '{broken.action}' in stage '{run.stage}' failed"
    waiting.end(turn, execution_id, FAILED, f"{summary}: {broken.error_message}" if broken.error_message else f"{summary}.")
    _free(turn, run.stage)


def _stop(turn: Turn, execution_id: str, status: str) -> None:
    stage = _run(turn.execution(execution_id)).stage
    _leave(turn, execution_id, status, "STOPPED" if status == STOPPED else "CANCELED")
    why = "" if status == STOPPED else "The pipeline was updated while this execution was in progress"
    waiting.end(turn, execution_id, status, why)
    _free(turn, stage)


def _leave(turn: Turn, execution_id: str, status: str, state: str) -> None:
    run = _run(turn.execution(execution_id))
    turn.save(execution_id, run=replace(run, status=status))
    turn.announce("Stage", state, execution_id, stage=run.stage)
    if turn.stage(run.stage).holder == execution_id:
        turn.save_stage(run.stage, holder="")


def _free(turn: Turn, stage: str) -> None:
    """Let the next one in; a stage that an update removed goes with its last holder."""
    if turn.state.declaration.stage(stage) is not None:
        waiting.pump(turn, stage)
    elif not turn.stage(stage).holder:
        turn.state = replace(turn.state, stages={key: each for key, each in turn.state.stages.items() if key != stage})
