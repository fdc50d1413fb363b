"""The only writer of orchestration state: one transaction holds state, journal, history, outbox and timers.

Nothing is announced or begun before it is committed. The unit of concurrency is one pipeline.
"""

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from stageline.core.pipeline.decide import decide
from stageline.core.pipeline.declaration import TypeId
from stageline.core.pipeline.effects import Decision, Refusal
from stageline.core.pipeline.events import Event, Stamped
from stageline.core.pipeline.state import ActionRun, State
from stageline.engine import history, outbox
from stageline.engine.codec import decode, encode, encode_event
from stageline.ports.clock import Clock
from stageline.ports.events import Events
from stageline.ports.store import ReadTx, Store, Task, WriteTx

HEAD = "codepipeline.head"
STATE = "codepipeline.state"
PURGE = "purge"
CACHED = 1000


@dataclass(frozen=True)
class Head:
    """Which pipeline a name means now, how many events its journal has, and the entropy of the last of them.

    That entropy marks the state: a state kept in memory is the stored one exactly when the marks are equal, whoever wrote it.
    """

    uid: str
    events: int
    mark: str = ""


class Engine:
    """Applies events to pipelines. Safe to use from several threads, and from several processes over one database."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        events: Events,
        *,
        account: str,
        region: str,
        timeout: Callable[[TypeId], int],
        entropy: Callable[[], str] = lambda: secrets.token_hex(16),
    ) -> None:
        self.store = store
        self.clock = clock
        self.account = account
        self.region = region
        self._outlets = outbox.Outlets(events, account, region, timeout)
        self._entropy = entropy
        self._cache: OrderedDict[str, tuple[str, State]] = OrderedDict()
        self._cache_lock = threading.Lock()

    def apply(self, pipeline: str, event: Event) -> Decision | Refusal:
        """Decide on an event and commit what follows from it."""
        with self.store.write() as tx:
            return self.apply_in(tx, pipeline, event)

    def apply_in(self, tx: WriteTx, pipeline: str, event: Event) -> Decision | Refusal:
        """The same inside a transaction that the caller commits; a refusal changes nothing."""
        tx.lock(f"pipeline/{pipeline}")
        head = self.head(tx, pipeline)
        if head is None:
            return Refusal("PipelineNotFound", f"Account '{self.account}' does not have a pipeline with name '{pipeline}'")
        stamped = Stamped(self.clock.now(), self._entropy(), event)
        state = self._state(tx, head)
        decision = decide(state, stamped)
        if isinstance(decision, Refusal):
            return decision
        entry = encode_event(stamped)
        tx.append(stream(head.uid), entry)
        tx.put(HEAD, pipeline, {"uid": head.uid, "events": head.events + 1, "mark": stamped.entropy})
        if decision.state is not state:
            tx.put(STATE, head.uid, encode(decision.state))
        outbox.write(self._outlets, tx, head.uid, decision)
        self._remember(head.uid, stamped.entropy, decision.state)
        tx.after_commit(partial(self._tell, pipeline))
        return decision

    def _tell(self, pipeline: str) -> None:
        """Wake whoever looks at the pipeline."""
        self._outlets.events.signal(f"pipeline/{pipeline}")

    def create(self, tx: WriteTx, pipeline: str, uid: str) -> None:
        """Make room for a new pipeline; the caller has checked that the name is free."""
        tx.put(HEAD, pipeline, {"uid": uid, "events": 0})

    def delete(self, tx: WriteTx, pipeline: str) -> None:
        """Forget a pipeline: nothing of it is scheduled any more. Work that runs elsewhere goes on; rows are purged later."""
        tx.lock(f"pipeline/{pipeline}")
        head = self.head(tx, pipeline)
        if head is None:
            return
        tx.delete(HEAD, pipeline)
        tx.delete(STATE, head.uid)
        for prefix in (f"action/{head.uid}/", f"timer/{head.uid}/", f"cancel/{head.uid}/"):
            for task in tx.tasks(prefix):
                tx.cancel(task.id)
        tx.schedule(Task(f"purge/{head.uid}", PURGE, {"uid": head.uid}, due=self.clock.now()))
        tx.after_commit(partial(self._tell, pipeline))

    def purge(self, task: Task) -> None:
        """Handle a task of kind ``purge``: delete the history and the journal of a deleted pipeline, in portions."""
        left = True
        while left:
            with self.store.write() as tx:
                left = history.forget(tx, task.payload["uid"])
                if not left:
                    tx.forget(stream(task.payload["uid"]))

    def head(self, tx: ReadTx, pipeline: str) -> Head | None:
        """The head of a pipeline, or None."""
        doc = tx.get(HEAD, pipeline)
        return Head(doc["uid"], doc["events"], doc.get("mark", "")) if doc else None

    def state(self, tx: ReadTx, pipeline: str) -> tuple[Head, State] | None:
        """The head and the state of a pipeline, or None."""
        head = self.head(tx, pipeline)
        state = self._state(tx, head) if head else None
        return (head, state) if head and state else None

    def running(self, pipeline: str, uid: str, run_id: str) -> ActionRun | None:
        """An action run that is in progress, or None."""
        with self.store.read() as tx:
            return self.running_in(tx, pipeline, uid, run_id)

    def running_in(self, tx: ReadTx, pipeline: str, uid: str, run_id: str) -> ActionRun | None:
        """The same inside a transaction."""
        found = self.state(tx, pipeline)
        if found is None or found[0].uid != uid:
            return None
        for execution in found[1].executions.values():
            for run in (*execution.run.acting, *execution.run.judging) if execution.run else ():
                if run.id == run_id:
                    return run
        return None

    def holds(self, tx: ReadTx, task: Task) -> bool:
        """Whether this claim of a task is still the latest: what a claim that was overtaken reports does not count."""
        found = next((each for each in tx.tasks(task.id, limit=1) if each.id == task.id), None)
        return found is not None and found.token == task.token != 0

    def _state(self, tx: ReadTx, head: Head) -> State | None:
        with self._cache_lock:
            known = self._cache.get(head.uid)
        if known and known[0] == head.mark:
            return known[1]
        doc = tx.get(STATE, head.uid)
        if doc is None:
            return None
        state = decode(State, doc)
        self._remember(head.uid, head.mark, state)
        return state

    def _remember(self, uid: str, mark: str, state: State) -> None:
        with self._cache_lock:
            self._cache[uid] = (mark, state)
            self._cache.move_to_end(uid)
            while len(self._cache) > CACHED:
                self._cache.popitem(last=False)


def stream(uid: str) -> str:
    """The name of a pipeline's journal."""
    return f"pipeline/{uid}"
