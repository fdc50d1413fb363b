"""Lanes: the worker threads of one kind of task, started as they are needed, never more than the lane has slots."""

import queue
import threading
from collections.abc import Callable

from stageline.ports.runner import Handler
from stageline.ports.store import Task


class Lane:
    """Works on tasks of one kind. Only the claimer submits, and only as many as are ``free``."""

    def __init__(
        self, kind: str, handler: Handler, slots: int, work: Callable[["Lane", Task], None], freed: Callable[[], None]
    ) -> None:
        if slots < 1:
            raise ValueError(f"tasks of kind {kind!r} need at least one slot")
        self.kind = kind
        self.handler = handler
        self._slots = slots
        self._work = work
        self._freed = freed
        self._busy = 0
        self._threads = 0
        self._lock = threading.Lock()
        self._queue: queue.SimpleQueue[Task | None] = queue.SimpleQueue()

    @property
    def free(self) -> int:
        """How many more tasks would start at once."""
        return self._slots - self._busy

    def submit(self, task: Task) -> None:
        """Start on a task."""
        with self._lock:
            self._busy += 1
            if self._threads < self._busy:
                self._threads += 1
                name = f"{self.kind}-{self._threads}"
                # A daemon: a handler that hangs must not keep the process from ending; its task is claimed again.
                threading.Thread(target=self._run, name=name, daemon=True).start()
        self._queue.put(task)

    def close(self) -> None:
        """Let idle threads end; busy ones end after their task."""
        with self._lock:
            for _ in range(self._threads):
                self._queue.put(None)

    def _run(self) -> None:
        while (task := self._queue.get()) is not None:
            try:
                self._work(self, task)
            finally:
                with self._lock:
                    was_full = self._busy == self._slots
                    self._busy -= 1
                if was_full:
                    self._freed()
