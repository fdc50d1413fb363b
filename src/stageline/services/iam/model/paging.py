"""Markers and pages as the list operations give them: ``Marker`` in, ``IsTruncated`` and the next ``Marker`` out."""

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from stageline.ports.api import ApiError, Request, Response

T = TypeVar("T")
_DEFAULT = 100


def page(request: Request, rows: Sequence[tuple[str, T]]) -> tuple[list[T], Response]:
    """The rows of one page, by order of their keys, and the members that tell how to go on."""
    after = _decode(request["Marker"]) if "Marker" in request else ""
    rest = sorted((row for row in rows if row[0] > after), key=lambda row: row[0])
    most = int(request.get("MaxItems", _DEFAULT))
    taken = rest[:most]
    more: Response = {"IsTruncated": len(rest) > most}
    if more["IsTruncated"]:
        more["Marker"] = base64.urlsafe_b64encode(taken[-1][0].encode()).decode()
    return [value for _, value in taken], more


def _decode(marker: str) -> str:
    try:
        return base64.b64decode(marker, altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise ApiError("ValidationError", "Invalid Marker: give back the Marker of the previous answer unchanged.") from error
