"""SQLite: a write-ahead log, one writer connection, as many readers as there are threads reading.

Durable commits are synced to disk before they are acknowledged. The others (leases of tasks) are left to the next durable
commit or checkpoint, which syncs the same log: after a power cut they are gone or there, never half there.
"""

import errno
import os
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stageline.core.faultpoints import reach
from stageline.ports.store import StorageFull
from stageline.store.connection import Connection, NestingGuard

IDLE_READERS = 8
BUSY_TIMEOUT = 30.0


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Keep a write-ahead log. SQLite does not wait by itself while another connection changes the journal's mode."""
    deadline = time.monotonic() + BUSY_TIMEOUT
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL").fetchone()
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.005)
        else:
            return


class SqliteDatabase:
    """Transactions on one SQLite file."""

    row_locks = False

    def __init__(self, path: Path) -> None:
        self._path = path
        self._guard = NestingGuard()
        self._lock = threading.Lock()
        self._readers: deque[sqlite3.Connection] = deque()
        self._closed = False
        self._writer = self._connect()
        _write_ahead(self._writer)
        self._writer.execute("PRAGMA cache_size=-16000")
        self._writer.execute("PRAGMA journal_size_limit=67108864").fetchone()
        self._durable = True
        self._writer.execute("PRAGMA synchronous=FULL")

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(
            self._path, timeout=BUSY_TIMEOUT, isolation_level=None, check_same_thread=False, cached_statements=256
        )

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A snapshot, taken at the first statement; runs beside the writer."""
        try:
            connection = self._readers.pop()
        except IndexError:
            connection = self._reader()
        try:
            connection.execute("BEGIN")
            yield connection
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            if self._closed or len(self._readers) >= IDLE_READERS:
                connection.close()
            else:
                self._readers.append(connection)

    def _reader(self) -> sqlite3.Connection:
        if self._closed:
            raise RuntimeError("the store is closed")
        connection = self._connect()
        connection.execute("PRAGMA query_only=ON")
        return connection

    @contextmanager
    def write(self, *, durable: bool = True) -> Iterator[Connection]:
        """The one writer's transaction; others wait for its end."""
        with self._guard.entered(), self._lock:
            if self._closed:
                raise RuntimeError("the store is closed")
            writer = self._writer
            try:
                if durable is not self._durable:
                    writer.execute("PRAGMA synchronous=FULL" if durable else "PRAGMA synchronous=NORMAL")
                    self._durable = durable
                writer.execute("BEGIN IMMEDIATE")
                yield writer
                reach("store.before-commit")
                writer.execute("COMMIT")
            except BaseException as error:
                if writer.in_transaction:
                    writer.execute("ROLLBACK")
                if isinstance(error, sqlite3.Error) and is_full(error):
                    raise StorageFull(errno.ENOSPC, f"no space left for the database {self._path}") from error
                raise
        reach("store.after-commit")

    def problems(self) -> list[str]:
        """What ``PRAGMA quick_check`` finds."""
        with self.read() as connection:
            try:
                rows = connection.execute("PRAGMA quick_check", {}).fetchall()
            except sqlite3.DatabaseError as error:
                return [f"the database file is damaged: {error}"]
        return [f"the database file is damaged: {row[0]}" for row in rows if row[0] != "ok"]

    def close(self) -> None:
        """Close every connection; the last one folds the write-ahead log into the file."""
        with self._lock:
            self._closed = True
            while self._readers:
                self._readers.pop().close()
            self._writer.close()


def make_private(path: Path) -> None:
    """Create the file, if it is new, for its owner alone; SQLite gives its companions the same mode."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))


def is_full(error: sqlite3.Error) -> bool:
    """Whether SQLite failed for want of disk space (the shared-memory file reports it as an I/O error of its own)."""
    code = getattr(error, "sqlite_errorcode", 0)
    return code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_WRITE)
