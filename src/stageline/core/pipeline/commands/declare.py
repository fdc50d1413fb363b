"""Declaring the pipeline, first or again. A new version ends what runs: actions in progress finish, then it is cancelled.
Executions of the mode PARALLEL go on undisturbed, each with its own version."""

from dataclasses import replace

from stageline.core.pipeline import actions, conditions, stage, waiting
from stageline.core.pipeline.events import PipelineDeclared
from stageline.core.pipeline.state import CANCELLED, ENDED, RUNNING, STOPPING, StageState
from stageline.core.pipeline.turn import Turn

WHY = "The pipeline was updated while this execution was in progress"


def pipeline_declared(turn: Turn, event: PipelineDeclared) -> None:
    """Take over a declaration. Stages that keep their name keep their transitions."""
    declaration = event.declaration
    before = turn.state
    running = [each.id for each in before.executions.values() if each.status not in ENDED and not each.parallel]
    for execution_id in running:
        if turn.execution(execution_id).waiting:
            waiting.leave_queue(turn, execution_id)
            turn.save(execution_id, run=None)
            waiting.end(turn, execution_id, CANCELLED, WHY)
    stages = {each.name: _kept(turn, each.name, tuple(a.name for a in each.actions)) for each in declaration.stages}
    held = {name: each for name, each in turn.state.stages.items() if each.holder and name not in stages}
    turn.state = replace(
        turn.state,
        version=declaration.version,
        declarations={**turn.state.declarations, declaration.version: declaration},
        stages={**stages, **held},
    )
    for execution_id in running:
        execution = turn.state.executions.get(execution_id)
        if execution is None or execution.status in ENDED:
            continue
        if execution.status != STOPPING:
            turn.save(execution_id, ending="cancel")
        _abandon_approvals(turn, execution_id)
        conditions.abandon(turn, execution_id)
        stage.advance(turn, execution_id)
    waiting.let_in(turn)


def _kept(turn: Turn, name: str, names: tuple[str, ...]) -> StageState:
    here = turn.stage(name)
    return replace(here, shown={key: run for key, run in here.shown.items() if key in names}, good=None)


def _abandon_approvals(turn: Turn, execution_id: str) -> None:
    """Nobody's decision would count any more, and an open approval would hold the stage for days."""
    run = turn.execution(execution_id).run
    for each in run.runs.values() if run else ():
        if each.status == RUNNING and each.type[0] == "Approval":
            actions.abandon(turn, each)
