"""What each operation of Secrets Manager asks of the caller: its own permission on the secret's ARN, with the secret's policy.

A secret that does not exist (yet) is asked about under the ARN that it would get, ``secret:NAME-??????``.
"""

from collections.abc import Sequence

from stageline.ports.api import Context, Request
from stageline.ports.identity import Check
from stageline.ports.store import Doc, Store
from stageline.services.secretsmanager import policies, records

_OF_SECRETS = {
    "create_secret": "CreateSecret",
    "delete_resource_policy": "DeleteResourcePolicy",
    "delete_secret": "DeleteSecret",
    "describe_secret": "DescribeSecret",
    "get_resource_policy": "GetResourcePolicy",
    "get_secret_value": "GetSecretValue",
    "list_secret_version_ids": "ListSecretVersionIds",
    "put_resource_policy": "PutResourcePolicy",
    "put_secret_value": "PutSecretValue",
    "restore_secret": "RestoreSecret",
    "tag_resource": "TagResource",
    "untag_resource": "UntagResource",
    "update_secret": "UpdateSecret",
    "update_secret_version_stage": "UpdateSecretVersionStage",
    "validate_resource_policy": "ValidateResourcePolicy",
}
_OF_ALL = {
    "batch_get_secret_value": "BatchGetSecretValue",
    "get_random_password": "GetRandomPassword",
    "list_secrets": "ListSecrets",
}
_MIRRORED = {
    "VersionId": "VersionId",
    "VersionStage": "VersionStage",
    "Name": "Name",
    "Description": "Description",
    "KmsKeyId": "KmsKeyId",
    "ForceDeleteWithoutRecovery": "ForceDeleteWithoutRecovery",
    "RecoveryWindowInDays": "RecoveryWindowInDays",
    "BlockPublicPolicy": "BlockPublicPolicy",
}


def checks(operation: str, ctx: Context, request: Request, *, store: Store) -> Sequence[Check]:
    """The questions that a request raises."""
    secret_id = request.get("Name") if operation == "create_secret" else request.get("SecretId")
    if operation in _OF_ALL or secret_id is None:
        asked = [Check(f"secretsmanager:{_OF_ALL.get(operation) or _OF_SECRETS[operation]}")]
        # Filters find secrets by name, description and tag: what a listing tells.
        return [*asked, Check("secretsmanager:ListSecrets")] if "Filters" in request and operation != "list_secrets" else asked
    with store.read() as tx:
        secret = None if operation == "create_secret" else records.find(tx, secret_id, ctx.now)
    arn = secret["arn"] if secret else _expected(ctx, secret_id)
    keys = _keys(request, arn, secret)
    policy = policies.parsed(secret["policy"]) if secret and secret["policy"] else None
    # The characters behind the name are random so that nobody knows them who may not read them.
    asked = [Check(f"secretsmanager:{_OF_SECRETS[operation]}", (arn,), keys, policy, told=secret_id)]
    if operation == "create_secret" and request.get("Tags"):
        asked.append(Check("secretsmanager:TagResource", (arn,), keys))
    return asked


def _expected(ctx: Context, secret_id: str) -> str:
    if secret_id.startswith("arn:"):
        return secret_id
    return ctx.arn("secretsmanager", f"secret:{secret_id}-{'?' * records.SUFFIX}")


def _keys(request: Request, arn: str, secret: Doc | None) -> dict[str, str | tuple[str, ...]]:
    keys: dict[str, str | tuple[str, ...]] = {"secretsmanager:SecretId": arn}
    for member, name in _MIRRORED.items():
        if member in request:
            keys[f"secretsmanager:{name}"] = _text(request[member])
    for tag, value in (secret["tags"] if secret else {}).items():
        keys[f"aws:ResourceTag/{tag}"] = keys[f"secretsmanager:ResourceTag/{tag}"] = value
    given = {each.get("Key") or "": each.get("Value") or "" for each in request.get("Tags", ())}
    keys |= {f"aws:RequestTag/{tag}": value for tag, value in given.items()}
    named = tuple(given) or tuple(request.get("TagKeys", ()))
    return keys | ({"aws:TagKeys": named} if named else {})


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
