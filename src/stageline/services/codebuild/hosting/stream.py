"""Reading what a process in the box says, in the order said, while watching whether it may go on."""

import os
import select
from collections.abc import Callable
from contextlib import suppress

from stageline.ports.sandbox import Process
from stageline.services.codebuild.hosting.watch import Watch

CHUNK = 64 * 1024
TICK = 200
MOST_REPORT = 8 * 1024 * 1024


class Stream:
    """Output and reports of one process. ``reports`` is the read end of the pipe on which the box reports, or None."""

    def __init__(self, process: Process, watch: Watch, sink: Callable[[bytes], None], reports: int | None = None) -> None:
        self._process = process
        self._watch = watch
        self._sink = sink
        self._output = process.stdout.fileno()
        self._reports = reports
        self._said = b""
        self._poll = select.poll()
        self._poll.register(watch.fd, select.POLLIN)
        self._poll.register(self._output, select.POLLIN)
        if reports is not None:
            os.set_blocking(reports, False)
            self._poll.register(reports, select.POLLIN)
        os.set_blocking(self._output, False)

    def until(self, mark: bytes) -> bytes | None:
        """What was reported before ``mark``, once it came and all output before it was read; None when the process ended."""
        while True:
            place = self._said.find(mark)
            if place >= 0:
                said, self._said = self._said[:place], self._said[place + len(mark) :]
                self._drain()
                return said
            if not self._turn():
                self._drain()
                return None

    def until_end(self) -> int:
        """The exit code, once the process has ended and all output was read."""
        while self._turn():
            pass
        self._drain()
        code = self._process.wait()
        assert code is not None
        return code

    def close(self) -> None:
        """End the process with everything it started, and let go of its pipes. Safe to call twice."""
        self._process.kill()
        # What was still to be written to it cannot be any more.
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.stdout.close()

    def _turn(self) -> bool:
        """Wait for something and take it; False when the process has ended."""
        ready = dict(self._poll.poll(TICK))
        if self._watch.fd in ready:
            os.read(self._watch.fd, CHUNK)
        self._watch.check()
        if self._output in ready and not self._read():
            self._poll.unregister(self._output)
        if self._reports is not None and self._reports in ready:
            self._said = (self._said + os.read(self._reports, CHUNK))[-MOST_REPORT:]
            return True
        # The output may be closed or held open by a background process: only the process itself tells.
        return bool(ready.keys() & {self._output}) or self._process.wait(0) is None

    def _read(self) -> bool:
        try:
            data = os.read(self._output, CHUNK)
        except BlockingIOError:
            return True
        if data:
            self._sink(data)
        return bool(data)

    def _drain(self) -> None:
        """Take what lies in the pipe now: a report overtakes output that was written before it."""
        for _ in range(1024):
            try:
                data = os.read(self._output, CHUNK)
            except BlockingIOError:
                return
            if not data:
                return
            self._sink(data)
            self._watch.check()
