"""Folding a pipeline's journal: what the state was at any time, and whether the stored one is what it must be."""

from collections.abc import Iterable, Iterator

from stageline.core.pipeline.decide import decide
from stageline.core.pipeline.effects import Decision, Refusal
from stageline.core.pipeline.events import Stamped
from stageline.core.pipeline.state import State
from stageline.engine.apply import HEAD, STATE, stream
from stageline.engine.codec import decode_event, dumps, encode
from stageline.ports.store import ReadTx, Store

PORTION = 1000


def fold(entries: Iterable[bytes], state: State | None = None) -> State | None:
    """The state after journalled events."""
    for entry in entries:
        outcome = decide(state, decode_event(entry))
        if isinstance(outcome, Refusal):
            raise ValueError(f"a journalled event is refused when it is replayed: {outcome.message}")
        state = outcome.state
    return state


def replay(tx: ReadTx, uid: str) -> State | None:
    """The state that a pipeline's whole journal gives."""
    state: State | None = None
    after = -1
    while True:
        rows = tx.journal(stream(uid), after=after, limit=PORTION)
        if not rows:
            return state
        state = fold((entry for _, entry in rows), state)
        after = rows[-1][0]


def walk(
    tx: ReadTx, uid: str, *, until: int | None = None, state: State | None = None, after: int = -1
) -> Iterator[tuple[State | None, Stamped, Decision]]:
    """Each event of a pipeline's journal up to an instant, with the state before it and the decision that followed from it.

    To go on from the middle, give the number of an event as ``after`` and the ``state`` that it made.
    """
    while rows := tx.journal(stream(uid), after=after, limit=PORTION):
        for number, entry in rows:
            stamped = decode_event(entry)
            if until is not None and stamped.at > until:
                return
            outcome = decide(state, stamped)
            if isinstance(outcome, Refusal):
                raise ValueError(f"a journalled event is refused when it is replayed: {outcome.message}")
            yield state, stamped, outcome
            state, after = outcome.state, number


def check(store: Store) -> list[str]:
    """Pipelines whose stored state is not, byte for byte, what their journal gives; empty when all are."""
    problems = []
    with store.read() as tx:
        pipelines = [(name, head["uid"], head["events"]) for name, head in tx.scan(HEAD)]
    for name, uid, _ in pipelines:
        with store.read() as tx:
            head = tx.get(HEAD, name)
            if head is None or head["uid"] != uid:
                continue
            stored = tx.get(STATE, uid)
            try:
                folded = replay(tx, uid)
            except ValueError as error:
                problems.append(f"pipeline {name}: {error}")
                continue
        if folded is None or stored is None or dumps(encode(folded)) != dumps(stored):
            problems.append(f"pipeline {name}: the stored state differs from the state that its journal gives")
    return problems
