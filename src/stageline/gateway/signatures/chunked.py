"""The aws-chunked encoding: chunks with a length line each, chained signatures if signed, and trailers at the end.

Data is passed on piece by piece; since ``payload.held_back`` keeps the last piece until everything was checked, a body whose
chain, length or trailer is wrong never ends normally.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import NoReturn

from stageline.core import signature
from stageline.gateway.signatures.payload import PIECE
from stageline.ports.api import ApiError
from stageline.ports.aws import ByteStream

MIN_CHUNK = 8192
"""Every data chunk but the last holds at least this many bytes."""

MAX_LINE = 4096
MAX_TRAILERS = 16
TRAILER_SIGNATURE = "x-amz-trailer-signature"

_SIZE = re.compile(rb"([0-9a-fA-F]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?", re.ASCII)
_EMPTY = signature.digest(b"")


@dataclass
class Chain:
    """The signatures of a signed body: each covers its chunk and the one before it, the first the request itself."""

    key: bytes = field(repr=False)
    stamp: str
    scope: str
    previous: str

    def check_chunk(self, hashed: str, given: str) -> None:
        """Check the signature of the next chunk, given the SHA-256 of its data."""
        self._check("AWS4-HMAC-SHA256-PAYLOAD", f"{_EMPTY}\n{hashed}", given)

    def check_trailer(self, trailers: dict[str, str], given: str) -> None:
        """Check the signature of the trailers, in the order of their names."""
        lines = "".join(f"{name}:{value}\n" for name, value in sorted(trailers.items()))
        self._check("AWS4-HMAC-SHA256-TRAILER", signature.digest(lines.encode()), given)

    def _check(self, kind: str, rest: str, given: str) -> None:
        expected = signature.sign(self.key, f"{kind}\n{self.stamp}\n{self.scope}\n{self.previous}\n{rest}")
        if not signature.same(expected, given):
            raise ApiError(
                "SignatureDoesNotMatch",
                "The request signature we calculated does not match the signature you provided. "
                "Check your key and signing method.",
                403,
            )
        self.previous = expected


class Lines:
    """Reads lines and exact lengths from a stream that gives what it likes."""

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream
        self._held = b""

    def line(self) -> bytes:
        """The next line without its CR LF; b"" also at the end of the stream."""
        while (end := self._held.find(b"\r\n")) < 0:
            if len(self._held) > MAX_LINE:
                raise _malformed("a line is longer than allowed")
            piece = self._stream.read(PIECE)
            if not piece:
                if self._held:
                    _incomplete()
                return b""
            self._held += piece
        if end > MAX_LINE:
            raise _malformed("a line is longer than allowed")
        line, self._held = self._held[:end], self._held[end + 2 :]
        return line

    def data(self, length: int) -> Iterator[bytes]:
        """Exactly ``length`` bytes in pieces, and the CR LF behind them."""
        while length:
            piece = self._held or self._stream.read(PIECE)
            if not piece:
                _incomplete()
            part, self._held = piece[:length], piece[length:]
            length -= len(part)
            yield part
        if self.line():
            raise _malformed("a chunk is longer than it says")

    def ended(self) -> bool:
        """Whether nothing is left."""
        if not self._held:
            self._held = self._stream.read(PIECE)
        return not self._held


def decode(
    stream: ByteStream, trailers: dict[str, str], *, length: int, expected: frozenset[str], chain: Chain | None
) -> Iterator[bytes]:
    """The data of an aws-chunked body. ``length`` is the declared decoded length, ``expected`` the announced trailers, whose
    values are put into ``trailers``; ``chain`` is None for the unsigned form."""
    lines = Lines(stream)
    total, short = 0, False
    while size := _next_size(lines, chain):
        count, given = size
        if count == 0:
            if chain is not None:
                chain.check_chunk(_EMPTY, given)
            break
        if short:
            message = "Only the last chunk is allowed to have a size less than 8192 bytes"
            raise ApiError("InvalidChunkSizeError", message, 403)
        short = count < MIN_CHUNK
        total += count
        if total > length:
            _incomplete()
        hashed = sha256()
        for part in lines.data(count):
            hashed.update(part)
            yield part
        if chain is not None:
            chain.check_chunk(hashed.hexdigest(), given)
    if total != length:
        _incomplete()
    _read_trailers(lines, trailers, expected, chain)


def _next_size(lines: Lines, chain: Chain | None) -> tuple[int, str]:
    line = lines.line()
    found = _SIZE.fullmatch(line)
    if found is None:
        if not line:
            _incomplete()
        raise _malformed("a chunk does not begin with its length")
    given = (found[2] or b"").decode()
    if (chain is None) == bool(given):
        raise _malformed("chunk signatures and x-amz-content-sha256 do not fit together")
    return int(found[1], 16), given


def _read_trailers(lines: Lines, trailers: dict[str, str], expected: frozenset[str], chain: Chain | None) -> None:
    seen: dict[str, str] = {}
    blanks = 0
    # Some writers put an empty line between the last chunk and the trailers.
    while blanks < 2 and not lines.ended():
        line = lines.line()
        if not line:
            blanks += 1
            continue
        name, colon, value = line.decode("latin-1").partition(":")
        name = name.strip().lower()
        if not colon or name in seen or len(seen) >= MAX_TRAILERS:
            raise _malformed("a trailer is not of the form name:value, or comes twice")
        seen[name] = value.strip()
    given = seen.pop(TRAILER_SIGNATURE, None)
    if set(seen) != expected:
        raise _malformed("the trailers are not those that x-amz-trailer announces")
    if chain is not None and expected:
        chain.check_trailer(seen, given or "")
    if not lines.ended():
        raise _malformed("data follows the trailers")
    trailers.update(seen)


def _malformed(what: str) -> ApiError:
    return ApiError("InvalidRequest", f"The aws-chunked request body is malformed: {what}.", 400)


def _incomplete() -> NoReturn:
    message = "You did not provide the number of bytes specified by the x-amz-decoded-content-length HTTP header."
    raise ApiError("IncompleteBody", message, 400)
