"""Listing objects and versions, in pages, without looking at what a page does not show.

A common prefix costs one look: the scan goes on behind all keys that it stands for.
"""

import base64
import binascii
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.store import Doc, ReadTx, Store
from stageline.services.s3 import buckets
from stageline.services.s3.model import refusals, versions

_MOST = 1000
BEHIND = "\U0010ffff" * 256
"""Sorts behind every continuation of a prefix, since a key has at most 1,024 bytes."""


class Cursor:
    """Walks the documents of one kind in order, a batch at a time, and can leap."""

    def __init__(self, tx: ReadTx, kind: str, prefix: str, after: str, batch: int) -> None:
        refusals.check_place(prefix, after)
        self._tx, self._kind, self._prefix, self._after = tx, kind, prefix, after if after >= prefix else ""
        self._rows: list[tuple[str, Doc]] = []
        self._position = 0
        self._batch = batch
        self._ended = False

    def peek(self) -> Doc | None:
        """The next document, or None at the end."""
        if self._position >= len(self._rows) and not self._ended:
            self._rows = self._tx.scan(self._kind, self._prefix, after=self._after, limit=self._batch)
            self._ended = len(self._rows) < self._batch
            self._position = 0
            self._batch = min(self._batch * 4, _MOST + 1)
            if self._rows:
                self._after = self._rows[-1][0]
        return self._rows[self._position][1] if self._position < len(self._rows) else None

    def advance(self) -> None:
        """Go past the next document."""
        self._position += 1

    def leap(self, target: str) -> None:
        """Go past every document whose key is not greater than ``target``."""
        while self._position < len(self._rows) and self._rows[self._position][0] <= target:
            self._position += 1
        if self._position >= len(self._rows) and target > self._after:
            self._after = target
            self._batch = 16


