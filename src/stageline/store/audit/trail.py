"""Takes records from request threads and writes them in batches; implements ``ports.audit.trail.Trail``.

A change's record is durable before its answer leaves: the thread that brings it writes all that wait with it, in one transaction.
Everything else waits for such a thread, or for the one that looks every half second.
"""

import threading
import uuid
from collections.abc import Callable
from typing import Literal

import structlog

from stageline.ports.api import Caller, Context
from stageline.ports.audit.trail import Found, Happening, Nature, Query
from stageline.ports.clock import Clock
from stageline.ports.store import Doc, Store
from stageline.store.audit import segments
from stageline.store.audit.anchor import Anchor
from stageline.store.audit.floods import Floods
from stageline.store.audit.lookup import lookup
from stageline.store.audit.record import notice, record
from stageline.store.audit.verify import verify

Reads = Literal["none", "management", "all"]

PAUSE = 0.5
FULL, OVERFLOWING = 1000, 10_000
"""So many waiting records make the thread that brings one write them; beyond the second number they are counted only."""
PATIENCE = 10.0
"""Seconds that a request waits for others that write the trail; its record is kept and written later then."""
DROP_EVERY = 3_600_000
DAY = 86_400_000

_log = structlog.get_logger("stageline.audit")


class StoredTrail:
    """The trail of one server. ``days`` is how long records are kept."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        anchor: Anchor,
        *,
        account: str,
        region: str,
        reads: Reads = "management",
        days: int = 90,
    ) -> None:
        self._store, self._clock, self._anchor = store, clock, anchor
        self._place = (account, region)
        self._reads, self._days = reads, days
        self._floods = Floods(clock.now())
        self._lock, self._turn = threading.Lock(), threading.Lock()
        self._waiting: list[tuple[int, Doc]] = []
        self._taken = self._written = self._lost = 0
        self._end: segments.Head | None = None
        self._anchored = 0
        self._dropped_at = 0
        self._ended = threading.Event()
        self._settle()
        self._thread = threading.Thread(target=self._work, name="audit", daemon=True)
        self._thread.start()

    def wants(self, nature: Nature) -> bool:
        """Whether allowed calls of a kind are recorded."""
        if not nature.read_only or self._reads == "all":
            return True
        return self._reads == "management" and not nature.data and not nature.polling

    def record(self, happening: Happening) -> None:
        """Take a record; durable at once if it tells of a change or of credentials that were handed out."""
        ctx = happening.ctx
        if not happening.verified and not self._floods.admit(ctx.source_ip, ctx.now):
            return
        nature = happening.nature
        lasting = not happening.code and (not nature.read_only or nature.issues)
        ticket = self._take(ctx.now, record(happening))
        if lasting or ticket - self._written > FULL:
            self._safely(lambda: self.flush(ticket))

    def lookup(self, query: Query) -> Found:
        """Management events, newest first, no older than records are kept."""
        self._safely(self.flush)
        horizon = self._clock.now() - self._days * DAY
        with self._store.read() as tx:
            return lookup(tx, Query(max(query.since, horizon), query.until, *_rest(query)))

    def flush(self, ticket: int | None = None) -> None:
        """Write everything that waits, unless the record with this number is written already."""
        if not self._turn.acquire(timeout=PATIENCE):
            raise TimeoutError("another thread has been writing for too long")
        try:
            if ticket is not None and self._written >= ticket:
                return
            with self._lock:
                batch, self._waiting = self._waiting, []
                lost, self._lost = self._lost, 0
            if lost:
                batch.append((self._clock.now(), self._notice("AuditRecordsLost", {"lost": lost})))
            if not batch:
                return
            try:
                self._end = segments.append(self._store, batch)
            except BaseException:
                with self._lock:
                    self._waiting[:0] = batch[: len(batch) - bool(lost)]
                    self._lost += lost
                raise
            self._written += len(batch) - bool(lost)
        finally:
            self._turn.release()

    def close(self) -> None:
        """Write what waits, set the anchor, end."""
        self._ended.set()
        self._thread.join()
        self._safely(lambda: self._report(final=True))
        self._safely(self.flush)
        self._safely(self._set_anchor)

    def _take(self, now: int, event: Doc) -> int:
        with self._lock:
            if len(self._waiting) >= OVERFLOWING:
                self._lost += 1
                return self._taken
            self._waiting.append((now, event))
            self._taken += 1
            return self._taken

    def _work(self) -> None:
        while not self._ended.wait(PAUSE):
            for step in (self._report, self.flush, self._set_anchor, self._drop):
                self._safely(step)

    def _safely(self, step: Callable[[], None]) -> None:
        """A trail that cannot be written (a full disk) keeps its records and tries again: what was done stays done."""
        try:
            step()
        except Exception as error:
            _log.error("the audit trail cannot be written", error=f"{type(error).__name__}: {error}", waiting=len(self._waiting))

    def _report(self, *, final: bool = False) -> None:
        counted = self._floods.report(self._clock.now(), final=final)
        if counted:
            self._take(self._clock.now(), self._notice("UnverifiedRequests", counted))

    def _set_anchor(self) -> None:
        end = self._end
        if end is not None and end.sequence > self._anchored:
            self._anchor.set(end.sequence, end.hash)
            self._anchored = end.sequence

    def _drop(self) -> None:
        now = self._clock.now()
        if now - self._dropped_at >= DROP_EVERY:
            self._dropped_at = now
            segments.drop(self._store, now - self._days * DAY)

    def _settle(self) -> None:
        """Before the first record: does the chain still fit the anchor? If not, keep the evidence and say so in the chain."""
        try:
            held = self._anchor.current()
            with self._store.read() as tx:
                problems = verify(tx, held, last=1).problems
        except ValueError as error:
            _log.error("the audit trail has no anchor that could be read", error=str(error))
            self._anchor.put_aside()
            self._take(self._clock.now(), self._notice("AuditChainDisputed", {"problems": [str(error)]}))
            return
        if problems and held:
            _log.error("the audit trail does not fit its anchor; run stageline audit --verify", problems=problems)
            self._anchor.dispute()
            self._take(self._clock.now(), self._notice("AuditChainDisputed", {"problems": list(problems)}))

    def _notice(self, name: str, extra: Doc) -> Doc:
        account, region = self._place
        service = Caller("service", "stageline.amazonaws.com")
        return notice(Context(service, account, region, self._clock.now(), str(uuid.uuid4()), ""), name, extra)


def _rest(query: Query) -> tuple[str, str, int | None, int]:
    return query.attribute, query.value, query.before, query.limit
