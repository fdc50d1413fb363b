"""Log streams: making, listing, deleting."""

from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.store import Doc, Store
from stageline.services.logs.groups import EMPTY
from stageline.services.logs.pages import parts, token
from stageline.services.logs.records import SEPARATOR, STREAM, find_group, find_stream, group_arn, identified, stream_key


def create_log_stream(ctx: Context, request: Request, *, store: Store) -> Response:
    """Make a stream in a group."""
    group, stream = request["logGroupName"], request["logStreamName"]
    with store.write() as tx:
        find_group(tx, group)
        if not tx.insert(STREAM, stream_key(group, stream), {**EMPTY, "created": ctx.now, "ingested": None}):
            raise ApiError("ResourceAlreadyExistsException", f"There is a log stream {stream} in {group} already.")
    return {}


def delete_log_stream(ctx: Context, request: Request, *, store: Store) -> Response:
    """Delete a stream with its events."""
    group, stream = request["logGroupName"], request["logStreamName"]
    key = stream_key(group, stream)
    with store.write() as tx:
        tx.lock(f"logs/{key}")
        find_stream(tx, group, stream)
        tx.forget(f"logs/{key}")
        tx.delete(STREAM, key)
    return {}


def describe_log_streams(ctx: Context, request: Request, *, store: Store) -> Response:
    """List the streams of a group, by name or by their last event."""
    group, prefix = identified(request), request.get("logStreamNamePrefix", "")
    limit, reverse = request.get("limit", 50), bool(request.get("descending"))
    by_time = request.get("orderBy") == "LastEventTime"
    if by_time and prefix:
        raise ApiError("InvalidParameterException", "Streams with a prefix cannot be listed by LastEventTime.")
    with store.read() as tx:
        find_group(tx, group)
        if by_time:
            found = sorted(
                ((doc["last"] or 0, key, doc) for key, doc in tx.scan(STREAM, group + SEPARATOR)), reverse=reverse, key=_order
            )
            if "nextToken" in request:
                last, name = parts(request["nextToken"], int, str)
                mark = (last, stream_key(group, name))
                found = [entry for entry in found if (entry[:2] < mark if reverse else entry[:2] > mark)]
            page = [(key, doc) for _, key, doc in found[: limit + 1]]
        else:
            after = stream_key(group, parts(request["nextToken"], int, str)[1]) if "nextToken" in request else ""
            page = tx.scan(STREAM, stream_key(group, prefix), after=after, limit=limit + 1, reverse=reverse)
    shapes = [_shape(ctx, group, key.partition(SEPARATOR)[2], doc) for key, doc in page[:limit]]
    if len(page) <= limit:
        return {"logStreams": shapes}
    return {"logStreams": shapes, "nextToken": token(shapes[-1].get("lastEventTimestamp") or 0, shapes[-1]["logStreamName"])}


def _order(entry: tuple[int, str, Doc]) -> tuple[int, str]:
    return entry[:2]


def _shape(ctx: Context, group: str, stream: str, doc: Doc) -> Response:
    return {
        "logStreamName": stream,
        "creationTime": doc["created"],
        "firstEventTimestamp": doc["first"],
        "lastEventTimestamp": doc["last"],
        "lastIngestionTime": doc["ingested"],
        "uploadSequenceToken": str(doc["next"]).zfill(56),
        "arn": f"{group_arn(ctx, group)}:log-stream:{stream}",
        "storedBytes": 0,  # AWS tells the size of groups only
    }
