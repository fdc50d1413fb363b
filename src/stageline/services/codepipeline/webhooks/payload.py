"""What is posted to a webhook: read as JSON, and held against the webhook's filters."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs

from stageline.core.jsonpath import Allowance, parse, select
from stageline.ports.store import Doc

FORM = "application/x-www-form-urlencoded"
WORK = 500_000
"""Values of a payload that its filters may look at, all together: less than a second. A push of 2,048 commits has some 60,000."""
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


class Unreadable(ValueError):
    """The body is no JSON document; the text says why, without any of the body."""


def read(body: bytes, content_type: str) -> Any:
    """The document of a body: JSON, or a form whose field ``payload`` is JSON (what GitHub sends unless told otherwise).

    Numbers stay as they are spelled, as text: that is what filters compare, and no number is too long.
    """
    try:
        text = body.decode("utf-8")
        if content_type.partition(";")[0].strip().lower() == FORM:
            fields = parse_qs(text, keep_blank_values=True, errors="strict", max_num_fields=100)
            if len(fields.get("payload", [])) != 1:
                raise Unreadable("The form that was posted has no field 'payload', or several.")
            text = fields["payload"][0]
        return json.loads(text, parse_int=str, parse_float=str, parse_constant=_no_constant)
    except Unreadable:
        raise
    except (ValueError, RecursionError) as error:
        raise Unreadable("What was posted is not JSON in UTF-8, or is nested too deeply.") from error


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def deletes(payload: Any) -> bool:
    """Whether a push has deleted its reference: there is nothing then that a pipeline could fetch."""
    return isinstance(payload, dict) and "ref" in payload and payload.get("deleted") is True


def passes(filters: Sequence[Doc], configuration: Mapping[str, str], payload: Any) -> bool:
    """Whether a payload has what every filter wants; TooMuchWork, and KeyError for a placeholder without a value.

    Several values that a path leads to are alternatives. Without ``matchEquals`` it is enough that there is one.
    """
    allowance = Allowance(WORK)
    wanted = [(each, _wanted(each, configuration)) for each in filters]
    for each, text in wanted:
        values = select(parse(each["jsonPath"]), payload, allowance)
        if not (values if text is None else any(_text(value) == text for value in values)):
            return False
    return True


def _wanted(each: Doc, configuration: Mapping[str, str]) -> str | None:
    text = each.get("matchEquals")
    return None if text is None else PLACEHOLDER.sub(lambda found: configuration[found[1]], text)


def _text(value: Any) -> str | None:
    """A value as filters see it; None for objects and lists, which are never equal to a text."""
    if isinstance(value, str):
        return value
    return None if isinstance(value, dict | list) else json.dumps(value)
