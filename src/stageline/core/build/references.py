"""References to secrets in build specs and variables: ``secret-id:json-key:version-stage:version-id``, trailing parts left out.

The secret's id may be an ARN, which has colons of its own.
"""

import json
from dataclasses import dataclass
from typing import Any

_ARN_FIELDS = 7


@dataclass(frozen=True)
class SecretReference:
    """Which part of which version of a secret; "" for what is not said."""

    secret: str
    json_key: str = ""
    stage: str = ""
    version: str = ""


def read(text: str) -> SecretReference:
    """Understand a reference; ValueError says what is wrong with it."""
    fields = text.split(":")
    length = _ARN_FIELDS if text.startswith("arn:") else 1
    secret, rest = ":".join(fields[:length]), fields[length:]
    if len(fields) < length or not secret:
        raise ValueError(f"'{text}' does not name a secret")
    if len(rest) > 3:
        raise ValueError(f"'{text}' has too many parts: expected secret-id:json-key:version-stage:version-id")
    json_key, stage, version = [*rest, "", "", ""][:3]
    if stage and version:
        raise ValueError(f"'{text}' has a version stage and a version id: give one of them")
    return SecretReference(secret, json_key, stage, version)


def part(value: str, json_key: str) -> str:
    """The member of a secret that is a JSON object, as text; ValueError (without the value) when there is none."""
    try:
        found: Any = json.loads(value)
    except (ValueError, RecursionError):
        raise ValueError("the secret is not a JSON object, so it has no keys") from None
    if not isinstance(found, dict):
        raise ValueError("the secret is not a JSON object, so it has no keys")
    if json_key not in found:
        raise ValueError(f"the secret has no key '{json_key}'")
    member = found[json_key]
    return member if isinstance(member, str) else json.dumps(member, separators=(",", ":"), ensure_ascii=False)
