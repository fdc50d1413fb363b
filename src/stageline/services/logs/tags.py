"""Tags of log groups, by the older operations (name) and the newer ones (ARN)."""

from collections.abc import Mapping, Sequence

from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.store import Store
from stageline.services.logs.records import GROUP, find_group, group_of

LIMIT = 50


def tag_resource(ctx: Context, request: Request, *, store: Store) -> Response:
    """Add tags to a group, or change their values."""
    return _tag(store, group_of(request["resourceArn"]), request["tags"])


def untag_resource(ctx: Context, request: Request, *, store: Store) -> Response:
    """Take tags off a group; keys that it does not have are no error."""
    return _untag(store, group_of(request["resourceArn"]), request["tagKeys"])


def list_tags_for_resource(ctx: Context, request: Request, *, store: Store) -> Response:
    """All tags of a group."""
    with store.read() as tx:
        return {"tags": dict(find_group(tx, group_of(request["resourceArn"]))["tags"])}


def tag_log_group(ctx: Context, request: Request, *, store: Store) -> Response:
    """Add tags to a group, or change their values."""
    return _tag(store, request["logGroupName"], request["tags"])


def untag_log_group(ctx: Context, request: Request, *, store: Store) -> Response:
    """Take tags off a group; keys that it does not have are no error."""
    return _untag(store, request["logGroupName"], request["tags"])


def list_tags_log_group(ctx: Context, request: Request, *, store: Store) -> Response:
    """All tags of a group."""
    with store.read() as tx:
        return {"tags": dict(find_group(tx, request["logGroupName"])["tags"])}


def check_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """The tags, found good; ApiError otherwise."""
    if len(tags) > LIMIT:
        raise ApiError("InvalidParameterException", f"A log group has at most {LIMIT} tags.")
    if any(key.lower().startswith("aws:") for key in tags):
        raise ApiError("InvalidParameterException", "Tags that begin with aws: are the system's own.")
    return dict(tags)


def _tag(store: Store, name: str, tags: Mapping[str, str]) -> Response:
    with store.write() as tx:
        tx.lock(f"logs/{name}")
        doc = find_group(tx, name)
        tx.put(GROUP, name, {**doc, "tags": check_tags({**doc["tags"], **check_tags(tags)})})
    return {}


def _untag(store: Store, name: str, keys: Sequence[str]) -> Response:
    with store.write() as tx:
        tx.lock(f"logs/{name}")
        doc = find_group(tx, name)
        tx.put(GROUP, name, {**doc, "tags": {key: value for key, value in doc["tags"].items() if key not in keys}})
    return {}
