"""A request as it came over the wire, undecoded, and byte streams to read its body from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from botocore.model import OperationModel

from stageline.ports.aws import ByteStream


class BytesStream:
    """A body that is in memory already."""

    def __init__(self, data: bytes = b"") -> None:
        self._data = data
        self._at = 0

    def read(self, size: int = -1) -> bytes:
        """Up to ``size`` bytes, all that is left when negative."""
        if self._at == 0 and (size < 0 or size >= len(self._data)):
            self._at = len(self._data)
            return self._data
        end = len(self._data) if size < 0 else self._at + size
        part = self._data[self._at : end]
        self._at += len(part)
        return part


class IteratorStream:
    """A body that an iterator of bytes yields."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._held = b""

    def read(self, size: int = -1) -> bytes:
        """Up to ``size`` bytes, all that is left when negative; fewer than ``size`` only where a chunk ends."""
        if size < 0:
            rest = self._held + b"".join(self._chunks)
            self._held = b""
            return rest
        while not self._held:
            chunk = next(self._chunks, None)
            if chunk is None:
                return b""
            self._held = chunk
        part, self._held = self._held[:size], self._held[size:]
        return part


class Readable(Protocol):
    """Anything with a ``read`` that takes a size."""

    def read(self, size: int, /) -> bytes:
        """Up to ``size`` bytes."""
        ...


@dataclass(frozen=True)
class RawRequest:
    """A request before anything was decided about it.

    ``raw_path`` is the path as sent, still percent-encoded, without the query; ``raw_query`` what followed the question mark.
    ``headers`` keeps order and repetition; names are in lower case, values stripped. ``endpoint`` is the base URL under which
    the client reached the server, without a slash at the end.
    """

    method: str
    raw_path: str
    raw_query: str
    headers: tuple[tuple[str, str], ...]
    body: ByteStream = field(default_factory=BytesStream)
    scheme: str = "http"
    source_ip: str = "127.0.0.1"
    endpoint: str = "http://127.0.0.1:4566"

    @cached_property
    def header(self) -> dict[str, str]:
        """Headers as a mapping; the values of a repeated one are joined with commas."""
        joined: dict[str, str] = {}
        for name, value in self.headers:
            joined[name] = f"{joined[name]},{value}" if name in joined else value
        return joined

    def header_values(self, name: str) -> list[str]:
        """Every value of a header (name in lower case), in order."""
        return [value for found, value in self.headers if found == name]

    @property
    def secure(self) -> bool:
        """Whether the request came over TLS."""
        return self.scheme == "https"


@dataclass(frozen=True)
class Route:
    """What a request asks for: a protocol, a service (botocore's name) and an operation of its model.

    ``labels`` are the path's parts (``Bucket``, ``Key``), ``fields`` the pairs of the query string or the form, all decoded.
    ``flavour`` is the media type to answer in where a protocol has several.
    """

    protocol: str
    service: str
    operation: OperationModel
    labels: Mapping[str, str] = field(default_factory=dict)
    fields: Sequence[tuple[str, str]] = ()
    flavour: str = ""


def read_all(body: ByteStream, limit: int) -> bytes:
    """A body as a whole; raises OverflowError when it is, or says that it is, longer than ``limit``."""
    if announced(body) > limit:
        raise OverflowError(f"more than {limit} bytes")
    parts: list[bytes] = []
    left = limit
    while part := body.read(left + 1):
        parts.append(part)
        left -= len(part)
        if left < 0:
            raise OverflowError(f"more than {limit} bytes")
    return parts[0] if len(parts) == 1 else b"".join(parts)


def announced(body: ByteStream) -> int:
    """How long a body says it is, 0 when it does not say: too long a one is refused without waiting for it."""
    return getattr(body, "length", None) or 0
