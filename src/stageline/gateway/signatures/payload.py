"""Request bodies that prove themselves while they are read.

The last bytes of a body are handed out only after all of it was checked, so nobody can act on the whole of a forged body.
"""

import hashlib
from collections.abc import Iterator

from stageline.core import signature
from stageline.gateway.http import announced
from stageline.ports.api import ApiError
from stageline.ports.aws import ByteStream

PIECE = 256 * 1024


class VerifiedBody:
    """A byte stream over pieces that raise ``ApiError`` when the body is not what was signed.

    ``trailers`` (lower-case names) are complete once the stream has ended; ``length`` is the declared length of the decoded
    body, None where none was declared.
    """

    def __init__(self, pieces: Iterator[bytes], trailers: dict[str, str] | None = None, length: int | None = None) -> None:
        self._pieces = pieces
        self._held = b""
        self.trailers: dict[str, str] = {} if trailers is None else trailers
        self.length = length

    def read(self, size: int = -1) -> bytes:
        """Up to ``size`` bytes, all that is left when negative; raises ApiError instead of a forged end."""
        if size < 0:
            rest = self._held + b"".join(self._pieces)
            self._held = b""
            return rest
        while not self._held:
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            self._held = piece
        part, self._held = self._held[:size], self._held[size:]
        return part


def held_back(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same pieces, each given out once its successor, or the end, was reached without an error."""
    held = b""
    for piece in pieces:
        if held:
            yield held
        held = piece
    if held:
        yield held


def hashed(body: ByteStream, declared: str) -> Iterator[bytes]:
    """The pieces of a body whose SHA-256 was declared; raises S3's error when it is another."""
    seen = hashlib.sha256()
    while piece := body.read(PIECE):
        seen.update(piece)
        yield piece
    if not signature.same(seen.hexdigest(), declared):
        raise ApiError(
            "XAmzContentSHA256Mismatch",
            "The provided 'x-amz-content-sha256' header does not match what was computed.",
            400,
            ClientComputedContentSHA256=declared,
            S3ComputedContentSHA256=seen.hexdigest(),
        )


def read_all(body: ByteStream, limit: int) -> bytes:
    """The whole body; raises ApiError when it is, or says that it is, longer than ``limit`` bytes."""
    pieces, length = [], 0
    if announced(body) > limit:
        raise ApiError("RequestEntityTooLargeException", f"The request body is larger than {limit} bytes.", 413)
    while piece := body.read(PIECE):
        length += len(piece)
        if length > limit:
            raise ApiError("RequestEntityTooLargeException", f"The request body is larger than {limit} bytes.", 413)
        pieces.append(piece)
    return b"".join(pieces)
