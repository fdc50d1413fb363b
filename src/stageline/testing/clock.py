"""A clock that stands still until a test moves it."""

import threading
from collections.abc import Callable


class FakeClock:
    """Time under a test's control; starts at 2024-01-01T00:00:00Z unless told otherwise.

    ``on_move`` is called after each move: ``LocalRunner.wake`` for one.
    """

    def __init__(self, now: int = 1_704_067_200_000) -> None:
        self._now = now
        self._lock = threading.Lock()
        self.on_move: Callable[[], None] = lambda: None

    def now(self) -> int:
        """The instant last set."""
        return self._now

    def set(self, now: int) -> None:
        """Move to an instant; ValueError when that would go back, which a clock never does."""
        with self._lock:
            if now < self._now:
                raise ValueError(f"time cannot go back from {self._now} to {now}")
            self._now = now
        self.on_move()

    def advance(self, milliseconds: int) -> int:
        """Move on by a span; returns the new instant."""
        if milliseconds < 0:
            raise ValueError("time cannot go back")
        with self._lock:
            self._now = now = self._now + milliseconds
        self.on_move()
        return now
