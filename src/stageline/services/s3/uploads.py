"""Listing unfinished uploads and the parts that they have."""

from typing import Any

from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.store import Doc, Store
from stageline.services.s3 import buckets, listing, multipart
from stageline.services.s3.model import checksums, content, versions

_MOST = 1000


def _initiator(bucket: Doc, upload: Doc) -> dict[str, str]:
    return {"ID": upload["initiator"], "DisplayName": upload["initiator"].rpartition("/")[2]}


def list_parts(ctx: Context, request: Request, *, store: Store) -> Response:
    """The parts of an unfinished upload by number."""
    after = int(request.get("PartNumberMarker") or 0)
    most = _MOST if request.get("MaxParts") is None else min(request["MaxParts"], _MOST)
    if most < 0 or after < 0:
        raise ApiError("InvalidArgument", "Argument max-parts must be an integer between 0 and 2147483647", 400)
    with store.read() as tx:
        bucket = buckets.find(tx, request)
        upload = multipart.find(tx, request)
        start = multipart.part_key(upload["id"], after)
        rows = [part for _, part in tx.scan(content.PART, upload["id"] + "/", after=start, limit=most + 1)]
    shown = rows[:most]
    answer: Response = {
        "Bucket": bucket["name"],
        "Key": request["Key"],
        "UploadId": upload["id"],
        "PartNumberMarker": after,
        "MaxParts": most,
        "IsTruncated": bool(shown) and len(rows) > most,
        "StorageClass": upload["storage"],
        "Owner": buckets.owner(bucket["account"]),
        "Initiator": _initiator(bucket, upload),
        "Parts": [
            {
                "PartNumber": part["number"],
                "LastModified": part["modified"],
                "ETag": f'"{part["etag"]}"',
                "Size": part["size"],
                **checksums.members(part, with_type=False),
            }
            for part in shown
        ],
    }
    if shown:
        answer["NextPartNumberMarker"] = shown[-1]["number"]
    if upload["checksumAlgorithm"]:
        answer |= {"ChecksumAlgorithm": upload["checksumAlgorithm"], "ChecksumType": upload["checksumType"]}
    return answer


def list_multipart_uploads(ctx: Context, request: Request, *, store: Store) -> Response:
    """Unfinished uploads by key, then by the time they were begun."""
    encode = listing.encoder(request)
    prefix, delimiter = request.get("Prefix") or "", request.get("Delimiter") or ""
    marker, id_marker = request.get("KeyMarker") or "", request.get("UploadIdMarker") or ""
    page = listing.Page(listing.limit(request, "MaxUploads"))
    last_id = ""
    with store.read() as tx:
        bucket = buckets.find(tx, request)
        after = versions.history_prefix(bucket["name"], marker) + (id_marker or "\U0010ffff") if marker else ""
        start = f"{bucket['name']}/{versions.escaped(prefix)}"
        cursor = listing.Cursor(tx, content.UPLOAD, start, after, 32 if delimiter else page.limit + 1)
        while page.limit and (doc := cursor.peek()) is not None:
            rolled = listing.common_prefix(doc["key"], prefix, delimiter)
            if (not rolled or rolled > marker) and page.full():
                break
            if rolled:
                if rolled > marker:
                    page.prefixes.append(rolled)
                    page.last, last_id = rolled, ""
                cursor.leap(f"{bucket['name']}/{versions.escaped(rolled)}" + listing.BEHIND)
                continue
            page.items.append(doc)
            page.last, last_id = doc["key"], doc["id"]
            cursor.advance()
    answer: Response = {
        "Bucket": bucket["name"],
        "Prefix": encode(prefix),
        "KeyMarker": encode(marker),
        "UploadIdMarker": id_marker,
        "MaxUploads": page.limit,
        "IsTruncated": page.truncated,
        "Uploads": [_upload(bucket, doc, encode(doc["key"])) for doc in page.items],
        "CommonPrefixes": [{"Prefix": encode(common)} for common in page.prefixes],
    }
    if delimiter:
        answer["Delimiter"] = encode(delimiter)
    if request.get("EncodingType"):
        answer["EncodingType"] = request["EncodingType"]
    if page.truncated:
        answer |= {"NextKeyMarker": encode(page.last), "NextUploadIdMarker": last_id}
    return answer


def _upload(bucket: Doc, doc: Doc, key: str) -> dict[str, Any]:
    entry = {
        "UploadId": doc["id"],
        "Key": key,
        "Initiated": doc["initiated"],
        "StorageClass": doc["storage"],
        "Owner": buckets.owner(bucket["account"]),
        "Initiator": _initiator(bucket, doc),
    }
    if doc["checksumAlgorithm"]:
        entry |= {"ChecksumAlgorithm": doc["checksumAlgorithm"], "ChecksumType": doc["checksumType"]}
    return entry
