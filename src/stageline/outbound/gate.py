"""A SOCKS5 proxy on loopback, through which a program of others connects: each of its connections is judged by ``connect``.

Redirects, repositories inside of repositories, addresses in any spelling: whatever the program comes upon, it can only ask here,
by name or address. It cannot resolve by itself (``socks5h``) nor connect to anything else than what was judged.
RFC 1928, RFC 1929.
"""

import secrets
import select
import socket
import struct
import threading
from contextlib import suppress
from types import TracebackType

from stageline.core import signature
from stageline.outbound.connect import Refused, Way, connect

CHUNK = 64 * 1024
MOST = 32
"""Connections at once."""
_SUCCEEDED, _REFUSED, _UNREACHABLE, _UNSUPPORTED = 0, 2, 4, 7


class _Broken(Exception):
    """The client does not speak the protocol, or has no password."""


class Gate:
    """Open while it is entered; then ``url`` is what to give a client as its proxy. ``refusals``: what was not let through."""

    def __init__(self, way: Way) -> None:
        self.refusals: list[str] = []
        self._way = way
        self._password = secrets.token_hex(16)
        self._door = socket.create_server(("127.0.0.1", 0))
        self._places = threading.BoundedSemaphore(MOST)
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._closed = False

    @property
    def url(self) -> str:
        """The proxy's address, with the password that nobody else knows."""
        return f"socks5h://gate:{self._password}@127.0.0.1:{self._door.getsockname()[1]}"

    def __enter__(self) -> "Gate":
        threading.Thread(target=self._accept, name="outbound gate", daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        with self._lock:
            self._closed = True
            left = [self._door, *self._open]
        for each in left:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self._door.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._door.accept()
            except OSError:
                return
            if not self._places.acquire(blocking=False):
                client.close()
                continue
            threading.Thread(target=self._serve, args=(client,), name="outbound", daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        try:
            with client:
                self._hold(client)
                client.settimeout(self._way.timeout)
                with suppress(OSError, _Broken):
                    self._pass(client)
        finally:
            with self._lock:
                self._open.discard(client)
            self._places.release()

    def _hold(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.add(connection)
            if self._closed:
                connection.close()

    def _pass(self, client: socket.socket) -> None:
        host, port = self._asked(client)
        try:
            other = connect(host, port, self._way)
        except Refused as error:
            self.refusals.append(str(error))
            _reply(client, _REFUSED)
            return
        except OSError as error:
            self.refusals.append(str(error) if "resolve" in str(error) else f"{host}:{port} cannot be reached: {error}")
            _reply(client, _UNREACHABLE)
            return
        with other:
            self._hold(other)
            try:
                _reply(client, _SUCCEEDED)
                _relay(client, other)
            finally:
                with self._lock:
                    self._open.discard(other)

    def _asked(self, client: socket.socket) -> tuple[str, int]:
        version, count = _exactly(client, 2)
        if version != 5 or 2 not in _exactly(client, count):
            client.sendall(b"\x05\xff")
            raise _Broken
        client.sendall(b"\x05\x02")
        _exactly(client, 1)
        _exactly(client, _exactly(client, 1)[0])
        password = _exactly(client, _exactly(client, 1)[0])
        if not signature.same(password.decode("latin-1"), self._password):
            client.sendall(b"\x01\x01")
            raise _Broken
        client.sendall(b"\x01\x00")
        _, command, _, kind = _exactly(client, 4)
        if command != 1:
            _reply(client, _UNSUPPORTED)
            raise _Broken
        if kind == 3:
            host = _exactly(client, _exactly(client, 1)[0]).decode("latin-1")
        elif kind in (1, 4):
            family = socket.AF_INET if kind == 1 else socket.AF_INET6
            host = socket.inet_ntop(family, _exactly(client, 4 if kind == 1 else 16))
        else:
            raise _Broken
        return host, int(struct.unpack(">H", _exactly(client, 2))[0])


def _exactly(client: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        part = client.recv(count - len(data))
        if not part:
            raise _Broken
        data += part
    return data


def _reply(client: socket.socket, code: int) -> None:
    client.sendall(b"\x05" + bytes([code]) + b"\x00\x01" + bytes(6))


def _relay(one: socket.socket, other: socket.socket) -> None:
    """Pass bytes on in both directions until both have ended. A side that ends is told to the other one."""
    for each in (one, other):
        each.settimeout(None)
    pairs = {one.fileno(): (one, other), other.fileno(): (other, one)}
    poll = select.poll()
    for fd in pairs:
        poll.register(fd, select.POLLIN)
    while pairs:
        for fd, _ in poll.poll():
            source, target = pairs[fd]
            data = source.recv(CHUNK)
            if data:
                target.sendall(data)
                continue
            poll.unregister(fd)
            del pairs[fd]
            with suppress(OSError):
                target.shutdown(socket.SHUT_WR)
