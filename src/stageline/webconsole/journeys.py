"""What happened to one execution, step by step, from the journal of its pipeline; no operation of AWS tells it.

The journal holds all of a pipeline's events, so it is folded once: states on the way are kept in memory, and what is asked later
starts from the one before. That memory is a convenience, and nothing is lost with it.
"""

import threading
from bisect import bisect_left
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from stageline.core.pipeline.state import State
from stageline.core.pipeline.views.turns import Step, step
from stageline.engine import history
from stageline.engine.apply import HEAD
from stageline.engine.codec import encode
from stageline.engine.replay import walk
from stageline.ports.api import ApiError
from stageline.ports.store import ReadTx, Store

LONGEST: Final = 20_000
"""Events that are folded for one question; a second or two of work."""
_EVERY: Final = 500
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

    def keep(self, after: int, state: State) -> None:
        """Keep a state unless there is one near by."""
        if after >= (self.after[-1] if self.after else 0) + _EVERY:
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

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._followed: OrderedDict[tuple[str, str], _Journey] = OrderedDict()

    def steps(self, pipeline: str, execution_id: str) -> list[dict[str, Any]]:
        """The steps so far, oldest first, instants in epoch seconds. ApiError when there is no such execution, or too much to
        fold."""
        with self._lock, self._store.read() as tx:
            head = tx.get(HEAD, pipeline)
            row = tx.get(history.NUMBER, f"{head['uid']}/{execution_id}") if head else None
            if head is None or row is None:
                raise ApiError("PipelineExecutionNotFoundException", f"'{pipeline}' has no execution {execution_id}.", 404)
            found = self._followed_to_end(tx, head["uid"], execution_id, row["number"], head["events"])
        return [{**encode(each), "at": each.at / 1000} for each in found]

    def _followed_to_end(self, tx: ReadTx, uid: str, execution_id: str, number: int, events: int) -> list[Step]:
        kept = _recent(self._kept, uid, _Kept(), _PIPELINES)
        journey = _recent(self._followed, (uid, execution_id), _Journey(*kept.before(number)), _JOURNEYS)
        if events - journey.after > LONGEST:
            text = f"The journal of this pipeline is long: {events} events. On the server, stageline why and history read it all."
            raise ApiError("JournalTooLong", text, 422)
        if journey.steps and journey.state and execution_id not in journey.state.executions:
            return journey.steps  # nothing happens to it any more
        for before, stamped, decision in walk(tx, uid, state=journey.state, after=journey.after):
            journey.after, journey.state = journey.after + 1, decision.state
            kept.keep(journey.after, journey.state)
            found = step(before, stamped, decision, execution_id, journey.steps[-1] if journey.steps else None)
            if found:
                journey.steps.append(found)
            elif journey.steps and execution_id not in journey.state.executions:
                break
        return journey.steps


def _recent(known: OrderedDict[_K, _V], key: _K, otherwise: _V, most: int) -> _V:
    """The value of a key, which becomes the most recently used one."""
    found = known.setdefault(key, otherwise)
    known.move_to_end(key)
    if len(known) > most:
        known.popitem(last=False)
    return found
