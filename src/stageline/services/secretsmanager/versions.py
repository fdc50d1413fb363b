"""The versions of a secret and their staging labels."""

from typing import Any

from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.store import Doc, Store
from stageline.services.secretsmanager import records, stages
from stageline.services.secretsmanager.pages import after, token
from stageline.services.secretsmanager.records import invalid

PAGE = 100


def list_secret_version_ids(ctx: Context, request: Request, *, store: Store) -> Response:
    """Versions, oldest first; those without a label only on demand."""
    with store.read() as tx:
        secret = records.require(tx, ctx, request["SecretId"])
    listed = [
        (f"{doc['created']:015d}/{version}", _shown(version, doc))
        for version, doc in secret["versions"].items()
        if doc["stages"] or request.get("IncludeDeprecated")
    ]
    start = after(request, str)
    listed = sorted((pair for pair in listed if pair[0] > start), key=lambda pair: pair[0])
    most = request.get("MaxResults", PAGE)
    following = token(listed[most - 1][0]) if len(listed) > most else None
    return {"Versions": [shown for _, shown in listed[:most]], "NextToken": following, **records.identity(secret)}


def _shown(version: str, doc: Doc) -> dict[str, Any]:
    return {
        "VersionId": version,
        "VersionStages": doc["stages"] or None,
        "LastAccessedDate": doc["accessed"],
        "CreatedDate": doc["created"],
        "KmsKeyIds": ["DefaultEncryptionKey"],
    }


def update_secret_version_stage(ctx: Context, request: Request, *, store: Store) -> Response:
    """Move a label to a version, or take it off the one it lies on."""
    stage, source, target = request["VersionStage"], request.get("RemoveFromVersionId"), request.get("MoveToVersionId")
    if source is None and target is None:
        raise invalid("Give MoveToVersionId, RemoveFromVersionId, or both.")
    with store.write() as tx:
        secret = records.hold(tx, ctx, request["SecretId"])
        versions = secret["versions"]
        for version in (source, target):
            if version is not None and version not in versions:
                text = f"Secrets Manager can't find the specified secret value for VersionId: {version}"
                raise ApiError("ResourceNotFoundException", text)
        _check(versions, stage, source, target)
        made = stages.moved(versions, target, [stage]) if target else stages.without(versions, [stage])
        records.save(tx, {**secret, "versions": made, "changed": ctx.now})
    return records.identity(secret)


def _check(versions: dict[str, Doc], stage: str, source: str | None, target: str | None) -> None:
    holder = stages.holder(versions, stage)
    if target is None and stage == stages.CURRENT:
        text = "You can only move staging label AWSCURRENT to a different secret version. It can't be completely removed."
        raise invalid(text)
    if source is not None and source != holder:
        raise invalid(f"The staging label {stage} is not attached to version {source}, so it can't be removed from it.")
    if source is None and holder is not None and holder != target:
        text = f"The parameter RemoveFromVersionId can't be empty. Staging label {stage} is currently attached to version"
        raise invalid(f"{text} {holder}, so you must explicitly reference that version in RemoveFromVersionId.")
