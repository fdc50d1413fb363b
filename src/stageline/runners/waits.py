"""What waits for a signal. A wait is kept while the handler of its task runs, so that a signal that comes between the
handler's look at the world and its answer is remembered."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from stageline.ports.events import Events
from stageline.ports.store import Task


@dataclass
class Wait:
    """One task's ear. ``parked`` is the task as it lies in the store while nobody holds it."""

    signal: str
    heard: bool = False
    settled: bool = False
    parked: Task | None = None
    end: Callable[[], None] = field(default=lambda: None)


class Waits:
    """The waits of one process, by task id."""

    def __init__(self, events: Events, wake: Callable[[], None]) -> None:
        self._events = events
        self._wake = wake
        self._lock = threading.Lock()
        self._waits: dict[str, Wait] = {}
        self._ready: set[str] = set()

    def __len__(self) -> int:
        return len(self._waits)

    def listen(self, task_id: str, signal: str) -> bool:
        """Wait for a signal; True when the task has to look again at once.

        That is so when the ear is new (the signal may have come before it) or has heard the signal since the claim. An ear for
        a signal that changes at every call counts as new only once, lest its handler be called without end.
        """
        with self._lock:
            old = self._waits.get(task_id)
            if old is not None and old.signal == signal:
                again, old.heard, old.settled = old.heard, False, True
                return again
            wait = self._waits[task_id] = Wait(signal)
        if old is not None:
            old.end()
        wait.end = self._events.wait(signal, lambda: self._hear(task_id, wait))
        return old is None or old.settled

    def park(self, task: Task) -> None:
        """The task has been let go of, to be due at ``task.due`` or at its signal."""
        with self._lock:
            wait = self._waits.get(task.id)
            if wait is None:
                return
            wait.parked = task
            heard = wait.heard
            if heard:
                self._ready.add(task.id)
        if heard:
            self._wake()

    def claimed(self, task_id: str) -> None:
        """The task's handler is about to run: what was heard before is answered by that."""
        with self._lock:
            if wait := self._waits.get(task_id):
                wait.parked, wait.heard = None, False
                self._ready.discard(task_id)

    def heard(self) -> list[Task]:
        """Parked tasks whose signal came, each told once."""
        if not self._ready:
            return []
        with self._lock:
            tasks = [wait.parked for task_id in self._ready if (wait := self._waits.get(task_id)) and wait.parked]
            self._ready.clear()
            return tasks

    def end(self, task_id: str) -> None:
        """The task waits no more."""
        with self._lock:
            wait = self._waits.pop(task_id, None)
            self._ready.discard(task_id)
        if wait is not None:
            wait.end()

    def overdue(self, before: int) -> list[str]:
        """Ids of parked tasks that were due before an instant: another process has taken them, or they were cancelled."""
        with self._lock:
            return [task_id for task_id, wait in self._waits.items() if wait.parked and wait.parked.due < before]

    def _hear(self, task_id: str, wait: Wait) -> None:
        with self._lock:
            if self._waits.get(task_id) is not wait:
                return
            wait.heard = True
            if wait.parked is None:
                return
            self._ready.add(task_id)
        self._wake()
