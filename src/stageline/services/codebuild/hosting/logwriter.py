"""The log of a build: lines go to CloudWatch Logs while the build runs, at most a tenth of a second late, and to S3 at the end.

A thread sends them, as the project's role; a build that writes faster than the log takes waits.
"""

import gzip
import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from stageline.ports.api import ApiError
from stageline.ports.aws import Aws
from stageline.ports.clock import Clock

PAUSE = 0.08
MOST_EVENTS = 10_000
MOST_BYTES = 1_000_000
OVERHEAD = 26
MOST_WAITING = 8 * 1024 * 1024
TRIES = 4
MOST_SAID = 60_000

_server_log = logging.getLogger(__name__)


class LogWriter:
    """Where the lines of one build go. With no ``group`` they go to no CloudWatch log, with no ``spool`` to no S3 object."""

    def __init__(self, aws: Aws, clock: Clock, *, group: str = "", stream: str = "", spool: Path | None = None) -> None:
        self._aws = aws
        self._clock = clock
        self._group = group
        self._stream = stream
        self._spool = gzip.open(spool, "wb") if spool else None  # noqa: SIM115
        self._waiting: deque[tuple[int, str, int]] = deque()
        self._bytes = 0
        self._lock = threading.Condition()
        self._closing = False
        self._thread: threading.Thread | None = None
        self.hide: Callable[[str], str] = lambda text: text
        """Takes the secrets out of what the agent says."""
        self.lost = 0

    def open(self) -> None:
        """Make the stream and begin to send. Raises ApiError when the role may not."""
        if not self._group:
            return
        names = {"logGroupName": self._group, "logStreamName": self._stream}
        try:
            self._create("CreateLogStream", **names)
        except ApiError as error:
            if error.code != "ResourceNotFoundException":
                raise
            self._create("CreateLogGroup", logGroupName=self._group)
            self._create("CreateLogStream", **names)
        self._thread = threading.Thread(target=self._send_all, name=f"log {self._stream}", daemon=True)
        self._thread.start()

    def _create(self, operation: str, **names: str) -> None:
        try:
            self._aws.call("logs", operation, **names)
        except ApiError as error:
            # Another build of the project, or the attempt before this one, may have been first.
            if error.code != "ResourceAlreadyExistsException":
                raise

    def say(self, text: str) -> None:
        """A line of the agent's own, cut where a log event would end."""
        now = self._clock.now()
        when = datetime.fromtimestamp(now / 1000, UTC).strftime("%Y/%m/%d %H:%M:%S.%f")
        self._put(now, [f"[Container] {when} {self.hide(text)[:MOST_SAID]}\n"])

    def write(self, lines: list[str], check: Callable[[], None] = lambda: None) -> None:
        """Lines of output. ``check`` is asked whether to go on while the log is slower than the build."""
        self._put(self._clock.now(), lines, check)

    def _put(self, now: int, lines: list[str], check: Callable[[], None] = lambda: None) -> None:
        if self._spool:
            self._spool.writelines(line.encode() for line in lines)
        if self._thread is None or not lines:
            return
        sized = [(now, line, len(line.encode()) + OVERHEAD) for line in lines]
        while self._bytes > MOST_WAITING and self._thread.is_alive():
            check()
            with self._lock:
                self._lock.wait(0.1)
        with self._lock:
            self._waiting.extend(sized)
            self._bytes += sum(size for _, _, size in sized)
            self._lock.notify_all()

    def close(self) -> None:
        """Send what is left and end. Safe to call twice."""
        if self._spool:
            self._spool.close()
        if self._thread is None:
            return
        with self._lock:
            self._closing = True
            self._lock.notify_all()
        self._thread.join()
        self._thread = None

    def _send_all(self) -> None:
        while True:
            with self._lock:
                while not self._waiting and not self._closing:
                    self._lock.wait()
                if not self._waiting:
                    return
                if not self._closing:
                    self._lock.wait_for(lambda: self._closing or self._bytes >= MOST_BYTES, PAUSE)
                batch = self._batch()
                self._lock.notify_all()
            self._send(batch)

    def _batch(self) -> list[dict[str, Any]]:
        events: list[dict[str, Any]] = []
        size = 0
        while self._waiting and len(events) < MOST_EVENTS:
            at, line, bytes_ = self._waiting[0]
            if events and size + bytes_ > MOST_BYTES:
                break
            self._waiting.popleft()
            size += bytes_
            events.append({"timestamp": at, "message": line})
        self._bytes -= size
        return events

    def _send(self, events: list[dict[str, Any]]) -> None:
        for attempt in range(TRIES):
            try:
                self._aws.call("logs", "PutLogEvents", logGroupName=self._group, logStreamName=self._stream, logEvents=events)
                return
            except Exception as error:
                # A log that cannot be written must not stop the build.
                last = attempt == TRIES - 1 or (isinstance(error, ApiError) and "AccessDenied" in error.code)
                if last:
                    self.lost += len(events)
                    _server_log.warning("lost %d lines of the log %s: %s", len(events), self._stream, error)
                    return
                time.sleep(0.1 * 2**attempt)
