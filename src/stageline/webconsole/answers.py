"""Answers of the console: JSON, and the headers that keep pages from doing what they should not."""

import json
from collections.abc import Mapping
from typing import Any, Final

from stageline.ports.http import HttpRequest, HttpResponse

POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
SAFE: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
MARK: Final = "x-stageline-console"
"""A header that other sites' pages cannot send without being asked first; every request that does something carries it."""


def answer(status: int, content: Any, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """A JSON answer."""
    body = json.dumps(content, separators=(",", ":")).encode()
    return HttpResponse(
        status, SAFE | {"Content-Type": "application/json", "Cache-Control": "no-store"} | dict(headers or {}), body
    )


def refusal(status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """A refusal, in the form that the operations' errors have."""
    return answer(status, {"code": code, "message": message}, headers)


def from_own_page(request: HttpRequest) -> bool:
    """Whether a request was made by the console's own pages: not by another site's, nor by one that merely lies beside them."""
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return False
    origin = request.headers.get("origin")
    return MARK in request.headers and (origin is None or origin == request.endpoint or _same(origin, request))


def _same(origin: str, request: HttpRequest) -> bool:
    """Behind a TLS proxy the server itself is reached without TLS: then the host alone can be compared."""
    return origin.startswith(("http://", "https://")) and origin.partition("://")[2] == request.headers.get("host", "")
