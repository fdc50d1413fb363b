"""Passwords as they are stored: scrypt with a salt of the user's own.

All passwords that one user has had share the salt, so that one computation tells whether a new one was used before.
"""

import hashlib
import hmac
import secrets

_COST, _BLOCK, _LANES = 2**15, 8, 1
_MEMORY = 64 * 1024 * 1024


def new_salt() -> str:
    """A salt for a new login profile."""
    return secrets.token_hex(16)


def hashed(salt: str, password: str) -> str:
    """The stored form, which names its parameters; takes tenths of a second, so never inside a transaction."""
    raw = hashlib.scrypt(password.encode(), salt=bytes.fromhex(salt), n=_COST, r=_BLOCK, p=_LANES, maxmem=_MEMORY)
    return f"scrypt${_COST}${_BLOCK}${_LANES}${raw.hex()}"


def same(one: str, other: str) -> bool:
    """Whether two stored forms are equal, in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())
