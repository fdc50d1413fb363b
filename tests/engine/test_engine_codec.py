"""Every value of the core survives being stored: generated events and states come back equal, and as the same bytes."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stageline.core.pipeline.decide import decide
from stageline.core.pipeline.declaration import Declaration
from stageline.core.pipeline.effects import Decision
from stageline.core.pipeline.events import Event, RetryRequested, Stamped
from stageline.core.pipeline.state import ActionRun, Execution, Revision, StageState, State
from stageline.engine.codec import decode, decode_event, decode_state, dumps, encode, encode_event, encode_state
from stageline.engine.replay import fold

TEXT = st.text(max_size=8)
st.register_type_strategy(str, TEXT)
st.register_type_strategy(int, st.integers(-(2**53), 2**53))


def a_mapping(kind: type) -> st.SearchStrategy[Any]:
    """None, one or two of a thing are all there is to tell apart, and a state nests seven levels deep."""
    key, value = get_args(kind)
    return st.dictionaries(st.from_type(key), st.from_type(value), max_size=2)


def a_tuple(kind: type) -> st.SearchStrategy[Any]:
    parts = get_args(kind)
    if parts[-1] is ...:
        return st.lists(st.from_type(parts[0]), max_size=2).map(tuple)
    return st.tuples(*map(st.from_type, parts))


st.register_type_strategy(Mapping, a_mapping)
st.register_type_strategy(tuple, a_tuple)
few = settings(max_examples=100, deadline=None)


@pytest.mark.parametrize("kind", get_args(Event), ids=lambda kind: kind.__name__)
def test_events_come_back(kind: type) -> None:
    @few
    @given(st.builds(Stamped, at=st.integers(0), entropy=TEXT, event=st.from_type(kind)))
    def check(stamped: Stamped) -> None:
        stored = encode_event(stamped)
        assert decode_event(stored) == stamped
        assert encode_event(decode_event(stored)) == stored
        assert json.loads(stored)["event"]["type"] == kind.__name__

    check()


@pytest.mark.parametrize("kind", [Declaration, Execution, ActionRun, StageState], ids=lambda kind: kind.__name__)
def test_values_come_back(kind: type) -> None:
    @few
    @given(st.from_type(kind))
    def check(value: Any) -> None:
        coded = encode(value)
        assert decode(kind, json.loads(dumps(coded))) == value
        assert dumps(encode(decode(kind, coded))) == dumps(coded)

    check()


@few
@given(st.from_type(State))
def test_a_state_is_the_same_bytes_each_time(state: State) -> None:
    stored = encode_state(state)
    assert stored == dumps(encode(state))
    assert decode_state(stored) == decode(State, encode(state)) == state
    assert encode_state(decode_state(stored)) == stored


def test_what_has_its_default_is_left_out_and_comes_back() -> None:
    run = ActionRun("r", "e", "S", "A", ("Build", "AWS", "X", "1"), 1, 5, 5)
    assert set(encode(run)) == {"id", "execution_id", "stage", "action", "type", "version", "started", "updated"}
    assert decode(ActionRun, encode(run)) == run


def test_none_and_nothing_are_told_apart() -> None:
    empty, none = Execution("e", 1, 1, "M", 0, 0, "T", stop_reason=""), Execution("e", 1, 1, "M", 0, 0, "T", stop_reason=None)
    assert decode(Execution, encode(empty)).stop_reason == ""
    assert decode(Execution, encode(none)).stop_reason is None
    with_revision = ActionRun("r", "e", "S", "A", ("a", "b", "c", "d"), 1, 0, 0, revision=Revision("x"))
    assert decode(ActionRun, encode(with_revision)).revision == Revision("x")


def test_an_unknown_event_is_not_guessed_at() -> None:
    with pytest.raises(KeyError):
        decode_event(b'{"at":1,"entropy":"x","event":{"type":"SomethingElse"}}')


def test_what_an_earlier_version_stored_is_read_folded_and_gone_on_with() -> None:
    """``earlier.json`` was written before there were conditions, rollbacks and parallel executions."""
    stored = json.loads((Path(__file__).parent / "earlier.json").read_text())
    state = decode(State, stored["state"])
    assert dumps(encode(state)) == dumps(stored["state"])
    folded = fold(dumps(entry) for entry in stored["journal"])
    assert dumps(encode(folded)) == dumps(stored["state"])
    failed = state.stages["Build"].latest_id
    retried = decide(state, Stamped(1_800_000_000_000, "00", RetryRequested("Build", failed, "FAILED_ACTIONS")))
    assert isinstance(retried, Decision)
    assert retried.answer == failed
