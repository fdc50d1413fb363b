"""Unguessable identifiers and secrets in AWS's forms."""

import secrets
import string

_BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_SECRET = string.ascii_letters + string.digits + "/+"
_PASSWORD = string.ascii_letters + string.digits + "/+="


def unique_id(prefix: str) -> str:
    """The id of an entity that is never used again: ``AIDA`` user, ``AGPA`` group, ``AROA`` role, ``ANPA`` policy."""
    return prefix + "".join(secrets.choice(_BASE32) for _ in range(17))


def key_id(prefix: str) -> str:
    """The id of a credential: ``AKIA`` long-lived key, ``ASIA`` temporary key, ``ACCA`` service-specific credential."""
    return prefix + "".join(secrets.choice(_BASE32) for _ in range(16))


def secret_key() -> str:
    """The secret of an access key: 40 characters, 240 bits."""
    return "".join(secrets.choice(_SECRET) for _ in range(40))


def git_password() -> str:
    """A service-specific password: 44 characters."""
    return "".join(secrets.choice(_PASSWORD) for _ in range(43)) + "="
