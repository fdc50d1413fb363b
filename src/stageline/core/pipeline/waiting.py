"""In front of a stage: arriving, waiting, being superseded, getting in. Waiting happens nowhere else."""

from dataclasses import replace

from stageline.core.pipeline.modes import POLICIES
from stageline.core.pipeline.state import ENDED, RUNNING, STANDARD, STOPPED, SUCCEEDED, SUPERSEDED, Execution, StageRun
from stageline.core.pipeline.turn import Turn

PARKED_AFTER = 30 * 24 * 3_600_000
"""A transition that was disabled for longer than this does not let in who waited meanwhile (transitions page)."""


def arrive(turn: Turn, execution_id: str, stage: str) -> None:
    """An execution has come to a stage: it waits, and goes in at once when nothing holds it back."""
    execution = turn.save(execution_id, waiting=stage)
    if execution.parallel:
        if is_open(turn, stage, execution):
            enter(turn, execution_id, stage)
        return
    here = turn.stage(stage)
    numbers = {key: each.number for key, each in turn.state.executions.items()}
    waiting, superseded = POLICIES[execution.mode].admit(here.waiting, execution_id, numbers, here.entered)
    turn.save_stage(stage, waiting=waiting)
    for loser in superseded:
        winner = execution_id if loser != execution_id else _newer(turn, stage, execution.number)
        end(turn, loser, SUPERSEDED, f"Superseded by execution {winner}" if winner else "Superseded by a newer execution")
    pump(turn, stage)


def pump(turn: Turn, stage: str) -> None:
    """Let the first in line in, if the stage is free and its transition open, and everyone whom only the transition held."""
    for each in held_back(turn, stage):
        execution = turn.execution(each)
        if not execution.parked and is_open(turn, stage, execution):
            enter(turn, each, stage)
    here = turn.stage(stage)
    first = next((each for each in here.waiting if not turn.execution(each).parked), None)
    if first is not None and not here.holder and is_open(turn, stage, turn.execution(first)):
        enter(turn, first, stage)


def let_in(turn: Turn) -> None:
    """Stages are gone, and with them their transitions: let in whom only those held. Executions of the mode PARALLEL go on with
    their own version."""
    for each in tuple(turn.state.executions.values()):
        if each.parallel and each.waiting and not each.parked and is_open(turn, each.waiting, each):
            enter(turn, each.id, each.waiting)


def held_back(turn: Turn, stage: str) -> tuple[str, ...]:
    """The executions of the mode PARALLEL in front of a stage, in the order of their start: they are in no queue."""
    return tuple(each.id for each in turn.state.executions.values() if each.parallel and each.waiting == stage)


def is_open(turn: Turn, stage: str, execution: Execution) -> bool:
    """Whether the transition into a stage is enabled on both of its sides, as an execution's version of the pipeline has them."""
    declaration = turn.declaration(execution)
    index = declaration.index(stage)
    before = declaration.stages[index - 1].name if index else None
    return turn.stage(stage).inbound.enabled and (before is None or turn.stage(before).outbound.enabled)


def enter(turn: Turn, execution_id: str, stage: str) -> None:
    """Take the stage's lock and begin. Executions that failed here earlier cannot be retried from now on."""
    execution = turn.execution(execution_id)
    if not execution.parallel:
        _take(turn, execution, stage)
    turn.save(execution_id, waiting="", run=StageRun(stage, RUNNING, turn.at))
    turn.announce("Stage", "STARTED", execution_id, stage=stage)
    turn.agenda.append(execution_id)


def _take(turn: Turn, execution: Execution, stage: str) -> None:
    """Lock the stage. A rollback is not counted among those that have entered: those that wait are not older than it."""
    here = turn.stage(stage)
    for other in tuple(turn.state.executions.values()):
        if other.status in ENDED and other.run is not None and other.run.stage == stage and not other.parallel:
            turn.drop(other.id)
    turn.save_stage(
        stage,
        holder=execution.id,
        waiting=tuple(each for each in here.waiting if each != execution.id),
        entered=max(here.entered, execution.number) if execution.kind == STANDARD else here.entered,
        latest_id=execution.id,
        latest_kind=execution.kind,
        manual_retries=0,
        auto_retries=0,
        last_retry="",
    )


def leave_queue(turn: Turn, execution_id: str) -> None:
    """Wait no longer."""
    execution = turn.execution(execution_id)
    stage = execution.waiting
    if stage and execution.parallel:
        turn.save(execution_id, waiting="")
    elif stage:
        turn.save_stage(stage, waiting=tuple(each for each in turn.stage(stage).waiting if each != execution_id))
        turn.save(execution_id, waiting="")


def end(turn: Turn, execution_id: str, status: str, summary: str = "") -> None:
    """End an execution, once."""
    leave_queue(turn, execution_id)
    turn.save(execution_id, status=status, summary=summary)
    state = {SUCCEEDED: "SUCCEEDED", SUPERSEDED: "SUPERSEDED", STOPPED: "STOPPED"}.get(status) or (
        "CANCELED" if status == "Cancelled" else "FAILED"
    )
    turn.announce("Pipeline", state, execution_id)


def park(turn: Turn, stage: str) -> None:
    """Leave who waits where it is for good: only a newer execution will get in."""
    for each in (*turn.stage(stage).waiting, *held_back(turn, stage)):
        turn.state = replace(
            turn.state,
            executions={**turn.state.executions, each: replace(turn.execution(each), parked=True)},
        )


def _newer(turn: Turn, stage: str, number: int) -> str:
    """The newest execution that is ahead in or in front of a stage, if the state still knows it."""
    here = turn.stage(stage)
    candidates = [turn.state.executions[each] for each in (here.holder, *here.waiting) if each in turn.state.executions]
    newer = [each for each in candidates if each.number > number]
    return max(newer, key=lambda each: each.number).id if newer else ""
