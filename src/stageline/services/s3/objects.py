"""Objects: put, get, head, and their attributes.

A put streams the body into a blob, makes the blob durable, and then commits the document that refers to it; so an acknowledged
put is whole and a crash leaves at most a blob that nothing refers to.
"""

from collections.abc import Iterator
from typing import Any

from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.blobs import Blobs
from stageline.ports.events import Events
from stageline.ports.identity import Authorizer, Check
from stageline.ports.store import Doc, Store
from stageline.services.s3 import buckets
from stageline.services.s3.model import checksums, conditions, content, description, versions

_OVERRIDES = {
    "ResponseCacheControl": "CacheControl",
    "ResponseContentDisposition": "ContentDisposition",
    "ResponseContentEncoding": "ContentEncoding",
    "ResponseContentLanguage": "ContentLanguage",
    "ResponseContentType": "ContentType",
    "ResponseExpires": "Expires",
}
_ATTEMPTS = 5


def put_object(ctx: Context, request: Request, *, store: Store, blobs: Blobs, events: Events) -> Response:
    """Store an object."""
    key = request["Key"]
    with store.read() as tx:
        bucket = buckets.find(tx, request)
        doc = description.describe(bucket, request)
        conditions.check_write(request, versions.current(tx, bucket["name"], key), key)
    algorithm, claim = checksums.claimed(request, ctx.headers)
    length = content.body_length(request.get("ContentLength"), ctx.headers)
    if length is not None and length > content.LARGEST:
        raise content.too_large(length)
    received = content.receive(
        blobs,
        request.get("Body"),
        algorithm=algorithm,
        claim=claim,
        md5=checksums.content_md5(request),
        length=length,
    )
    doc |= {"blob": received.blob, "size": received.size, "etag": received.etag, "checksum": received.checksum}
    bucket = store_object(ctx, request, doc, "PutObject", store=store, blobs=blobs, events=events)
    return description.written(bucket, doc)


def store_object(ctx: Context, request: Request, doc: Doc, reason: str, *, store: Store, blobs: Blobs, events: Events) -> Doc:
    """Commit the document of an object whose blob is durable, and announce it; the blob is dropped when that is refused.
    ``doc`` gets its version id. Returns the bucket."""
    doc["modified"] = ctx.now // 1000 * 1000
    try:
        with store.write() as tx:
            bucket = buckets.hold(tx, request)
            conditions.check_write(request, versions.current(tx, bucket["name"], doc["key"]), doc["key"])
            gone = content.forget(tx, versions.place(tx, bucket, doc, ctx.now), ctx.now)
            versions.announce(tx, events, ctx, bucket, "Object Created", doc, reason=reason)
    except BaseException:
        blobs.delete(doc["blob"])
        raise
    content.drop(blobs, gone)
    return bucket


def _missing(ctx: Context, request: Request, bucket: Doc, authorizer: Authorizer) -> None:
    """Only those who may list a bucket learn that a key is not there; AccessDenied for the others."""
    check = Check(
        "s3:ListBucket",
        (f"arn:aws:s3:::{bucket['name']}",),
        keys={"s3:prefix": request["Key"]},
        resource_policy=buckets.effective_policy(ctx, bucket),
    )
    authorizer.require(ctx, [check], service="s3")


def locate(ctx: Context, request: Request, *, store: Store, authorizer: Authorizer) -> tuple[Doc, Doc, list[content.Piece]]:
    """The bucket, the version that a read names, and its blobs."""
    key, version = request["Key"], request.get("VersionId")
    with store.read() as tx:
        bucket = buckets.find(tx, request)
        description.check_key(key)
        doc = versions.find(tx, bucket["name"], key, version) if version else versions.latest(tx, bucket["name"], key)
        parts = content.pieces(tx, doc) if doc is not None and not doc.get("marker") else []
    if doc is None:
        _missing(ctx, request, bucket, authorizer)
        raise versions.no_such_version(key, version) if version else versions.no_such_key(key)
    if doc.get("marker"):
        headers = {"x-amz-delete-marker": "true", "x-amz-version-id": doc["version"]}
        if version:
            headers["Last-Modified"] = ""
            raise ApiError(
                "MethodNotAllowed",
                "The specified method is not allowed against this resource.",
                405,
                Method="GET",
                ResourceType="DeleteMarker",
                ResponseHeaders={"Allow": "DELETE", **{k: v for k, v in headers.items() if v}},
            )
        _missing(ctx, request, bucket, authorizer)
        error = versions.no_such_key(key)
        error.details["ResponseHeaders"] = headers
        raise error
    return bucket, doc, parts


