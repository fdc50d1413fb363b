"""What is said about an object besides its bytes: headers, metadata, encryption, storage class, tags; checked and stored."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from stageline.ports.api import ApiError, Request
from stageline.ports.store import Doc
from stageline.services.s3.model import checksums, refusals

HEADERS = (
    "CacheControl",
    "ContentDisposition",
    "ContentEncoding",
    "ContentLanguage",
    "ContentType",
    "Expires",
    "WebsiteRedirectLocation",
)
_STORAGE = (
    "STANDARD",
    "REDUCED_REDUNDANCY",
    "STANDARD_IA",
    "ONEZONE_IA",
    "INTELLIGENT_TIERING",
    "GLACIER_IR",
)
_ENCRYPTION = ("ServerSideEncryption", "SSEKMSKeyId", "SSEKMSEncryptionContext", "BucketKeyEnabled")
_UNSUPPORTED = {
    "SSECustomerAlgorithm": "Server-side encryption with customer-provided keys",
    "CopySourceSSECustomerAlgorithm": "Server-side encryption with customer-provided keys",
    "WriteOffsetBytes": "Appending to an object",
}
_GRANTS = ("GrantFullControl", "GrantRead", "GrantReadACP", "GrantWrite", "GrantWriteACP")


def check_key(key: str) -> str:
    """Any UTF-8 text of 1 to 1,024 bytes without NUL is a key."""
    try:
        size = len(key.encode())
    except UnicodeEncodeError as error:
        raise ApiError("InvalidURI", "Couldn't parse the specified URI.", 400) from error
    if size > 1024:
        raise ApiError("KeyTooLongError", "Your key is too long", 400, Size=size, MaxSizeAllowed=1024)
    if not key or "\x00" in key:
        raise ApiError("InvalidURI", "Couldn't parse the specified URI.", 400)
    return key


def check_tags(pairs: list[tuple[str, str]], most: int = 10) -> dict[str, str]:
    """Tags within AWS's limits, as a dictionary."""
    if len(pairs) > most:
        what = "Object" if most == 10 else "Bucket"
        raise ApiError("BadRequest", f"{what} tags cannot be greater than {most}", 400)
    tags: dict[str, str] = {}
    for key, value in pairs:
        if not key or len(key) > 128:
            raise ApiError("InvalidTag", "The TagKey you have provided is invalid", 400, TagKey=key)
        if len(value) > 256:
            raise ApiError("InvalidTag", "The TagValue you have provided is invalid", 400, TagKey=key, TagValue=value)
        if key in tags:
            raise ApiError("InvalidTag", "Cannot provide multiple Tags with the same key", 400, TagKey=key)
        if key.startswith("aws:"):
            raise ApiError("InvalidTag", "System tags cannot be added/updated by requester", 400, TagKey=key)
        tags[key] = value
    return tags


def header_tags(text: str | None) -> dict[str, str]:
    """The tags of an ``x-amz-tagging`` header."""
    if not text:
        return {}
    try:
        pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=True)
    except ValueError as error:
        message = "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters."
        raise ApiError("InvalidArgument", message, 400, ArgumentName="x-amz-tagging", ArgumentValue=text) from error
    return check_tags(pairs)


def check_acl(bucket: Doc, request: Mapping[str, Any]) -> str:
    """The canned ACL of a request; refused where bucket ownership switches ACLs off, except for the two that change nothing."""
    acl = request.get("ACL") or "private"
    granted = any(request.get(name) for name in _GRANTS)
    if bucket["config"].get("ownership") == "BucketOwnerEnforced":
        if granted or acl not in ("private", "bucket-owner-full-control"):
            raise refusals.no_acls()
        return "private"
    if granted:
        raise refusals.not_implemented("Granting access by x-amz-grant headers (use a bucket policy)")
    blocked = bucket["config"].get("publicAccessBlock", {}).get("BlockPublicAcls")
    if blocked and acl.startswith("public-"):
        raise ApiError("AccessDenied", "Access Denied", 403)
    return str(acl)


def metadata(request: Request) -> dict[str, str]:
    """User metadata with lower-case names, at most 2 KB in all."""
    pairs = {name.lower(): value for name, value in (request.get("Metadata") or {}).items()}
    size = sum(len(name.encode()) + len(value.encode("utf-8", "surrogateescape")) for name, value in pairs.items())
    if size > 2048:
        raise ApiError(
            "MetadataTooLarge",
            "Your metadata headers exceed the maximum allowed metadata size",
            400,
            Size=size,
            MaxSizeAllowed=2048,
        )
    return pairs


