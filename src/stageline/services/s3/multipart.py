"""Uploads in parts: begun, fed in any order, completed into one object or given up.

A part is a blob and a document ``s3.part`` under the upload's id. Completing keeps both and makes an object that refers to the
upload, so it costs no copying whatever the size. The parts of an object are always exactly those that were named.
"""

import hashlib
import itertools
from typing import Any
from urllib.parse import quote

from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.blobs import Blobs
from stageline.ports.events import Events
from stageline.ports.store import Doc, ReadTx, Store, WriteTx
from stageline.services.s3 import buckets
from stageline.services.s3.model import checksums, conditions, content, description, refusals, versions

SMALLEST = 5 * 1024**2
LAST_NUMBER = 10_000
_ENOUGH = 5 * 1024**4


def upload_key(request: Request) -> str:
    """Where the upload that a request names lies."""
    return f"{versions.history_prefix(request['Bucket'], request['Key'])}{request['UploadId']}"


def part_key(upload: str, number: int) -> str:
    """Where a part lies."""
    return f"{upload}/{number:05}"


def find(tx: ReadTx, request: Request) -> Doc:
    """The upload that a request names."""
    upload = tx.get(content.UPLOAD, upload_key(request)) if "\x00" not in request["UploadId"] else None
    if upload is None:
        raise ApiError(
            "NoSuchUpload",
            "The specified upload does not exist. The upload ID may be invalid, "
            "or the upload may have been aborted or completed.",
            404,
            UploadId=request["UploadId"],
        )
    return upload


def check_number(number: int) -> None:
    """Part numbers go from 1 to 10,000."""
    if not 1 <= number <= LAST_NUMBER:
        raise ApiError(
            "InvalidArgument",
            f"Part number must be an integer between 1 and {LAST_NUMBER}, inclusive",
            400,
            ArgumentName="partNumber",
            ArgumentValue=number,
        )


def _checksum_type(algorithm: str, asked: str | None) -> str:
    if not algorithm:
        if asked:
            raise ApiError(
                "InvalidRequest", "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.", 400
            )
        return ""
    if algorithm in checksums.FULL_ONLY:
        allowed: tuple[str, ...] = ("FULL_OBJECT",)
    elif algorithm in checksums.FULL_OR_COMPOSITE:
        allowed = ("COMPOSITE", "FULL_OBJECT")
    else:
        allowed = ("COMPOSITE",)
    if asked and asked not in allowed:
        raise ApiError(
            "InvalidRequest",
            f"The {asked} checksum type cannot be used with the {algorithm.lower()} checksum algorithm.",
            400,
        )
    return asked or allowed[0]


def create_multipart_upload(ctx: Context, request: Request, *, store: Store) -> Response:
    """Begin an upload; what is said here about the object counts when it is completed."""
    algorithm = checksums.known(request["ChecksumAlgorithm"]) if request.get("ChecksumAlgorithm") else ""
    kind = _checksum_type(algorithm, request.get("ChecksumType"))
    with store.write() as tx:
        bucket = buckets.hold(tx, request)
        doc = description.describe(bucket, request)
        doc |= {
            "id": versions.fresh_id(ctx.now * 1000, rising=True),
            "initiated": ctx.now // 1000 * 1000,
            "initiator": ctx.caller.arn,
            "checksumAlgorithm": algorithm,
            "checksumType": kind,
        }
        tx.put(content.UPLOAD, upload_key({**request, "UploadId": doc["id"]}), doc)
    answer = {"Bucket": request["Bucket"], "Key": request["Key"], "UploadId": doc["id"], **description.encryption_members(doc)}
    if algorithm:
        answer |= {"ChecksumAlgorithm": algorithm, "ChecksumType": kind}
    return answer


