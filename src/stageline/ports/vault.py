"""Secrets at rest: sealed text can be stored anywhere, only the holder of the server's key can open it."""

from typing import Protocol


class Vault(Protocol):
    """Authenticated encryption under the server's own key."""

    def seal(self, secret: bytes | str, *, context: str = "") -> str:
        """Encrypt a secret to printable text. ``context`` (a document's kind and key) must be given again to open it, so
        that a sealed value copied to another place does not open there."""
        ...

    def open(self, sealed: str, *, context: str = "") -> bytes:
        """The secret; raises ValueError when the text was not sealed with this key and context, or was changed."""
        ...