def headers(request: Request) -> dict[str, Any]:
    """The headers that are kept with an object; the transfer coding ``aws-chunked`` is not one of them."""
    kept = {name: request[name] for name in HEADERS if request.get(name) not in (None, "")}
    if "ContentEncoding" in kept:
        codings = [coding.strip() for coding in kept["ContentEncoding"].split(",")]
        kept["ContentEncoding"] = ",".join(coding for coding in codings if coding and coding != "aws-chunked")
        if not kept["ContentEncoding"]:
            del kept["ContentEncoding"]
    target = kept.get("WebsiteRedirectLocation", "/")
    if not target.startswith(("/", "http://", "https://")):
        raise ApiError(
            "InvalidRedirectLocation",
            "The website redirect location must have a prefix of 'http://' or 'https://' or '/'.",
            400,
        )
    return kept


def encryption(bucket: Doc, request: Request) -> dict[str, Any]:
    """How the object is said to be encrypted: as asked, else the bucket's default, else SSE-S3. Bytes are stored as they are."""
    asked = {name: request[name] for name in _ENCRYPTION if request.get(name) not in (None, "")}
    kind = asked.get("ServerSideEncryption")
    if kind is None and ("SSEKMSKeyId" in asked or "SSEKMSEncryptionContext" in asked):
        raise ApiError(
            "InvalidArgument",
            "Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms",
            400,
        )
    if kind is not None and kind not in ("AES256", "aws:kms", "aws:kms:dsse"):
        raise ApiError("InvalidEncryptionAlgorithmError", "The encryption method specified is not supported", 400)
    if kind is not None:
        return asked
    for rule in bucket["config"].get("encryption", {}).get("Rules", ()):
        default = rule.get("ApplyServerSideEncryptionByDefault") or {}
        if default.get("SSEAlgorithm") not in (None, "AES256"):
            found = {"ServerSideEncryption": default["SSEAlgorithm"], "SSEKMSKeyId": default.get("KMSMasterKeyID")}
            found["BucketKeyEnabled"] = rule.get("BucketKeyEnabled") or None
            return {name: value for name, value in found.items() if value is not None}
    return {"ServerSideEncryption": "AES256"}


def describe(bucket: Doc, request: Request) -> Doc:
    """The document of a new object, without what its bytes will tell (size, ETag, blob, checksum)."""
    for name, what in _UNSUPPORTED.items():
        if request.get(name) is not None:
            raise refusals.not_implemented(what)
    if any(name.startswith("ObjectLock") for name in request):
        raise ApiError("InvalidRequest", "Bucket is missing Object Lock Configuration", 400)
    storage = request.get("StorageClass") or "STANDARD"
    if storage not in _STORAGE:
        raise ApiError("InvalidStorageClass", f"The storage class {storage} is not available on this server. Use STANDARD.", 400)
    doc: Doc = {
        "key": check_key(request["Key"]),
        "headers": headers(request),
        "metadata": metadata(request),
        "tags": header_tags(request.get("Tagging")),
        "encryption": encryption(bucket, request),
        "storage": storage,
        "acl": check_acl(bucket, request),
    }
    return doc


def encryption_members(doc: Doc) -> dict[str, Any]:
    """The encryption members of an answer about an object or upload."""
    return dict(doc["encryption"])


def written(bucket: Doc, doc: Doc) -> dict[str, Any]:
    """The members that the answer to a write carries."""
    answer = {"ETag": f'"{doc["etag"]}"', **checksums.members(doc), **encryption_members(doc)}
    if bucket["versioning"]:
        answer["VersionId"] = doc["version"]
    return answer


def shown(bucket: Doc, doc: Doc) -> dict[str, Any]:
    """The members that a GET or HEAD carries, checksum and range aside."""
    answer: dict[str, Any] = {
        "AcceptRanges": "bytes",
        "LastModified": doc["modified"],
        "ETag": f'"{doc["etag"]}"',
        "ContentType": "binary/octet-stream",
        **doc["headers"],
        **encryption_members(doc),
        "Metadata": dict(doc["metadata"]),
    }
    answer.pop("SSEKMSEncryptionContext", None)
    if bucket["versioning"]:
        answer["VersionId"] = doc["version"]
    if doc["tags"]:
        answer["TagCount"] = len(doc["tags"])
    if doc["storage"] != "STANDARD":
        answer["StorageClass"] = doc["storage"]
    return answer
