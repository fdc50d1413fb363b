"""Time, as a port: the only way to learn the current instant."""

from typing import Protocol


class Clock(Protocol):
    """Tells the time. Instants are epoch milliseconds in UTC, everywhere in the product."""

    def now(self) -> int:
        """The current instant; never goes back within one process."""
        ...
