"""Pages of a listing: opaque tokens that stay right while new rows arrive, and are refused where they do not belong."""

import base64
import binascii
import hashlib
from collections.abc import Callable
from typing import Any

from stageline.ports.api import ApiError
from stageline.ports.store import Doc

PORTION = 200
"""Rows that are read at once while looking for some among many."""
MOST = 5000
"""Rows that one call looks at. A page may then have fewer rows than it could, even none, and a token to go on."""


def token(listing: str, after: str) -> str:
    """The token that continues ``listing`` after a key."""
    check = hashlib.sha256(f"{listing}\n{after}".encode()).hexdigest()[:8]  # a token that was cut short is not taken for another
    return base64.urlsafe_b64encode(f"{listing}\n{after}\n{check}".encode()).decode()


def position(listing: str, given: str | None) -> str:
    """The key after which a token continues; InvalidNextTokenException when it is not one of this listing."""
    if not given:
        return ""
    try:
        name, _, rest = base64.urlsafe_b64decode(given.encode()).decode().partition("\n")
    except (binascii.Error, ValueError):
        name, rest = "", ""
    after = rest.rpartition("\n")[0]
    if name != listing or "\x00" in after or token(listing, after) != given:
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


def sifted(
    listing: str,
    given: str | None,
    size: int,
    fetch: Callable[[str, int], list[tuple[str, Doc]]],
    keep: Callable[[Doc], bool],
    done: Callable[[Doc], bool],
    render: Callable[[Doc], Any],
) -> tuple[list[Any], str | None]:
    """One page of those rows that ``keep`` chooses, up to the first row of which ``done`` says that no more will follow."""
    after, last = position(listing, given), ""
    found: list[Any] = []
    for _ in range(MOST // PORTION):
        rows = fetch(after, PORTION)
        for key, row in rows:
            if done(row):
                return found, None
            if keep(row):
                if len(found) == size:
                    return found, token(listing, last)
                found.append(render(row))
                last = key
        if len(rows) < PORTION:
            return found, None
        after = rows[-1][0]
    return found, token(listing, after)
