"""Lets few in at a time: checking a password takes much memory and time by design, and anybody may ask for it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from stageline.ports.api import ApiError

ABREAST: Final = 4
"""Passwords that are checked at the same time."""
WAITING: Final = 12
"""Those that may wait for their turn; each holds a thread of the server."""


class Turnstile:
    """Counts who is in and who waits."""

    def __init__(self) -> None:
        self._places = threading.BoundedSemaphore(ABREAST)
        self._room = threading.BoundedSemaphore(ABREAST + WAITING)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """A turn; ApiError 429 where too many wait already."""
        if not self._room.acquire(blocking=False):
            raise ApiError("SignInThrottled", "Too many people are signing in at this moment: try again.", 429)
        try:
            with self._places:
                yield
        finally:
            self._room.release()
