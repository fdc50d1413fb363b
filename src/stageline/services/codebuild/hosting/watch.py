"""What may end a build from outside while it runs: somebody stops it, its time is up, another host has it."""

import os
import time
from types import TracebackType

from stageline.ports.clock import Clock
from stageline.ports.events import Events
from stageline.services.codebuild import documents
from stageline.services.codebuild.hosting.record import Lost, Record

LOOK = 1.0
"""Seconds between looks into the store: a stop in this process is heard at once, one in another process by looking."""


class TimedOut(Exception):
    """The build ran as long as it may."""


class Watch:
    """Wakes a waiting host (``fd`` becomes readable) and says whether to go on."""

    def __init__(self, record: Record, events: Events, clock: Clock) -> None:
        self._record = record
        self._clock = clock
        self._deadline = record.steps.phases[-1].start + record.build["timeoutInMinutes"] * 60_000
        # A stop that came before anybody listened is found by the first look.
        self._looked = -LOOK
        self._woken = False
        self.fd, self._wake_fd = os.pipe()
        os.set_blocking(self._wake_fd, False)
        self._unsubscribe = events.wait(documents.stop_signal(record.id), self._wake)

    def __enter__(self) -> "Watch":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._unsubscribe()
        os.close(self.fd)
        fd, self._wake_fd = self._wake_fd, -1
        os.close(fd)

    def check(self) -> None:
        """Raise Lost or TimedOut when the build must end now. Cheap enough for every chunk of a copy."""
        if self._clock.now() >= self._deadline:
            raise TimedOut
        if self._woken or time.monotonic() - self._looked >= LOOK:
            self._looked = time.monotonic()
            self._woken = False
            self._record.require()

    def _wake(self) -> None:
        self._woken = True
        fd = self._wake_fd
        if fd >= 0:
            try:
                os.write(fd, b"!")
            except BlockingIOError:
                return


__all__ = ["Lost", "TimedOut", "Watch"]
