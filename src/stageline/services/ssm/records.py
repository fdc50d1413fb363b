"""How parameters are kept and found.

``ssm.parameter`` name → {name, type, tier, version (the latest), first (the oldest kept), labels: {label → version}, tags}
``ssm.version`` name:number → {value (as given, or sealed), sealed, type, key, description, pattern, tier, modified, user}
"""

import base64
from typing import Any

from stageline.ports.api import ApiError, Context
from stageline.ports.store import Doc, ReadTx
from stageline.ports.vault import Vault
from stageline.services.ssm import names

PARAMETER = "ssm.parameter"
VERSION = "ssm.version"
SECURE = "SecureString"


def version_key(name: str, number: int) -> str:
    """Where a version lies: after the lower numbers of its parameter."""
    return f"{name}:{number:012d}"


def context(name: str, number: int) -> str:
    """What a sealed value is bound to."""
    return f"{VERSION}/{version_key(name, number)}"


def find(tx: ReadTx, text: str) -> Doc | None:
    """The parameter of a name or ARN, whatever selector follows."""
    return next((doc for name in names.wanted(text).names if (doc := tx.get(PARAMETER, name)) is not None), None)


def require(tx: ReadTx, text: str) -> Doc:
    """The parameter of a name or ARN; ParameterNotFound."""
    found = find(tx, text)
    if found is None:
        raise ApiError("ParameterNotFound", f"Parameter {text} not found.")
    return found


def selected(parameter: Doc, selector: str) -> int | None:
    """The number of the version that a selector means, None when it means none."""
    if not selector:
        return int(parameter["version"])
    if selector.isascii() and selector.isdigit():
        number = int(selector[:12])
        return number if parameter["first"] <= number <= parameter["version"] else None
    found: int | None = parameter["labels"].get(selector)
    return found


def version(tx: ReadTx, name: str, number: int) -> Doc:
    """A version that there is."""
    found = tx.get(VERSION, version_key(name, number))
    if found is None:
        raise RuntimeError(f"version {number} of the parameter {name} is not stored")
    return found


def value(vault: Vault, name: str, number: int, found: Doc, *, decrypt: bool) -> str:
    """The value, that of a SecureString in clear only with ``decrypt``; InvalidKeyId when the server's key does not open it."""
    text: str = found["value"]
    if not found["sealed"]:
        return text
    if not decrypt:
        return base64.b64encode(text.encode()).decode()
    try:
        return vault.open(text, context=context(name, number)).decode()
    except ValueError as error:
        raise ApiError("InvalidKeyId", "The server's key file is not the one the parameter was stored with.") from error


def shown(ctx: Context, vault: Vault, name: str, number: int, found: Doc, *, decrypt: bool) -> dict[str, Any]:
    """A version as the reading operations show it (``Parameter``)."""
    return {
        "Name": name,
        "Type": found["type"],
        "Value": value(vault, name, number, found, decrypt=decrypt),
        "Version": number,
        "LastModifiedDate": found["modified"],
        "ARN": names.arn(ctx, name),
        "DataType": "text",
    }


def described(number: int, found: Doc) -> dict[str, Any]:
    """What is known of a version beside its value."""
    return {
        "Type": found["type"],
        "KeyId": found["key"] or None,
        "LastModifiedDate": found["modified"],
        "LastModifiedUser": found["user"],
        "Description": found["description"] or None,
        "AllowedPattern": found["pattern"] or None,
        "Version": number,
        "Tier": found["tier"],
        "Policies": [],
        "DataType": "text",
    }
