"""Reading values: the only answers of this service that hold a secret."""

from collections.abc import Sequence
from typing import Any

from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.identity import Authorizer
from stageline.ports.store import Doc, ReadTx, Store
from stageline.ports.vault import Vault
from stageline.services.secretsmanager import authorization, records, stages
from stageline.services.secretsmanager.listing import matching
from stageline.services.secretsmanager.pages import after, token
from stageline.services.secretsmanager.records import DAY, invalid

BATCH = 20


def get_secret_value(ctx: Context, request: Request, *, store: Store, vault: Vault) -> Response:
    """The value of the current version, of another label's, or of a version id."""
    with store.read() as tx:
        secret = records.require_live(tx, ctx, request["SecretId"])
        version = _chosen(secret, request)
        answer = _shown(tx, vault, secret, version)
    _remember(ctx, store, secret, version)
    return answer


def _chosen(secret: Doc, request: Request) -> str:
    version, stage = request.get("VersionId"), request.get("VersionStage")
    versions = secret["versions"]
    if version is None:
        found = stages.holder(versions, stage or stages.CURRENT)
        if found is None:
            text = f"Secrets Manager can't find the specified secret value for staging label: {stage or stages.CURRENT}"
            raise ApiError("ResourceNotFoundException", text)
        return found
    if version not in versions:
        text = f"Secrets Manager can't find the specified secret value for VersionId: {version}"
        raise ApiError("ResourceNotFoundException", text)
    if stage is not None and stage not in versions[version]["stages"]:
        text = "You provided a VersionStage that is not associated to the provided VersionId."
        raise ApiError("InvalidRequestException", text)
    return str(version)


def _shown(tx: ReadTx, vault: Vault, secret: Doc, version: str) -> dict[str, Any]:
    data, binary = records.value_of(tx, vault, secret, version)
    doc = secret["versions"][version]
    return {
        **records.identity(secret),
        "VersionId": version,
        "SecretBinary" if binary else "SecretString": data if binary else data.decode(),
        "VersionStages": doc["stages"] or None,
        "CreatedDate": doc["created"],
    }


def _remember(ctx: Context, store: Store, secret: Doc, version: str) -> None:
    """The day of the last reading; written once a day."""
    today = ctx.now - ctx.now % DAY
    if secret["accessed"] == today and secret["versions"][version]["accessed"] == today:
        return
    with store.write() as tx:
        tx.lock(f"{records.SECRET}/{secret['name']}")
        found = tx.get(records.SECRET, secret["name"])
        if found is not None and found["arn"] == secret["arn"] and version in found["versions"]:
            found["accessed"] = found["versions"][version]["accessed"] = today
            records.save(tx, found)


def batch_get_secret_value(ctx: Context, request: Request, *, store: Store, vault: Vault, authorizer: Authorizer) -> Response:
    """The current values of up to 20 secrets; those that cannot be read are listed with the reason."""
    ids, filters = request.get("SecretIdList"), request.get("Filters")
    if bool(ids) == bool(filters):
        raise invalid("Give either SecretIdList or Filters.")
    if ids and ("MaxResults" in request or "NextToken" in request):
        raise invalid("MaxResults and NextToken go with Filters, not with SecretIdList.")
    following = None
    if filters:
        most = request.get("MaxResults", BATCH)
        start = after(request, str)
        with store.read() as tx:
            found = [each["name"] for each in matching(tx, ctx, filters) if each["deleted"] is None and each["name"] > start]
        ids = found[:most]
        following = token(ids[-1]) if len(found) > most else None
    values: list[Any] = []
    errors: list[Any] = []
    for secret_id in ids or ():
        one = {"SecretId": secret_id}
        try:
            authorizer.require(ctx, _question(ctx, one, store), service="secretsmanager")
            values.append(get_secret_value(ctx, one, store=store, vault=vault))
        except ApiError as error:
            errors.append({"SecretId": secret_id, "ErrorCode": error.code, "Message": error.message})
    return {"SecretValues": values, "Errors": errors, "NextToken": following}


def _question(ctx: Context, request: Request, store: Store) -> Sequence[Any]:
    return authorization.checks("get_secret_value", ctx, request, store=store)
