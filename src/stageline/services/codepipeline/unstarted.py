"""Starts that did not happen: what a source action should have started last and could not, and why. ``stageline why`` tells it.

``codepipeline.unstarted`` uid/action → {at, reason, cause}. One row for each source action, gone when the action starts the
pipeline. ``cause`` is what was to start it: a revision, a webhook (``WEBHOOK`` and its name), or ``READING`` when the source
could not be looked at.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from stageline.ports.store import Doc, ReadTx, WriteTx

KIND = "codepipeline.unstarted"
READING = "reading"
WEBHOOK = "webhook/"
LONGEST = 1_000


def note(tx: WriteTx, uid: str, action: str, at: int, reason: str, cause: str) -> None:
    """Remember why an action starts nothing. The same once more leaves the instant as it is: it tells since when that is so."""
    row = _row(at, reason, cause)
    if not noted(tx, uid, action, reason, cause):
        tx.put(KIND, f"{uid}/{action}", row)


def noted(tx: ReadTx, uid: str, action: str, reason: str, cause: str) -> bool:
    """Whether that is what is remembered."""
    before = tx.get(KIND, f"{uid}/{action}")
    return before is not None and {**before, "at": 0} == _row(0, reason, cause)


def clear(tx: WriteTx, uid: str, action: str) -> None:
    """The action has started the pipeline."""
    tx.delete(KIND, f"{uid}/{action}")


def settle(tx: WriteTx, uid: str, action: str) -> None:
    """The source can be read and is what it was when it started the pipeline last: only what a webhook has met still counts."""
    before = tx.get(KIND, f"{uid}/{action}")
    if before is not None and not before["cause"].startswith(WEBHOOK):
        clear(tx, uid, action)


def retain(tx: WriteTx, uid: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Forget, after an update, what concerned source actions that are gone or are set up otherwise now."""
    old, new = (_setup(each) for each in (before, after))
    for action in old:
        if old[action] != new.get(action):
            tx.delete(KIND, f"{uid}/{action}")


def forget(tx: WriteTx, uid: str) -> None:
    """Forget everything about a deleted pipeline."""
    for key, _ in tx.scan(KIND, f"{uid}/"):
        tx.delete(KIND, key)


def told(tx: ReadTx, uid: str, document: Mapping[str, Any]) -> Iterator[tuple[int, str, str]]:
    """What is remembered about the source actions of a declaration: (instant, action, reason)."""
    for action in _setup(document):
        row = tx.get(KIND, f"{uid}/{action}")
        if row is not None:
            yield row["at"], action, row["reason"]


def _row(at: int, reason: str, cause: str) -> Doc:
    return {"at": at, "reason": " ".join(reason.split())[:LONGEST], "cause": cause}


def _setup(document: Mapping[str, Any]) -> dict[str, Any]:
    stages = document.get("stages") or [{}]
    return {each["name"]: (each["actionTypeId"], each.get("configuration")) for each in stages[0].get("actions", [])}
