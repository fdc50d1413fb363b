"""The writing verbs. On PostgreSQL, where writers run side by side, a document that is read inside a write transaction is
locked until its end, and appends to one stream take turns; on SQLite the writer is alone anyway."""

import hashlib
from collections.abc import Callable, Iterable

from stageline.ports.store import Doc, Task
from stageline.store.codec import encode
from stageline.store.connection import Connection
from stageline.store.ranges import checked
from stageline.store.reading import GET, SqlReadTx

PUT = """INSERT INTO documents (kind, key, body) VALUES (:kind, :key, :body)
ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body"""
INSERT = """INSERT INTO documents (kind, key, body) VALUES (:kind, :key, :body) ON CONFLICT (kind, key) DO NOTHING"""
DELETE = "DELETE FROM documents WHERE kind = :kind AND key = :key"
NEXT_SEQ = "SELECT max(seq) FROM journal WHERE stream = :stream"
APPEND = "INSERT INTO journal (stream, seq, entry) VALUES (:stream, :seq, :entry)"
NEXT_POSITION = "SELECT max(position) FROM log_events WHERE stream = :stream"
APPEND_LOG = "INSERT INTO log_events (stream, position, timestamp, message) VALUES (:stream, :position, :timestamp, :message)"
FORGET_JOURNAL = "DELETE FROM journal WHERE stream = :stream"
FORGET_LOG = "DELETE FROM log_events WHERE stream = :stream"
SCHEDULE = """INSERT INTO tasks (id, kind, payload, due, attempt, available, lease_owner, token)
VALUES (:id, :kind, :payload, :due, :attempt, :due, NULL, 0)
ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, payload = excluded.payload, due = excluded.due,
attempt = excluded.attempt, available = excluded.available, lease_owner = NULL, token = 0"""
CANCEL = "DELETE FROM tasks WHERE id = :id"
LOCK = "SELECT pg_advisory_xact_lock(:number)"


class SqlWriteTx(SqlReadTx):
    """A read-write transaction. ``scheduled`` tells whether a task was; ``calls`` are due when it has committed."""

    def __init__(self, connection: Connection, row_locks: bool) -> None:
        super().__init__(connection)
        self.scheduled = False
        self.calls: list[Callable[[], None]] = []
        self._row_locks = row_locks
        if row_locks:
            self.get_statement = GET + " FOR UPDATE"

    def lock(self, name: str) -> None:
        """Hold the named lock until the transaction ends."""
        if self._row_locks:
            digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
            self.connection.execute(LOCK, {"number": int.from_bytes(digest, "big", signed=True)})

    def put(self, kind: str, key: str, doc: Doc) -> None:
        """Insert or replace a document."""
        self.connection.execute(PUT, {"kind": kind, "key": checked(key), "body": encode(doc)})

    def insert(self, kind: str, key: str, doc: Doc) -> bool:
        """Insert a document; False and no change when the key is taken."""
        return self.connection.execute(INSERT, {"kind": kind, "key": checked(key), "body": encode(doc)}).rowcount > 0

    def delete(self, kind: str, key: str) -> bool:
        """Delete a document; False when there was none."""
        return self.connection.execute(DELETE, {"kind": kind, "key": checked(key)}).rowcount > 0

    def append(self, stream: str, entry: bytes) -> int:
        """Append to a journal; returns the sequence number."""
        self.lock(f"journal/{stream}")
        last = self.connection.execute(NEXT_SEQ, {"stream": checked(stream)}).fetchone()[0]
        seq = 0 if last is None else int(last) + 1
        self.connection.execute(APPEND, {"stream": stream, "seq": seq, "entry": entry})
        return seq

    def append_log(self, stream: str, events: Iterable[tuple[int, str]]) -> int:
        """Append (timestamp, message) pairs to a log stream; returns the next free position."""
        self.lock(f"log/{stream}")
        last = self.connection.execute(NEXT_POSITION, {"stream": checked(stream)}).fetchone()[0]
        first = 0 if last is None else int(last) + 1
        rows = [
            {"stream": stream, "position": position, "timestamp": at, "message": message.encode("utf-8", "surrogatepass")}
            for position, (at, message) in enumerate(events, first)
        ]
        if rows:
            self.connection.executemany(APPEND_LOG, rows)
        return first + len(rows)

    def forget(self, stream: str) -> None:
        """Delete the journal and the log events of a stream."""
        self.connection.execute(FORGET_JOURNAL, {"stream": checked(stream)})
        self.connection.execute(FORGET_LOG, {"stream": stream})

    def schedule(self, task: Task) -> None:
        """Insert or replace a task; a lease on it is void."""
        row = {"id": checked(task.id), "kind": checked(task.kind), "payload": encode(task.payload)}
        self.connection.execute(SCHEDULE, {**row, "due": task.due, "attempt": task.attempt})
        self.scheduled = True

    def cancel(self, task_id: str) -> bool:
        """Delete a task; False when there was none."""
        return self.connection.execute(CANCEL, {"id": checked(task_id)}).rowcount > 0

    def after_commit(self, call: Callable[[], None]) -> None:
        """Call ``call`` once this transaction is durable."""
        self.calls.append(call)
