"""Log events: putting them into a stream, reading a stream forward and backward."""

from itertools import pairwise
from typing import Any

from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.store import Doc, Store
from stageline.services.logs.records import (
    DAY,
    STREAM,
    Line,
    bounds,
    find_group,
    find_stream,
    horizon,
    identified,
    lines,
    packed,
    stream_key,
)

BATCH_BYTES = 1_048_576
EVENT_OVERHEAD = 26
PAGE_BYTES = 1_048_576
FUTURE = 2 * 3_600_000
PAST = 14 * DAY


def put_log_events(ctx: Context, request: Request, *, store: Store) -> Response:
    """Append a batch to a stream. Events too old or too far ahead are left out and told; sequence tokens are not needed."""
    group, stream, events = request["logGroupName"], request["logStreamName"], request["logEvents"]
    _check_batch(events)
    key = stream_key(group, stream)
    with store.write() as tx:
        tx.lock(f"logs/{key}")
        doc = find_stream(tx, group, stream)
        first, last, rejected = _acceptable(events, find_group(tx, group), ctx.now)
        taken = events[first:last]
        if taken:
            tx.append_log(f"logs/{key}", [(event["timestamp"], packed(event["message"], ctx.now)) for event in taken])
            doc = _grown(doc, taken, ctx.now)
            tx.put(STREAM, key, doc)
    return {"nextSequenceToken": str(doc["next"]).zfill(56), "rejectedLogEventsInfo": rejected or None}


def _check_batch(events: list[dict[str, Any]]) -> None:
    size = sum(len(event["message"].encode("utf-8", "replace")) + EVENT_OVERHEAD for event in events)
    if size > BATCH_BYTES:
        raise ApiError(
            "InvalidParameterException",
            f"The batch has {size} bytes, counting {EVENT_OVERHEAD} for each event; at most {BATCH_BYTES} are taken.",
        )
    if any(one["timestamp"] > two["timestamp"] for one, two in pairwise(events)):
        raise ApiError("InvalidParameterException", "Log events in a batch must be in chronological order.")
    if events[-1]["timestamp"] - events[0]["timestamp"] > DAY:
        raise ApiError("InvalidParameterException", "A batch of log events cannot span more than 24 hours.")


def _acceptable(events: list[dict[str, Any]], group: Doc, now: int) -> tuple[int, int, dict[str, int]]:
    """The range of events to take, and what to tell of the others. Events are in order, so each kind is a run at one end."""
    times = [event["timestamp"] for event in events]
    expired = sum(time < horizon(group, now) for time in times)
    old = sum(time < now - PAST for time in times)
    new = sum(time > now + FUTURE for time in times)
    told = {}
    if new:
        told["tooNewLogEventStartIndex"] = len(events) - new
    if old:
        told["tooOldLogEventEndIndex"] = old
    if expired:
        told["expiredLogEventEndIndex"] = expired
    return max(expired, old), len(events) - new, told


def _grown(doc: Doc, taken: list[dict[str, Any]], now: int) -> Doc:
    first, last = taken[0]["timestamp"], taken[-1]["timestamp"]
    size = sum(len(event["message"].encode("utf-8", "replace")) + EVENT_OVERHEAD for event in taken)
    empty = doc["last"] is None
    return {
        **doc,
        "next": doc["next"] + len(taken),
        "bytes": doc["bytes"] + size,
        "first": first if empty else min(doc["first"], first),
        "last": last if empty else max(doc["last"], last),
        "ordered": doc["ordered"] and (empty or first >= doc["last"]),
        "ingested": now,
    }


def get_log_events(ctx: Context, request: Request, *, store: Store) -> Response:
    """Read a page of a stream. A page's two tokens go on after its last and before its first event; at an end the token stays."""
    group, stream = identified(request), request["logStreamName"]
    key = stream_key(group, stream)
    with store.read() as tx:
        doc = find_stream(tx, group, stream)
        start = max(request.get("startTime", 0), horizon(find_group(tx, group), ctx.now))
        end = request.get("endTime")
        low, high = bounds(tx, f"logs/{key}", doc, start, end)
        forward, at = _whence(request, low, high)
        if forward:
            source = lines(tx, f"logs/{key}", max(low, at), high)
        else:
            source = lines(tx, f"logs/{key}", low, min(high, at), reverse=True)
        page: list[Line] = []
        room, limit = PAGE_BYTES, request.get("limit", 10_000)
        for line in source:
            if not start <= line.timestamp or (end is not None and line.timestamp >= end):
                continue
            room -= len(line.message.encode("utf-8", "replace")) + EVENT_OVERHEAD
            if page and room < 0:
                break
            page.append(line)
            if len(page) == limit:
                break
    if not forward:
        page.reverse()
    return {
        "events": [{"timestamp": line.timestamp, "message": line.message, "ingestionTime": line.ingested} for line in page],
        "nextForwardToken": f"f/{page[-1].position + 1 if page else at:056}/s",
        "nextBackwardToken": f"b/{page[0].position if page else at:056}/s",
    }


def _whence(request: Request, low: int, high: int) -> tuple[bool, int]:
    """Direction and position to read from: what the token says, else the head or the tail."""
    text = request.get("nextToken")
    if text is None:
        return (True, low) if request.get("startFromHead") else (False, high)
    direction, _, rest = text.partition("/")
    digits = rest.removesuffix("/s")
    if direction not in ("f", "b") or not (digits.isascii() and digits.isdigit()) or len(digits) > 60:
        raise ApiError("InvalidParameterException", "The nextToken is not one of this stream; begin again without.")
    return direction == "f", min(int(digits), 2**62)
