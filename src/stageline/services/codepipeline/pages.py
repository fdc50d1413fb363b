"""Pages of a listing: opaque tokens that stay right while new rows arrive, and are refused where they do not belong."""

import base64
import binascii
from collections.abc import Callable
from typing import Any

from stageline.ports.api import ApiError
from stageline.ports.store import Doc


def token(listing: str, after: str) -> str:
    """The token that continues ``listing`` after a key."""
    return base64.urlsafe_b64encode(f"{listing}\n{after}".encode()).decode()


def position(listing: str, given: str | None) -> str:
    """The key after which a token continues; InvalidNextTokenException when it is not one of this listing."""
    if not given:
        return ""
    try:
        name, found, after = base64.urlsafe_b64decode(given.encode()).decode().partition("\n")
    except (binascii.Error, ValueError):
        name, found, after = "", "", ""
    if not found or name != listing or "\x00" in after:
        raise ApiError(
            "InvalidNextTokenException", "The next token is not valid. Call again without a token, from the first page."
        )
    return after


def page(
    listing: str,
    given: str | None,
    size: int,
    fetch: Callable[[str, int], list[tuple[str, Doc]]],
    render: Callable[[Doc], Any],
) -> tuple[list[Any], str | None]:
    """One page: ``fetch(after, limit)`` gives rows in order. Returns the rendered rows and the next token, if more follow."""
    rows = fetch(position(listing, given), size + 1)
    more = len(rows) > size
    return [render(row) for _, row in rows[:size]], token(listing, rows[size - 1][0]) if more else None