def _window(request: Request, doc: Doc, parts: list[content.Piece]) -> tuple[int, int] | None:
    """The bytes that a GET or HEAD is about, None for all of them."""
    number = request.get("PartNumber")
    if number is None:
        return conditions.byte_range(request.get("Range"), doc["size"])
    if request.get("Range"):
        raise ApiError("InvalidRequest", "Cannot specify both Range header and partNumber query parameter", 400)
    if not 1 <= number <= len(parts):
        raise ApiError(
            "InvalidPartNumber",
            "The requested partnumber is not satisfiable",
            416,
            PartNumberRequested=number,
            ActualPartCount=len(parts),
        )
    start = sum(part.size for part in parts[: number - 1])
    return start, start + parts[number - 1].size


def _answer(ctx: Context, request: Request, bucket: Doc, doc: Doc, parts: list[content.Piece]) -> tuple[Response, int, int]:
    """The answer to a GET or HEAD without the body, and which bytes that is."""
    answer = description.shown(bucket, doc)
    window = _window(request, doc, parts)
    start, end = window or (0, doc["size"])
    answer["ContentLength"] = end - start
    if window is not None and doc["size"]:
        answer["ContentRange"] = f"bytes {start}-{end - 1}/{doc['size']}"
        answer["ResponseStatus"] = 206
    if request.get("PartNumber") is not None and doc.get("upload"):
        answer["PartsCount"] = len(parts)
    whole = start == 0 and end == doc["size"]
    if request.get("ChecksumMode") == "ENABLED" and whole:
        answer.update(checksums.members(doc))
    for name, member in _OVERRIDES.items():
        if request.get(name) is not None:
            if ctx.caller.kind == "anonymous":
                message = "Request specific response headers cannot be used for anonymous GET requests."
                raise ApiError("InvalidRequest", message, 400)
            answer[member] = request[name]
    return answer, start, end


def _unchanged(bucket: Doc, doc: Doc) -> Response:
    answer = {"ETag": f'"{doc["etag"]}"', "LastModified": doc["modified"], "ResponseStatus": 304}
    return {**answer, "VersionId": doc["version"]} if bucket["versioning"] else answer


def get_object(ctx: Context, request: Request, *, store: Store, blobs: Blobs, authorizer: Authorizer) -> Response:
    """The bytes of an object, or of a range or part of it."""
    for attempt in range(1, _ATTEMPTS + 1):
        bucket, doc, parts = locate(ctx, request, store=store, authorizer=authorizer)
        if conditions.unchanged(request, doc):
            return _unchanged(bucket, doc)
        answer, start, end = _answer(ctx, request, bucket, doc, parts)
        try:
            body: Iterator[bytes] = content.read(blobs, parts, start, end)
        except FileNotFoundError:
            # Replaced between reading its document and opening its bytes: the next look finds what replaced it.
            if attempt == _ATTEMPTS:
                raise
            continue
        return {**answer, "Body": body}
    raise AssertionError("unreachable")


def head_object(ctx: Context, request: Request, *, store: Store, authorizer: Authorizer) -> Response:
    """What a GET would say, without the bytes."""
    bucket, doc, parts = locate(ctx, request, store=store, authorizer=authorizer)
    if conditions.unchanged(request, doc):
        return _unchanged(bucket, doc)
    return _answer(ctx, request, bucket, doc, parts)[0]


def get_object_attributes(ctx: Context, request: Request, *, store: Store, authorizer: Authorizer) -> Response:
    """The attributes of an object that the caller names."""
    bucket, doc, _ = locate(ctx, request, store=store, authorizer=authorizer)
    wanted = set(request.get("ObjectAttributes") or ())
    answer: dict[str, Any] = {"LastModified": doc["modified"]}
    if bucket["versioning"]:
        answer["VersionId"] = doc["version"]
    if "ETag" in wanted:
        answer["ETag"] = doc["etag"]
    if "Checksum" in wanted and doc.get("checksum"):
        answer["Checksum"] = checksums.members(doc)
    if "ObjectSize" in wanted:
        answer["ObjectSize"] = doc["size"]
    if "StorageClass" in wanted:
        answer["StorageClass"] = doc["storage"]
    if "ObjectParts" in wanted and doc.get("upload"):
        answer["ObjectParts"] = _attribute_parts(request, doc, store)
    return answer


def _attribute_parts(request: Request, doc: Doc, store: Store) -> dict[str, Any]:
    after, most = request.get("PartNumberMarker") or 0, request.get("MaxParts")
    most = 1000 if most is None else min(most, 1000)
    with store.read() as tx:
        rows = [part for _, part in tx.scan(content.PART, doc["upload"] + "/")]
    rest = [part for part in rows if part["number"] > after]
    shown = rest[:most]
    answer: dict[str, Any] = {
        "TotalPartsCount": len(rows),
        "PartNumberMarker": after,
        "MaxParts": most,
        "IsTruncated": len(rest) > len(shown),
    }
    if shown:
        answer["NextPartNumberMarker"] = shown[-1]["number"]
    if doc.get("checksum"):
        answer["Parts"] = [
            {"PartNumber": part["number"], "Size": part["size"], **checksums.members(part, with_type=False)} for part in shown
        ]
    return answer
