"""Which proof an S3 body carries, told from ``x-amz-content-sha256``, and the stream that checks it."""

import re
from collections.abc import Iterator

from stageline.core.signature import digest
from stageline.gateway.http import RawRequest
from stageline.gateway.signatures.chunked import Chain, decode
from stageline.gateway.signatures.payload import PIECE, VerifiedBody, hashed, held_back
from stageline.gateway.signatures.sigv4 import UNSIGNED, Claim
from stageline.ports.api import ApiError
from stageline.ports.aws import ByteStream

_SIGNED = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
_SIGNED_TRAILER = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
_UNSIGNED_TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"

_HEX = re.compile(r"[0-9a-f]{64}", re.ASCII)
_EMPTY = digest(b"")


def body_of(request: RawRequest, declared: str, signed: tuple[Claim, bytes] | None) -> VerifiedBody:
    """The decoded body, checked while it is read. ``signed`` is the request's signature and its key, None for a caller whose
    headers are not signed."""
    if declared == UNSIGNED:
        return VerifiedBody(_pieces(request.body), length=_length(request, "content-length"))
    if _HEX.fullmatch(declared):
        body = VerifiedBody(held_back(hashed(request.body, declared)), length=_length(request, "content-length"))
        if declared != _EMPTY and _has_no_body(request):
            body.read()
        return body
    if declared == _UNSIGNED_TRAILER:
        return _chunked(request, declared, None)
    if declared in (_SIGNED, _SIGNED_TRAILER) and signed is not None:
        claim, key = signed
        return _chunked(request, declared, Chain(key, claim.stamp, claim.scope, claim.signature))
    text = "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, "
    text += "STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 value."
    raise ApiError("InvalidArgument", text, 400, ArgumentName="x-amz-content-sha256", ArgumentValue=declared[:100])


def _chunked(request: RawRequest, declared: str, chain: Chain | None) -> VerifiedBody:
    length = _length(request, "x-amz-decoded-content-length")
    if length is None:
        raise ApiError("MissingContentLength", "You must provide the Content-Length HTTP header.", 411)
    names = request.header.get("x-amz-trailer", "").lower() if declared.endswith("-TRAILER") else ""
    expected = frozenset(name.strip() for name in names.split(",") if name.strip())
    trailers: dict[str, str] = {}
    pieces = decode(request.body, trailers, length=length, expected=expected, chain=chain)
    return VerifiedBody(held_back(pieces), trailers, length)


def _length(request: RawRequest, name: str) -> int | None:
    text = request.header.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise ApiError("InvalidArgument", f"{name} must be a number of bytes.", 400, ArgumentName=name)
    return int(text)


def _has_no_body(request: RawRequest) -> bool:
    return request.header.get("content-length", "0") == "0" and "transfer-encoding" not in request.header


def _pieces(body: ByteStream) -> Iterator[bytes]:
    while piece := body.read(PIECE):
        yield piece
