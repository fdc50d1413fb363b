"""Temporary credentials: everything about a session lies sealed in its token, so that making one writes nothing.

The token holds names and ids only, never rights: those are read from the store at each request, and a session whose role,
user or key is gone is refused from then on.
"""

import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from stageline.ports.vault import Vault
from stageline.services.iam.model.ids import key_id, secret_key

_CONTEXT = "iam.session"


@dataclass(frozen=True)
class Session:
    """Who a session is: ``unique`` is the id of its role or user (empty: root), ``parent`` the key that obtained it, ``bond``
    what has to go on for it to be valid, ``origin`` the person who began the chain of roles."""

    word: Literal["role", "user", "root"]
    unique: str
    issued: int
    expires: int
    name: str = ""
    policy: str = ""
    parent: str = ""
    source_identity: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    transitive: tuple[str, ...] = ()
    bond: str = ""
    origin: str = ""


@dataclass(frozen=True)
class Token:
    """A session's credentials."""

    access_key_id: str
    secret: str = field(repr=False)
    text: str = field(repr=False)


def mint(vault: Vault, session: Session) -> Token:
    """New credentials for a session."""
    unique, secret = key_id("ASIA"), secret_key()
    payload = json.dumps({"key": unique, "secret": secret, **asdict(session)}, separators=(",", ":"))
    return Token(unique, secret, vault.seal(zlib.compress(payload.encode()), context=_CONTEXT))


def read(vault: Vault, access_key_id: str, text: str) -> tuple[Session, Token] | None:
    """The session of a token, or None when this server did not make it for that key."""
    try:
        payload: dict[str, Any] = json.loads(zlib.decompress(vault.open(text, context=_CONTEXT)))
    except (ValueError, zlib.error):
        return None
    key, secret = payload.pop("key"), payload.pop("secret")
    if key != access_key_id:
        return None
    return Session(**{**payload, "transitive": tuple(payload["transitive"])}), Token(key, secret, text)
