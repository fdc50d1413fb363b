"""Conditional requests and byte ranges: which version of the truth a client is willing to take, and how much of it."""

import re
from collections.abc import Mapping
from typing import Any

from stageline.ports.api import ApiError
from stageline.ports.store import Doc
from stageline.services.s3.model.versions import no_such_key

_RANGE = re.compile(r"bytes=(\d{0,19})-(\d{0,19})")


def failed(header: str) -> ApiError:
    """The refusal of a request whose condition does not hold."""
    return ApiError("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", 412, Condition=header)


def _matches(header: str, etag: str) -> bool:
    tags = [tag.strip().removeprefix("W/").strip('"') for tag in header.split(",")]
    return "*" in tags or etag in tags


def unchanged(request: Mapping[str, Any], doc: Doc) -> bool:
    """Check the conditions of a read: True means 304, PreconditionFailed is raised, False means go on."""
    match, none_match = request.get("IfMatch"), request.get("IfNoneMatch")
    since, unless = request.get("IfModifiedSince"), request.get("IfUnmodifiedSince")
    if match is not None:
        if not _matches(match, doc["etag"]):
            raise failed("If-Match")
    elif unless is not None and doc["modified"] // 1000 > unless // 1000:
        raise failed("If-Unmodified-Since")
    if none_match is not None:
        return _matches(none_match, doc["etag"])
    return since is not None and doc["modified"] // 1000 <= since // 1000


def check_source(request: Mapping[str, Any], doc: Doc) -> None:
    """Check the conditions that a copy puts on its source; every one that does not hold is a 412."""
    names = ("IfMatch", "IfNoneMatch", "IfModifiedSince", "IfUnmodifiedSince")
    given = {name: request[f"CopySource{name}"] for name in names if request.get(f"CopySource{name}") is not None}
    if unchanged(given, doc):
        raise failed("x-amz-copy-source-If-None-Match" if "IfNoneMatch" in given else "x-amz-copy-source-If-Modified-Since")


def check_write(request: Mapping[str, Any], doc: Doc | None, key: str) -> None:
    """Check the conditions of a write against the current version (None when there is none)."""
    match, none_match = request.get("IfMatch"), request.get("IfNoneMatch")
    if none_match is not None:
        if none_match.strip() != "*":
            raise ApiError(
                "NotImplemented",
                "A header you provided implies functionality that is not implemented",
                501,
                Header="If-None-Match",
                additionalMessage="We don't accept the provided value of If-None-Match header for this API",
            )
        if doc is not None:
            raise failed("If-None-Match")
    if match is not None:
        if doc is None:
            raise no_such_key(key)
        if not _matches(match, doc["etag"]):
            raise failed("If-Match")


def byte_range(header: str | None, size: int) -> tuple[int, int] | None:
    """The bytes (start, end exclusive) that a Range header asks for; None when it asks for none that we know: all is sent."""
    found = _RANGE.fullmatch(header.strip()) if header else None
    if found is None or found.group(0) == "bytes=-":
        return None
    first, last = found.groups()
    if not first:
        start, end = max(size - int(last), 0), size
        satisfiable = int(last) > 0 and size > 0
    else:
        start, end = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < int(first):
            return None
        satisfiable = start < size
    if not satisfiable:
        raise ApiError(
            "InvalidRange",
            "The requested range is not satisfiable",
            416,
            RangeRequested=header,
            ActualObjectSize=size,
            ResponseHeaders={"Content-Range": f"bytes */{size}"},
        )
    return start, end
