"""Serving: a socket, uvicorn around the application, and an orderly end."""

import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from stageline.app import Server

MOST_HEAD = 64 * 1024
"""Bytes of a request's line and headers; also of the trailers behind a body in chunks."""


class _Bounded(HttpToolsProtocol):
    """HTTP/1.1 with heads of bounded length: the parser keeps them in memory for as long as they go on."""

    _held = 0

    def data_received(self, data: bytes) -> None:
        """Parse; refuse the request when nothing of what came since the last progress has led to any."""
        self._held += len(data)
        super().data_received(data)
        if self._held > MOST_HEAD and not self.transport.is_closing():
            self.send_400_response("The head of the request is too long.")

    def on_headers_complete(self) -> None:
        """The head is whole."""
        self._held = 0
        if len(self.url) + sum(len(name) + len(value) for name, value in self.headers) > MOST_HEAD:
            raise ValueError("the head is too long")  # the parser gives up, and the request is refused
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A part of the body."""
        self._held = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is whole."""
        self._held = 0
        super().on_message_complete()


class _Announcing(uvicorn.Server):
    """Calls back once requests are accepted, and once none are any more."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None], ending: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready
        self._ending = ending

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Say that it ends, then let requests end."""
        self._ending()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """SIGTERM and SIGINT end the serving. They are not raised again afterwards, as uvicorn would: that would end the process
        before running work is let go of."""
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; OSError when the address cannot be used."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
        sock.listen(1024)
    except OSError:
        sock.close()
        raise
    return sock


def serve(server: Server, sock: socket.socket, ready: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT; ``ready`` gets the endpoint once requests are accepted."""
    server.start()
    config = uvicorn.Config(
        server.application,
        loop="uvloop",
        http=_Bounded,
        lifespan="off",
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # whoever sends X-Forwarded-For would choose the address that policies see
        date_header=True,
        timeout_graceful_shutdown=int(server.settings.grace) or 1,
    )
    try:
        _Announcing(config, lambda: ready(server.endpoint), server.live.close).run(sockets=[sock])
    finally:
        server.close()
