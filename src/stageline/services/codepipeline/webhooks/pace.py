"""How often something may happen to each webhook: so many times at once, then so many a second."""

import threading
from collections import OrderedDict

KEPT = 1_000


class Pace:
    """Counts for each name, in this process alone. ``burst`` times at once, and ``rate`` times a second in the long run."""

    def __init__(self, burst: int, rate: float) -> None:
        self._burst = burst
        self._rate = rate
        self._left: OrderedDict[str, tuple[float, int]] = OrderedDict()
        self._lock = threading.Lock()

    def allows(self, name: str, now: int) -> bool:
        """Whether it may happen once more at an instant; it is counted then."""
        with self._lock:
            left, before = self._left.get(name, (float(self._burst), now))
            left = min(left + max(now - before, 0) / 1000 * self._rate, float(self._burst))
            allowed = left >= 1
            self._left[name] = (left - 1 if allowed else left, now)
            self._left.move_to_end(name)
            while len(self._left) > KEPT:
                self._left.popitem(last=False)
            return allowed
