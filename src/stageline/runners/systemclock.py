"""The real clock."""

import time


class SystemClock:
    """The machine's wall clock, except that it stands still rather than going back when the machine's is set back."""

    def __init__(self) -> None:
        self._latest = 0

    def now(self) -> int:
        """The current instant in epoch milliseconds."""
        now = max(self._latest, time.time_ns() // 1_000_000)
        self._latest = now
        return now
