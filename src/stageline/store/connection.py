"""What the verbs need of a database connection; SQLite's and PostgreSQL's are held to it.

Statements are plain SQL with ``:name`` parameters, written once for both databases.
"""

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol


class Result(Protocol):
    """Rows of a statement."""

    @property
    def rowcount(self) -> int:
        """How many rows a change touched."""
        ...

    def fetchone(self) -> Any:
        """The next row, or None."""
        ...

    def fetchall(self) -> list[Any]:
        """All rows that are left."""
        ...


class Connection(Protocol):
    """A connection inside a transaction."""

    def execute(self, sql: str, parameters: Mapping[str, Any], /) -> Result:
        """Run one statement."""
        ...

    def executemany(self, sql: str, parameters: Iterable[Mapping[str, Any]], /) -> Any:
        """Run one statement for each of several parameter sets."""
        ...


class Database(Protocol):
    """Hands out transactions on one database."""

    row_locks: bool
    """Whether several writers work at once, so that rows and names have to be locked."""

    def read(self) -> AbstractContextManager[Connection]:
        """A snapshot, read-only."""
        ...

    def write(self, *, durable: bool = True) -> AbstractContextManager[Connection]:
        """A transaction; without ``durable`` a power cut may undo it (never a crash of the process)."""
        ...

    def problems(self) -> Sequence[str]:
        """What the database's own integrity check complains of."""
        ...

    def close(self) -> None:
        """Close every connection."""
        ...


class NestingGuard:
    """Refuses a write transaction inside another of the same thread: with one writer that would wait for itself."""

    def __init__(self) -> None:
        self._local = threading.local()

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Mark this thread as writing."""
        if getattr(self._local, "writing", False):
            raise RuntimeError("a write transaction is open in this thread already; nested ones are not allowed")
        self._local.writing = True
        try:
            yield
        finally:
            self._local.writing = False
