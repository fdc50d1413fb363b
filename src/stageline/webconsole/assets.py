"""The built application, as the build left it beside this module: hashed files for ever, the page itself always anew."""

import gzip
import mimetypes
from functools import lru_cache
from pathlib import Path
from typing import Final

from stageline.ports.http import HttpRequest, HttpResponse
from stageline.webconsole.answers import SAFE, page_policy

BUILT: Final = Path(__file__).parent / "built"
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_ABSENT: Final = b"""<!doctype html><html lang="en"><meta charset="utf-8"><title>Stageline</title>
<h1>The console is not built</h1>
<p>This installation has no built console: it was made without access to the npm registry. Build it in the source tree with
<code>make console</code> and reload this page. The API works without it.</p></html>
"""


def serve(path: str, request: HttpRequest) -> HttpResponse:
    """A file of the application; paths that are none are pages of it, which the browser draws. ``path`` follows ``/console``."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponse(405, SAFE | {"Content-Type": "text/plain", "Allow": "GET, HEAD"}, b"GET only\n", confined=False)
    name = path.strip("/")
    if name.startswith("assets/") or name in ("favicon.svg",):
        found = _files(BUILT).get(name)
        if found is None:
            return HttpResponse(
                404, SAFE | {"Content-Type": "text/plain", "Cache-Control": "no-store"}, b"no such file\n", confined=False
            )
        return _answer(found, request, _FOR_EVER if name.startswith("assets/") else "no-cache")
    page = _files(BUILT).get("index.html")
    if page is None:
        return HttpResponse(
            503, SAFE | {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"}, _ABSENT, confined=False
        )
    return _answer(page, request, "no-cache")


def _answer(file: Path, request: HttpRequest, caching: str) -> HttpResponse:
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    kind = f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
    own = page_policy(request.headers.get("host", "")) if file.suffix == ".html" else ""
    policy = {"Content-Security-Policy": own} if own else {}
    headers = SAFE | policy | {"Content-Type": kind, "Cache-Control": caching, "Vary": "Accept-Encoding"}
    plain, packed = _content(file, file.stat().st_mtime_ns)
    if packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        return HttpResponse(200, headers | {"Content-Encoding": "gzip"}, packed, confined=False)
    return HttpResponse(200, headers, plain, confined=False)


def _files(folder: Path) -> dict[str, Path]:
    """Only what is listed is served: no path from outside is ever joined to a folder."""
    stamp = folder / "index.html"
    return _listed(folder, stamp.stat().st_mtime_ns) if stamp.exists() else {}


@lru_cache(2)
def _listed(folder: Path, _stamp: int) -> dict[str, Path]:
    return {file.relative_to(folder).as_posix(): file for file in folder.rglob("*") if file.is_file()}


@lru_cache(64)
def _content(file: Path, _stamp: int) -> tuple[bytes, bytes | None]:
    plain = file.read_bytes()
    packed = gzip.compress(plain, 6, mtime=0) if len(plain) > 1024 and file.suffix in (".js", ".css", ".html", ".svg") else None
    return plain, packed
