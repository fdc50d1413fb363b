"""Answers of the console: JSON, and the headers that keep pages from doing what they should not."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from stageline.ports.http import HttpRequest, HttpResponse

SAFE: Final = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_NAMEABLE: Final = re.compile(r"[A-Za-z0-9.-]+(:[0-9]+)?")
"""Hosts that a policy can name: addresses of IPv6 it cannot."""
MARK: Final = "x-stageline-console"
"""A header that other sites' pages cannot send without being asked first; every request that does something carries it."""


def page_policy(host: str) -> str:
    """The Content-Security-Policy of pages that are reached by a Host header: they run what lies among the built files, and not
    what merely lies at the same origin, such as an object of a bucket."""
    files = f"{host}/console/assets/" if _NAMEABLE.fullmatch(host) else "'self'"
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {files}",
            f"style-src {files}",
            "img-src 'self' data:",
            f"font-src {files} data:",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )


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
