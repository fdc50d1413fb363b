"""Tags of objects and of buckets."""

from typing import Any

from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.events import Events
from stageline.ports.store import Doc, ReadTx, Store
from stageline.services.s3 import buckets
from stageline.services.s3.model import description, versions

_BUCKET_MOST = 50


def _asked(request: Request, most: int = 10) -> dict[str, str]:
    tags = (request.get("Tagging") or {}).get("TagSet") or []
    return description.check_tags([(tag.get("Key") or "", tag.get("Value") or "") for tag in tags], most)


def _tag_set(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def version(tx: ReadTx, bucket: Doc, request: Request) -> Doc:
    """The version that a request about an object's sub-resource names."""
    key, wanted = request["Key"], request.get("VersionId")
    if wanted:
        doc = versions.find(tx, bucket["name"], key, wanted)
        if doc is None:
            raise versions.no_such_version(key, wanted)
    else:
        doc = versions.latest(tx, bucket["name"], key)
        if doc is None:
            raise versions.no_such_key(key)
    if doc.get("marker"):
        if not wanted:
            raise versions.no_such_key(key)
        message = "The specified method is not allowed against this resource."
        raise ApiError("MethodNotAllowed", message, 405, ResourceType="DeleteMarker", ResponseHeaders={"Allow": "DELETE"})
    return doc


def _version_id(bucket: Doc, doc: Doc) -> dict[str, Any]:
    return {"VersionId": doc["version"]} if bucket["versioning"] else {}


def get_object_tagging(ctx: Context, request: Request, *, store: Store) -> Response:
    """The tags of an object or version."""
    with store.read() as tx:
        bucket = buckets.find(tx, request)
        doc = version(tx, bucket, request)
    return {"TagSet": _tag_set(doc["tags"]), **_version_id(bucket, doc)}


def _retag(ctx: Context, request: Request, tags: dict[str, str], kind: str, store: Store, events: Events) -> Response:
    with store.write() as tx:
        bucket = buckets.hold(tx, request)
        doc = version(tx, bucket, request)
        doc["tags"] = tags
        versions.rewrite(tx, bucket["name"], doc)
        versions.announce(tx, events, ctx, bucket, kind, doc)
    return _version_id(bucket, doc)


def put_object_tagging(ctx: Context, request: Request, *, store: Store, events: Events) -> Response:
    """Replace the tags of an object or version."""
    return _retag(ctx, request, _asked(request), "Object Tags Added", store, events)


def delete_object_tagging(ctx: Context, request: Request, *, store: Store, events: Events) -> Response:
    """Take all tags off an object or version."""
    return _retag(ctx, request, {}, "Object Tags Deleted", store, events)


def get_bucket_tagging(ctx: Context, request: Request, *, store: Store) -> Response:
    """The tags of a bucket; having none is an error."""
    with store.read() as tx:
        bucket = buckets.find(tx, request)
    tags = bucket["config"].get("tags")
    if not tags:
        raise ApiError("NoSuchTagSet", "The TagSet does not exist", 404, BucketName=bucket["name"])
    return {"TagSet": _tag_set(tags)}


def put_bucket_tagging(ctx: Context, request: Request, *, store: Store) -> Response:
    """Replace the tags of a bucket."""
    return buckets.configure(request, "tags", _asked(request, _BUCKET_MOST), store=store)


def delete_bucket_tagging(ctx: Context, request: Request, *, store: Store) -> Response:
    """Take all tags off a bucket."""
    return buckets.configure(request, "tags", None, store=store)
