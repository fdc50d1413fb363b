"""Downloads and uploads: bytes of S3 objects, as the person who signed in. What is downloaded is never drawn as a page."""

import re
from collections.abc import Callable
from typing import Final
from urllib.parse import parse_qs, quote

from stageline.ports.api import ApiError, Request, Response
from stageline.ports.http import HttpRequest, HttpResponse
from stageline.webconsole.answers import SAFE
from stageline.webconsole.answers import answer as json_answer

Fetch = Callable[[str, str, Request, HttpRequest], Response]
"""An operation's result by service, name, parameters and the request that asks for it."""

_SANDBOX: Final = "default-src 'none'; sandbox"


def answer(fetch: Fetch, request: HttpRequest) -> HttpResponse:
    """GET: the object of ``bucket`` and ``key`` (and ``versionId``) as a file. PUT: the body becomes that object."""
    given = parse_qs(request.query)
    place: Request = {}
    for member, name in (("Bucket", "bucket"), ("Key", "key"), ("VersionId", "versionId")):
        if value := given.get(name, [""])[0]:
            place[member] = value
    if "Bucket" not in place or "Key" not in place:
        raise ApiError("ValidationError", "Name the bucket and the key.", 400)
    if request.method == "PUT":
        place.pop("VersionId", None)
        kind = request.headers.get("content-type", "application/octet-stream")
        result = fetch("s3", "PutObject", {**place, "ContentType": kind, "Body": request.body}, request)
        return json_answer(200, {"VersionId": result.get("VersionId"), "ETag": result.get("ETag")})
    if wanted := request.headers.get("range"):
        place["Range"] = wanted
    result = fetch("s3", "GetObject", place, request)
    name = place["Key"].rstrip("/").rpartition("/")[2] or "object"
    headers = {
        "Content-Type": "application/octet-stream",
        "Content-Disposition": f"attachment; filename=\"{_plain(name)}\"; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Security-Policy": _SANDBOX,
        "Cache-Control": "no-store",
        "Accept-Ranges": "bytes",
    }
    if isinstance(length := result.get("ContentLength"), int):
        headers["Content-Length"] = str(length)
    if part := result.get("ContentRange"):
        headers["Content-Range"] = part
    body = result.get("Body", b"")
    return HttpResponse(206 if part else 200, SAFE | headers, body if isinstance(body, bytes) else iter(body))


def _plain(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9._ -]", "_", name)[:120]