class Page:
    """What a listing has gathered so far."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.items: list[Doc] = []
        self.prefixes: list[str] = []
        self.last = ""
        self.truncated = False

    def full(self) -> bool:
        """Whether the next entry would be one too many; remembers that there is one."""
        self.truncated = len(self.items) + len(self.prefixes) >= self.limit
        return self.truncated


def limit(request: Request, name: str = "MaxKeys") -> int:
    """How many entries a page may have, at most 1,000."""
    asked = request.get(name)
    if asked is None:
        return _MOST
    if asked < 0:
        raise ApiError("InvalidArgument", f"Argument {_wire(name)} must be an integer between 0 and 2147483647", 400)
    return min(int(asked), _MOST)


def _wire(name: str) -> str:
    return {"MaxKeys": "max-keys", "MaxUploads": "max-uploads"}[name]


def common_prefix(key: str, prefix: str, delimiter: str) -> str:
    """The common prefix that a key is rolled up into, or an empty string."""
    if not delimiter:
        return ""
    found = key.find(delimiter, len(prefix))
    return key[: found + len(delimiter)] if found >= 0 else ""


def encoder(request: Request) -> Callable[[str], str]:
    """How keys are written in the answer."""
    if request.get("EncodingType") == "url":
        return lambda text: quote(text, safe="/*")
    return lambda text: text


def _gather(tx: ReadTx, bucket: str, request: Request, after: str) -> Page:
    """A page of current objects and common prefixes behind ``after``."""
    prefix, delimiter = request.get("Prefix") or "", request.get("Delimiter") or ""
    page = Page(limit(request))
    if page.limit == 0:
        return page
    batch = 32 if delimiter else page.limit + 1
    start = versions.object_key(bucket, after) if after else ""
    cursor = Cursor(tx, versions.OBJECT, versions.object_key(bucket, prefix), start, batch)
    while (doc := cursor.peek()) is not None:
        rolled = common_prefix(doc["key"], prefix, delimiter)
        if rolled:
            if rolled > after:
                if page.full():
                    break
                page.prefixes.append(rolled)
                page.last = rolled
            cursor.leap(versions.object_key(bucket, rolled) + BEHIND)
            continue
        if page.full():
            break
        page.items.append(doc)
        page.last = doc["key"]
        cursor.advance()
    return page


def _entry(doc: Doc, encode: Callable[[str], str]) -> dict[str, Any]:
    entry = {
        "Key": encode(doc["key"]),
        "LastModified": doc["modified"],
        "ETag": f'"{doc["etag"]}"',
        "Size": doc["size"],
        "StorageClass": doc["storage"],
    }
    if doc.get("checksum"):
        entry["ChecksumAlgorithm"] = [doc["checksum"]["algorithm"]]
        entry["ChecksumType"] = doc["checksum"]["type"]
    return entry


def _common(request: Request, page_size: int, encode: Callable[[str], str]) -> Response:
    answer: Response = {"Name": request["Bucket"], "Prefix": encode(request.get("Prefix") or ""), "MaxKeys": page_size}
    if request.get("Delimiter"):
        answer["Delimiter"] = encode(request["Delimiter"])
    if request.get("EncodingType"):
        answer["EncodingType"] = request["EncodingType"]
    return answer


def list_objects(ctx: Context, request: Request, *, store: Store) -> Response:
    """Current objects by key, the first form of the call."""
    encode = encoder(request)
    marker = request.get("Marker") or ""
    with store.read() as tx:
        bucket = buckets.find(tx, request)
        page = _gather(tx, bucket["name"], request, marker)
    owner = buckets.owner(bucket["account"])
    answer = _common(request, page.limit, encode)
    answer |= {"Marker": encode(marker), "IsTruncated": page.truncated}
    answer["Contents"] = [_entry(doc, encode) | {"Owner": owner} for doc in page.items]
    answer["CommonPrefixes"] = [{"Prefix": encode(prefix)} for prefix in page.prefixes]
    if page.truncated and request.get("Delimiter"):
        answer["NextMarker"] = encode(page.last)
    return answer


def _token(after: str) -> str:
    return base64.urlsafe_b64encode(after.encode()).decode()


def _resumed(token: str) -> str:
    try:
        return base64.b64decode(token.encode(), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise ApiError(
            "InvalidArgument",
            "The continuation token provided is incorrect",
            400,
            ArgumentName="continuation-token",
            ArgumentValue=token,
        ) from error


def list_objects_v2(ctx: Context, request: Request, *, store: Store) -> Response:
    """Current objects by key, with a token to go on."""
    encode = encoder(request)
    token = request.get("ContinuationToken")
    if token == "":
        raise ApiError("InvalidArgument", "The continuation token provided is incorrect", 400, ArgumentName="continuation-token")
    start = request.get("StartAfter") or ""
    with store.read() as tx:
        bucket = buckets.find(tx, request)
        page = _gather(tx, bucket["name"], request, _resumed(token) if token else start)
    owner = {"Owner": buckets.owner(bucket["account"])} if request.get("FetchOwner") else {}
    answer = _common(request, page.limit, encode)
    answer |= {"IsTruncated": page.truncated, "KeyCount": len(page.items) + len(page.prefixes)}
    answer["Contents"] = [_entry(doc, encode) | owner for doc in page.items]
    answer["CommonPrefixes"] = [{"Prefix": encode(prefix)} for prefix in page.prefixes]
    if start:
        answer["StartAfter"] = encode(start)
    if token:
        answer["ContinuationToken"] = token
    if page.truncated:
        answer["NextContinuationToken"] = _token(page.last)
    return answer


class _Everything:
    """All versions of all keys in the order of the listing: current objects and history, merged."""

    def __init__(self, tx: ReadTx, bucket: str, request: Request, batch: int) -> None:
        prefix, self._bucket = request.get("Prefix") or "", bucket
        marker, version = request.get("KeyMarker") or "", request.get("VersionIdMarker") or ""
        current_after = versions.object_key(bucket, marker) if marker else ""
        history_after = versions.history_prefix(bucket, marker) + "\U0010ffff" if marker else ""
        if version:
            doc = versions.find(tx, bucket, marker, version)
            # A version that has been deleted since still tells where it lay, unless it was the null version.
            last = doc or {"key": marker, "version": version, "order": 0}
            history_after = versions.history_key(bucket, last)
        self._current = Cursor(tx, versions.OBJECT, versions.object_key(bucket, prefix), current_after, batch)
        history_start = f"{bucket}/{versions.escaped(prefix)}"
        self._history = Cursor(tx, versions.VERSION, history_start, history_after, batch)
        self._seen = marker if version else None

    def peek(self) -> tuple[Doc, bool] | None:
        """The next version and whether it is the latest of its key."""
        now, old = self._current.peek(), self._history.peek()
        if now is not None and (old is None or now["key"] <= old["key"]):
            return now, True
        return (old, old["key"] != self._seen) if old is not None else None

    def advance(self) -> None:
        """Go past the next version."""
        now, old = self._current.peek(), self._history.peek()
        if now is not None and (old is None or now["key"] <= old["key"]):
            self._seen = now["key"]
            self._current.advance()
        elif old is not None:
            self._seen = old["key"]
            self._history.advance()

    def leap(self, prefix: str) -> None:
        """Go past every key that begins with ``prefix``."""
        self._current.leap(versions.object_key(self._bucket, prefix) + BEHIND)
        self._history.leap(f"{self._bucket}/{versions.escaped(prefix)}" + BEHIND)


def _version_entry(doc: Doc, latest: bool, owner: dict[str, str], encode: Callable[[str], str]) -> dict[str, Any]:
    if doc.get("marker"):
        entry: dict[str, Any] = {"Key": encode(doc["key"]), "LastModified": doc["modified"]}
    else:
        entry = _entry(doc, encode)
    return entry | {"VersionId": doc["version"], "IsLatest": latest, "Owner": owner}


def list_object_versions(ctx: Context, request: Request, *, store: Store) -> Response:
    """Versions and delete markers by key, newest first within a key."""
    encode, delimiter, prefix = encoder(request), request.get("Delimiter") or "", request.get("Prefix") or ""
    marker, version_marker = request.get("KeyMarker") or "", request.get("VersionIdMarker") or ""
    if version_marker and not marker:
        raise ApiError(
            "InvalidArgument",
            "A version-id marker cannot be specified without a key marker.",
            400,
            ArgumentName="version-id-marker",
            ArgumentValue=version_marker,
        )
    page = Page(limit(request))
    entries: list[tuple[Doc, bool]] = []
    last_version = ""
    with store.read() as tx:
        bucket = buckets.find(tx, request)
        rows = _Everything(tx, bucket["name"], request, 32 if delimiter else page.limit + 1)
        while page.limit and (row := rows.peek()) is not None:
            rolled = common_prefix(row[0]["key"], prefix, delimiter)
            if (not rolled or rolled > marker) and page.full():
                break
            if rolled:
                if rolled > marker:
                    page.prefixes.append(rolled)
                    page.last, last_version = rolled, ""
                rows.leap(rolled)
                continue
            entries.append(row)
            page.items.append(row[0])
            page.last, last_version = row[0]["key"], row[0]["version"]
            rows.advance()
    owner = buckets.owner(bucket["account"])
    shown = [(doc, _version_entry(doc, latest, owner, encode)) for doc, latest in entries]
    answer = _common(request, page.limit, encode)
    answer |= {"KeyMarker": encode(marker), "VersionIdMarker": version_marker, "IsTruncated": page.truncated}
    answer["Versions"] = [entry for doc, entry in shown if not doc.get("marker")]
    answer["DeleteMarkers"] = [entry for doc, entry in shown if doc.get("marker")]
    answer["CommonPrefixes"] = [{"Prefix": encode(common)} for common in page.prefixes]
    if page.truncated:
        answer["NextKeyMarker"] = encode(page.last)
        if last_version:
            answer["NextVersionIdMarker"] = last_version
    return answer
