"""Deleting objects: one by one and many at once, by key or by version."""

from collections.abc import Mapping
from typing import Any

from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.blobs import Blobs
from stageline.ports.events import Events
from stageline.ports.identity import Authorizer, Check
from stageline.ports.store import Doc, Store, WriteTx
from stageline.services.s3 import buckets
from stageline.services.s3.model import conditions, content, description, refusals, versions

_MOST = 1000


def _delete(tx: WriteTx, ctx: Context, events: Events, bucket: Doc, request: Request) -> tuple[dict[str, Any], list[Doc]]:
    """Delete what ``request`` (Key, VersionId, IfMatch) names: the members that say so, and the versions that are gone."""
    key, version = description.check_key(request["Key"]), request.get("VersionId")
    if request.get("IfMatch") is not None:
        target = versions.find(tx, bucket["name"], key, version) if version else versions.current(tx, bucket["name"], key)
        if target is None or target.get("marker"):
            raise versions.no_such_key(key)
        conditions.check_write({"IfMatch": request["IfMatch"]}, target, key)
    kind = "Permanently Deleted"
    if version:
        doc = versions.remove_version(tx, bucket, key, version)
        gone = [doc] if doc else []
        answer: dict[str, Any] = {"VersionId": version}
        if doc is not None and doc.get("marker"):
            answer["DeleteMarker"] = True
    else:
        doc, gone = versions.remove(tx, bucket, key, ctx.now)
        answer = {}
        if doc is not None:
            kind = "Delete Marker Created"
            answer = {"DeleteMarker": True, "VersionId": doc["version"]}
        elif gone:
            doc = gone[0]
    if doc is not None:
        versions.announce(tx, events, ctx, bucket, "Object Deleted", doc, reason="DeleteObject", **{"deletion-type": kind})
    return answer, gone


def delete_object(ctx: Context, request: Request, *, store: Store, blobs: Blobs, events: Events) -> Response:
    """Delete an object (or put a delete marker on it), or one version; a key that is not there is no error."""
    with store.write() as tx:
        bucket = buckets.hold(tx, request)
        answer, gone = _delete(tx, ctx, events, bucket, request)
        left = content.forget(tx, gone, ctx.now)
    content.drop(blobs, left)
    return answer


def _check(bucket: Doc, policy: Mapping[str, Any] | None, key: str, version: str | None) -> Check:
    """What deleting a key or a version asks of the caller."""
    action = "s3:DeleteObjectVersion" if version else "s3:DeleteObject"
    keys = {"s3:VersionId": version} if version else {}
    return Check(action, (f"arn:aws:s3:::{bucket['name']}/{key}",), keys, policy)


def _denied(ctx: Context, bucket: Doc, wanted: list[Request], authorizer: Authorizer) -> dict[int, ApiError]:
    """The refusals, by position; usually all are allowed, which takes one question."""
    policy = buckets.effective_policy(ctx, bucket)
    questions = [_check(bucket, policy, item["Key"], item.get("VersionId")) for item in wanted]
    try:
        authorizer.require(ctx, questions, service="s3")
    except ApiError:
        denied = {}
        for position, question in enumerate(questions):
            try:
                authorizer.require(ctx, [question], service="s3")
            except ApiError as error:
                denied[position] = error
        return denied
    return {}


def delete_objects(
    ctx: Context, request: Request, *, store: Store, blobs: Blobs, events: Events, authorizer: Authorizer
) -> Response:
    """Delete up to 1,000 keys or versions; what cannot be deleted is told apart from what was."""
    wanted = request["Delete"].get("Objects") or []
    if not 1 <= len(wanted) <= _MOST:
        raise refusals.malformed_xml()
    with store.read() as tx:
        denied = _denied(ctx, buckets.find(tx, request), wanted, authorizer)
    deleted, errors, left = [], [], []
    with store.write() as tx:
        bucket = buckets.hold(tx, request)
        for position, item in enumerate(wanted):
            named = {"Key": item["Key"], **({"VersionId": item["VersionId"]} if item.get("VersionId") else {})}
            try:
                if position in denied:
                    raise denied[position]
                answer, gone = _delete(tx, ctx, events, bucket, {**named, "IfMatch": item.get("ETag")})
            except ApiError as error:
                errors.append({**named, "Code": error.code, "Message": error.message})
                continue
            left += content.forget(tx, gone, ctx.now)
            if answer.get("DeleteMarker"):
                named |= {"DeleteMarker": True, "DeleteMarkerVersionId": answer["VersionId"]}
            deleted.append(named)
    content.drop(blobs, left)
    result: Response = {} if request["Delete"].get("Quiet") else {"Deleted": deleted}
    return {**result, "Errors": errors} if errors else result
