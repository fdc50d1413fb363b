"""Switching the transition into or out of a stage off and on."""

from stageline.core.pipeline import waiting
from stageline.core.pipeline.effects import Refusal
from stageline.core.pipeline.events import TransitionSwitched
from stageline.core.pipeline.state import Transition
from stageline.core.pipeline.turn import Turn


def transition_switched(turn: Turn, event: TransitionSwitched) -> Refusal | str:
    """Disable or enable; who waits goes in when nothing else holds it back."""
    declaration = turn.state.declaration
    if declaration.stage(event.stage) is None:
        return Refusal("StageNotFound", f"Pipeline '{turn.state.name}' does not have a stage with name '{event.stage}'")
    here = turn.stage(event.stage)
    before = here.inbound if event.side == "Inbound" else here.outbound
    if event.enabled and before.enabled:
        return ""
    after = Transition(event.enabled, "" if event.enabled else event.reason, event.by, turn.at)
    turn.save_stage(event.stage, **{event.side.lower(): after})
    index = declaration.index(event.stage) + (0 if event.side == "Inbound" else 1)
    if event.enabled and index < len(declaration.stages):
        target = declaration.stages[index].name
        if turn.at - before.changed > waiting.PARKED_AFTER:
            waiting.park(turn, target)
        waiting.pump(turn, target)
    return ""
