"""A clock that stands still until a test moves it."""

import threading


class FakeClock:
    """Time under a test's control; starts at 2024-01-01T00:00:00Z unless told otherwise."""

    def __init__(self, now: int = 1_704_067_200_000) -> None:
        self._now = now
        self._lock = threading.Lock()

    def now(self) -> int:
        """The instant last set."""
        return self._now

    def set(self, now: int) -> None:
        """Move to an instant; ValueError when that would go back, which a clock never does."""
        with self._lock:
            if now < self._now:
                raise ValueError(f"time cannot go back from {self._now} to {now}")
            self._now = now

    def advance(self, milliseconds: int) -> int:
        """Move on by a span; returns the new instant."""
        if milliseconds < 0:
            raise ValueError("time cannot go back")
        with self._lock:
            self._now += milliseconds
            return self._now
