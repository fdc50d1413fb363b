"""Rolling a stage back: a new execution runs that stage alone, with what an earlier execution ran it with."""

from stageline.core.pipeline import waiting
from stageline.core.pipeline.effects import Refusal
from stageline.core.pipeline.events import RollbackRequested
from stageline.core.pipeline.modes import limited
from stageline.core.pipeline.state import PARALLEL, ROLLBACK, SKIPPED, Execution, Snapshot
from stageline.core.pipeline.turn import Turn


def rollback_requested(turn: Turn, event: RollbackRequested) -> Refusal | str:
    """Roll back by hand; the answer is the id of the new execution.

    ``event.target`` has been found in history: it succeeded in the stage, with the current version of the pipeline.
    """
    refusal = _refusal(turn, event) or limited(turn.state)
    return refusal or begin(turn, event.stage, event.target, "ManualRollback", event.by, event.person)


def _refusal(turn: Turn, event: RollbackRequested) -> Refusal | None:
    declaration = turn.state.declaration
    if declaration.stage(event.stage) is None:
        return Refusal("StageNotFound", f"Pipeline '{turn.state.name}' does not have a stage with name '{event.stage}'")
    text = f"The stage '{event.stage}' cannot be rolled back:"
    if declaration.mode == PARALLEL:
        return Refusal("UnableToRollbackStage", f"{text} the pipeline is in the mode PARALLEL.")
    if declaration.index(event.stage) == 0:
        return Refusal("UnableToRollbackStage", f"{text} it is the source stage.")
    if event.version != turn.state.version:
        what = f"The pipeline has changed since execution {event.target.execution_id}"
        return Refusal("PipelineExecutionOutdated", f"{what}; choose one that ran version {turn.state.version}.")
    if turn.stage(event.stage).latest_status == SKIPPED:
        return Refusal("UnableToRollbackStage", f"{text} its status is Skipped. Roll it back after an execution has run it.")
    if turn.stage(event.stage).holder:
        return Refusal("UnableToRollbackStage", f"{text} an execution is in it. Wait until it has ended, or stop it.")
    return None


def begin(turn: Turn, stage: str, target: Snapshot, trigger: str, detail: str, person: str = "") -> str:
    """Start the execution; it enters the free stage at once, whatever the transition into it says."""
    execution = Execution(
        id=turn.ids.uuid(),
        number=turn.count(),
        version=turn.state.version,
        mode=turn.state.declaration.mode,
        started=turn.at,
        updated=turn.at,
        trigger=trigger,
        trigger_detail=detail[:1024],
        variables=target.variables,
        namespaces=target.namespaces,
        artifacts=target.artifacts,
        revisions=target.revisions,
        kind=ROLLBACK,
        rollback_target=target.execution_id,
        person=person,
    )
    turn.add(execution)
    turn.announce("Pipeline", "STARTED", execution.id)
    waiting.enter(turn, execution.id, stage)
    return execution.id


def remember(turn: Turn, execution_id: str, stage: str) -> None:
    """Note what succeeds in a stage that may have to come back to it. A rollback is never a target itself."""
    execution = turn.execution(execution_id)
    declared = turn.declaration(execution).stage(stage)
    if declared is None or not declared.rolls_back or execution.kind == ROLLBACK or execution.parallel:
        return
    good = Snapshot(execution.id, execution.variables, execution.namespaces, execution.artifacts, execution.revisions)
    turn.save_stage(stage, good=good)


def target(turn: Turn, execution_id: str, stage: str) -> Snapshot | None:
    """What an automatic rollback of a stage goes back to, or None: nothing has succeeded there with the current version, or the
    execution that failed is a rollback itself."""
    execution = turn.execution(execution_id)
    if execution.kind == ROLLBACK or execution.parallel or execution.version != turn.state.version:
        return None
    return turn.stage(stage).good if turn.state.declaration.index(stage) else None
