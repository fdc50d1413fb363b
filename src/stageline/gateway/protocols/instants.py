"""Instants on the wire: epoch milliseconds to and from ISO 8601, RFC 7231 and epoch seconds."""

import math
import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST, _LAST = -62_135_596_800_000, 253_402_300_799_999
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,9})?")


def to_datetime(instant: int) -> datetime:
    """An instant as an aware datetime."""
    return _EPOCH + timedelta(milliseconds=instant)


def from_datetime(moment: datetime) -> int:
    """A datetime (UTC when it names no zone) as an instant."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (aware - _EPOCH) // timedelta(milliseconds=1)


def to_iso(instant: int, *, fraction: bool) -> str:
    """``2026-11-23T08:00:00Z``, with milliseconds when ``fraction``."""
    text = to_datetime(instant).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{text.zfill(19)}.{instant % 1000:03}Z" if fraction else f"{text.zfill(19)}Z"


def to_http(instant: int) -> str:
    """``Mon, 23 Nov 2026 08:00:00 GMT``, as HTTP headers carry it."""
    return format_datetime(to_datetime(instant - instant % 1000), usegmt=True)


def to_seconds(instant: int) -> int | float:
    """Epoch seconds: an integer when whole, else with milliseconds."""
    return instant / 1000 if instant % 1000 else instant // 1000


def from_seconds(seconds: int | float) -> int:
    """Epoch seconds as an instant; raises ValueError beyond the years 1 to 9999."""
    if not math.isfinite(seconds):
        raise ValueError("not a finite number of seconds")
    instant = round(seconds * 1000)
    if not _FIRST <= instant <= _LAST:
        raise ValueError("outside the years 1 to 9999")
    return instant


def from_text(text: str) -> int:
    """An instant from any of the three notations; raises ValueError when it is none of them."""
    text = text.strip()
    if _NUMBER.fullmatch(text):
        return from_seconds(float(text))
    try:
        return from_datetime(datetime.fromisoformat(text))
    except ValueError:
        pass
    try:
        return from_datetime(parsedate_to_datetime(text))
    except (ValueError, TypeError, IndexError, OverflowError) as error:
        raise ValueError(f"not a date: {text[:64]!r}") from error


def render(instant: int | str, form: str, *, fraction: bool = True) -> str:
    """An instant in the notation ``iso8601``, ``rfc822`` or ``unixtimestamp``; text is passed on as it is."""
    if isinstance(instant, str):
        return instant
    if form == "rfc822":
        return to_http(instant)
    if form == "unixtimestamp":
        return str(to_seconds(instant))
    return to_iso(instant, fraction=fraction)
