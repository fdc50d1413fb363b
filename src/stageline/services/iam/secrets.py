"""The vault: AES-256-GCM under a key that lies in the data folder, made at first start and readable by its owner alone."""

import base64
import binascii
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION = "v1."
_NONCE = 12


class Vault:
    """Implements ``ports.vault.Vault`` with a key file. Servers that share a store must share the key file."""

    def __init__(self, key_file: Path) -> None:
        self._cipher = AESGCM(_key(key_file))

    def seal(self, secret: bytes | str, *, context: str = "") -> str:
        """Encrypt a secret to printable text, bound to ``context``."""
        plain = secret.encode() if isinstance(secret, str) else secret
        nonce = secrets.token_bytes(_NONCE)
        sealed = nonce + self._cipher.encrypt(nonce, plain, context.encode())
        return _VERSION + _text(sealed)

    def open(self, sealed: str, *, context: str = "") -> bytes:
        """The secret; ValueError when it was sealed with another key or context, or changed."""
        if not sealed.startswith(_VERSION):
            raise ValueError("not a sealed secret")
        text = sealed[len(_VERSION) :]
        try:
            raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            if _text(raw) != text:
                raise ValueError("one sealed value has one spelling")
            return self._cipher.decrypt(raw[:_NONCE], raw[_NONCE:], context.encode())
        except (binascii.Error, InvalidTag, ValueError) as error:
            raise ValueError("the sealed secret does not open with this key") from error


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _key(key_file: Path) -> bytes:
    """The key in the file; made when there is no file. Two servers that start at once agree on whichever file came first."""
    if not key_file.exists():
        _create(key_file)
    try:
        key = base64.b64decode(key_file.read_text("ascii").strip(), validate=True)
    except ValueError as error:
        raise ValueError(f"{key_file} does not hold a key; restore it from a backup") from error
    if len(key) != 32:
        raise ValueError(f"{key_file} does not hold a key of 32 bytes; restore it from a backup")
    return key


def _create(key_file: Path) -> None:
    key_file.parent.mkdir(parents=True, exist_ok=True)
    draft = key_file.with_name(f".{key_file.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(base64.b64encode(secrets.token_bytes(32)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, key_file)
        except FileExistsError:
            return  # another process was first; its key counts
        folder = os.open(key_file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        draft.unlink()
