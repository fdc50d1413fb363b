"""What the console tells of an execution step by step: in portions, from states on the way, and no more than is bearable."""

from typing import Any

import pytest

from stageline.core.pipeline.events import ActionFailed, ActionSucceeded, StopRequested
from stageline.ports.api import ApiError
from stageline.webconsole.journeys import Journeys


def _run(world: Any, *, good: bool) -> str:
    """Start an execution and take it to its end; its id."""
    execution = world.start()
    world.clock.advance(5)
    while acting := world.state().executions[execution].run.acting if execution in world.state().executions else ():
        world.clock.advance(5)
        if acting[0].action == "Approve":
            world.apply(StopRequested(execution, True, "enough", "me"))
        else:
            world.apply(ActionSucceeded(acting[0].id) if good else ActionFailed(acting[0].id, "JobFailed", "broken"))
    return str(execution)


def _all(journeys: Journeys, execution: str) -> tuple[list[Any], int]:
    """The steps once nothing is left to fold, and how often that had to be asked for."""
    for count in range(1, 100):
        found = journeys.told("shop", execution)
        if not found["behind"]:
            return found["steps"], count
    raise AssertionError("it does not end")


def test_an_execution_is_told_step_by_step(world: Any) -> None:
    world.declare()
    began = world.clock.now()
    execution = _run(world, good=True)
    steps, _ = _all(Journeys(world.store), execution)
    assert steps[0]["at"] == began / 1000
    assert [each["stages"] for each in steps if each.get("stages")] == [
        {"Source": "InProgress"},
        {"Source": "Succeeded", "Build": "InProgress"},
        {"Build": "Succeeded", "Gate": "InProgress"},
        {"Gate": "Stopped"},
    ]
    assert "me asked to stop it, abandoning its actions in progress (enough)." in steps[-1]["remarks"]
    assert steps[-1]["status"] == "Stopped"


def test_a_journal_is_folded_in_portions_and_from_states_on_the_way(world: Any) -> None:
    world.declare()
    ids = [_run(world, good=bool(number % 2)) for number in range(8)]
    whole, portions = Journeys(world.store), Journeys(world.store, portion=3, every=4)
    for execution in [ids[-1], *ids]:
        steps, count = _all(portions, execution)
        assert steps == _all(whole, execution)[0]
    assert count == 1, "it was followed before"
    fresh = Journeys(world.store, portion=3, every=4)
    _, first = _all(fresh, ids[-2])
    _, second = _all(fresh, ids[-1])
    assert second < first / 2, "it goes on from a state that was kept"


def test_what_happens_later_is_told_too(world: Any) -> None:
    world.declare()
    execution = world.start()
    journeys = Journeys(world.store)
    before = journeys.told("shop", execution)["steps"]
    world.clock.advance(7)
    world.apply(ActionSucceeded(world.state().executions[execution].run.acting[0].id))
    after = journeys.told("shop", execution)["steps"]
    assert (after[: len(before)], len(after)) == (before, len(before) + 1)


def test_a_journal_that_is_too_long_and_what_there_is_not_are_refused(world: Any) -> None:
    world.declare()
    execution = _run(world, good=True)
    for journeys, pipeline, wanted, code in (
        (Journeys(world.store, longest=2), "shop", execution, "JournalTooLong"),
        (Journeys(world.store), "shop", "none", "PipelineExecutionNotFoundException"),
        (Journeys(world.store), "none", execution, "PipelineExecutionNotFoundException"),
    ):
        with pytest.raises(ApiError) as refused:
            journeys.told(pipeline, wanted)
        assert refused.value.code == code