def upload_part(ctx: Context, request: Request, *, store: Store, blobs: Blobs) -> Response:
    """Receive a part; one that has the number already is replaced."""
    check_number(request["PartNumber"])
    with store.read() as tx:
        buckets.find(tx, request)
        upload = find(tx, request)
    algorithm, claim = checksums.claimed(request, ctx.headers)
    expected = upload["checksumAlgorithm"]
    if expected and algorithm and algorithm != expected:
        raise ApiError(
            "InvalidRequest",
            f"Checksum Type mismatch occurred, expected checksum Type: {expected.lower()}, "
            f"actual checksum Type: {algorithm.lower()}",
            400,
        )
    received = content.receive(
        blobs,
        request.get("Body"),
        algorithm=algorithm or expected,
        claim=claim,
        md5=checksums.content_md5(request),
        length=content.body_length(request.get("ContentLength"), ctx.headers),
    )
    part = store_part(ctx, request, received, store=store, blobs=blobs)
    return {"ETag": f'"{part["etag"]}"', **checksums.members(part, with_type=False), **description.encryption_members(upload)}


def store_part(ctx: Context, request: Request, received: content.Received, *, store: Store, blobs: Blobs) -> Doc:
    """Commit a part whose blob is durable; the blob is dropped when the upload is gone meanwhile."""
    part: Doc = {
        "number": request["PartNumber"],
        "blob": received.blob,
        "size": received.size,
        "etag": received.etag,
        "checksum": received.checksum,
        "modified": ctx.now // 1000 * 1000,
    }
    try:
        with store.write() as tx:
            buckets.hold(tx, request)
            upload = find(tx, request)
            at = part_key(upload["id"], part["number"])
            old = tx.get(content.PART, at)
            tx.put(content.PART, at, part)
    except BaseException:
        blobs.delete(received.blob)
        raise
    if old is not None:
        blobs.delete(old["blob"])
    return part


def _named_parts(request: Request) -> list[dict[str, Any]]:
    parts = (request.get("MultipartUpload") or {}).get("Parts") or []
    if not parts:
        raise refusals.malformed_xml()
    numbers = [part.get("PartNumber") or 0 for part in parts]
    if len(parts) > LAST_NUMBER:
        raise ApiError("TooManyParts", "You specified more than 10,000 parts in the multipart complete request.", 400)
    if any(later <= earlier for earlier, later in itertools.pairwise(numbers)):
        raise ApiError(
            "InvalidPartOrder",
            "The list of parts was not in ascending order. The parts list must be specified in order by part number.",
            400,
        )
    return list(parts)


def _chosen(parts: dict[int, Doc], named: list[dict[str, Any]]) -> list[Doc]:
    """The stored parts that are named, checked against what is said about them."""
    chosen = []
    for position, item in enumerate(named):
        part = parts.get(item["PartNumber"])
        etag = (item.get("ETag") or "").strip('"')
        claims = {name: value for name, value in item.items() if name.startswith("Checksum") and value}
        stored = checksums.members(part, with_type=False) if part else {}
        wrong = any(stored.get(name) != value for name, value in claims.items())
        if part is None or part["etag"] != etag or (wrong and stored):
            raise ApiError(
                "InvalidPart",
                "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified "
                "entity tag may not match the part's entity tag.",
                400,
                PartNumber=item["PartNumber"],
                ETag=etag,
            )
        if part["size"] < SMALLEST and position < len(named) - 1:
            raise ApiError(
                "EntityTooSmall",
                "Your proposed upload is smaller than the minimum allowed size",
                400,
                ProposedSize=part["size"],
                MinSizeAllowed=SMALLEST,
                PartNumber=item["PartNumber"],
                ETag=etag,
            )
        chosen.append(part)
    return chosen


