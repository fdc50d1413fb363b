"""One-time links that sign the holder of an access key in: signed with the key, good for a quarter of an hour, and once."""

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from typing import Final

LIFETIME: Final = 15 * 60 * 1000
"""Milliseconds for which a link is good."""
_AHEAD: Final = 60_000
"""Milliseconds by which the clock of who made the link may be fast."""
_LONGEST: Final = 512


@dataclass(frozen=True)
class Link:
    """What a token says: the key that signed it, when (epoch milliseconds), and what makes it the only one of its kind."""

    access_key_id: str
    made: int
    nonce: str


def token(access_key_id: str, secret: str, now: int) -> str:
    """A new token for the holder of a key."""
    said = json.dumps([access_key_id, now, secrets.token_hex(16)], separators=(",", ":")).encode()
    return f"{_text(said)}.{_text(_signature(secret, said))}"


def url(endpoint: str, text: str) -> str:
    """The address to open. The token lies behind the hash: browsers do not send that, and proxies do not log it."""
    return f"{endpoint}/console/sign-in#{text}"


def read(text: str) -> tuple[Link, bytes, bytes] | None:
    """What a token says, the bytes that were signed and the signature; None when it is no token. Nothing is verified yet."""
    said, _, signed = text.partition(".")
    if len(text) > _LONGEST or not signed:
        return None
    try:
        content, signature = _bytes(said), _bytes(signed)
        key, made, nonce = json.loads(content)
    except (ValueError, TypeError, binascii.Error):
        return None
    if not (isinstance(key, str) and type(made) is int and isinstance(nonce, str)):
        return None
    return Link(key, made, nonce), content, signature


def good(link: Link, content: bytes, signature: bytes, secret: str, now: int) -> bool:
    """Whether the key's secret made the signature, lately."""
    fresh = link.made - _AHEAD <= now <= link.made + LIFETIME
    return hmac.compare_digest(_signature(secret, content), signature) and fresh


def _signature(secret: str, content: bytes) -> bytes:
    key = hmac.digest(secret.encode(), b"stageline console link", hashlib.sha256)
    return hmac.digest(key, content, hashlib.sha256)


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
