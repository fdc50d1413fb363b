"""The whole behaviour of a pipeline: ``decide(state, event) -> Decision | Refusal``. Pure, total and deterministic."""

from typing import assert_never

from stageline.core.ids import IdSource
from stageline.core.pipeline import actions, stage
from stageline.core.pipeline.commands.approve import approval_answered
from stageline.core.pipeline.commands.declare import pipeline_declared
from stageline.core.pipeline.commands.demand import demands_changed
from stageline.core.pipeline.commands.override import condition_overridden
from stageline.core.pipeline.commands.retry import retry_requested
from stageline.core.pipeline.commands.rollback import rollback_requested
from stageline.core.pipeline.commands.start import execution_requested
from stageline.core.pipeline.commands.stop import stop_requested
from stageline.core.pipeline.commands.switch import transition_switched
from stageline.core.pipeline.effects import Decision, Refusal
from stageline.core.pipeline.events import (
    ActionFailed,
    ActionProgressed,
    ActionSucceeded,
    ActionTimedOut,
    ApprovalAnswered,
    ConditionOverridden,
    DemandsChanged,
    Event,
    ExecutionRequested,
    PipelineDeclared,
    RetryRequested,
    RollbackRequested,
    Stamped,
    StopRequested,
    TransitionSwitched,
)
from stageline.core.pipeline.state import ActionRun, State
from stageline.core.pipeline.turn import Turn


def decide(state: State | None, stamped: Stamped) -> Decision | Refusal:
    """What follows from an event. ``state`` is None before the pipeline is declared for the first time."""
    event = stamped.event
    if state is None and not isinstance(event, PipelineDeclared):
        return Refusal("PipelineNotFound", "The pipeline has not been declared")
    if state is None and isinstance(event, PipelineDeclared):
        state = State(event.declaration.name, 0)
    assert state is not None
    turn = Turn(state, stamped.at, IdSource(stamped.entropy))
    outcome = _apply(turn, event)
    if isinstance(outcome, Refusal):
        return outcome
    while turn.agenda:
        stage.advance(turn, turn.agenda.pop(0))
    return turn.decision(outcome)


def _apply(turn: Turn, event: Event) -> Refusal | str:
    match event:
        case PipelineDeclared():
            pipeline_declared(turn, event)
            return ""
        case ExecutionRequested():
            return execution_requested(turn, event)
        case ActionProgressed():
            return actions.progressed(turn, event) or ""
        case ActionSucceeded():
            return _then_advance(turn, actions.succeeded(turn, event))
        case ActionFailed():
            return _then_advance(turn, actions.failed(turn, event))
        case ActionTimedOut():
            return _then_advance(turn, actions.timed_out(turn, event))
        case ApprovalAnswered():
            return approval_answered(turn, event)
        case RetryRequested():
            return retry_requested(turn, event)
        case RollbackRequested():
            return rollback_requested(turn, event)
        case ConditionOverridden():
            return condition_overridden(turn, event)
        case StopRequested():
            return stop_requested(turn, event)
        case TransitionSwitched():
            return transition_switched(turn, event)
        case DemandsChanged():
            return demands_changed(turn, event)
        case _:
            assert_never(event)


def _then_advance(turn: Turn, outcome: Refusal | ActionRun) -> Refusal | str:
    if isinstance(outcome, Refusal):
        return outcome
    stage.advance(turn, outcome.execution_id)
    return ""
