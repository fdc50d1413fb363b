"""Paging tokens: opaque to the client, checked when they come back."""

import base64
import binascii
import json
from typing import Any

from stageline.ports.api import ApiError


def token(*parts: str | int) -> str:
    """A token that holds ``parts``."""
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()


def parts(text: str, *types: type) -> list[Any]:
    """What a token holds; InvalidParameterException unless the parts have these types."""
    try:
        found = json.loads(base64.b64decode(text, b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError):
        found = None
    if not isinstance(found, list) or [type(part) for part in found] != list(types):
        raise ApiError("InvalidParameterException", "The nextToken is not valid; begin the listing again.")
    return found
