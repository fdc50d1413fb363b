"""The reading verbs: documents, journals, log streams and tasks as one snapshot shows them."""

from typing import Any

from stageline.ports.store import Doc, LogEvent, Task
from stageline.store.codec import decode
from stageline.store.connection import Connection
from stageline.store.ranges import bounds, checked

EVERYTHING = 1 << 62
"""A limit that is none; both databases take it."""

GET = "SELECT body FROM documents WHERE kind = :kind AND key = :key"
JOURNAL = "SELECT seq, entry FROM journal WHERE stream = :stream AND seq > :after ORDER BY seq LIMIT :limit"
LOG = """SELECT position, timestamp, message FROM log_events
WHERE stream = :stream AND position >= :start AND position < :end ORDER BY position {order} LIMIT :limit"""
LOGS = {False: LOG.format(order="ASC"), True: LOG.format(order="DESC")}
TASK_COLUMNS = "id, kind, payload, due, attempt, token"


def _scans(columns: str, table: str, where: str, key: str) -> dict[tuple[bool, bool], str]:
    """The four shapes of a range scan, by (has an upper bound, reverse)."""
    return {
        (bounded, reverse): f"SELECT {columns} FROM {table} WHERE {where}{key} >= :low"
        + (f" AND {key} < :high" if bounded else "")
        + f" ORDER BY {key} {'DESC' if reverse else 'ASC'} LIMIT :limit"
        for bounded in (False, True)
        for reverse in (False, True)
    }


SCANS = _scans("key, body", "documents", "kind = :kind AND ", "key")
COUNTS = {
    bounded: "SELECT count(*) FROM documents WHERE kind = :kind AND key >= :low" + (" AND key < :high" if bounded else "")
    for bounded in (False, True)
}
TASK_SCANS = _scans(TASK_COLUMNS, "tasks", "", "id")


def task_of(row: Any) -> Task:
    """A task from its row (``TASK_COLUMNS``)."""
    return Task(row[0], row[1], decode(row[2]), row[3], row[4], row[5])


def _parameters(low: str, high: str | None, limit: int | None) -> dict[str, Any]:
    parameters: dict[str, Any] = {"low": low, "limit": EVERYTHING if limit is None else limit}
    if high is not None:
        parameters["high"] = high
    return parameters


class SqlReadTx:
    """A consistent snapshot of the database."""

    get_statement = GET

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def get(self, kind: str, key: str) -> Doc | None:
        """The document stored under (kind, key), or None."""
        if "\x00" in key:
            return None  # no key is like that, and whoever asks for one may have it from outside
        row = self.connection.execute(self.get_statement, {"kind": kind, "key": key}).fetchone()
        return None if row is None else decode(row[0])

    def scan(
        self, kind: str, prefix: str = "", *, after: str = "", limit: int | None = None, reverse: bool = False
    ) -> list[tuple[str, Doc]]:
        """Documents of a kind whose key starts with ``prefix``, ordered by the UTF-8 bytes of the key."""
        low, high = bounds(checked(prefix), checked(after), reverse)
        parameters = {"kind": kind, **_parameters(low, high, limit)}
        rows = self.connection.execute(SCANS[high is not None, reverse], parameters).fetchall()
        return [(row[0], decode(row[1])) for row in rows]

    def count(self, kind: str, prefix: str = "") -> int:
        """How many documents of a kind have a key that starts with ``prefix``; walks along the index alone."""
        low, high = bounds(checked(prefix), "", False)
        parameters = {"kind": kind, "low": low} | ({} if high is None else {"high": high})
        return int(self.connection.execute(COUNTS[high is not None], parameters).fetchone()[0])

    def journal(self, stream: str, *, after: int = -1, limit: int | None = None) -> list[tuple[int, bytes]]:
        """Entries of a journal past ``after``, oldest first."""
        parameters = {"stream": checked(stream), "after": after, "limit": EVERYTHING if limit is None else limit}
        return [(row[0], row[1]) for row in self.connection.execute(JOURNAL, parameters).fetchall()]

    def log(
        self, stream: str, *, start: int = 0, end: int | None = None, limit: int = 10_000, reverse: bool = False
    ) -> list[LogEvent]:
        """Log events of a stream with start <= position < end."""
        parameters = {"stream": checked(stream), "start": start, "end": EVERYTHING if end is None else end, "limit": limit}
        rows = self.connection.execute(LOGS[reverse], parameters).fetchall()
        return [LogEvent(row[0], row[1], row[2].decode("utf-8", "surrogatepass")) for row in rows]

    def tasks(self, prefix: str = "", *, limit: int | None = None) -> list[Task]:
        """Tasks whose id starts with ``prefix``, ordered by id."""
        low, high = bounds(checked(prefix), "", False)
        rows = self.connection.execute(TASK_SCANS[high is not None, False], _parameters(low, high, limit)).fetchall()
        return [task_of(row) for row in rows]
