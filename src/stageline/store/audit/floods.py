"""Requests that nobody signed, or signed wrongly, are recorded one by one only so often; the rest is counted.

A source has ten at once and then one a minute; all sources together a hundred at once and then one in ten seconds. So whoever
has no key fills at most some ten megabytes a day, and one noisy source does not hide a quiet one.
"""

from collections import OrderedDict
from threading import Lock
from typing import Any

SOURCE_BURST, SOURCE_EVERY = 10, 60_000
ALL_BURST, ALL_EVERY = 100, 10_000
SOURCES, NAMED = 1000, 20
REPORT_EVERY = 60_000


class _Bucket:
    def __init__(self, burst: int, every: int, now: int) -> None:
        self._burst, self._every = burst, every
        self._left, self._at = float(burst), now

    def take(self, now: int) -> bool:
        """One, if there is one left."""
        self._left = min(self._burst, self._left + max(0, now - self._at) / self._every)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Floods:
    """Says which are recorded, and reports how many were not."""

    def __init__(self, now: int) -> None:
        self._lock = Lock()
        self._all = _Bucket(ALL_BURST, ALL_EVERY, now)
        self._sources: OrderedDict[str, _Bucket] = OrderedDict()
        self._counted: dict[str, int] = {}
        self._total, self._since = 0, now

    def admit(self, source: str, now: int) -> bool:
        """Whether a request from a source (an address) is recorded by itself."""
        with self._lock:
            own = self._sources.get(source)
            if own is None:
                own = self._sources[source] = _Bucket(SOURCE_BURST, SOURCE_EVERY, now)
                while len(self._sources) > SOURCES:
                    self._sources.popitem(last=False)
            self._sources.move_to_end(source)
            if own.take(now) and self._all.take(now):
                return True
            if not self._total:
                self._since = now
            self._total += 1
            if source in self._counted or len(self._counted) < NAMED:
                self._counted[source] = self._counted.get(source, 0) + 1
            return False

    def report(self, now: int, *, final: bool = False) -> dict[str, Any] | None:
        """How many were not recorded since the last report, by source; None when there is nothing to tell yet."""
        with self._lock:
            if not self._total or (now - self._since < REPORT_EVERY and not final):
                return None
            found = {"notRecorded": self._total, "sources": dict(self._counted)}
            self._total, self._counted = 0, {}
            return found
