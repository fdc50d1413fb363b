"""HTTP/1.1 connections within bounds: how long a head is, how long a peer may take, and how many there are.

uvicorn bounds none of these before the first answer. A peer that sends nothing, or a byte now and then, is let go; when there are
too many connections, that which has waited longest for a request is given up for the new one, so that quick clients get through.
"""

import asyncio
import resource
import time
from typing import Any, ClassVar, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_HEAD: Final = 64 * 1024
"""Bytes of a request's line and headers; also of the trailers behind a body in chunks."""
PACE: Final = 256 * 1024
"""Bytes that each span of ``patience`` has to bring of a body that nobody reads any more."""
MOST: Final = 16_384
EVERY: Final = 0.1
"""Between two looks at the connections, as a part of ``patience``."""


class Bounded(HttpToolsProtocol):
    """One connection. ``most`` is how many there may be, ``patience`` the seconds for a head, twice that for ``PACE`` of a body,
    ten times that without reading any of an answer."""

    most: ClassVar[int] = MOST
    patience: ClassVar[float] = 30.0
    idle: ClassVar["dict[Bounded, float]"] = {}
    """Connections without a whole head, longest first, and since when."""
    looking: ClassVar[bool] = False

    _held = 0
    _since = 0.0
    _brought = 0
    _stuck = 0.0
    _arriving = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take it, in the place of another if need be."""
        super().connection_made(transport)
        kind = type(self)
        if len(self.connections) > kind.most:
            next(iter(kind.idle), self)._cut()
        kind.idle[self] = time.monotonic()
        if not kind.looking:
            kind.looking = True
            self.loop.call_later(kind.patience * EVERY, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone."""
        type(self).idle.pop(self, None)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse; refuse the request when nothing of what came since the last progress has led to any."""
        self._held += len(data)
        super().data_received(data)
        if self._held > MOST_HEAD and not self.transport.is_closing():
            self.send_400_response("The head of the request is too long.")

    def on_message_begin(self) -> None:
        """A head begins."""
        type(self).idle.setdefault(self, time.monotonic())
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The head is whole."""
        type(self).idle.pop(self, None)
        self._held, self._brought, self._since, self._arriving = 0, 0, time.monotonic(), True
        if len(self.url) + sum(len(name) + len(value) for name, value in self.headers) > MOST_HEAD:
            raise ValueError("the head is too long")  # the parser gives up, and the request is refused
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A part of the body."""
        self._held = 0
        self._brought += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is whole."""
        self._held, self._arriving = 0, False
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """The answer is whole: the next request is waited for, unless it has come already."""
        if not self._arriving and not self.pipeline:
            type(self).idle.setdefault(self, time.monotonic())
        super().on_response_complete()

    def pause_writing(self) -> None:
        """The peer reads more slowly than we write."""
        self._stuck = time.monotonic()
        super().pause_writing()

    def resume_writing(self) -> None:
        """The peer has read on."""
        self._stuck = 0.0
        super().resume_writing()

    def _look(self) -> None:
        """Look through all connections."""
        kind, now = type(self), time.monotonic()
        for connection in list(self.connections):
            if isinstance(connection, Bounded) and connection._late(now):
                connection._cut()
        kind.looking = bool(self.connections)
        if kind.looking:
            self.loop.call_later(kind.patience * EVERY, self._look)

    def _late(self, now: float) -> bool:
        kind = type(self)
        if self._stuck and now - self._stuck > 10 * kind.patience:
            return True
        if self in kind.idle:
            waits_for_answer = self.cycle is not None and not self.cycle.response_complete
            return not waits_for_answer and now - kind.idle[self] > kind.patience
        held_up = self.flow.read_paused or (self.cycle is not None and self.cycle.waiting_for_100_continue)
        if not self._arriving or held_up or self._brought >= PACE:
            self._since, self._brought = now, 0
        return now - self._since > 2.5 * kind.patience

    def _cut(self) -> None:
        """End it without a word: what would be said waits behind what is not read."""
        type(self).idle.pop(self, None)
        self.transport.abort()


def bounded(*, most: int = 0, patience: float = 30.0) -> type[Bounded]:
    """The protocol of one server; ``most`` is what this process's descriptors allow unless told otherwise."""
    members: dict[str, Any] = {"most": most or min(MOST, descriptors() // 2), "patience": patience, "idle": {}, "looking": False}
    return type("Bounded", (Bounded,), members)


def descriptors() -> int:
    """How many files and connections this process may have open, after asking for as many as it can get."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wish = 4 * MOST if hard == resource.RLIM_INFINITY else min(hard, 4 * MOST)
    if soft == resource.RLIM_INFINITY or soft >= wish:
        return 4 * MOST if soft == resource.RLIM_INFINITY else soft
    resource.setrlimit(resource.RLIMIT_NOFILE, (wish, hard))
    return wish
