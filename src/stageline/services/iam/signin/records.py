"""A sign-in as it is stored, under the hash of the token that whoever signed in holds: reading the store tells no token.

The document: ``word`` (user or root), ``unique`` (the user's id), ``parent`` (the access key that the root proved itself with),
``stamp`` (of the password), ``key`` (the key id under which the audit trail knows it), ``began``, ``ends``, and ``role``: the
session of the role that was switched to, or None.
"""

import hashlib

from stageline.ports.store import Doc, ReadTx, Store
from stageline.services.iam.model.entities import KEYS, LOGINS

KIND = "iam.sign-in"
LASTS = 12 * 3_600_000
"""Milliseconds after which everybody has to sign in again."""

WORD = "sign-in"
"""Begins the bonds of sessions that somebody obtains who has signed in."""
_PORTION = 500


def place(token: str) -> str:
    """The key of the sign-in of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def bond(key: str) -> str:
    """What sessions are bound to that somebody obtains who has signed in."""
    return f"{WORD}:{key}"


def stamp(login: Doc) -> str:
    """What is another one after every change of a password."""
    return hashlib.sha256(login["hash"].encode()).hexdigest()[:32]


def found(tx: ReadTx, key: str, now: int) -> Doc | None:
    """A sign-in that goes on: neither ended nor too old, its password the same, its user or key still there."""
    doc = tx.get(KIND, key)
    if doc is None or doc["ends"] <= now:
        return None
    if doc["word"] == "root":
        parent = tx.get(KEYS, doc["parent"])
        return doc if parent is not None and parent["status"] == "Active" else None
    login = tx.get(LOGINS, doc["unique"])
    return doc if login is not None and stamp(login) == doc["stamp"] else None


def sweep(store: Store, now: int) -> None:
    """Forget sign-ins that do not go on."""
    after, more = "", True
    while more:
        with store.write() as tx:
            rows = tx.scan(KIND, after=after, limit=_PORTION)
            for key, _ in rows:
                if found(tx, key, now) is None:
                    tx.delete(KIND, key)
        more = len(rows) == _PORTION
        after = rows[-1][0] if rows else ""
