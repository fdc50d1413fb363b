"""Finding management events again, newest first."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from stageline.ports.audit.trail import Found, Query
from stageline.ports.store import ReadTx
from stageline.store.audit.segments import Segment, key, lines_of, segments

EXAMINED = 50_000
"""A page ends when so many records were looked at."""


def lookup(tx: ReadTx, query: Query) -> Found:
    """One page."""
    found: list[Mapping[str, Any]] = []
    hint = json.dumps(query.value)[1:-1].encode() if query.attribute not in ("", "ReadOnly", "Username") else b""
    looked = 0
    for segment in _newest_first(tx):
        if segment.first > segment.last or segment.until < query.since or segment.since // 1000 * 1000 > query.until:
            continue
        if query.before is not None and segment.first >= query.before:
            continue
        for text in reversed(list(lines_of(tx, segment.number))):
            looked += 1
            record = json.loads(text) if hint in text else None
            if record is None or (query.before is not None and record["sequence"] >= query.before):
                continue
            if fits(record["event"], query):
                found.append(record["event"])
                if len(found) == query.limit:
                    return Found(found, record["sequence"])
        if looked >= EXAMINED:
            return Found(found, segment.first)
    return Found(found)


def _newest_first(tx: ReadTx) -> Iterator[Segment]:
    after = ""
    while page := segments(tx, reverse=True, after=after, limit=100):
        yield from (each for each in page if not each.dropped)
        after = key(page[-1].number)


def fits(event: Mapping[str, Any], query: Query) -> bool:
    """Whether an event is looked for."""
    if not event["managementEvent"] or event["userIdentity"]["type"] == "Unknown":
        return False  # what nobody signed is in the trail, but no event of CloudTrail
    if not query.since <= instant(event) <= query.until:
        return False
    return not query.attribute or query.value in _values(event, query.attribute)


def instant(event: Mapping[str, Any]) -> int:
    """When it was, in epoch milliseconds."""
    return int(datetime.fromisoformat(event["eventTime"]).timestamp()) * 1000


def _values(event: Mapping[str, Any], attribute: str) -> tuple[str, ...]:
    """What an event has under a key of LookupAttributes."""
    resources = event.get("resources", ())
    if attribute == "ResourceType":
        return tuple(each.get("type", "") for each in resources)
    if attribute == "ResourceName":
        names = [each["ARN"] for each in resources]
        return tuple(dict.fromkeys(part for name in names for part in (name, short(name))))
    single = {
        "EventId": event["eventID"],
        "EventName": event["eventName"],
        "EventSource": event["eventSource"],
        "ReadOnly": "true" if event["readOnly"] else "false",
        "AccessKeyId": event["userIdentity"].get("accessKeyId", ""),
        "Username": username(event),
    }
    return (single[attribute],) if single[attribute] else ()


def short(arn: str) -> str:
    """The name at the end of an ARN: of an object's that of the bucket with the key."""
    rest = arn.split(":", 5)[-1]
    return rest if ":s3:::" in arn else rest.rsplit(":", 1)[-1].rsplit("/", 1)[-1]


def username(event: Mapping[str, Any]) -> str:
    """Who it was, in one word: a user's name, a session's, ``root``."""
    who = event["userIdentity"]
    if who["type"] == "AssumedRole":
        return str(who["arn"].rsplit("/", 1)[-1])
    return "root" if who["type"] == "Root" else str(who.get("userName", ""))
