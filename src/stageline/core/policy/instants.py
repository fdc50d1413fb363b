"""Dates as policies and requests write them: ISO 8601 (year to fraction of a second) or seconds since 1970."""

import calendar
import re
from functools import lru_cache

_ISO = re.compile(
    r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?)?)?)?", re.ASCII
)
_EPOCH = re.compile(r"-?\d{5,15}(?:\.\d{1,9})?", re.ASCII)


@lru_cache(maxsize=1024)
def parse(text: str) -> int | None:
    """Epoch milliseconds, or None when the text is no date. Four digits are a year, more are seconds."""
    if _EPOCH.fullmatch(text):
        return int(float(text) * 1000)
    found = _ISO.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = (
        int(part or least) for part, least in zip(found.groups(), (1, 1, 1, 0, 0, 0), strict=False)
    )
    if not (year >= 1 and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]):
        return None
    if hour > 24 or minute > 59 or second > 60:
        return None
    fraction = int((found[7] or "").ljust(3, "0")[:3])
    seconds = calendar.timegm((year, month, day, hour, minute, second)) - _offset(found[8] or "Z")
    return seconds * 1000 + fraction


def _offset(zone: str) -> int:
    if zone == "Z":
        return 0
    digits = zone[1:].replace(":", "")
    seconds = int(digits[:2]) * 3600 + int(digits[2:]) * 60
    return -seconds if zone[0] == "-" else seconds
