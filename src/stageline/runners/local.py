"""Runs tasks in this process: one thread claims what is due, lanes of worker threads do it, one thread keeps the leases.

The claimer sleeps until a commit makes a task claimable, a signal is heard, a full lane has room again, or the next task
falls due; it never polls, except slowly for the work of other processes when there are any.
"""

import threading
from collections.abc import Callable
from dataclasses import replace

import structlog

from stageline.ports.clock import Clock
from stageline.ports.events import Events
from stageline.ports.runner import Again, Handler
from stageline.ports.store import Store, Task
from stageline.runners.lanes import Lane
from stageline.runners.waits import Waits

LEASE = 30_000
FIRST_DELAY = 1_000
LONGEST_DELAY = 60_000
LONGEST_SLEEP = 60.0
SHARED_SLEEP = 1.0
TROUBLE_SLEEP = 1.0
CONTENTION_SLEEP = 0.01

log = structlog.get_logger("stageline.runner")


class LocalRunner:
    """The runner of a single process, or of one among several on the same database.

    ``exclusive``: no other process works on this store, so every lease that is found at the start is a dead one's.
    ``lease`` is the span in milliseconds after which another process may take over what this one has claimed.
    """

    def __init__(self, store: Store, clock: Clock, events: Events, owner: str, exclusive: bool, *, lease: int = LEASE) -> None:
        self._store = store
        self._clock = clock
        self._owner = owner
        self._exclusive = exclusive
        self._lease = lease
        self._lanes: dict[str, Lane] = {}
        self._wake = threading.Event()
        self._waits = Waits(events, self._wake.set)
        self._state = threading.Condition()
        self._running: dict[tuple[str, int], tuple[Task, int]] = {}
        self._failures: dict[str, int] = {}
        self._stopping = threading.Event()
        self._drained = threading.Event()
        self._threads: list[threading.Thread] = []

    def register(self, kind: str, handler: Handler, *, slots: int) -> None:
        """Handle tasks of a kind with at most ``slots`` at once in this process."""
        if kind in self._lanes:
            raise ValueError(f"tasks of kind {kind!r} have a handler already")
        self._lanes = {**self._lanes, kind: Lane(kind, handler, slots, self._work, self._wake.set)}
        self._wake.set()

    def start(self) -> None:
        """Begin to claim tasks."""
        if self._threads or self._stopping.is_set():
            raise RuntimeError("a runner starts once")
        if self._exclusive:
            self._store.release(None)
        self._store.on_commit(self._wake.set)
        self._wake.set()
        for name, target in (("claimer", self._claim_until_stopped), ("leases", self._renew_until_drained)):
            thread = threading.Thread(target=target, name=f"runner-{name}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self, grace: float) -> None:
        """Claim no more and wait up to ``grace`` seconds for running handlers."""
        self._stopping.set()
        self._wake.set()
        claimer = self._threads[:1]
        for thread in claimer:
            thread.join()
        for lane in self._lanes.values():
            lane.close()
        with self._state:
            finished = self._state.wait_for(lambda: not self._running, timeout=grace)
        if not finished:
            log.warning("stopped with tasks running", tasks=sorted(task_id for task_id, _ in list(self._running)))
        self._drained.set()
        for thread in self._threads[1:]:
            thread.join()

    def wake(self) -> None:
        """Look for due tasks now; for a clock that was moved by hand, since sleeping is done in real time."""
        self._wake.set()

    def alive(self, task: Task) -> bool:
        """Whether the claim that ``task`` came from still stands."""
        with self._store.read() as tx:
            found = tx.tasks(task.id, limit=1)
        return bool(found) and found[0].id == task.id and found[0].token == task.token != 0

    def _claim_until_stopped(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                sleep = self._claim_due()
            except Exception:
                log.exception("tasks could not be claimed")
                self._stopping.wait(TROUBLE_SLEEP)
                continue
            if sleep > 0:
                self._wake.wait(sleep)

    def _claim_due(self) -> float:
        """Start what is due and has a free slot; returns how many seconds there is nothing to do."""
        now = self._clock.now()
        self._renew(lambda until: until <= now)  # after a suspended machine wakes up, before claiming our own tasks again
        for parked in self._waits.heard():
            self._store.hasten(parked, now)
        free = [lane for lane in self._lanes.values() if lane.free > 0]
        claimed = 0
        if free:
            limit = min(lane.free for lane in free)
            claimed = self._claim(now, free, limit)
            if claimed == limit:
                claimed += sum(self._claim(now, [lane], lane.free) for lane in free)
        open_kinds = [lane.kind for lane in free if lane.free > 0]
        longest = LONGEST_SLEEP if self._exclusive else SHARED_SLEEP
        due = self._store.next_due(open_kinds) if open_kinds else None
        if due is None:
            return longest
        sleep = min((due - self._clock.now()) / 1000, longest)
        return sleep if sleep > 0 or claimed else CONTENTION_SLEEP

    def _claim(self, now: int, lanes: list[Lane], limit: int) -> int:
        kinds = [lane.kind for lane in lanes]
        tasks = self._store.claim(self._owner, now, lease=self._lease, limit=limit, kinds=kinds) if limit > 0 else []
        for task in tasks:
            self._waits.claimed(task.id)
            with self._state:
                self._running[task.id, task.token] = task, now + self._lease
            self._lanes[task.kind].submit(task)
        return len(tasks)

    def _work(self, lane: Lane, task: Task) -> None:
        """Run the handler and settle its answer; never raises."""
        try:
            try:
                answer = lane.handler(task)
            except BaseException:
                answer = self._after_failure(task)
            else:
                self._failures.pop(task.id, None)
            self._settle(task, answer)
        finally:
            with self._state:
                self._running.pop((task.id, task.token), None)
                self._state.notify_all()

    def _settle(self, task: Task, answer: Again | None) -> None:
        if answer is None:
            self._waits.end(task.id)
            self._finish(task, None)
            return
        due = answer.due
        if answer.signal and self._waits.listen(task.id, answer.signal):
            due = min(due, self._clock.now())
        if not self._finish(task, due):
            self._waits.end(task.id)
            self._failures.pop(task.id, None)
        elif answer.signal:
            self._waits.park(replace(task, due=due, token=0))

    def _after_failure(self, task: Task) -> Again:
        failures = self._failures[task.id] = self._failures.get(task.id, 0) + 1
        delay = min(FIRST_DELAY << min(failures - 1, 10), LONGEST_DELAY)
        log.exception("task failed", task=task.id, kind=task.kind, failures=failures, retry_in_ms=delay)
        return Again(self._clock.now() + delay)

    def _finish(self, task: Task, again: int | None) -> bool:
        """Let go of a task; while the store cannot do that (a full disk), hold on to it and try again."""
        while True:
            try:
                return self._store.finish(self._owner, task, again)
            except Exception:
                if self._drained.is_set():
                    log.info("a task ended after the runner had stopped", task=task.id)
                    return False
                log.exception("the end of a task could not be stored", task=task.id)
            self._drained.wait(TROUBLE_SLEEP)

    def _renew_until_drained(self) -> None:
        while not self._drained.wait(self._lease / 3000):
            try:
                self._renew(lambda until: True)
                for task_id in self._waits.overdue(self._clock.now() - 10 * self._lease):
                    self._waits.end(task_id)
            except Exception:
                log.exception("leases could not be renewed")

    def _renew(self, chosen: Callable[[int], bool]) -> None:
        with self._state:
            held = [task for task, until in self._running.values() if chosen(until)]
        for task in held:
            until = self._clock.now() + self._lease
            kept = self._store.renew(self._owner, task, until)
            with self._state:
                if (task.id, task.token) in self._running:
                    # A lost lease cannot be won back: its handler goes on, and finds out by alive() or at its end.
                    self._running[task.id, task.token] = task, until if kept else _NEVER


_NEVER = 1 << 62
