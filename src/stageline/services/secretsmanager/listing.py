"""Describing and listing secrets; never their values."""

from collections.abc import Mapping, Sequence
from typing import Any

from stageline.ports.api import Context, Request, Response
from stageline.ports.store import Doc, ReadTx, Store
from stageline.services.secretsmanager import records, tags
from stageline.services.secretsmanager.pages import after, refusal, token
from stageline.services.secretsmanager.records import invalid

PAGE = 100
_SORTED = {"created-date": "created", "last-accessed-date": "accessed", "last-changed-date": "changed", "name": "name"}


def describe_secret(ctx: Context, request: Request, *, store: Store) -> Response:
    """Everything about a secret but its values; also of one that waits for its deletion."""
    with store.read() as tx:
        secret = records.require(tx, ctx, request["SecretId"])
    return {**_shown(secret), "VersionIdsToStages": _labelled(secret)}


def _shown(secret: Doc) -> dict[str, Any]:
    return {
        **records.identity(secret),
        "Description": secret["description"] or None,
        "KmsKeyId": secret["key"] or None,
        "LastChangedDate": secret["changed"],
        "LastAccessedDate": secret["accessed"],
        "DeletedDate": secret["deleted"],
        "CreatedDate": secret["created"],
        "Tags": tags.shown(secret["tags"]) or None,
    }


def _labelled(secret: Doc) -> dict[str, Any] | None:
    return {version: doc["stages"] for version, doc in secret["versions"].items() if doc["stages"]} or None


def list_secrets(ctx: Context, request: Request, *, store: Store) -> Response:
    """Secrets in the order asked for, by their creation otherwise."""
    member = _SORTED[request.get("SortBy", "created-date")]
    reverse = request.get("SortOrder", "asc") == "desc"
    with store.read() as tx:
        found = matching(tx, ctx, request.get("Filters", ()))
    if not request.get("IncludePlannedDeletion"):
        found = [each for each in found if each["deleted"] is None]
    keyed = sorted((([each[member] or 0 if member != "name" else 0, each["name"]], each) for each in found), key=_first)
    if reverse:
        keyed.reverse()
    start = after(request, list)
    if start:
        if [type(each) for each in start] != [int, str]:
            raise refusal()
        keyed = [pair for pair in keyed if (pair[0] < start if reverse else pair[0] > start)]
    most = request.get("MaxResults", PAGE)
    shown = [{**_shown(secret), "SecretVersionsToStages": _labelled(secret)} for _, secret in keyed[:most]]
    return {"SecretList": shown, "NextToken": token(keyed[most - 1][0]) if len(keyed) > most else None}


def _first(pair: tuple[list[Any], Doc]) -> list[Any]:
    return pair[0]


def matching(tx: ReadTx, ctx: Context, filters: Sequence[Mapping[str, Any]]) -> list[Doc]:
    """Secrets that are not gone and pass every filter, by name; InvalidParameterException."""
    for each in filters:
        if not each.get("Key") or not each.get("Values"):
            raise invalid("A filter needs a Key and Values.")
    found = [doc for _, doc in tx.scan(records.SECRET) if doc["deleted"] is None or doc["deleted"] > ctx.now]
    return [doc for doc in found if all(_passes(ctx, doc, each) for each in filters)]


def _passes(ctx: Context, secret: Doc, chosen: Mapping[str, Any]) -> bool:
    """One of the values must fit; one that begins with ``!`` must not."""
    key, values = chosen["Key"], chosen["Values"]
    wanted = [value for value in values if not value.startswith("!")]
    unwanted = [value[1:] for value in values if value.startswith("!")]
    fits = not wanted or any(_fits(ctx, secret, key, value) for value in wanted)
    return fits and not any(_fits(ctx, secret, key, value) for value in unwanted)


def _fits(ctx: Context, secret: Doc, key: str, value: str) -> bool:
    if key == "description":
        return bool(secret["description"].lower().startswith(value.lower()))
    texts = {
        "name": [secret["name"]],
        "tag-key": list(secret["tags"]),
        "tag-value": list(secret["tags"].values()),
        "primary-region": [ctx.region],
        "owning-service": [],
    }
    if key != "all":
        return any(text.startswith(value) for text in texts[key])
    everything = " ".join([secret["description"], *(text for each in texts.values() for text in each)]).lower()
    return all(word in everything for word in value.lower().split())
