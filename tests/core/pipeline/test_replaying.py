"""What follows from an event does not depend on the order of its mappings: the journal sorts them."""

from stageline.core.pipeline.decide import decide
from stageline.core.pipeline.declaration import Action, Declaration, Stage
from stageline.core.pipeline.effects import Decision
from stageline.core.pipeline.events import ActionSucceeded, ExecutionRequested, PipelineDeclared, Stamped
from stageline.core.pipeline.state import State
from stageline.engine.codec import decode_event, encode_event, encode_state


def test_several_references_without_a_value_are_named_in_one_order() -> None:
    fetch = Action("Fetch", ("Source", "AWS", "S3", "1"), namespace="src")
    copy = Action("Copy", ("Deploy", "AWS", "S3", "1"), configuration={"Second": "#{src.B}", "First": "#{src.A}"})
    stages = (Stage("Source", (fetch,)), Stage("Deploy", (copy,)))
    live, replayed = None, None

    def tell(at: int, event: object) -> None:
        nonlocal live, replayed
        stamped = Stamped(at, f"{at:032x}", event)  # type: ignore[arg-type]
        live, replayed = _after(live, stamped), _after(replayed, decode_event(encode_event(stamped)))

    tell(1, PipelineDeclared(Declaration("shop", 1, "SUPERSEDED", "role", stages)))
    tell(2, ExecutionRequested("StartPipelineExecution"))
    tell(3, ActionSucceeded(live.stages["Source"].shown["Fetch"].id))
    assert live.stages["Deploy"].shown["Copy"].status == "Failed"
    assert encode_state(replayed) == encode_state(live)


def _after(state: State | None, stamped: Stamped) -> State:
    outcome = decide(state, stamped)
    assert isinstance(outcome, Decision)
    return outcome.state
