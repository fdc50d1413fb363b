"""How often a password may be given wrongly: ten times in five minutes.

An attempt counts as a wrong one before it is looked at, which takes long: many at once are no more than many one after another.
Names without a password are counted as well, so that being sent away tells nobody which names have one.

``iam.guess`` SHA-256 of such a name → {failures, instants}; those of a login profile are kept in the profile.
"""

import hashlib

from stageline.ports.store import Doc, Store, WriteTx
from stageline.services.iam.model.entities import LOGINS, USER, find

MOST = 10
WITHIN = 300_000
GUESSES = "iam.guess"
_CLEARED = 20
"""Old counts of names that are cleared away at each attempt with such a name."""


def admitted(store: Store, name: str, now: int) -> bool:
    """Count an attempt for a user's name; False, and not counted, when there were too many."""
    with store.write() as tx:
        tx.lock("iam")
        kind, key, doc = _place(tx, name)
        recent = [each for each in doc["failures"] if now - each < WITHIN]
        if len(recent) >= MOST:
            return False
        tx.put(kind, key, {**doc, "failures": [*recent, now]})
        if kind == GUESSES:
            _clear(tx, key, now)
    return True


def forgiven(doc: Doc, now: int) -> list[int]:
    """The failures of a profile without one that was counted now: the password was right."""
    left = list(doc["failures"])
    if now in left:
        left.remove(now)
    return left


def _place(tx: WriteTx, name: str) -> tuple[str, str, Doc]:
    user = find(tx, USER, name)
    doc = tx.get(LOGINS, user["id"]) if user else None
    if user is not None and doc is not None:
        return LOGINS, user["id"], doc
    key = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
    return GUESSES, key, tx.get(GUESSES, key) or {"failures": []}


def _clear(tx: WriteTx, key: str, now: int) -> None:
    """Those that follow this one, which is another place for each name."""
    for other, doc in tx.scan(GUESSES, after=key, limit=_CLEARED):
        if now - doc["failures"][-1] >= WITHIN:
            tx.delete(GUESSES, other)
