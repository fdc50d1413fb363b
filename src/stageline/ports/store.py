"""The transactional store: documents, journal, tasks and log events behind a small set of verbs.

One ``write()`` block is one transaction: all of it is durable when the block ends, or none of it ever was.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

Doc = dict[str, Any]
"""A JSON object: strings, ints, floats, bools, None, lists and objects with string keys; nothing else."""


class StorageFull(OSError):
    """The disk is full: what was being written is undone, and the store works on once there is room again."""


class DataFolderBusy(Exception):
    """Another process uses the data folder."""


@dataclass(frozen=True)
class Task:
    """A durable piece of work: an effect to perform, a timer, a build to run.

    ``id`` is derived from what caused the task: scheduling the same id again replaces it. ``due`` is an instant in epoch
    milliseconds. ``attempt`` counts claims, from 1 at the first one. ``token`` is given by the store to each claim and proves
    it; 0 while nobody holds the task.
    """

    id: str
    kind: str
    payload: Doc
    due: int = 0
    attempt: int = 0
    token: int = field(default=0, compare=False)


@dataclass(frozen=True)
class LogEvent:
    """One line of a log stream; ``position`` orders lines within the stream and is given by the store, from 0."""

    position: int
    timestamp: int
    message: str


class ReadTx(Protocol):
    """A consistent snapshot."""

    def get(self, kind: str, key: str) -> Doc | None:
        """The document stored under (kind, key), or None."""
        ...

    def scan(
        self, kind: str, prefix: str = "", *, after: str = "", limit: int | None = None, reverse: bool = False
    ) -> list[tuple[str, Doc]]:
        """Documents of a kind whose key starts with ``prefix``, ordered by the UTF-8 bytes of the key.

        ``after`` (exclusive) continues a listing in the direction of the scan.
        """
        ...

    def count(self, kind: str, prefix: str = "") -> int:
        """How many documents of a kind have a key that starts with ``prefix``."""
        ...

    def journal(self, stream: str, *, after: int = -1, limit: int | None = None) -> list[tuple[int, bytes]]:
        """Entries of a journal as (sequence number, bytes), oldest first, those past ``after``."""
        ...

    def log(
        self, stream: str, *, start: int = 0, end: int | None = None, limit: int = 10_000, reverse: bool = False
    ) -> list[LogEvent]:
        """Log events of a stream with start <= position < end, in order of position (or the reverse)."""
        ...

    def tasks(self, prefix: str = "", *, limit: int | None = None) -> list[Task]:
        """Tasks whose id starts with ``prefix``, ordered by id."""
        ...


class WriteTx(ReadTx, Protocol):
    """A read-write transaction."""

    def lock(self, name: str) -> None:
        """Hold the named lock until the transaction ends; waits for another holder."""
        ...

    def put(self, kind: str, key: str, doc: Doc) -> None:
        """Insert or replace a document."""
        ...

    def insert(self, kind: str, key: str, doc: Doc) -> bool:
        """Insert a document; False and no change when the key is taken."""
        ...

    def delete(self, kind: str, key: str) -> bool:
        """Delete a document; False when there was none."""
        ...

    def append(self, stream: str, entry: bytes) -> int:
        """Append to a journal; returns the sequence number, from 0 without gaps."""
        ...

    def append_log(self, stream: str, events: Iterable[tuple[int, str]]) -> int:
        """Append (timestamp, message) pairs to a log stream; returns the next free position."""
        ...

    def forget(self, stream: str) -> None:
        """Delete the journal and the log events of a stream."""
        ...

    def schedule(self, task: Task) -> None:
        """Insert or replace a task (its lease, if any, is void from then on)."""
        ...

    def cancel(self, task_id: str) -> bool:
        """Delete a task; False when there was none."""
        ...

    def after_commit(self, call: Callable[[], None]) -> None:
        """Call ``call`` (quick, must not raise) once this transaction is durable; never when it is rolled back. Lost when the
        process dies in between: it is for waking, not for telling."""
        ...


class Store(Protocol):
    """Opens transactions and hands out due tasks."""

    def read(self) -> AbstractContextManager[ReadTx]:
        """A snapshot to read from; never blocks and is never blocked by a writer."""
        ...

    def write(self) -> AbstractContextManager[WriteTx]:
        """A transaction: committed and durable when the block ends normally, rolled back when it raises.

        Must not be nested in one thread. When it ends, functions given to ``on_commit`` are called.
        """
        ...

    def claim(self, owner: str, now: int, *, lease: int, limit: int, kinds: Sequence[str] = ()) -> list[Task]:
        """Lease up to ``limit`` due tasks that nobody holds, earliest first, for ``lease`` milliseconds."""
        ...

    def renew(self, owner: str, task: Task, until: int) -> bool:
        """Extend a lease; False when it was lost (expired and claimed by another, replaced or cancelled)."""
        ...

    def finish(self, owner: str, task: Task, again: int | None = None) -> bool:
        """Delete a claimed task, or with ``again`` release it to be due then; False when the lease was lost."""
        ...

    def hasten(self, task: Task, now: int) -> bool:
        """Make a task due ``now`` if nobody holds it and it still waits for ``task.due``; False when it does not."""
        ...

    def release(self, owner: str | None) -> int:
        """Void every lease of an owner, or with None (after a restart of the only process) everybody's; returns how many."""
        ...

    def next_due(self, kinds: Sequence[str] = ()) -> int | None:
        """The first instant at which a task (of ``kinds``, or any) can be claimed: when it is due or, for one that is held,
        when its lease ends; None when there is no task."""
        ...

    def on_commit(self, listener: Callable[[], None]) -> None:
        """Call ``listener`` (quick, must not raise) after each commit of this process that scheduled or released a task."""
        ...

    def check(self) -> list[str]:
        """Problems found in the stored data, in plain words; empty when it is sound."""
        ...

    def close(self) -> None:
        """Close connections; the store is of no use afterwards."""
        ...
