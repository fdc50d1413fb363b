"""Status badges: a small picture of how the latest execution of a pipeline went.

Anybody may see the badge of a pipeline that is tagged ``stageline:badge`` = ``public``; of others and of pipelines that do not
exist, they see the same "unknown". People who signed in see those whose executions they may list.
"""

from typing import Final
from xml.sax.saxutils import escape, quoteattr

from stageline.engine.apply import HEAD
from stageline.engine.history import EXECUTION
from stageline.ports.http import HttpRequest, HttpResponse
from stageline.ports.store import Store
from stageline.services.codepipeline.records import TAGS
from stageline.services.codepipeline.stages.demands import BADGE
from stageline.webconsole.answers import SAFE
from stageline.webconsole.objects import Fetch

_COLOURS: Final = {
    "Succeeded": "#1d7a3c",
    "Failed": "#b3261e",
    "InProgress": "#0b63c4",
    "Stopping": "#5f6b7a",
    "Stopped": "#5f6b7a",
    "Superseded": "#5f6b7a",
    "Cancelled": "#5f6b7a",
}
_WORDS: Final = {"InProgress": "in progress", "": "not run yet"}
_CHARACTER: Final = 6.6
"""Pixels that a character takes on average in the badge's font."""


def public(store: Store, name: str, account: str, region: str) -> HttpResponse:
    """``PIPELINE.svg`` for anybody."""
    pipeline = name.removesuffix(".svg")
    with store.read() as tx:
        tags = tx.get(TAGS, f"arn:aws:codepipeline:{region}:{account}:{pipeline}") or {}
        head = tx.get(HEAD, pipeline) if tags.get(BADGE) == "public" and name.endswith(".svg") else None
        latest = tx.scan(EXECUTION, f"{head['uid']}/", limit=1, reverse=True) if head else []
    if head is None:
        return picture("pipeline", "unknown", "#5f6b7a", 404)
    return _of(pipeline, latest[0][1]["status"] if latest else "")


def shown(fetch: Fetch, name: str, request: HttpRequest) -> HttpResponse:
    """The same for somebody who signed in, by their permissions."""
    pipeline = name.removesuffix(".svg")
    found = fetch("codepipeline", "ListPipelineExecutions", {"pipelineName": pipeline, "maxResults": 1}, request)
    summaries = found["pipelineExecutionSummaries"]
    return _of(pipeline, summaries[0]["status"] if summaries else "")


def _of(pipeline: str, status: str) -> HttpResponse:
    return picture(pipeline, _WORDS.get(status, status.lower()), _COLOURS.get(status, "#5f6b7a"), 200)


def picture(left: str, right: str, colour: str, status: int) -> HttpResponse:
    """A badge: what it is about, and how that stands."""
    one, two = (round(len(text) * _CHARACTER) + 12 for text in (left, right))
    said = quoteattr(f"{left}: {right}")
    picture = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{one + two}" height="20" role="img" aria-label={said}>'
        f'<rect width="{one + two}" height="20" rx="3" fill="#39424e"/>'
        f'<path d="M{one} 0h{two - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3h-{two - 3}z" fill="{colour}"/>'
        f'<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">'
        f'<text x="{one / 2:g}" y="14">{escape(left)}</text><text x="{one + two / 2:g}" y="14">{escape(right)}</text></g></svg>'
    )
    headers = {
        "Content-Type": "image/svg+xml",
        "Cache-Control": "no-cache",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    return HttpResponse(status, SAFE | headers, picture.encode())
