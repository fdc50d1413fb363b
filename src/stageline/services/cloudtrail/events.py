"""LookupEvents: management events, newest first."""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from stageline.ports.api import ApiError, Context, NotImplementedHere, Request, Response
from stageline.ports.audit.trail import Query, Trail

PAGE = 50
_SECOND = 1000


def lookup_events(ctx: Context, request: Request, *, trail: Trail) -> Response:
    """One page of events that fit, as far back as records are kept (``Event`` in the model)."""
    if request.get("EventCategory"):
        raise NotImplementedHere("Looking up Insights events (EventCategory insight)")
    attribute, value = _attribute(request)
    since, until = request.get("StartTime", 0), request.get("EndTime", ctx.now)
    if "EndTime" in request and since > until:
        raise ApiError(
            "InvalidTimeRangeException", "StartTime is later than EndTime; give an earlier StartTime or a later EndTime."
        )
    page = _digest(request)
    before = _position(request["NextToken"], page) if "NextToken" in request else None
    query = Query(since // _SECOND * _SECOND, until, attribute, value, before, request.get("MaxResults", PAGE))
    found = trail.lookup(query)
    answer: Response = {"Events": [_event(each) for each in found.events]}
    return answer if found.before is None else answer | {"NextToken": _token(found.before, page)}


def _attribute(request: Request) -> tuple[str, str]:
    asked = request.get("LookupAttributes", ())
    if not asked:
        return "", ""
    if len(asked) > 1:
        raise ApiError("InvalidLookupAttributesException", f"One lookup attribute at most can be given; there are {len(asked)}.")
    key, value = asked[0]["AttributeKey"], asked[0]["AttributeValue"]
    if key == "ReadOnly" and value not in ("true", "false"):
        raise ApiError("InvalidLookupAttributesException", "The value of the lookup attribute ReadOnly is true or false.")
    return key, value


def _event(event: Mapping[str, Any]) -> Response:
    who = event["userIdentity"]
    shown: Response = {
        "EventId": event["eventID"],
        "EventName": event["eventName"],
        "ReadOnly": "true" if event["readOnly"] else "false",
        "AccessKeyId": who.get("accessKeyId"),
        "EventTime": int(datetime.fromisoformat(event["eventTime"]).timestamp()) * _SECOND,
        "EventSource": event["eventSource"],
        "Username": _username(who),
        "Resources": [{"ResourceType": each.get("type"), "ResourceName": each["ARN"]} for each in event.get("resources", ())],
        "CloudTrailEvent": json.dumps(event, separators=(",", ":")),
    }
    return {name: value for name, value in shown.items() if value is not None}


def _username(who: Mapping[str, Any]) -> str | None:
    if who["type"] == "AssumedRole":
        return str(who["arn"].rsplit("/", 1)[-1])
    return "root" if who["type"] == "Root" else who.get("userName")


def _digest(request: Request) -> str:
    """Stands for the parameters that a token is good for: all but the number of events on a page."""
    asked = {name: value for name, value in request.items() if name not in ("NextToken", "MaxResults")}
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:16]


def _token(before: int, page: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([before, page]).encode()).decode()


def _position(token: str, page: str) -> int:
    try:
        found = json.loads(base64.b64decode(token, b"-_", validate=True))
        before, asked = found
    except (binascii.Error, ValueError, TypeError, RecursionError):
        before, asked = None, ""
    if type(before) is not int or asked != page:
        text = (
            "The NextToken is not valid: give the one of the last answer, with the same parameters, or begin again without one."
        )
        raise ApiError("InvalidNextTokenException", text)
    return before
