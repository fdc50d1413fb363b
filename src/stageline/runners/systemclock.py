"""The real clock."""

import time


class SystemClock:
    """Wall-clock time at start, carried on by the monotonic clock: setting the machine's clock back never makes time go back."""

    def __init__(self) -> None:
        self._offset = time.time_ns() - time.monotonic_ns()

    def now(self) -> int:
        """The current instant in epoch milliseconds."""
        return (time.monotonic_ns() + self._offset) // 1_000_000
