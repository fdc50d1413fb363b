"""Searching the streams of a group: events of all of them in the order of time, page by page."""

import heapq
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from stageline.ports.api import ApiError, Context, NotImplementedHere, Request, Response
from stageline.ports.store import Doc, ReadTx, Store
from stageline.services.logs.events import EVENT_OVERHEAD, PAGE_BYTES
from stageline.services.logs.pages import parts, token
from stageline.services.logs.pattern import compile_pattern
from stageline.services.logs.records import SEPARATOR, STREAM, Line, bounds, find_group, horizon, identified, lines, stream_key

MOST_READ = 100_000
"""Events that one call looks at; a rarer word is found by going on with the token, as in AWS."""

Place = tuple[int, str, int]
"""Where an event stands among all: timestamp, stream, position."""


@dataclass(frozen=True)
class Span:
    """The time to search, and the place after which to go on."""

    start: int
    end: int | None
    after: Place


def filter_log_events(ctx: Context, request: Request, *, store: Store) -> Response:
    """Events of a group's streams that match a pattern."""
    group = identified(request)
    test = compile_pattern(request.get("filterPattern", ""))
    if "logStreamNames" in request and "logStreamNamePrefix" in request:
        raise ApiError("InvalidParameterException", "Give either logStreamNames or logStreamNamePrefix.")
    if request.get("startFromHead") is False:
        raise NotImplementedHere("Searching from the latest event backward (startFromHead=false)")
    begin, name, position = parts(request["nextToken"], int, str, int) if "nextToken" in request else (0, "", -1)
    with store.read() as tx:
        start = max(request.get("startTime", 0), horizon(find_group(tx, group), ctx.now), begin)
        span = Span(start, request.get("endTime"), (begin, name, position))
        events, last = _page(_merged(tx, _streams(tx, group, request), span), test, request.get("limit", 10_000))
    answer: Response = {"events": events, "searchedLogStreams": []}
    if last is not None:
        answer["nextToken"] = token(*last)
    return answer


def _page(source: Iterator[tuple[str, Line]], test: Callable[[str], bool], limit: int) -> tuple[list[Response], Place | None]:
    """Matching events, and the last place looked at when there may be more."""
    events: list[Response] = []
    room = PAGE_BYTES
    last: Place | None = None
    for count, (stream, line) in enumerate(source):
        if count == MOST_READ or len(events) == limit:
            return events, last
        if test(line.message):
            room -= len(line.message.encode()) + EVENT_OVERHEAD
            if events and room < 0:
                return events, last
            events.append(_shape(stream, line))
        last = (line.timestamp, stream, line.position)
    return events, None


def _shape(stream: str, line: Line) -> Response:
    return {
        "logStreamName": stream,
        "timestamp": line.timestamp,
        "message": line.message,
        "ingestionTime": line.ingested,
        "eventId": f"{line.timestamp:020}{zlib.crc32(stream.encode()):012}{line.position:024}",
    }


def _streams(tx: ReadTx, group: str, request: Request) -> Iterator[tuple[str, Doc]]:
    if "logStreamNames" in request:
        for name in sorted(set(request["logStreamNames"])):
            doc = tx.get(STREAM, stream_key(group, name))
            if doc is None:
                raise ApiError("ResourceNotFoundException", f"There is no log stream {name} in the log group {group}.")
            yield stream_key(group, name), doc
    else:
        yield from tx.scan(STREAM, stream_key(group, request.get("logStreamNamePrefix", "")))


def _merged(tx: ReadTx, streams: Iterator[tuple[str, Doc]], span: Span) -> Iterator[tuple[str, Line]]:
    """Events in the order of ``Place``. A stream is opened only when its first event's turn has come."""
    waiting: list[tuple[Place, Iterator[Line] | None, Line | None, str, Doc]] = []
    for key, doc in streams:
        if doc["next"] and doc["last"] >= span.start and (span.end is None or doc["first"] < span.end):
            name = key.partition(SEPARATOR)[2]
            waiting.append(((max(doc["first"], span.start), name, -1), None, None, key, doc))
    heapq.heapify(waiting)
    while waiting:
        (_, name, _), source, line, key, doc = heapq.heappop(waiting)
        if line is not None:
            yield name, line
        if source is None:
            source = _within(tx, key, doc, name, span)
        following = next(source, None)
        if following is not None:
            heapq.heappush(waiting, ((following.timestamp, name, following.position), source, following, key, doc))


def _within(tx: ReadTx, key: str, doc: Doc, name: str, span: Span) -> Iterator[Line]:
    low, high = bounds(tx, f"logs/{key}", doc, span.start, span.end)
    found = (
        line
        for line in lines(tx, f"logs/{key}", low, high)
        if line.timestamp >= span.start
        and (span.end is None or line.timestamp < span.end)
        and (line.timestamp, name, line.position) > span.after
    )
    if doc["ordered"]:
        return found
    return iter(sorted(found, key=lambda line: (line.timestamp, line.position)))
