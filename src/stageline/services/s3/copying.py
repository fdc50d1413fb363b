"""Copying objects, whole or as parts of an upload. The bytes are copied, so that each object owns its own."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote

from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.blobs import Blobs
from stageline.ports.events import Events
from stageline.ports.store import Doc, ReadTx, Store
from stageline.services.s3 import buckets, multipart, objects
from stageline.services.s3.model import checksums, conditions, content, description, refusals, versions

_ATTEMPTS = 5


@dataclass(frozen=True)
class Source:
    """What a copy reads."""

    bucket: str
    key: str
    version: str


def _invalid(message: str, text: str) -> ApiError:
    return ApiError("InvalidArgument", message, 400, ArgumentName="x-amz-copy-source", ArgumentValue=text)


def source(text: str) -> Source:
    """Take ``bucket/key?versionId=id`` apart; it is URL-encoded and may begin with a slash."""
    path, question, query = text.partition("?")
    version = ""
    if question:
        members = parse_qs(query, keep_blank_values=True)
        version = members.get("versionId", [""])[0]
        if set(members) != {"versionId"} or not version:
            raise _invalid("Copy Source must mention the source bucket and key: sourcebucket/sourcekey", text)
    try:
        path = unquote(path, errors="strict")
    except UnicodeDecodeError as error:
        raise _invalid("Invalid copy source encoding.", text) from error
    if path.startswith("arn:"):
        raise refusals.not_implemented("Copying from an access point")
    bucket, slash, key = path.removeprefix("/").partition("/")
    if not slash or not bucket or not key:
        raise _invalid("Copy Source must mention the source bucket and key: sourcebucket/sourcekey", text)
    return Source(bucket, key, version)


def _find(tx: ReadTx, origin: Source) -> Doc | None:
    if origin.version:
        return versions.find(tx, origin.bucket, origin.key, origin.version)
    return versions.current(tx, origin.bucket, origin.key)


def carries_tags(tx: ReadTx, request: Request, origin: Source) -> bool:
    """Whether a copy takes tags over from its source."""
    doc = _find(tx, origin)
    return request.get("TaggingDirective", "COPY") == "COPY" and bool(doc and doc.get("tags"))


def _locate(tx: ReadTx, request: Request, origin: Source) -> tuple[Doc, Doc, list[content.Piece]]:
    """The source bucket, the version to copy, and its blobs; the conditions on the source are checked."""
    expected = {"ExpectedBucketOwner": request.get("ExpectedSourceBucketOwner")}
    bucket = buckets.find(tx, expected, origin.bucket)
    doc = _find(tx, origin)
    if doc is None:
        if origin.version:
            raise versions.no_such_version(origin.key, origin.version)
        raise versions.no_such_key(origin.key)
    if doc.get("marker"):
        message = "The source of a copy request may not specifically refer to a delete marker by version id."
        raise ApiError("InvalidRequest", message, 400)
    conditions.check_source(request, doc)
    return bucket, doc, content.pieces(tx, doc)


def _target(bucket: Doc, doc: Doc, request: Request, origin: Source) -> Doc:
    """The document of the copy, without what its bytes will tell."""
    metadata = request.get("MetadataDirective") or "COPY"
    tagging = request.get("TaggingDirective") or "COPY"
    for name, value in (("MetadataDirective", metadata), ("TaggingDirective", tagging)):
        if value not in ("COPY", "REPLACE"):
            raise ApiError("InvalidArgument", f"Unknown {name}: {value}. Use COPY or REPLACE.", 400)
    changes = ("ServerSideEncryption", "StorageClass", "WebsiteRedirectLocation", "ChecksumAlgorithm", "Tagging")
    same = (origin.bucket, origin.key) == (bucket["name"], request["Key"]) and not origin.version
    if same and metadata == "COPY" and not any(request.get(name) for name in changes):
        raise ApiError(
            "InvalidRequest",
            "This copy request is illegal because it is trying to copy an object to itself without changing the object's "
            "metadata, storage class, website redirect location or encryption attributes.",
            400,
        )
    asked = dict(request)
    if tagging == "COPY":
        asked.pop("Tagging", None)
    if metadata == "COPY":
        for name in (*description.HEADERS, "Metadata"):
            if name != "WebsiteRedirectLocation":
                asked.pop(name, None)
    target = description.describe(bucket, asked)
    if metadata == "COPY":
        kept = {name: value for name, value in doc["headers"].items() if name != "WebsiteRedirectLocation"}
        target["headers"] = kept | target["headers"]
        target["metadata"] = dict(doc["metadata"])
    if tagging == "COPY":
        target["tags"] = dict(doc["tags"])
    return target


def _bytes(
    request: Request, origin: Source, *, store: Store, blobs: Blobs, algorithm: str = ""
) -> tuple[Doc, Doc, content.Received]:
    """Copy the bytes that a request names into a new blob: the source's bucket and document, and the blob."""
    for attempt in range(1, _ATTEMPTS + 1):
        with store.read() as tx:
            bucket, doc, parts = _locate(tx, request, origin)
        window = _window(request, doc)
        if window[1] - window[0] > content.LARGEST:
            message = "The specified copy source is larger than the maximum allowable size for a copy source: 5368709120"
            raise ApiError("InvalidRequest", message, 400)
        kind = algorithm or (doc.get("checksum") or {}).get("algorithm", "")
        try:
            return bucket, doc, content.receive(blobs, content.read(blobs, parts, *window), algorithm=kind)
        except FileNotFoundError:
            # Replaced or deleted while it was being opened: look again.
            if attempt == _ATTEMPTS:
                raise
    raise AssertionError("unreachable")


