"""The vault: AES-256-GCM under keys that lie in the data folder, made at first start and readable by their owner alone.

Sealed text is ``v2.<key id>.<nonce, ciphertext>``, the context's digest in front of the secret inside. So text that was sealed
with an earlier key can be sealed anew by who does not know its context, wherever it stands: that is how keys are rotated.
``v1.<nonce, ciphertext>``, with the context as associated data, is read and no longer written.
"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from stageline.services.iam.model import keyring

SEALED = re.compile(r"v2\.([0-9a-f]{8})\.([A-Za-z0-9_-]{59,})")
OLD = re.compile(r"v1\.([A-Za-z0-9_-]{38,})")
HANDED_OUT = ("iam.session", "sts.authorization-message")
"""Contexts of sealed text that clients hold. It is never sealed anew: whoever forged such text with a key that leaked may have
put it into a name or a value, and rotation must not make it good for another lifetime."""
_NONCE = 12
_DIGEST = 16
_WRONG = "the sealed secret does not open with this key"


class Vault:
    """Implements ``ports.vault.Vault`` with a key file. Servers that share a store must share the key file."""

    def __init__(self, key_file: Path) -> None:
        keys = keyring.read(key_file)
        self._ciphers = {keyring.key_id(key): AESGCM(key) for key in keys}
        self._active = keyring.key_id(keys[0])
        self._chance = hmac.digest(keys[0], b"stageline nonces of resealed text", "sha256")

    def seal(self, secret: bytes | str, *, context: str = "") -> str:
        """Encrypt a secret to printable text, bound to ``context``."""
        plain = secret.encode() if isinstance(secret, str) else secret
        return self._sealed(secrets.token_bytes(_NONCE), _digest(context) + plain)

    def open(self, sealed: str, *, context: str = "") -> bytes:
        """The secret; ValueError when it was sealed with another key or context, or changed."""
        if not sealed.startswith(("v1.", "v2.")):
            raise ValueError("not a sealed secret")
        if found := OLD.fullmatch(sealed):
            return self._open_old(found[1], context)
        inner = self._inner(sealed)
        if inner is None or not hmac.compare_digest(inner[:_DIGEST], _digest(context)):
            raise ValueError(_WRONG)
        return inner[_DIGEST:]

    def resealed(self, text: str, contexts: Iterable[str] = ()) -> str:
        """``text`` with each sealed value in it that another key than the present one opens sealed anew.

        The same value always becomes the same one, so that what was equal stays equal. What no key opens was not sealed here
        and stays, and so does what was handed out; on text of the old form ``contexts`` are tried.
        """
        tried = tuple(contexts)

        def newer(found: re.Match[str]) -> str:
            inner = None if found[1] == self._active else self._inner(found[0])
            return found[0] if inner is None or inner[:_DIGEST] in _NEVER_AGAIN else self._again(found[0], inner)

        def old(found: re.Match[str]) -> str:
            for context in tried:
                with suppress(ValueError):
                    return self._again(found[0], _digest(context) + self._open_old(found[1], context))
            return found[0]

        return OLD.sub(old, SEALED.sub(newer, text))

    def _again(self, text: str, inner: bytes) -> str:
        return self._sealed(hmac.digest(self._chance, text.encode(), "sha256")[:_NONCE], inner)

    def _sealed(self, nonce: bytes, inner: bytes) -> str:
        return f"v2.{self._active}.{_text(nonce + self._ciphers[self._active].encrypt(nonce, inner, None))}"

    def _inner(self, sealed: str) -> bytes | None:
        """What lies in sealed text, None when it was not sealed with one of the keys."""
        found = SEALED.fullmatch(sealed)
        cipher = self._ciphers.get(found[1]) if found else None
        if found is None or cipher is None:
            return None
        try:
            raw = _raw(found[2])
            return cipher.decrypt(raw[:_NONCE], raw[_NONCE:], None)
        except (InvalidTag, ValueError):
            return None

    def _open_old(self, text: str, context: str) -> bytes:
        raw = _raw(text)
        for cipher in self._ciphers.values():
            with suppress(InvalidTag):
                return cipher.decrypt(raw[:_NONCE], raw[_NONCE:], context.encode())
        raise ValueError(_WRONG)


def _digest(context: str) -> bytes:
    return hashlib.sha256(context.encode()).digest()[:_DIGEST]


_NEVER_AGAIN = frozenset(map(_digest, HANDED_OUT))


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _raw(text: str) -> bytes:
    """ValueError unless this is the one spelling of a value."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError(_WRONG) from error
    if _text(raw) != text:
        raise ValueError(_WRONG)
    return raw
