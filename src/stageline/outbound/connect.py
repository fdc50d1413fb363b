"""Connecting to a host by name: resolved once, judged, and connected to by the address that was judged."""

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from stageline.core import outbound

Resolve = Callable[[str, int], Sequence[tuple[Any, ...]]]


class Refused(Exception):
    """The name leads to a place that may not be connected to; the text says to which and why."""


def by_system(host: str, port: int) -> Sequence[tuple[Any, ...]]:
    """What the system's resolver says, in the form of ``socket.getaddrinfo``."""
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)


@dataclass(frozen=True)
class Way:
    """Where connections may lead: not to link-local addresses, and to loopback and private ones only if ``private``. ``own`` is a
    host and port of this server's, which may always be connected to."""

    private: bool = True
    own: tuple[str, int] | None = None
    resolve: Resolve = by_system
    timeout: float = 30.0


def connect(host: str, port: int, way: Way) -> socket.socket:
    """A connection. Raises Refused when any address of the host is refused, and OSError when there is none that answers.

    What the name leads to later does not matter: nothing is resolved again.
    """
    try:
        found = list(way.resolve(host, port))
    except (OSError, UnicodeError) as error:
        raise OSError(f"could not resolve the host {host!r}: {error}") from error
    addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
    for address in addresses if (host, port) != way.own else ():
        if why := outbound.refusal(address, private=way.private):
            raise Refused(f"the host {host!r} is refused: {why}")
    last: OSError | None = None
    for address in addresses:
        try:
            return socket.create_connection((address, port), way.timeout)
        except OSError as error:
            last = error
    raise last or OSError(f"the host {host!r} has no address")
