"""How log groups and streams are kept: one document each, the lines in the store's log of the stream.

A line is kept as its arrival time, a separator and the message. A stream's document knows its first and last timestamp and
whether its timestamps only ever grew: then a time is found by halving instead of by reading everything.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from stageline.ports.api import ApiError, Context
from stageline.ports.store import Doc, LogEvent, ReadTx

GROUP = "logs.group"
STREAM = "logs.stream"
SEPARATOR = "\x1f"
"""Between a group's name, which cannot hold it, and a stream's in keys; and between arrival and message in lines."""
DAY = 86_400_000
CHUNK = 1_000


@dataclass(frozen=True)
class Line:
    """A log event as clients see it."""

    position: int
    timestamp: int
    ingested: int
    message: str


def group_arn(ctx: Context, name: str) -> str:
    """The ARN of a group, without the star that some operations add."""
    return ctx.arn("logs", f"log-group:{name}")


def stream_key(group: str, stream: str) -> str:
    """The key of a stream's document; also names its log. Raises InvalidParameterException for a name that cannot be kept."""
    if any(char < " " or "\ud800" <= char <= "\udfff" for char in stream):
        raise ApiError("InvalidParameterException", "A log stream's name has no control characters and is valid Unicode.")
    return f"{group}{SEPARATOR}{stream}"


def find_group(tx: ReadTx, name: str) -> Doc:
    """A group's document; ResourceNotFoundException when there is none."""
    doc = tx.get(GROUP, name)
    if doc is None:
        raise ApiError("ResourceNotFoundException", f"There is no log group {name}.")
    return doc


def find_stream(tx: ReadTx, group: str, stream: str) -> Doc:
    """A stream's document; ResourceNotFoundException when the group or the stream is missing."""
    find_group(tx, group)
    doc = tx.get(STREAM, stream_key(group, stream))
    if doc is None:
        raise ApiError("ResourceNotFoundException", f"There is no log stream {stream} in the log group {group}.")
    return doc


def horizon(group: Doc, now: int) -> int:
    """The instant before which the events of a group have expired."""
    days = group.get("retention")
    return now - int(days) * DAY if days else 0


def packed(message: str, now: int) -> str:
    """A message as a line of the store's log; what no database keeps (NUL, broken Unicode) is replaced."""
    return f"{now}{SEPARATOR}{message.encode('utf-8', 'replace').decode().replace(chr(0), chr(0xFFFD))}"


def line(event: LogEvent) -> Line:
    """A line of the store's log as a log event."""
    arrival, _, message = event.message.partition(SEPARATOR)
    return Line(event.position, event.timestamp, int(arrival), message)


def bounds(tx: ReadTx, key: str, doc: Doc, start: int, end: int | None) -> tuple[int, int]:
    """Positions between which all events with start <= timestamp < end lie (events outside may lie there too)."""
    low, high = 0, int(doc["next"])
    if not doc["ordered"]:
        return low, high
    first = _halve(tx, key, low, high, start) if start > 0 else low
    return first, high if end is None else _halve(tx, key, first, high, end)


def _halve(tx: ReadTx, key: str, low: int, high: int, instant: int) -> int:
    """The first position in low..high whose timestamp is not before ``instant``."""
    while low < high:
        middle = (low + high) // 2
        if tx.log(key, start=middle, limit=1)[0].timestamp < instant:
            low = middle + 1
        else:
            high = middle
    return low


def lines(tx: ReadTx, key: str, low: int, high: int, *, reverse: bool = False) -> Iterator[Line]:
    """The events at low <= position < high, in order of position or the reverse, read in portions."""
    while low < high:
        found = tx.log(key, start=low, end=high, limit=CHUNK, reverse=reverse)
        if not found:
            return
        for event in found:
            yield line(event)
        if reverse:
            high = found[-1].position
        else:
            low = found[-1].position + 1


def identified(request: dict[str, Any]) -> str:
    """The group that ``logGroupName`` or ``logGroupIdentifier`` (a name or an ARN) tells; InvalidParameterException otherwise."""
    name, identifier = request.get("logGroupName"), request.get("logGroupIdentifier")
    if (name is None) == (identifier is None):
        raise ApiError("InvalidParameterException", "Give either logGroupName or logGroupIdentifier.")
    if name is not None:
        return str(name)
    return group_of(str(identifier))


def group_of(identifier: str) -> str:
    """The name of the group in an ARN (with or without ``:*``) or in a plain name."""
    if not identifier.startswith("arn:"):
        return identifier
    parts = identifier.split(":", 7)
    if len(parts) < 7 or parts[5] != "log-group":
        raise ApiError("InvalidParameterException", f"{identifier} is not the ARN of a log group.")
    return parts[6]
