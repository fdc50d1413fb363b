"""Headers of S3 that a signer moved into the query of a presigned URL: after the signature they count as headers again.

boto3 does so with every ``x-amz-*`` header and the content type of the old form, SDKs for other languages with those of
Signature Version 4. Read as mere parameters, the metadata, ACL or checksum that was signed would be lost without a word.
"""

from dataclasses import replace
from urllib.parse import unquote

from stageline.gateway.http import RawRequest
from stageline.gateway.signatures import presigned, sigv2
from stageline.gateway.signatures.sigv4 import query_pairs
from stageline.ports.api import ApiError

_OF_THE_SIGNATURE = frozenset(
    {
        "x-amz-algorithm",
        "x-amz-content-sha256",
        "x-amz-credential",
        "x-amz-date",
        "x-amz-expires",
        "x-amz-security-token",
        "x-amz-signature",
        "x-amz-signedheaders",
    }
)
_OLD = frozenset({"content-md5", "content-type"})


def restored(request: RawRequest) -> RawRequest:
    """The request that a presigned URL stands for; a header that came as such is left alone. Raises ApiError."""
    pairs = [(unquote(name), value) for name, value in query_pairs(request.raw_query)]
    names = {name for name, _ in pairs}
    old = not names.isdisjoint(sigv2.NAMES)
    if not old and names.isdisjoint(presigned.NAMES):
        return request
    moved: dict[str, str] = {}
    for given, value in pairs:
        name = given.lower()
        if name in request.header or not (_is_header(name) or (old and given in _OLD)):
            continue
        if name in moved:
            raise ApiError("InvalidArgument", f"{name} is given more than once.", 400, ArgumentName=name)
        moved[name] = _as_sent(name, unquote(value))
    return replace(request, headers=(*request.headers, *moved.items())) if moved else request


def _is_header(name: str) -> bool:
    return name.startswith("x-amz-") and name not in _OF_THE_SIGNATURE


def _as_sent(name: str, value: str) -> str:
    if any(ord(character) < 32 or ord(character) == 127 for character in value):
        raise ApiError("InvalidArgument", f"{name} holds a control character.", 400, ArgumentName=name)
    # Headers are read byte by byte, so a value that was percent-encoded UTF-8 has to look as it would have on the wire.
    return value.strip(" ").encode("utf-8", "surrogateescape").decode("latin-1")
