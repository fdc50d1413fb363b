"""The arithmetic that every AWS signature shares: the derived key, its use, and the time stamps.

Pure: no clock, no look-up. Every instant is epoch milliseconds.
"""

import calendar
import hashlib
import hmac
import re
from functools import lru_cache

TERMINATOR = "aws4_request"

_STAMP = re.compile(r"(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z?", re.ASCII)


def _hmac(key: bytes, message: str) -> bytes:
    return hmac.digest(key, message.encode(), "sha256")


def signing_key(secret: str, date: str, region: str, service: str) -> bytes:
    """The key of one secret for one day (``YYYYMMDD``), region and service."""
    return _hmac(_hmac(_hmac(_hmac(f"AWS4{secret}".encode(), date), region), service), TERMINATOR)


def sign(key: bytes, message: str) -> str:
    """The signature of a string to sign, in lower-case hexadecimal."""
    return hmac.digest(key, message.encode(), "sha256").hex()


def same(left: str, right: str) -> bool:
    """Whether two signatures are equal, in a time that does not depend on where they differ."""
    return hmac.compare_digest(left.encode(), right.encode())


def digest(data: bytes) -> str:
    """SHA-256 in lower-case hexadecimal."""
    return hashlib.sha256(data).hexdigest()


@lru_cache(maxsize=1024)
def instant(stamp: str) -> int | None:
    """The instant of ``YYYYMMDDTHHMMSS[Z]`` in UTC, or None when it is not one."""
    found = _STAMP.fullmatch(stamp)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part) for part in found.groups())
    if not (year >= 1 and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]):
        return None
    if hour > 23 or minute > 59 or second > 59:
        return None
    return calendar.timegm((year, month, day, hour, minute, second)) * 1000
