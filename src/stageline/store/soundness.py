"""Looks for damage that a database's own check cannot see: gaps in numbered sequences, text that is not a document."""

from stageline.store.codec import decode
from stageline.store.connection import Connection

GAPS = """SELECT stream, min({number}), max({number}), count(*) FROM {table} GROUP BY stream
HAVING min({number}) <> 0 OR max({number}) + 1 <> count(*)"""
DOCUMENTS = """SELECT kind, key, body FROM documents
WHERE kind > :kind OR (kind = :kind AND key > :key) ORDER BY kind, key LIMIT 500"""
TASKS = "SELECT id, payload, due, available, lease_owner FROM tasks WHERE id > :id ORDER BY id LIMIT 500"


def problems(connection: Connection) -> list[str]:
    """Every problem found, in plain words."""
    return [
        *_gaps(connection, "journal", "seq", "journal"),
        *_gaps(connection, "log_events", "position", "log stream"),
        *_documents(connection),
        *_tasks(connection),
    ]


def _gaps(connection: Connection, table: str, number: str, noun: str) -> list[str]:
    rows = connection.execute(GAPS.format(table=table, number=number), {}).fetchall()
    return [
        f"{noun} {stream!r} has gaps: {count} entries numbered {least} to {most}, expected 0 to {count - 1}"
        for stream, least, most, count in rows
    ]


def _documents(connection: Connection) -> list[str]:
    found, kind, key = [], "", ""
    while rows := connection.execute(DOCUMENTS, {"kind": kind, "key": key}).fetchall():
        found += [f"document {k!r} of kind {kd!r} is not a JSON object" for kd, k, body in rows if not _is_object(body)]
        kind, key = rows[-1][0], rows[-1][1]
    return found


def _tasks(connection: Connection) -> list[str]:
    found, last = [], ""
    while rows := connection.execute(TASKS, {"id": last}).fetchall():
        for task, payload, due, available, owner in rows:
            if not _is_object(payload):
                found.append(f"the payload of task {task!r} is not a JSON object")
            if owner is None and due != available:
                found.append(f"task {task!r} is held by nobody but would not be claimed when it is due")
        last = rows[-1][0]
    return found


def _is_object(text: str) -> bool:
    try:
        return isinstance(decode(text), dict)
    except ValueError:
        return False
