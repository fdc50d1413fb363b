"""What happened to one execution, step by step, from the journal of its pipeline; no operation of AWS tells it.

The journal holds all of a pipeline's events, so it is folded once: states on the way are kept in memory, and what is asked later
starts from the one before. That memory is a convenience, and nothing is lost with it.
"""

import threading
from bisect import bisect_left
from collections import OrderedDict
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final, TypeVar

from stageline.core.pipeline.state import State
from stageline.core.pipeline.views.turns import Step, step
from stageline.engine import history
from stageline.engine.apply import HEAD
from stageline.engine.codec import encode
from stageline.engine.replay import walk
from stageline.ports.api import ApiError
from stageline.ports.store import ReadTx, Store

LONGEST: Final = 200_000
"""Events that are folded to tell of one execution: twenty seconds of work, once."""
PORTION: Final = 5_000
"""Events that are folded for one question, within about half a second: who asks again gets on."""
EVERY: Final = 1_000
"""Events between two states that are kept."""
_PIPELINES: Final = 20
_JOURNEYS: Final = 50

_K = TypeVar("_K")
_V = TypeVar("_V")


@dataclass
class _Kept:
    """States of a pipeline after so many events; ``started`` counts the executions that there were then."""

    after: list[int] = field(default_factory=list)
    started: list[int] = field(default_factory=list)
    states: list[State] = field(default_factory=list)

    def before(self, number: int) -> tuple[int, State | None]:
        """The latest state from before the start of the execution of that number, and the number of the event that made it."""
        index = bisect_left(self.started, number) - 1
        return (self.after[index], self.states[index]) if index >= 0 else (-1, None)

    def keep(self, after: int, state: State, every: int) -> None:
        """Keep a state unless there is one near by."""
        if after >= (self.after[-1] if self.after else 0) + every:
            self.after.append(after)
            self.started.append(state.started)
            self.states.append(state)


@dataclass
class _Journey:
    """How far an execution has been followed."""

    after: int
    state: State | None
    steps: list[Step] = field(default_factory=list)


class Journeys:
    """Follows executions. Safe to use from several threads; one question is answered at a time, so that many cost no more."""

    def __init__(self, store: Store, *, portion: int = PORTION, longest: int = LONGEST, every: int = EVERY) -> None:
        self._store = store
        self._portion = portion
        self._longest = longest
        self._every = every
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._followed: OrderedDict[tuple[str, str], _Journey] = OrderedDict()

    def told(self, pipeline: str, execution_id: str) -> dict[str, Any]:
        """The ``steps`` so far, oldest first, instants in epoch seconds; ``behind``: events still to be folded, by asking again.
        ApiError when there is no such execution, or the journal is too long."""
        with self._lock, self._store.read() as tx:
            head = tx.get(HEAD, pipeline)
            row = tx.get(history.NUMBER, f"{head['uid']}/{execution_id}") if head else None
            if head is None or row is None:
                raise ApiError("PipelineExecutionNotFoundException", f"'{pipeline}' has no execution {execution_id}.", 404)
            uid, last = head["uid"], head["events"] - 1
            kept = _recent(self._kept, uid, _Kept(), _PIPELINES)
            journey = _recent(self._followed, (uid, execution_id), _Journey(*kept.before(row["number"])), _JOURNEYS)
            if last - journey.after > self._longest:
                text = f"The journal of this pipeline is long ({last + 1} events): stageline why reads it on the server."
                raise ApiError("JournalTooLong", text, 422)
            self._follow(tx, uid, execution_id, kept, journey)
            behind = 0 if _over(journey, execution_id) else last - journey.after
        return {"steps": [{**encode(each), "at": each.at / 1000} for each in journey.steps], "behind": behind}

    def _follow(self, tx: ReadTx, uid: str, execution_id: str, kept: _Kept, journey: _Journey) -> None:
        if _over(journey, execution_id):
            return
        events = walk(tx, uid, state=journey.state, after=journey.after)
        for before, stamped, decision in islice(events, self._portion):
            journey.after, journey.state = journey.after + 1, decision.state
            kept.keep(journey.after, journey.state, self._every)
            found = step(before, stamped, decision, execution_id, journey.steps[-1] if journey.steps else None)
            if found:
                journey.steps.append(found)
            if _over(journey, execution_id):
                break


def _over(journey: _Journey, execution_id: str) -> bool:
    """Whether nothing can happen to the execution any more: it has left the state."""
    return bool(journey.steps) and journey.state is not None and execution_id not in journey.state.executions


def _recent(known: OrderedDict[_K, _V], key: _K, otherwise: _V, most: int) -> _V:
    """The value of a key, which becomes the most recently used one."""
    found = known.setdefault(key, otherwise)
    known.move_to_end(key)
    if len(known) > most:
        known.popitem(last=False)
    return found
