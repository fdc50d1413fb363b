"""Paging tokens: opaque to the client, checked when they come back."""

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from stageline.ports.api import ApiError, Request

T = TypeVar("T")


def page(request: Request, listed: Sequence[tuple[str, T]], most: int) -> tuple[list[T], str | None]:
    """One page of a listing of (key, item) in the order of the keys, and the token of the next one; InvalidNextToken."""
    after = _after(request)
    rest = [pair for pair in listed if pair[0] > after]
    limit = request.get("MaxResults", most)
    following = base64.urlsafe_b64encode(b">" + rest[limit - 1][0].encode()).decode() if len(rest) > limit else None
    return [item for _, item in rest[:limit]], following


def _after(request: Request) -> str:
    if "NextToken" not in request:
        return ""
    try:
        found = base64.b64decode(request["NextToken"], b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        found = ""
    if not found.startswith(">"):
        raise ApiError("InvalidNextToken", "The specified token isn't valid. Begin the listing again.")
    return found[1:]
