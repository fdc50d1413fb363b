import hashlib
from collections.abc import Iterator
from typing import Any

from stageline.ports.api import ApiError

LARGEST_READ = [0]


def put_object(ctx: Any, request: Any, *, shelf: dict[str, Any]) -> Any:
    digest, size, data = hashlib.md5(usedforsecurity=False), 0, []
    while chunk := request["Body"].read(256 * 1024):
        LARGEST_READ[0] = max(LARGEST_READ[0], len(chunk))
        digest.update(chunk)
        size += len(chunk)
        if size < 4_000_000:
            data.append(chunk)
    body = b"".join(data) if size < 4_000_000 else None
    shelf[f"{request['Bucket']}/{request['Key']}"] = (body, size, request.get("Metadata", {}), ctx.now)
    return {"ETag": f'"{digest.hexdigest()}"'}


def get_object(ctx: Any, request: Any, *, shelf: dict[str, Any]) -> Any:
    found = head_object(ctx, request, shelf=shelf)
    body, size, _, _ = shelf[f"{request['Bucket']}/{request['Key']}"]
    chunks = iter((body,)) if body is not None else (b"z" * 65536 for _ in range(size // 65536))
    return found | {"Body": closing(chunks, shelf)}


def closing(chunks: Iterator[bytes], shelf: dict[str, Any]) -> Iterator[bytes]:
    try:
        yield from chunks
    finally:
        shelf["closed"] = shelf.get("closed", 0) + 1


def head_object(ctx: Any, request: Any, *, shelf: dict[str, Any]) -> Any:
    key = f"{request['Bucket']}/{request['Key']}"
    if key not in shelf:
        raise ApiError("NoSuchKey", "The specified key does not exist.", Key=request["Key"])
    _, size, metadata, modified = shelf[key]
    if request.get("IfModifiedSince", 0) >= modified - modified % 1000:
        raise ApiError("NotModified", "Not Modified", 304, ResponseHeaders={"ETag": '"e"'})
    return {"ContentLength": size, "LastModified": modified, "Metadata": metadata, "ETag": '"e"'}


def list_objects_v2(ctx: Any, request: Any, *, shelf: dict[str, Any]) -> Any:
    keys = sorted(key.partition("/")[2] for key in shelf if key.startswith(f"{request['Bucket']}/"))
    return {
        "Name": request["Bucket"],
        "KeyCount": len(keys),
        "Contents": [{"Key": key, "Size": 1, "LastModified": ctx.now} for key in keys],
        "IsTruncated": False,
    }


def get_bucket_location(ctx: Any, request: Any) -> Any:
    return {"LocationConstraint": "eu-west-1"} if request["Bucket"] == "far" else {}


def delete_object(ctx: Any, request: Any, *, shelf: dict[str, Any]) -> Any:
    shelf.pop(f"{request['Bucket']}/{request['Key']}", None)
    return {"DeleteMarker": True, "VersionId": "v1"}


def delete_objects(ctx: Any, request: Any) -> Any:
    return {"Deleted": [{"Key": item["Key"]} for item in request["Delete"]["Objects"]]}
