"""Inside a stage: its conditions, its groups of actions by run order, and how the stage and then the execution go on or end."""

from dataclasses import replace

from stageline.core.pipeline import actions, conditions, waiting
from stageline.core.pipeline.commands import rollback
from stageline.core.pipeline.conditions import BEFORE_ENTRY, ON_FAILURE, ON_SUCCESS
from stageline.core.pipeline.declaration import Action, OnFailure, Stage
from stageline.core.pipeline.modes.parallel import ACTIONS
from stageline.core.pipeline.state import (
    CANCELLED,
    FAILED,
    ROLLBACK,
    RUNNING,
    SKIPPED,
    STANDARD,
    STOPPED,
    SUCCEEDED,
    Execution,
    StageRun,
)
from stageline.core.pipeline.turn import Turn


def advance(turn: Turn, execution_id: str) -> None:
    """Do what is next for an execution that is in a stage: nothing while its group runs, else a condition, a group, an end, a
    next stage."""
    execution = turn.execution(execution_id)
    run = _run(execution)
    if run.busy:
        if run.acting and not execution.ending:
            _fill(turn, execution_id)
    elif execution.ending in ("wait", "abandon"):
        _stop(turn, execution_id, STOPPED)
    elif execution.ending == "cancel":
        _stop(turn, execution_id, CANCELLED)
    elif run.broken:
        _broken(turn, execution_id)
    else:
        _proceed(turn, execution_id)


def _proceed(turn: Turn, execution_id: str) -> None:
    verdict = conditions.ask(turn, execution_id, BEFORE_ENTRY)
    if verdict == "SKIP":
        _skip(turn, execution_id)
    elif verdict:
        _refuse(turn, execution_id, BEFORE_ENTRY)
    elif verdict is not None and _group(turn, execution_id):
        _fill(turn, execution_id)
        advance(turn, execution_id)
    elif verdict is not None:
        _complete(turn, execution_id)


def _complete(turn: Turn, execution_id: str) -> None:
    """All actions have succeeded."""
    verdict = conditions.ask(turn, execution_id, ON_SUCCESS)
    if verdict == "":
        _succeed(turn, execution_id)
    elif verdict is not None:
        _refuse(turn, execution_id, ON_SUCCESS, back=verdict == ROLLBACK)


def _broken(turn: Turn, execution_id: str) -> None:
    """An action failed and its siblings have ended."""
    verdict = conditions.ask(turn, execution_id, ON_FAILURE)
    if verdict is None:
        return
    execution = turn.execution(execution_id)
    stage = _declared(turn, execution)
    failure = stage.on_failure if stage and stage.on_failure and execution.kind == STANDARD else OnFailure()
    result = verdict or failure.result
    if result == "RETRY" and not _run(execution).retried:
        _retry(turn, execution_id, failure.retry_mode)
    else:
        _fail(turn, execution_id, back=result == ROLLBACK)


def _retry(turn: Turn, execution_id: str, mode: str) -> None:
    """The one automatic retry of a stage run. The stage stays locked and the execution does not fail in between."""
    execution = turn.execution(execution_id)
    run = _run(execution)
    if turn.stage(run.stage).latest_id == execution_id:
        turn.save_stage(run.stage, auto_retries=1, last_retry="AutomatedStageRetry")
    run = replace(conditions.again(run, mode), retried=True)
    turn.save(execution_id, attempt=execution.attempt + 1, retried=turn.at, run=run)
    turn.announce("Stage", "RESUMED", execution_id, stage=run.stage)
    advance(turn, execution_id)


def resume(turn: Turn, execution_id: str) -> None:
    """Take an execution that has ended back into the stage in which it ended."""
    execution = turn.execution(execution_id)
    run = _run(execution)
    if not execution.parallel:
        turn.save_stage(run.stage, holder=execution.id)
    turn.save(
        execution.id,
        status=RUNNING,
        summary="",
        ending="",
        stop_reason=None,
        attempt=execution.attempt + 1,
        retried=turn.at,
        run=replace(run, status=RUNNING),
    )
    turn.announce("Pipeline", "RESUMED", execution.id)
    turn.announce("Stage", "RESUMED", execution.id, stage=run.stage)


def _group(turn: Turn, execution_id: str) -> tuple[Action, ...]:
    """The actions that have not run of the lowest run order that has not ended as a whole."""
    execution = turn.execution(execution_id)
    stage = _declared(turn, execution)
    run = _run(execution)
    if stage is None:
        return ()
    todo = [action for action in stage.actions if action.name not in run.runs]
    acting = {each.action for each in run.acting}
    orders = [each.run_order for each in stage.actions if each.name in acting] or [each.run_order for each in todo]
    return tuple(action for action in todo if action.run_order == min(orders, default=0))


