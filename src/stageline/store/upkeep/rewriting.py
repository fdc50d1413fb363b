"""Changing text wherever it is stored: documents, journals and tasks, a portion of rows a transaction.

For what concerns stored text as such, whatever it means: sealing all secrets with another key.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from stageline.store.connection import Connection
from stageline.store.sql import SqlStore

JOURNAL = "journal"

Change = Callable[[str, str, str], str]
"""Gets the kind of a document (or ``journal``, ``tasks``), its key and its text; gives the text as it shall be."""


@dataclass(frozen=True)
class _Part:
    table: str
    keys: tuple[str, ...]
    text: str
    first: tuple[Any, ...]

    def select(self) -> str:
        """The next rows after a place."""
        keys = ", ".join(self.keys)
        places = ", ".join(f":{key}" for key in self.keys)
        return f"SELECT {keys}, {self.text} FROM {self.table} WHERE ({keys}) > ({places}) ORDER BY {keys} LIMIT :most"

    def update(self) -> str:
        """One row's new text."""
        which = " AND ".join(f"{key} = :{key}" for key in self.keys)
        return f"UPDATE {self.table} SET {self.text} = :text WHERE {which}"


_PARTS = (
    _Part("documents", ("kind", "key"), "body", ("", "")),
    _Part(JOURNAL, ("stream", "seq"), "entry", ("", -1)),
    _Part("tasks", ("id",), "payload", ("",)),
)


@dataclass(frozen=True)
class Place:
    """Where to go on: the number of a table and the key of the last row that was seen."""

    part: int = 0
    key: tuple[Any, ...] = _PARTS[0].first


def rewrite(store: SqlStore, place: Place, most: int, change: Change) -> tuple[Place | None, int]:
    """Change up to ``most`` rows in one transaction; where to go on, None at the end, and how many rows were changed."""
    part = _PARTS[place.part]
    with store.connection() as connection:
        rows = _rows(connection, part, place.key, most)
        changed = sum(_changed(connection, part, row, change) for row in rows)
    if len(rows) == most:
        return Place(place.part, tuple(rows[-1][:-1])), changed
    following = place.part + 1
    return (Place(following, _PARTS[following].first) if following < len(_PARTS) else None), changed


def _rows(connection: Connection, part: _Part, after: tuple[Any, ...], most: int) -> list[Any]:
    return connection.execute(part.select(), {**dict(zip(part.keys, after, strict=True)), "most": most}).fetchall()


def _changed(connection: Connection, part: _Part, row: Any, change: Change) -> bool:
    *key, stored = row
    text = _text(stored)
    if text is None:
        return False
    kind = key[0] if part.table == "documents" else part.table
    made = change(kind, str(key[-1] if part.table == "documents" else key[0]), text)
    if made == text:
        return False
    value = made if isinstance(stored, str) else made.encode()
    connection.execute(part.update(), {**dict(zip(part.keys, key, strict=True)), "text": value})
    return True


def _text(stored: Any) -> str | None:
    """What is stored as text; None for an entry of a journal that is none (the audit trail is packed)."""
    if isinstance(stored, str):
        return stored
    try:
        return bytes(stored).decode()
    except UnicodeDecodeError:
        return None
