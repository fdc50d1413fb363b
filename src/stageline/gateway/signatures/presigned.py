"""Signature Version 4 in the query: what a presigned URL says, and the time in which it is good."""

from urllib.parse import unquote

from stageline.core import signature
from stageline.gateway.http import RawRequest
from stageline.gateway.signatures import scope
from stageline.gateway.signatures.refusals import refusal
from stageline.gateway.signatures.sigv4 import ALGORITHM, UNSIGNED, Claim, query_pairs
from stageline.ports.api import ApiError

NAMES = frozenset({"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature", "X-Amz-SignedHeaders"})
"""Parameters that show that a request is signed in its query."""

_ALL = NAMES | {"X-Amz-Date", "X-Amz-Expires", "X-Amz-Security-Token", "X-Amz-Content-Sha256"}
_WEEK = 604_800


def claim(request: RawRequest, service: str) -> Claim:
    """What the URL says about its signature; raises ApiError when a parameter is missing, doubled or of the wrong form."""
    given = parameters(request, service)
    needed = ["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature", "X-Amz-Date", "X-Amz-SignedHeaders"]
    if service == "s3":
        needed.append("X-Amz-Expires")
    if not all(given.get(name) for name in needed):
        names = f"{', '.join(needed[:-1])}, and {needed[-1]}"
        raise _malformed(service, f"Query-string authentication version 4 requires the {names} parameters.")
    if given["X-Amz-Algorithm"] != ALGORITHM:
        raise _malformed(service, f'X-Amz-Algorithm only supports "{ALGORITHM}"')
    stamp = given["X-Amz-Date"]
    if not stamp.endswith("Z") or signature.instant(stamp) is None:
        raise _malformed(service, "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"")
    if service == "s3":
        _seconds(given["X-Amz-Expires"])
    names_signed = tuple(given["X-Amz-SignedHeaders"].split(";"))
    token = given.get("X-Amz-Security-Token", "") or request.header.get("x-amz-security-token", "")
    return scope.claim(given["X-Amz-Credential"], names_signed, given["X-Amz-Signature"], stamp, token, service)


def parameters(request: RawRequest, service: str) -> dict[str, str]:
    """The parameters of the signature, decoded; one that comes twice is refused."""
    given: dict[str, str] = {}
    for name, value in query_pairs(request.raw_query):
        known = unquote(name)
        if known in _ALL:
            if known in given:
                raise _malformed(service, f"{known} is given more than once.")
            given[known] = unquote(value)
    return given


def check_window(request: RawRequest, claimed: Claim, service: str, now: int) -> None:
    """Refuse a URL before its time or after its end."""
    made = signature.instant(claimed.stamp) or 0
    if service != "s3":
        scope.check_clock(claimed, service, now)
        return
    expires = _seconds(parameters(request, service)["X-Amz-Expires"])
    end = made + expires * 1000
    details = {"Expires": scope.iso(end), "ServerTime": scope.iso(now)}
    if now >= end:
        raise ApiError("AccessDenied", "Request has expired", 403, **{"X-Amz-Expires": str(expires)}, **details)
    if made - now > scope.SKEW:
        raise ApiError("AccessDenied", "Request is not yet valid", 403, **{"X-Amz-Expires": str(expires)}, **details)


def payload_hash(request: RawRequest) -> str:
    """What stands for the body in S3's canonical request."""
    in_query = parameters(request, "s3").get("X-Amz-Content-Sha256")
    return in_query or request.header.get("x-amz-content-sha256") or UNSIGNED


def _seconds(text: str) -> int:
    if not (text.removeprefix("-").isascii() and text.removeprefix("-").isdigit() and len(text) < 20):
        raise _malformed("s3", "X-Amz-Expires should be a number")
    seconds = int(text)
    if seconds < 0:
        raise _malformed("s3", "X-Amz-Expires must be non-negative")
    if seconds > _WEEK:
        raise _malformed(
            "s3",
            "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than "
            f"{_WEEK} seconds",
        )
    return seconds


def _malformed(service: str, text: str) -> ApiError:
    if service == "s3":
        return ApiError("AuthorizationQueryParametersError", text, 400)
    return refusal(service, "incomplete", text)
