"""How secrets are kept and found.

``secretsmanager.secret`` name → {name, arn, description, created, changed, accessed, deleted (the instant from which it is gone,
or None), tags, policy, versions: {version id → {created, accessed, stages}}}
``secretsmanager.value`` name, random characters and version id → {sealed, binary}

Values lie apart, so that no listing ever opens or even reads one.
"""

import secrets
import string
from typing import Any

from stageline.core import arn as arns
from stageline.ports.api import ApiError, Context
from stageline.ports.store import Doc, ReadTx, WriteTx
from stageline.ports.vault import Vault

SECRET = "secretsmanager.secret"
VALUE = "secretsmanager.value"
SUFFIX = 6
DAY = 24 * 3_600_000

Value = tuple[bytes, bool]
"""A secret's value: its bytes, and whether they were given as binary."""


def new_arn(ctx: Context, name: str) -> str:
    """An ARN that no secret has had before."""
    letters = string.ascii_letters + string.digits
    return ctx.arn("secretsmanager", f"secret:{name}-{''.join(secrets.choice(letters) for _ in range(SUFFIX))}")


def find(tx: ReadTx, secret_id: str, now: int) -> Doc | None:
    """The secret of a name, an ARN, or an ARN without its random characters; None when there is none or it is gone."""
    found = _named(tx, secret_id)
    gone = found is not None and found["deleted"] is not None and found["deleted"] <= now
    return None if gone else found


def _named(tx: ReadTx, secret_id: str) -> Doc | None:
    parsed = arns.parse(secret_id) if secret_id.startswith("arn:") else None
    if parsed is None or parsed.service != "secretsmanager" or not parsed.resource.startswith("secret:"):
        return tx.get(SECRET, secret_id)
    rest = parsed.resource.removeprefix("secret:")
    whole = tx.get(SECRET, rest[: -SUFFIX - 1]) if len(rest) > SUFFIX + 1 else None
    if whole is not None and whole["arn"] == secret_id:
        return whole
    partial = tx.get(SECRET, rest)
    return partial if partial is not None and partial["arn"][: -SUFFIX - 1] == secret_id else None


def require(tx: ReadTx, ctx: Context, secret_id: str) -> Doc:
    """The secret, also one that waits for its deletion; ResourceNotFoundException."""
    found = find(tx, secret_id, ctx.now)
    if found is None:
        raise ApiError("ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
    return found


def require_live(tx: ReadTx, ctx: Context, secret_id: str) -> Doc:
    """The secret; ResourceNotFoundException, or InvalidRequestException when it waits for its deletion."""
    found = require(tx, ctx, secret_id)
    if found["deleted"] is not None:
        text = "You can't perform this operation on the secret because it was marked for deletion."
        raise ApiError("InvalidRequestException", f"{text} RestoreSecret takes it back.")
    return found


def hold(tx: WriteTx, ctx: Context, secret_id: str) -> Doc:
    """As ``require_live``, and nobody else changes the secret until the transaction ends."""
    found = require_live(tx, ctx, secret_id)
    tx.lock(f"{SECRET}/{found['name']}")
    return require_live(tx, ctx, secret_id)


def save(tx: WriteTx, secret: Doc) -> None:
    """Store a secret."""
    tx.put(SECRET, secret["name"], secret)


def remove(tx: WriteTx, secret: Doc) -> None:
    """Forget a secret with all its values."""
    for version in secret["versions"]:
        tx.delete(VALUE, value_key(secret, version))
    tx.delete(SECRET, secret["name"])


def value_key(secret: Doc, version: str) -> str:
    """Where the value of a version lies; a secret that is made again has other places."""
    return f"{secret['arn'].partition(':secret:')[2]}/{version}"


def put_value(tx: WriteTx, vault: Vault, secret: Doc, version: str, value: Value) -> None:
    """Seal and store the value of a version."""
    key = value_key(secret, version)
    data, binary = value
    tx.put(VALUE, key, {"sealed": vault.seal(data, context=f"{VALUE}/{key}"), "binary": binary})


def value_of(tx: ReadTx, vault: Vault, secret: Doc, version: str) -> Value:
    """The value of a version; DecryptionFailure when the server's key does not open it."""
    key = value_key(secret, version)
    stored = tx.get(VALUE, key)
    try:
        if stored is None:
            raise ValueError("the value is not there")
        return vault.open(stored["sealed"], context=f"{VALUE}/{key}"), bool(stored["binary"])
    except ValueError as error:
        text = "Secrets Manager can't decrypt the protected secret text using the provided KMS key."
        raise ApiError("DecryptionFailure", f"{text} The server's key file is not the one it was stored with.") from error


def identity(secret: Doc) -> dict[str, Any]:
    """The members that nearly every answer begins with."""
    return {"ARN": secret["arn"], "Name": secret["name"]}


def invalid(message: str) -> ApiError:
    """The refusal of a parameter that makes no sense."""
    return ApiError("InvalidParameterException", message)
