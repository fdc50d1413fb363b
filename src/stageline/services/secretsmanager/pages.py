"""Paging tokens: opaque to the client, checked when they come back."""

import base64
import binascii
import json
from typing import Any

from stageline.ports.api import ApiError, Request


def token(after: Any) -> str:
    """A token that says after what the listing goes on."""
    return base64.urlsafe_b64encode(json.dumps(after).encode()).decode()


def after(request: Request, kind: type) -> Any:
    """What the request's token says, an empty value of ``kind`` without one; InvalidNextTokenException."""
    if "NextToken" not in request:
        return kind()
    try:
        found = json.loads(base64.b64decode(request["NextToken"], b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError):
        found = None
    if not isinstance(found, kind):
        raise refusal()
    return found


def refusal() -> ApiError:
    """Why a token is not taken."""
    return ApiError("InvalidNextTokenException", "Invalid token: begin the listing again, or use NextToken unchanged.")
