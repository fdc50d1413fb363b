"""Buckets as static websites: index and error documents, redirects, pages of plain HTML for what goes wrong.

Readers are anonymous: a page is served if the bucket's policy (or a public ACL, where ACLs count) lets everybody read it.

A site runs scripts only under a host name of its own, ``BUCKET.s3-website.localhost``. By its path it shares an origin with the
API, the console and every other site, so browsers are told to show it without scripts.
"""

import html
import re
import secrets
from collections.abc import Iterator
from dataclasses import replace
from email.utils import formatdate, parsedate_to_datetime
from typing import Any
from urllib.parse import quote, unquote

from stageline.ports.api import ApiError, Caller, Context
from stageline.ports.blobs import Blobs
from stageline.ports.clock import Clock
from stageline.ports.http import HttpRequest, HttpResponse
from stageline.ports.identity import Authorizer
from stageline.ports.store import Doc, Store
from stageline.services.s3 import authorization, buckets
from stageline.services.s3.model import conditions, content, versions

_HOST = re.compile(r"(?P<bucket>.+?)\.s3-website(?:[.-][a-z0-9-]+)?\.(?:localhost|amazonaws\.com)(?::\d+)?", re.IGNORECASE)
_PATH = "/_stageline/website/"
_NOBODY = Caller("anonymous", "anonymous")
_TITLES = {
    301: "Moved Permanently",
    304: "Not Modified",
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    412: "Precondition Failed",
    416: "Requested Range Not Satisfiable",
}
_SHOWN = {
    "ContentType": "Content-Type",
    "CacheControl": "Cache-Control",
    "ContentDisposition": "Content-Disposition",
    "ContentEncoding": "Content-Encoding",
    "ContentLanguage": "Content-Language",
}
_ATTEMPTS = 5


class _Site:
    """The bucket of one request and the path under which the client sees it."""

    def __init__(self, bucket: str, base: str, path: str) -> None:
        self.bucket, self.base, self.path = bucket, base, path

    @property
    def shared(self) -> bool:
        """Whether other sites, and the API, have the same origin."""
        return bool(self.base)


def site(request: HttpRequest) -> _Site | None:
    """Which website a request is for, by host or by path; None when it is for none."""
    if request.path.startswith(_PATH):
        bucket, slash, path = request.path[len(_PATH) :].partition("/")
        return _Site(unquote(bucket), f"{_PATH}{bucket}", slash + path) if bucket else None
    found = _HOST.fullmatch(request.headers.get("host", ""))
    return _Site(found["bucket"].lower(), "", request.path) if found else None


