"""The store over SQL: SQLite for one process, PostgreSQL for several."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url

from stageline.ports.store import ReadTx, Task, WriteTx
from stageline.store import leases
from stageline.store.connection import Connection, Database
from stageline.store.reading import SqlReadTx
from stageline.store.schema import prepare
from stageline.store.soundness import problems
from stageline.store.sqlite import SqliteDatabase
from stageline.store.writing import SqlWriteTx


class SqlStore:
    """Opens the database at ``url`` (``sqlite:////data/stageline.db``, ``postgresql://host/name``), creating or migrating its
    tables first."""

    def __init__(self, url: str) -> None:
        prepare(url)
        self._database = database_at(url)
        self._listeners: list[Callable[[], None]] = []

    @contextmanager
    def read(self) -> Iterator[ReadTx]:
        """A snapshot to read from, taken at the first read."""
        with self._database.read() as connection:
            yield SqlReadTx(connection)

    @contextmanager
    def write(self) -> Iterator[WriteTx]:
        """A transaction: durable when the block has ended, rolled back when it raises."""
        with self._database.write() as connection:
            tx = SqlWriteTx(connection, self._database.row_locks)
            yield tx
        if tx.scheduled:
            self._announce()
        for call in tx.calls:
            call()

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A transaction below the verbs, for maintenance of all that is stored."""
        with self._database.write() as connection:
            yield connection

    def claim(self, owner: str, now: int, *, lease: int, limit: int, kinds: Sequence[str] = ()) -> list[Task]:
        """Lease up to ``limit`` tasks that are due and that nobody holds, those first that have waited longest."""
        if limit <= 0:
            return []
        with self._database.read() as connection:
            if not leases.any_due(connection, now, kinds):
                return []
        with self._database.write(durable=False) as connection:
            locks = self._database.row_locks
            return leases.claim(connection, owner, now, lease=lease, limit=limit, kinds=kinds, row_locks=locks)

    def renew(self, owner: str, task: Task, until: int) -> bool:
        """Extend a lease; False when it was lost."""
        with self._database.write(durable=False) as connection:
            return leases.renew(connection, owner, task, until)

    def finish(self, owner: str, task: Task, again: int | None = None) -> bool:
        """Delete a claimed task, or release it to be due at ``again``; False when the lease was lost."""
        with self._database.write(durable=False) as connection:
            held = leases.finish(connection, owner, task, again)
        if held and again is not None:
            self._announce()
        return held

    def hasten(self, task: Task, now: int) -> bool:
        """Make a waiting task due now, if it still waits for ``task.due``."""
        with self._database.write(durable=False) as connection:
            hastened = leases.hasten(connection, task, now)
        if hastened:
            self._announce()
        return hastened

    def release(self, owner: str | None) -> int:
        """Void every lease of an owner, or with None everybody's; returns how many."""
        with self._database.write(durable=False) as connection:
            released = leases.release(connection, owner)
        if released:
            self._announce()
        return released

    def next_due(self, kinds: Sequence[str] = ()) -> int | None:
        """The first instant at which a task (of these kinds) may be claimed, or None."""
        with self._database.read() as connection:
            return leases.earliest(connection, kinds)

    def on_commit(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` after each commit of this process that made a task claimable."""
        self._listeners.append(listener)

    def check(self) -> list[str]:
        """Problems found in the stored data, in plain words."""
        found = list(self._database.problems())
        if found:
            return found
        with self._database.read() as connection:
            return problems(connection)

    def close(self) -> None:
        """Close connections."""
        self._database.close()

    def _announce(self) -> None:
        for listener in self._listeners:
            listener()


def database_at(url: str) -> Database:
    """The database behind a URL that ``supported`` lets through."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        from stageline.store.postgres import PostgresDatabase  # the driver is loaded only where it is used

        return PostgresDatabase(parsed)
    return SqliteDatabase(Path(str(parsed.database)))
