"""Executions leave the history when they are old (quotas page: 12 months), with their action runs.

What is in progress stays, so does what a stage shows and, of the current version, each stage's last success: a rollback goes to
it. The journal stays as well: its events alone give the state, and history is no part of that.
"""

from collections.abc import Iterable, Mapping

from stageline.core.pipeline.state import ENDED, State
from stageline.engine import history
from stageline.engine.apply import HEAD, Engine
from stageline.ports.runner import Again
from stageline.ports.store import Doc, ReadTx, Store, Task
from stageline.services.codepipeline import records
from stageline.services.codepipeline.executions import TOKEN_LASTS
from stageline.services.codepipeline.webhooks import deliveries

TASK = "retention"
EVERY = 3_600_000
SOON = 1_000
PORTION = 50
"""Executions that are looked at in one transaction."""
MOST = 100
"""Transactions in a row; then others have their turn."""
RECENT = 100
"""Executions, the newest ones, among which a stage's last success usually is."""


class Retention:
    """Purges history older than ``keep`` milliseconds."""

    def __init__(self, store: Store, engine: Engine, keep: int) -> None:
        self._store = store
        self._engine = engine
        self._keep = keep
        self._reached = ("", "")
        self._left = 0

    def work(self, task: Task) -> Again:
        """Handle the task of kind ``retention``: go through the pipelines, a bounded number of portions at a time."""
        now = self._engine.clock.now()
        self._left = MOST
        if not self._pipelines(now - self._keep):
            return Again(now + SOON)
        self._expired(records.TOKEN, now - TOKEN_LASTS)
        self._expired(records.REPORTED, now - self._keep)
        self._expired(deliveries.KIND, now - deliveries.LASTS)
        return Again(now + EVERY)

    def _pipelines(self, cutoff: int) -> bool:
        """Whether all were gone through; if not, ``_reached`` tells how far."""
        name, after = self._reached
        self._reached = ("", "")
        while True:
            if name and not self._pipeline(name, after, cutoff):
                return False
            with self._store.read() as tx:
                following = tx.scan(HEAD, after=name, limit=1)
            if not following:
                return True
            name, after = following[0][0], ""

    def _pipeline(self, name: str, after: str, cutoff: int) -> bool:
        """Whether a pipeline's old executions were gone through, from a key on."""
        while True:
            with self._store.read() as tx:
                last, doomed = self._portion(tx, name, after, cutoff)
            if not last:
                return True
            if doomed:
                if self._left <= 0:
                    self._reached = (name, after)
                    return False
                self._left -= 1
                with self._store.write() as tx:
                    tx.lock(f"pipeline/{name}")
                    for uid, row in self._portion(tx, name, after, cutoff)[1]:
                        history.expire(tx, uid, row)
            after = last

    def _portion(self, tx: ReadTx, name: str, after: str, cutoff: int) -> tuple[str, list[tuple[str, Doc]]]:
        """The key of the last of the next old executions ("" when there are none), and those among them that go."""
        found = self._engine.head(tx, name)
        rows = tx.scan(history.EXECUTION, f"{found.uid}/", after=after, limit=PORTION) if found else []
        old = [row for _, row in rows if row["started"] < cutoff]
        known = self._engine.state(tx, name) if old else None
        if known is None:
            return "", []
        head, state = known
        recent = [row for _, row in tx.scan(history.EXECUTION, f"{head.uid}/", limit=RECENT, reverse=True)]
        kept = _in_use(state) | _last_successes(state, [*recent, *reversed(old)])
        doomed = [row for row in old if row["id"] not in kept and row["status"] in ENDED and row["updated"] < cutoff]
        return rows[len(old) - 1][0], [(head.uid, row) for row in doomed]

    def _expired(self, kind: str, cutoff: int) -> None:
        after = ""
        while True:
            with self._store.read() as tx:
                rows = tx.scan(kind, after=after, limit=PORTION * 10)
            if not rows:
                return
            old = [key for key, doc in rows if doc["at"] < cutoff]
            if old:
                with self._store.write() as tx:
                    for key in old:
                        doc = tx.get(kind, key)
                        if doc is not None and doc["at"] < cutoff:
                            tx.delete(kind, key)
            after = rows[-1][0]


def _in_use(state: State) -> set[str]:
    """Executions that the state knows, and those of which a stage shows something."""
    shown = {run.execution_id for stage in state.stages.values() for run in stage.shown.values()}
    return {*state.executions, *shown, *(stage.latest_id for stage in state.stages.values())}


def _last_successes(state: State, rows: Iterable[Mapping[str, object]]) -> set[str]:
    """The execution that passed each stage last, of ``rows`` from newer to older; a rollback is none to roll back to."""
    last: dict[str, str] = {}
    for row in rows:
        if row["version"] == state.version and row.get("kind") != "ROLLBACK":
            for stage in row["passed"]:  # type: ignore[attr-defined]
                last.setdefault(stage, str(row["id"]))
    return set(last.values())