class Website:
    """The front door of static websites; implements ``ports.http.FrontDoor``."""

    def __init__(self, store: Store, blobs: Blobs, authorizer: Authorizer, clock: Clock, *, account: str, region: str) -> None:
        self._store, self._blobs, self._authorizer, self._clock = store, blobs, authorizer, clock
        self._account, self._region = account, region

    def takes(self, request: HttpRequest) -> bool:
        """Whether the host or the path is that of a website."""
        return site(request) is not None

    def handle(self, request: HttpRequest) -> HttpResponse:
        """Answer with an object, a redirect or a page that says what is wrong."""
        where = site(request)
        if where is None:
            raise ValueError("this request is not for a website")
        answer = replace(self._answer(where, request), confined=where.shared)
        if request.method != "HEAD":
            return answer
        if not isinstance(answer.body, bytes) and hasattr(answer.body, "close"):
            answer.body.close()
        return replace(answer, body=b"")

    def _answer(self, where: _Site, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            message = "The specified method is not allowed against this resource."
            error = ApiError("MethodNotAllowed", message, 405, Method=request.method)
            return _page(error, {"Allow": "GET, HEAD"})
        try:
            bucket, settings = self._settings(where)
        except ApiError as error:
            return _page(error)
        if settings.get("RedirectAllRequestsTo"):
            return _everything(settings["RedirectAllRequestsTo"], where, request)
        try:
            return self._serve(where, bucket, settings, request)
        except ApiError as error:
            return self._failure(where, bucket, settings, request, error)

    def _settings(self, where: _Site) -> tuple[Doc, dict[str, Any]]:
        with self._store.read() as tx:
            bucket = buckets.find(tx, {"Bucket": where.bucket})
        settings = bucket["config"].get("website")
        if settings is None:
            message = "The specified bucket does not have a website configuration"
            raise ApiError("NoSuchWebsiteConfiguration", message, 404, BucketName=bucket["name"])
        return bucket, settings

    def _serve(self, where: _Site, bucket: Doc, settings: dict[str, Any], request: HttpRequest) -> HttpResponse:
        try:
            path = unquote(where.path, errors="strict").removeprefix("/")
        except UnicodeDecodeError as error:
            raise ApiError("InvalidURI", "Couldn't parse the specified URI.", 400) from error
        if "\x00" in path:
            raise ApiError("InvalidURI", "Couldn't parse the specified URI.", 400)
        suffix = settings["IndexDocument"]["Suffix"]
        key = path + suffix if not path or path.endswith("/") else path
        try:
            return self._object(bucket, key, request)
        except ApiError as error:
            if key == path and error.status in (403, 404) and self._readable(bucket, f"{path}/{suffix}", request):
                return HttpResponse(302, {"Location": f"{where.base}/{quote(path)}/", "Content-Length": "0"})
            raise

    def _readable(self, bucket: Doc, key: str, request: HttpRequest) -> bool:
        with self._store.read() as tx:
            if versions.current(tx, bucket["name"], key) is None:
                return False
        try:
            self._allow(bucket, key, request)
        except ApiError:
            return False
        return True

    def _allow(self, bucket: Doc, key: str, request: HttpRequest) -> None:
        ctx = Context(
            caller=_NOBODY,
            account=self._account,
            region=self._region,
            now=self._clock.now(),
            request_id=_request_id(),
            endpoint=request.endpoint,
            source_ip=request.source_ip,
            secure=request.secure,
            headers=request.headers,
        )
        asked = {"Bucket": bucket["name"], "Key": key}
        checks = authorization.checks("get_object", ctx, asked, store=self._store)
        self._authorizer.require(ctx, checks, service="s3")

    def _object(self, bucket: Doc, key: str, request: HttpRequest, status: int = 200) -> HttpResponse:
        for attempt in range(1, _ATTEMPTS + 1):
            self._allow(bucket, key, request)
            with self._store.read() as tx:
                doc = versions.current(tx, bucket["name"], key)
                parts = content.pieces(tx, doc) if doc is not None else []
            if doc is None:
                raise versions.no_such_key(key)
            target = doc["headers"].get("WebsiteRedirectLocation")
            if target and status == 200:
                return HttpResponse(301, {"Location": target, "Content-Length": "0"})
            headers = _headers(doc)
            asked = _conditions(request) if status == 200 else {}
            if conditions.unchanged(asked, doc):
                return HttpResponse(304, headers)
            window = conditions.byte_range(request.headers.get("range"), doc["size"]) if status == 200 else None
            start, end = window or (0, doc["size"])
            headers["Content-Length"] = str(end - start)
            if window:
                headers["Content-Range"] = f"bytes {start}-{end - 1}/{doc['size']}"
            try:
                body: Iterator[bytes] = content.read(self._blobs, parts, start, end)
            except FileNotFoundError:
                # Replaced between reading its document and opening its bytes: look again.
                if attempt == _ATTEMPTS:
                    raise
                continue
            return HttpResponse(206 if window else status, headers, body)
        raise AssertionError("unreachable")

    def _failure(
        self, where: _Site, bucket: Doc, settings: dict[str, Any], request: HttpRequest, error: ApiError
    ) -> HttpResponse:
        """The site's own error document with the status of what went wrong, or a page of ours."""
        status = error.status or 400
        key = (settings.get("ErrorDocument") or {}).get("Key")
        if key and status in (403, 404):
            try:
                return self._object(bucket, key, request, status)
            except ApiError as nested:
                return _page(error, nested=(nested, key))
        return _page(error)


def _request_id() -> str:
    return secrets.token_hex(8).upper()


def _headers(doc: Doc) -> dict[str, str]:
    headers = {"Content-Type": "binary/octet-stream", "Accept-Ranges": "bytes", "ETag": f'"{doc["etag"]}"'}
    headers["Last-Modified"] = formatdate(doc["modified"] / 1000, usegmt=True)
    headers |= {shown: doc["headers"][name] for name, shown in _SHOWN.items() if name in doc["headers"]}
    headers |= {f"x-amz-meta-{name}": value for name, value in doc["metadata"].items() if value.isascii()}
    return headers


def _conditions(request: HttpRequest) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, member in (("if-match", "IfMatch"), ("if-none-match", "IfNoneMatch")):
        if name in request.headers:
            found[member] = request.headers[name]
    for name, member in (("if-modified-since", "IfModifiedSince"), ("if-unmodified-since", "IfUnmodifiedSince")):
        instant = _instant(request.headers.get(name, ""))
        if instant is not None:
            found[member] = instant
    return found


def _instant(text: str) -> int | None:
    """A date of a header; None (and so ignored, as HTTP has it) when it is none."""
    try:
        return int(parsedate_to_datetime(text).timestamp() * 1000)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _everything(redirect: dict[str, Any], where: _Site, request: HttpRequest) -> HttpResponse:
    protocol = redirect.get("Protocol") or ("https" if request.secure else "http")
    query = f"?{request.query}" if request.query else ""
    return HttpResponse(301, {"Location": f"{protocol}://{redirect['HostName']}{where.path}{query}", "Content-Length": "0"})


def _lines(error: ApiError) -> str:
    members = {"Code": error.code, "Message": error.message}
    members |= {name: str(value) for name, value in error.details.items() if name != "ResponseHeaders"}
    return "".join(f"<li>{html.escape(name)}: {html.escape(value)}</li>\n" for name, value in members.items())


def _page(error: ApiError, headers: dict[str, str] | None = None, *, nested: tuple[ApiError, str] | None = None) -> HttpResponse:
    status = error.status or 400
    title = f"{status} {_TITLES.get(status, error.code)}"
    second = ""
    if nested is not None:
        second = (
            f"<h3>An Error Occurred While Attempting to Retrieve a Custom Error Document</h3>\n<ul>\n{_lines(nested[0])}</ul>\n"
        )
    body = (
        f"<html>\n<head><title>{title}</title></head>\n<body>\n<h1>{title}</h1>\n<ul>\n{_lines(error)}"
        f"<li>RequestId: {_request_id()}</li>\n</ul>\n{second}<hr/>\n</body>\n</html>\n"
    ).encode()
    plain = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body))}
    return HttpResponse(status, plain | (headers or {}), body)
