"""Keeping stored bytes from acting in a browser as this server.

The console, the API, the objects of S3 and the sites by path have one origin, and the console's cookie goes to all of it. An
object is written by whoever a policy lets write it; so what is stored is shown, never run:

- ``Content-Security-Policy: sandbox`` gives a page, a picture in SVG or an XML document an origin of nobody and no scripts.
- What the console's own pages would run (a script, a style sheet, a worker) is not taken from storage, even where the console's
  policy says ``'self'``. Browsers tell for what and by whom something is fetched (Fetch Metadata, and ``Service-Worker``).
- ``nosniff``: bytes are what their type says. A multipart document, whose parts could bring policies of their own, is downloaded.

Programs do not look at these headers. HttpResponse.confined says what is exempt.
"""

from collections.abc import Mapping
from typing import Final

from stageline.ports.http import HttpResponse

CONFINED: Final = {"Content-Security-Policy": "sandbox", "X-Content-Type-Options": "nosniff"}
_RUNS: Final = frozenset(
    ("script", "style", "worker", "sharedworker", "serviceworker", "audioworklet", "paintworklet", "xslt", "manifest", "json")
)
_MESSAGE: Final = b"Pages of this origin run nothing that is stored in it. Use the host name of the website.\n"


def protected(headers: Mapping[str, str], reply: HttpResponse) -> HttpResponse:
    """The answer as browsers may have it; ``headers`` are the request's, with names in lower case."""
    if not reply.confined:
        return reply
    if _to_run(headers):
        close = getattr(reply.body, "close", None)
        if close is not None:
            close()
        return HttpResponse(403, {"Content-Type": "text/plain", **CONFINED}, _MESSAGE)
    kept = {name: value for name, value in reply.headers.items() if name.title() not in CONFINED}
    added = dict(CONFINED)
    if any(name.lower() == "content-type" and "multipart/" in value.lower() for name, value in kept.items()):
        kept = {name: value for name, value in kept.items() if name.lower() != "content-disposition"}
        added["Content-Disposition"] = "attachment"
    return HttpResponse(reply.status, {**kept, **added}, reply.body)


def _to_run(headers: Mapping[str, str]) -> bool:
    """Whether a page of this very origin (or its service worker) wants to run what it gets."""
    if "service-worker" in headers or headers.get("sec-fetch-dest") == "serviceworker":
        return True
    return headers.get("sec-fetch-site") == "same-origin" and headers.get("sec-fetch-dest") in _RUNS
