"""Claims on tasks. A claim gives the task a fresh random token; whoever renews or finishes must show it, so a handler whose
lease was lost, replaced or cancelled can never touch the claim that came after it."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from stageline.ports.store import Task
from stageline.store.connection import Connection
from stageline.store.reading import TASK_COLUMNS, task_of

NEXT_KIND = "SELECT min(kind) FROM tasks WHERE kind > :kind"
ANY = "SELECT 1 FROM tasks WHERE kind = :kind AND available <= :now LIMIT 1"
DUE = f"""SELECT {TASK_COLUMNS}, available FROM tasks WHERE kind = :kind AND available <= :now
ORDER BY available, id LIMIT :limit"""
LEASE = """UPDATE tasks SET lease_owner = :owner, available = :until, token = :token, attempt = attempt + 1 WHERE id = :id"""
HELD = "WHERE id = :id AND lease_owner = :owner AND token = :token"
RENEW = f"UPDATE tasks SET available = :until {HELD}"
FINISH = f"DELETE FROM tasks {HELD}"
AGAIN = f"UPDATE tasks SET due = :due, available = :due, lease_owner = NULL, token = 0 {HELD}"
HASTEN = """UPDATE tasks SET due = :now, available = :now
WHERE id = :id AND kind = :kind AND due = :due AND due > :now AND lease_owner IS NULL"""
RELEASE = "UPDATE tasks SET available = due, lease_owner = NULL, token = 0 WHERE lease_owner = :owner"
RELEASE_ALL = "UPDATE tasks SET available = due, lease_owner = NULL, token = 0 WHERE lease_owner IS NOT NULL"
EARLIEST = "SELECT min(available) FROM tasks WHERE kind = :kind"


def kinds_of(connection: Connection, kinds: Sequence[str]) -> Iterable[str]:
    """The kinds asked for; all that have tasks, found by hopping along the index, when none is named."""
    if kinds:
        yield from dict.fromkeys(kinds)
        return
    kind = ""
    while (row := connection.execute(NEXT_KIND, {"kind": kind}).fetchone()) and row[0] is not None:
        kind = row[0]
        yield kind


def any_due(connection: Connection, now: int, kinds: Sequence[str]) -> bool:
    """Whether a claim would find something."""
    return any(connection.execute(ANY, {"kind": kind, "now": now}).fetchone() for kind in kinds_of(connection, kinds))


def claim(
    connection: Connection, owner: str, now: int, *, lease: int, limit: int, kinds: Sequence[str], row_locks: bool
) -> list[Task]:
    """Lease the tasks that have been available longest. Rows that another claimer has locked are passed over."""
    statement = f"{DUE} FOR UPDATE SKIP LOCKED" if row_locks else DUE
    rows: list[Any] = []
    for kind in list(kinds_of(connection, kinds)):
        rows += connection.execute(statement, {"kind": kind, "now": now, "limit": limit}).fetchall()
    rows.sort(key=lambda row: (row[6], row[0]))
    token = secrets.randbits(62) + 1
    claimed = [replace(task, attempt=task.attempt + 1, token=token) for task in map(task_of, rows[:limit])]
    terms = {"owner": owner, "until": now + lease, "token": token}
    connection.executemany(LEASE, [{**terms, "id": task.id} for task in claimed])
    return claimed


def renew(connection: Connection, owner: str, task: Task, until: int) -> bool:
    """Extend a lease; False when it was lost."""
    return connection.execute(RENEW, {"id": task.id, "owner": owner, "token": task.token, "until": until}).rowcount > 0


def finish(connection: Connection, owner: str, task: Task, again: int | None) -> bool:
    """Delete a held task or let go of it until ``again``; False when the lease was lost."""
    held: dict[str, Any] = {"id": task.id, "owner": owner, "token": task.token}
    if again is None:
        return connection.execute(FINISH, held).rowcount > 0
    return connection.execute(AGAIN, {**held, "due": again}).rowcount > 0


def hasten(connection: Connection, task: Task, now: int) -> bool:
    """Make a task due that nobody holds and that was not scheduled anew; False when there is no such task."""
    row = {"id": task.id, "kind": task.kind, "due": task.due, "now": now}
    return connection.execute(HASTEN, row).rowcount > 0


def release(connection: Connection, owner: str | None) -> int:
    """Void the leases of an owner, or everybody's."""
    if owner is None:
        return connection.execute(RELEASE_ALL, {}).rowcount
    return connection.execute(RELEASE, {"owner": owner}).rowcount


def earliest(connection: Connection, kinds: Sequence[str]) -> int | None:
    """The first instant at which a task may be claimed, or None."""
    found = (connection.execute(EARLIEST, {"kind": kind}).fetchone()[0] for kind in kinds_of(connection, kinds))
    return min((instant for instant in found if instant is not None), default=None)