def _joined_checksum(upload: Doc, chosen: list[Doc], request: Request) -> dict[str, str] | None:
    """The checksum of the whole object, compared with what the request claims."""
    algorithm, kind = upload["checksumAlgorithm"], upload["checksumType"]
    asked = request.get("ChecksumType")
    if asked and kind and asked != kind:
        raise checksums.bad_digest(algorithm)
    if not algorithm:
        return None
    if kind == "COMPOSITE":
        if [part["number"] for part in chosen] != list(range(1, len(chosen) + 1)):
            raise ApiError("InvalidPart", "Part numbers must be consecutive and begin with 1 when checksums are used.", 400)
        value = checksums.composite(algorithm, [part["checksum"]["value"] for part in chosen])
    else:
        value = checksums.joined(algorithm, [(part["checksum"]["value"], part["size"]) for part in chosen])
    claim = request.get(checksums.member(algorithm))
    if claim and claim != value and claim != value.rpartition("-")[0]:
        raise checksums.bad_digest(algorithm)
    return {"algorithm": algorithm, "value": value, "type": kind}


def complete_multipart_upload(ctx: Context, request: Request, *, store: Store, blobs: Blobs, events: Events) -> Response:
    """Make the object of the parts that are named; the others are dropped. Repeated, it answers as it did."""
    named = _named_parts(request)
    with store.write() as tx:
        bucket = buckets.hold(tx, request)
        done = tx.get(content.COMPLETED, request["UploadId"])
        if done is not None and done["key"] == request["Key"] and done["bucket"] == bucket["name"]:
            return dict(done["answer"])
        upload = find(tx, request)
        conditions.check_write(request, versions.current(tx, bucket["name"], request["Key"]), request["Key"])
        stored = {part["number"]: part for _, part in tx.scan(content.PART, upload["id"] + "/")}
        chosen = _chosen(stored, named)
        size = sum(part["size"] for part in chosen)
        if request.get("MpuObjectSize") not in (None, size):
            raise ApiError("InvalidRequest", f"The provided 'x-amz-mp-object-size' header does not match the size {size}.", 400)
        if size > _ENOUGH:
            raise content.too_large(size)
        etag = hashlib.md5(b"".join(bytes.fromhex(part["etag"]) for part in chosen), usedforsecurity=False).hexdigest()
        doc = {name: upload[name] for name in ("key", "headers", "metadata", "tags", "encryption", "storage", "acl")}
        doc |= {
            "upload": upload["id"],
            "size": size,
            "etag": f"{etag}-{len(chosen)}",
            "checksum": _joined_checksum(upload, chosen, request),
            "modified": ctx.now // 1000 * 1000,
        }
        left = _drop_unused(tx, upload, stored, chosen)
        left += content.forget(tx, versions.place(tx, bucket, doc, ctx.now), ctx.now)
        tx.delete(content.UPLOAD, upload_key(request))
        answer = {
            "Location": f"{ctx.endpoint}/{bucket['name']}/{quote(request['Key'])}",
            "Bucket": bucket["name"],
            "Key": request["Key"],
            **description.written(bucket, doc),
        }
        record = {"at": ctx.now, "bucket": bucket["name"], "key": request["Key"], "answer": answer}
        tx.put(content.COMPLETED, upload["id"], record)
        versions.announce(tx, events, ctx, bucket, "Object Created", doc, reason="CompleteMultipartUpload")
    content.drop(blobs, left)
    return answer


def _drop_unused(tx: WriteTx, upload: Doc, stored: dict[int, Doc], chosen: list[Doc]) -> list[str]:
    unused = stored.keys() - {part["number"] for part in chosen}
    for number in unused:
        tx.delete(content.PART, part_key(upload["id"], number))
    return [stored[number]["blob"] for number in unused]


def abort_multipart_upload(ctx: Context, request: Request, *, store: Store, blobs: Blobs) -> Response:
    """Give an upload up and free its parts."""
    with store.write() as tx:
        buckets.hold(tx, request)
        upload = find(tx, request)
        rows = tx.scan(content.PART, upload["id"] + "/")
        for key, _ in rows:
            tx.delete(content.PART, key)
        tx.delete(content.UPLOAD, upload_key(request))
    content.drop(blobs, (part["blob"] for _, part in rows))
    return {}
