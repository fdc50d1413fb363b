"""Making secrets and giving them new values."""

import re

from stageline.ports.api import ApiError, Context, NotImplementedHere, Request, Response
from stageline.ports.store import Doc, Store, WriteTx
from stageline.ports.vault import Vault
from stageline.services.secretsmanager import records, stages, tags
from stageline.services.secretsmanager.records import DAY, Value, invalid

LARGEST = 65_536
MOST_VERSIONS = 100
DEFAULT_KEY = "alias/aws/secretsmanager"
_NAME = re.compile(r"[A-Za-z0-9/_+=.@!-]{1,512}")


def create_secret(ctx: Context, request: Request, *, store: Store, vault: Vault) -> Response:
    """Make a secret, with its first version when a value is given. The same token and value again change nothing."""
    name = request["Name"]
    if not _NAME.fullmatch(name):
        text = "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!"
        raise ApiError("ValidationException", text)
    for member in ("AddReplicaRegions", "ForceOverwriteReplicaSecret", "CrossAccountPrimaryARN", "Type"):
        if request.get(member):
            raise NotImplementedHere(f"The member {member} of CreateSecret")
    value = _value(request)
    with store.write() as tx:
        tx.lock(f"{records.SECRET}/{name}")
        there = records.find(tx, name, ctx.now)
        if there is not None:
            return _existing(tx, vault, there, request, value)
        if forgotten := tx.get(records.SECRET, name):
            records.remove(tx, forgotten)
        secret: Doc = {
            "name": name,
            "arn": records.new_arn(ctx, name),
            "description": request.get("Description", ""),
            "key": _key(ctx, request) or "",
            "created": ctx.now,
            "changed": ctx.now,
            "accessed": None,
            "deleted": None,
            "tags": tags.checked(request.get("Tags", ())),
            "policy": "",
            "versions": {},
        }
        version = _add(tx, ctx, vault, secret, request, value, [stages.CURRENT]) if value else None
        if value is None:
            records.save(tx, secret)
    return {**records.identity(secret), "VersionId": version}


def _existing(tx: WriteTx, vault: Vault, secret: Doc, request: Request, value: Value | None) -> Response:
    if secret["deleted"] is not None:
        text = "You can't create this secret because a secret with this name is already scheduled for deletion."
        raise ApiError("InvalidRequestException", f"{text} Restore it, or delete it with ForceDeleteWithoutRecovery.")
    token = request.get("ClientRequestToken")
    if (
        value is not None
        and token is not None
        and token in secret["versions"]
        and records.value_of(tx, vault, secret, token) == value
    ):
        return {**records.identity(secret), "VersionId": token}
    raise ApiError("ResourceExistsException", f"The operation failed because the secret {secret['name']} already exists.")


def put_secret_value(ctx: Context, request: Request, *, store: Store, vault: Vault) -> Response:
    """Give a secret a new version, current unless other labels are named."""
    if request.get("RotationToken"):
        raise NotImplementedHere("The member RotationToken of PutSecretValue")
    value = _value(request)
    if value is None:
        raise ApiError("InvalidRequestException", "You must provide either SecretString or SecretBinary.")
    labels = list(dict.fromkeys(request.get("VersionStages") or [stages.CURRENT]))
    with store.write() as tx:
        secret = records.hold(tx, ctx, request["SecretId"])
        version = _add(tx, ctx, vault, secret, request, value, labels)
    return {**records.identity(secret), "VersionId": version, "VersionStages": secret["versions"][version]["stages"]}


def update_secret(ctx: Context, request: Request, *, store: Store, vault: Vault) -> Response:
    """Change the description; a value given becomes the current one."""
    if request.get("Type"):
        raise NotImplementedHere("The member Type of UpdateSecret")
    value = _value(request)
    with store.write() as tx:
        secret = records.hold(tx, ctx, request["SecretId"])
        secret["changed"] = ctx.now
        if "Description" in request:
            secret["description"] = request["Description"]
        if (key := _key(ctx, request)) is not None:
            secret["key"] = key
        version = _add(tx, ctx, vault, secret, request, value, [stages.CURRENT]) if value else None
        if value is None:
            records.save(tx, secret)
    return {**records.identity(secret), "VersionId": version}


def _value(request: Request) -> Value | None:
    text, binary = request.get("SecretString"), request.get("SecretBinary")
    if text is not None and binary is not None:
        raise invalid("You can't specify both a binary secret value and a string secret value in the same secret.")
    if text is None and binary is None:
        return None
    data = text.encode() if text is not None else bytes(binary or b"")
    if len(data) > LARGEST:
        raise invalid(f"The value of a secret has at most {LARGEST} bytes, and this one has {len(data)}.")
    if not request.get("ClientRequestToken"):
        raise invalid("You must provide a ClientRequestToken value. We recommend a UUID-type value.")
    return data, text is None


def _key(ctx: Context, request: Request) -> str | None:
    key: str | None = request.get("KmsKeyId")
    if key and key not in (DEFAULT_KEY, ctx.arn("kms", DEFAULT_KEY)):
        text = "Secrets Manager can't encrypt the protected secret text using the provided KMS key."
        raise ApiError("EncryptionFailure", f"{text} This server seals secrets with a key of its own: leave KmsKeyId out.")
    return key


def _add(tx: WriteTx, ctx: Context, vault: Vault, secret: Doc, request: Request, value: Value, labels: list[str]) -> str:
    """Store a version and the secret with it; a version that is there with this value is left as it is."""
    version: str = request["ClientRequestToken"]
    if version in secret["versions"]:
        if records.value_of(tx, vault, secret, version) != value:
            text = f"You can't use ClientRequestToken {version} because that value is already in use for a version of secret"
            raise ApiError("ResourceExistsException", f"{text} {secret['arn']}.")
        records.save(tx, secret)
        return version
    made = {**secret["versions"], version: {"created": ctx.now, "accessed": None, "stages": []}}
    secret["versions"] = _pruned(tx, ctx, secret, stages.moved(made, version, labels))
    secret["changed"] = ctx.now
    records.put_value(tx, vault, secret, version, value)
    records.save(tx, secret)
    return version


def _pruned(tx: WriteTx, ctx: Context, secret: Doc, versions: dict[str, Doc]) -> dict[str, Doc]:
    """Without the oldest versions that have no label and are older than a day, as far as there are too many."""
    old = [each for each, doc in versions.items() if not doc["stages"] and doc["created"] <= ctx.now - DAY]
    surplus = sorted(old, key=lambda each: (versions[each]["created"], each))[: max(0, len(versions) - MOST_VERSIONS)]
    if len(versions) - len(surplus) > MOST_VERSIONS:
        text = f"A secret keeps at most {MOST_VERSIONS} versions, and those without a label for a day at least"
        raise ApiError("LimitExceededException", f"{text}. Store new values less often.")
    for version in surplus:
        tx.delete(records.VALUE, records.value_key(secret, version))
    return {each: doc for each, doc in versions.items() if each not in surplus}