def _window(request: Request, doc: Doc) -> tuple[int, int]:
    text = request.get("CopySourceRange")
    if not text:
        return 0, doc["size"]
    first, dash, last = text.removeprefix("bytes=").partition("-")
    if not (text.startswith("bytes=") and dash and first.isdecimal() and last.isdecimal() and len(text) < 60):
        message = (
            "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based "
        )
        raise ApiError("InvalidArgument", message + "offsets of the first and last bytes to copy", 400)
    if int(last) >= doc["size"] or int(first) > int(last):
        raise ApiError("InvalidArgument", f"Range specified is not valid for source object of size: {doc['size']}", 400)
    return int(first), int(last) + 1


def copy_object(ctx: Context, request: Request, *, store: Store, blobs: Blobs, events: Events) -> Response:
    """Make a new object from another one, or from itself with other metadata."""
    origin = source(request["CopySource"])
    with store.read() as tx:
        bucket = buckets.find(tx, request)
        _, doc, _ = _locate(tx, request, origin)
        conditions.check_write(request, versions.current(tx, bucket["name"], request["Key"]), request["Key"])
        target = _target(bucket, doc, request, origin)
    algorithm = checksums.known(request["ChecksumAlgorithm"]) if request.get("ChecksumAlgorithm") else ""
    held, found, received = _bytes(request, origin, store=store, blobs=blobs, algorithm=algorithm)
    if found["version"] != doc["version"] or found["order"] != doc["order"]:
        target = _target(bucket, found, request, origin)
    target |= {
        "blob": received.blob,
        "size": received.size,
        "etag": received.etag,
        "checksum": received.checksum,
    }
    bucket = objects.store_object(ctx, request, target, "CopyObject", store=store, blobs=blobs, events=events)
    answer = description.written(bucket, target)
    result: dict[str, Any] = {"LastModified": target["modified"], **checksums.members(target)}
    for name in ("ETag", *checksums.members(target)):
        result[name] = answer.pop(name)
    answer["CopyObjectResult"] = result
    return answer | _source_version(held, found)


def _source_version(bucket: Doc, doc: Doc) -> dict[str, str]:
    return {"CopySourceVersionId": doc["version"]} if bucket["versioning"] else {}


def upload_part_copy(ctx: Context, request: Request, *, store: Store, blobs: Blobs) -> Response:
    """Upload a part whose bytes are those of an object or of a range of it."""
    origin = source(request["CopySource"])
    with store.read() as tx:
        buckets.find(tx, request)
        upload = multipart.find(tx, request)
    multipart.check_number(request["PartNumber"])
    held, doc, received = _bytes(request, origin, store=store, blobs=blobs, algorithm=upload["checksumAlgorithm"] or "CRC32")
    if not upload["checksumAlgorithm"]:
        received = received._replace(checksum=None)
    part = multipart.store_part(ctx, request, received, store=store, blobs=blobs)
    result = {"ETag": f'"{part["etag"]}"', "LastModified": part["modified"], **checksums.members(part, with_type=False)}
    return {"CopyPartResult": result, **description.encryption_members(upload)} | _source_version(held, doc)
