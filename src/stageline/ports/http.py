"""Plain HTTP for front doors that are not AWS operations: git, static websites, health."""

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from stageline.ports.aws import ByteStream


@dataclass(frozen=True)
class HttpRequest:
    """A request as it came: ``path`` is raw (still percent-encoded), ``query`` without its question mark, header names in lower
    case. ``endpoint`` is the base URL under which the client reached the server."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: ByteStream
    endpoint: str
    source_ip: str
    secure: bool = False


@dataclass(frozen=True)
class HttpResponse:
    """An answer; a body that is an iterator is streamed. An asynchronous one runs in the event loop and holds no thread: it is
    for answers that mostly wait.

    ``confined`` tells browsers to run nothing of it and to keep it apart from the origin that it came from: right for whatever
    holds bytes of others. Our own pages, which bring a policy of their own, and sites under a host name of theirs are not.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | Iterator[bytes] | AsyncIterator[bytes] = b""
    confined: bool = True


class FrontDoor(Protocol):
    """Takes the requests that are its own; runs in a worker thread."""

    def takes(self, request: HttpRequest) -> bool:
        """Whether this request belongs here, told from method, host, path and query alone."""
        ...

    def handle(self, request: HttpRequest) -> HttpResponse:
        """Answer it."""
        ...