def _fill(turn: Turn, execution_id: str) -> None:
    """Start what is left of the group under way: all of it, or as many actions as may run at once in the mode PARALLEL."""
    for action in _group(turn, execution_id):
        execution = turn.execution(execution_id)
        run = _run(execution)
        if execution.parallel and len(run.acting) >= ACTIONS:
            return
        actions.start(turn, execution_id, run.stage, action)


def _declared(turn: Turn, execution: Execution) -> Stage | None:
    return turn.declaration(execution).stage(_run(execution).stage)


def _run(execution: Execution) -> StageRun:
    if execution.run is None:
        raise AssertionError(f"execution {execution.id} is in no stage")
    return execution.run


def _succeed(turn: Turn, execution_id: str) -> None:
    execution = turn.execution(execution_id)
    stage = _run(execution).stage
    rollback.remember(turn, execution_id, stage)
    _leave(turn, execution_id, SUCCEEDED, "SUCCEEDED")
    turn.save(execution_id, passed=(*execution.passed, stage))
    _go_on(turn, execution_id, stage)


def _skip(turn: Turn, execution_id: str) -> None:
    """The stage does not run, and the execution goes on behind it. EventBridge has no event for that."""
    stage = _run(turn.execution(execution_id)).stage
    _leave(turn, execution_id, SKIPPED, "")
    _go_on(turn, execution_id, stage)


def _go_on(turn: Turn, execution_id: str, stage: str) -> None:
    execution = turn.execution(execution_id)
    stages = turn.declaration(execution).stages
    after = turn.declaration(execution).index(stage) + 1
    if execution.kind == ROLLBACK or after == len(stages):
        waiting.end(turn, execution_id, SUCCEEDED)
    else:
        waiting.arrive(turn, execution_id, stages[after].name)
    _free(turn, stage)


def _fail(turn: Turn, execution_id: str, *, back: bool = False) -> None:
    """The stage fails by an action, and with it the execution; with ``back`` the stage goes back to what was good last."""
    run = _run(turn.execution(execution_id))
    if run.broken is None:
        raise AssertionError(f"execution {execution_id} has no failed action")
    summary = f"Action '{run.broken.action}' in stage '{run.stage}' failed"
    why = f"{summary}: {run.broken.error_message}" if run.broken.error_message else f"{summary}."
    _leave(turn, execution_id, FAILED, "FAILED")
    _end_failed(turn, execution_id, why, back=back)


def _refuse(turn: Turn, execution_id: str, kind: str, *, back: bool = False) -> None:
    """The execution fails by a condition. A stage that goes back has itself succeeded."""
    why = conditions.why(_run(turn.execution(execution_id)), kind)
    _leave(turn, execution_id, *((SUCCEEDED, "SUCCEEDED") if back else (FAILED, "FAILED")))
    _end_failed(turn, execution_id, why, back=back)


def _end_failed(turn: Turn, execution_id: str, why: str, *, back: bool) -> None:
    stage = _run(turn.execution(execution_id)).stage
    target = rollback.target(turn, execution_id, stage) if back else None
    if back:
        then = f"The stage is rolled back to execution {target.execution_id}." if target else "Nothing to roll back to."
        why = f"{why if why.endswith('.') else why + '.'} {then}"
    waiting.end(turn, execution_id, FAILED, why)
    if target:
        person = turn.execution(execution_id).person
        rollback.begin(turn, stage, target, "AutomatedRollback", execution_id, person)
    _free(turn, stage)


def _stop(turn: Turn, execution_id: str, status: str) -> None:
    stage = _run(turn.execution(execution_id)).stage
    conditions.close(turn, execution_id, status)
    _leave(turn, execution_id, status, "STOPPED" if status == STOPPED else "CANCELED")
    why = "" if status == STOPPED else "The pipeline was updated while this execution was in progress"
    waiting.end(turn, execution_id, status, why)
    _free(turn, stage)


def _leave(turn: Turn, execution_id: str, status: str, state: str) -> None:
    run = _run(turn.execution(execution_id))
    turn.save(execution_id, run=replace(run, status=status))
    if state:
        turn.announce("Stage", state, execution_id, stage=run.stage)
    if turn.stage(run.stage).holder == execution_id:
        turn.save_stage(run.stage, holder="")


def _free(turn: Turn, stage: str) -> None:
    """Let the next one in; a stage that an update removed goes with its last holder."""
    if turn.state.declaration.stage(stage) is not None:
        waiting.pump(turn, stage)
    elif not turn.stage(stage).holder:
        turn.state = replace(turn.state, stages={key: each for key, each in turn.state.stages.items() if key != stage})
        waiting.let_in(turn)
