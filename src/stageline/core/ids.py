"""Ids derived from entropy that arrives inside an event, so that the same event always makes the same ids."""

import hashlib
from dataclasses import dataclass, field

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def derived_uuid(*parts: str) -> str:
    """A lower-case version 4 UUID that depends on nothing but ``parts``."""
    digest = bytearray(hashlib.sha256("\x1f".join(parts).encode()).digest()[:16])
    digest[6] = (digest[6] & 0x0F) | 0x40
    digest[8] = (digest[8] & 0x3F) | 0x80
    text = digest.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def derived_tail(*parts: str, length: int = 7) -> str:
    """``length`` letters and digits that depend on nothing but ``parts`` (the last part of an artifact's key)."""
    number = int.from_bytes(hashlib.sha256("\x1f".join(parts).encode()).digest(), "big")
    letters = []
    for _ in range(length):
        number, digit = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[digit])
    return "".join(letters)


@dataclass
class IdSource:
    """Hands out ids in order from one event's entropy; two sources with the same entropy hand out the same ids."""

    entropy: str
    count: int = field(default=0)

    def uuid(self) -> str:
        """The next id, unguessable to whoever does not know the entropy."""
        self.count += 1
        return derived_uuid(self.entropy, str(self.count))
