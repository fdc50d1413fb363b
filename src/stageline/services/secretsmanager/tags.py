"""Tags of secrets."""

from collections.abc import Mapping, Sequence

from stageline.ports.api import Context, Request, Response
from stageline.ports.store import Store
from stageline.services.secretsmanager import records
from stageline.services.secretsmanager.records import invalid

MOST = 50


def checked(given: Sequence[Mapping[str, str]], before: Mapping[str, str] | None = None) -> dict[str, str]:
    """All tags once those given are added; InvalidParameterException."""
    found = dict(before or {})
    keys = [tag.get("Key") or "" for tag in given]
    if not all(keys):
        raise invalid("A tag needs a Key.")
    if len(set(keys)) < len(keys):
        raise invalid("A tag key comes twice. Give each key once.")
    if any(key.lower().startswith("aws:") for key in keys):
        raise invalid("Tag keys that begin with aws: are the system's own.")
    found |= {key: tag.get("Value") or "" for key, tag in zip(keys, given, strict=True)}
    if len(found) > MOST:
        raise invalid(f"A secret has at most {MOST} tags.")
    return found


def shown(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Tags as the API lists them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def tag_resource(ctx: Context, request: Request, *, store: Store) -> Response:
    """Add tags, or change their values."""
    with store.write() as tx:
        secret = records.hold(tx, ctx, request["SecretId"])
        records.save(tx, {**secret, "tags": checked(request["Tags"], secret["tags"])})
    return {}


def untag_resource(ctx: Context, request: Request, *, store: Store) -> Response:
    """Take tags off; keys that are not there are no error."""
    with store.write() as tx:
        secret = records.hold(tx, ctx, request["SecretId"])
        kept = {key: value for key, value in secret["tags"].items() if key not in request["TagKeys"]}
        records.save(tx, {**secret, "tags": kept})
    return {}
