"""Log groups: making, listing, deleting, how long they keep their events."""

from stageline.ports.api import ApiError, Context, NotImplementedHere, Request, Response
from stageline.ports.store import Doc, ReadTx, Store
from stageline.services.logs.pages import parts, token
from stageline.services.logs.records import GROUP, SEPARATOR, STREAM, find_group, group_arn, group_of, horizon
from stageline.services.logs.tags import check_tags

DAYS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)


def create_log_group(ctx: Context, request: Request, *, store: Store) -> Response:
    """Make a group."""
    name = request["logGroupName"]
    if request.get("kmsKeyId"):
        raise NotImplementedHere("Encrypting a log group with a key of your own (kmsKeyId)")
    doc = {
        "created": ctx.now,
        "tags": check_tags(request.get("tags", {})),
        "class": request.get("logGroupClass", "STANDARD"),
        "protected": bool(request.get("deletionProtectionEnabled")),
    }
    with store.write() as tx:
        if not tx.insert(GROUP, name, doc):
            raise ApiError("ResourceAlreadyExistsException", f"There is a log group {name} already.")
    return {}


def delete_log_group(ctx: Context, request: Request, *, store: Store) -> Response:
    """Delete a group with all its streams and events."""
    name = request["logGroupName"]
    with store.write() as tx:
        if find_group(tx, name)["protected"]:
            raise ApiError("ValidationException", f"The log group {name} is protected against deletion.")
        for key, _ in tx.scan(STREAM, name + SEPARATOR):
            tx.forget(f"logs/{key}")
            tx.delete(STREAM, key)
        tx.delete(GROUP, name)
    return {}


def describe_log_groups(ctx: Context, request: Request, *, store: Store) -> Response:
    """List groups by name: those with a prefix, with a pattern in their name, or chosen ones."""
    prefix, pattern = request.get("logGroupNamePrefix", ""), request.get("logGroupNamePattern", "")
    chosen = {group_of(identifier) for identifier in request.get("logGroupIdentifiers", ())}
    if bool(prefix) + bool(pattern) + bool(chosen) > 1:
        raise ApiError("InvalidParameterException", "Give one of logGroupNamePrefix, logGroupNamePattern, logGroupIdentifiers.")
    limit = request.get("limit", 50)
    after = parts(request["nextToken"], str)[0] if "nextToken" in request else ""
    found: list[Response] = []
    with store.read() as tx:
        for name, doc in tx.scan(GROUP, prefix, after=after):
            if pattern.lower() not in name.lower() or (chosen and name not in chosen):
                continue
            if request.get("logGroupClass", doc["class"]) != doc["class"]:
                continue
            if len(found) == limit:
                return {"logGroups": found, "nextToken": token(found[-1]["logGroupName"])}
            found.append(_shape(ctx, tx, name, doc))
    return {"logGroups": found}


def put_retention_policy(ctx: Context, request: Request, *, store: Store) -> Response:
    """Keep the events of a group for some days only."""
    days = request["retentionInDays"]
    if days not in DAYS:
        raise ApiError("InvalidParameterException", f"retentionInDays is one of {', '.join(map(str, DAYS))}.")
    return _retain(store, request["logGroupName"], days)


def delete_retention_policy(ctx: Context, request: Request, *, store: Store) -> Response:
    """Keep the events of a group for ever."""
    return _retain(store, request["logGroupName"], None)


def _retain(store: Store, name: str, days: int | None) -> Response:
    with store.write() as tx:
        tx.lock(f"logs/{name}")
        tx.put(GROUP, name, {**find_group(tx, name), "retention": days})
    return {}


def sweep_expired(store: Store, now: int) -> int:
    """Drop the lines of streams whose last event has expired; returns how many streams were emptied.

    Expired events in front of younger ones are invisible at once and dropped with the last of their stream.
    """
    with store.read() as tx:
        groups = {name: since for name, doc in tx.scan(GROUP) if (since := horizon(doc, now))}
        old = [
            key
            for name, since in groups.items()
            for key, doc in tx.scan(STREAM, name + SEPARATOR)
            if doc["next"] and doc["last"] < since
        ]
    emptied = 0
    for key in old:
        with store.write() as tx:
            tx.lock(f"logs/{key}")
            doc = tx.get(STREAM, key)
            if doc is None or not doc["next"] or doc["last"] >= groups[key.partition(SEPARATOR)[0]]:
                continue
            tx.forget(f"logs/{key}")
            tx.put(STREAM, key, {**doc, **EMPTY})
            emptied += 1
    return emptied


EMPTY: Doc = {"next": 0, "bytes": 0, "first": None, "last": None, "ordered": True}
"""What a stream's document says of a stream without events."""


def _shape(ctx: Context, tx: ReadTx, name: str, doc: Doc) -> Response:
    arn = group_arn(ctx, name)
    return {
        "logGroupName": name,
        "creationTime": doc["created"],
        "retentionInDays": doc.get("retention"),
        "metricFilterCount": 0,
        "arn": f"{arn}:*",
        "logGroupArn": arn,
        "storedBytes": sum(stream["bytes"] for _, stream in tx.scan(STREAM, name + SEPARATOR)),
        "logGroupClass": doc["class"],
        "deletionProtectionEnabled": doc["protected"],
    }
