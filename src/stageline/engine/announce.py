"""Events after commit, to subscribers of this process: durable ones as tasks, wake-ups as signals."""

import threading
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count

from stageline.ports.clock import Clock
from stageline.ports.store import Doc, Task, WriteTx

KIND = "event"


class Announcer:
    """The ``Events`` port. Deliveries are tasks of kind ``event``: at least once, surviving a crash."""

    def __init__(self, clock: Clock, *, account: str, region: str) -> None:
        self._clock = clock
        self._account = account
        self._region = region
        self._subscribers: dict[str, list[Callable[[Doc], None]]] = {}
        self._waiters: dict[str, list[Callable[[], None]]] = {}
        self._watchers: list[tuple[str, Callable[[str], None]]] = []
        self._lock = threading.Lock()
        self._published = count()

    def publish(self, tx: WriteTx, event: Doc) -> None:
        """Announce an event once ``tx`` has committed; costs nothing while nobody listens to its source."""
        if event["source"] not in self._subscribers:
            return
        now = self._clock.now()
        identity = str(uuid.uuid4())
        whole = {
            "version": "0",
            "id": identity,
            "account": self._account,
            "region": self._region,
            "time": datetime.fromtimestamp(now // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "resources": [],
            **event,
        }
        order = f"{now:013d}-{next(self._published):09d}"  # equally due tasks are handed out by id: first come, first told
        tx.schedule(Task(f"event/{order}-{identity}", KIND, {"event": whole}, due=now))

    def deliver(self, task: Task) -> None:
        """Handle a task of kind ``event``: hand the event to each subscriber of its source."""
        event = task.payload["event"]
        for handler in self._subscribers.get(event["source"], ()):
            handler(event)

    def subscribe(self, source: str, handler: Callable[[Doc], None]) -> None:
        """Call ``handler`` with each event of a source from now on; meant for start-up."""
        self._subscribers.setdefault(source, []).append(handler)

    def signal(self, name: str) -> None:
        """Wake whatever waits for ``name`` in this process."""
        with self._lock:
            waiters = tuple(self._waiters.get(name, ()))
            watchers = [watcher for prefix, watcher in self._watchers if name.startswith(prefix)]
        for handler in waiters:
            handler()
        for watcher in watchers:
            watcher(name)

    def wait(self, name: str, handler: Callable[[], None]) -> Callable[[], None]:
        """Call ``handler`` at each signal of that name; the function returned ends it."""
        with self._lock:
            self._waiters.setdefault(name, []).append(handler)

        def end() -> None:
            with self._lock:
                waiters = self._waiters.get(name, [])
                if handler in waiters:
                    waiters.remove(handler)
                if not waiters:
                    self._waiters.pop(name, None)

        return end

    def watch(self, prefix: str, handler: Callable[[str], None]) -> Callable[[], None]:
        """Call ``handler`` with the name at each signal whose name begins so; the function returned ends it."""
        entry = (prefix, handler)
        with self._lock:
            self._watchers.append(entry)

        def end() -> None:
            with self._lock:
                if entry in self._watchers:
                    self._watchers.remove(entry)

        return end
