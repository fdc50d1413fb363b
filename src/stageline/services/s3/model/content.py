"""The bytes of objects: received into blobs in constant memory, read back by range, dropped when nothing refers to them."""

import errno
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, Protocol

from stageline.ports.api import ApiError
from stageline.ports.aws import ByteStream
from stageline.ports.blobs import Blobs
from stageline.ports.store import Doc, ReadTx, Store, Task, WriteTx
from stageline.services.s3.model import checksums, versions

PART = "s3.part"
UPLOAD = "s3.upload"
COMPLETED = "s3.completed"
ORPHAN = "s3.orphan"
DISCARD = "s3.discard"
"""The kind of the tasks that free the parts of a multipart object that is gone."""

LARGEST = 5 * 1024**3
_CHUNK = 256 * 1024
_GRACE = 60 * 60 * 1000


class Received(NamedTuple):
    """Bytes that have arrived: their blob and what was found out about them while they passed."""

    blob: str
    size: int
    etag: str
    checksum: dict[str, str] | None


class Piece(NamedTuple):
    """A blob that is a part of an object's bytes."""

    number: int
    blob: str
    size: int


class _Whole(Protocol):
    def read(self, size: int = -1) -> bytes: ...


class _Joined:
    """An iterator of bytes, read as a stream."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks

    def read(self, size: int = -1) -> bytes:
        for chunk in self._chunks:
            if chunk:
                return chunk
        return b""


def stream(body: object) -> ByteStream:
    """Whatever a request's body is, as a stream."""
    if body is None:
        return io.BytesIO()
    if isinstance(body, (bytes, bytearray, memoryview)):
        return io.BytesIO(bytes(body))
    if hasattr(body, "read"):
        return body
    if isinstance(body, Iterable):
        return _Joined(iter(body))
    raise TypeError(f"a body cannot be a {type(body).__name__}")


def receive(
    blobs: Blobs,
    body: object,
    *,
    algorithm: str = "",
    claim: str = "",
    md5: str = "",
    length: int | None = None,
) -> Received:
    """Store a body as a blob. What was claimed (checksum, MD5 in hex, length) is verified before the blob is committed.

    Nothing is stored when this raises.
    """
    source = stream(body)
    digest = hashlib.md5(usedforsecurity=False)
    checksum = checksums.start(algorithm) if algorithm else None
    writer = blobs.create()
    size = 0
    try:
        while data := source.read(_CHUNK):
            size += len(data)
            if size > LARGEST:
                raise too_large(size)
            digest.update(data)
            if checksum is not None:
                checksum.update(data)
            writer.write(data)
        if length is not None and size != length:
            raise ApiError(
                "IncompleteBody", "You did not provide the number of bytes specified by the Content-Length HTTP header", 400
            )
        if md5 and digest.hexdigest() != md5:
            raise ApiError("BadDigest", "The Content-MD5 you specified did not match what we received.", 400)
        found = checksums.encoded(checksum.digest()) if checksum is not None else ""
        wanted = claim or _trailer(source, algorithm)
        if wanted and wanted != found:
            raise checksums.bad_digest(algorithm)
        blob = writer.commit()
    except OSError as error:
        writer.abort()
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise ApiError("ServiceUnavailable", "The server has no space left to store the object.", 503) from error
        raise
    except BaseException:
        writer.abort()
        raise
    kept = {"algorithm": algorithm, "value": found, "type": "FULL_OBJECT"} if algorithm else None
    return Received(blob, size, digest.hexdigest(), kept)


def too_large(size: int) -> ApiError:
    """The refusal of more bytes than one request may bring."""
    return ApiError(
        "EntityTooLarge",
        "Your proposed upload exceeds the maximum allowed size",
        400,
        ProposedSize=size,
        MaxSizeAllowed=LARGEST,
    )


def _trailer(source: object, algorithm: str) -> str:
    trailers: Mapping[str, str] = getattr(source, "trailers", None) or {}
    return trailers.get(f"x-amz-checksum-{algorithm.lower()}", "") if algorithm else ""


def body_length(length: object, headers: Mapping[str, str]) -> int | None:
    """How many bytes a request announced, once transfer framing is taken off; None when it did not say."""
    decoded = headers.get("x-amz-decoded-content-length", "")
    if decoded.isdigit():
        return int(decoded)
    if "aws-chunked" in headers.get("content-encoding", "") or not isinstance(length, int):
        return None
    return length


def pieces(tx: ReadTx, doc: Doc) -> list[Piece]:
    """The blobs of an object, in order."""
    if doc.get("upload"):
        return [Piece(part["number"], part["blob"], part["size"]) for _, part in tx.scan(PART, doc["upload"] + "/")]
    return [Piece(1, doc["blob"], doc["size"])]


def read(blobs: Blobs, parts: list[Piece], start: int, end: int) -> Iterator[bytes]:
    """The bytes start..end (exclusive) of an object. The first blob is open when this returns, so that an object that is
    replaced meanwhile is still read whole; FileNotFoundError when it was replaced before."""
    chunks = _chunks(blobs, parts, start, end)
    first = next(chunks, b"")
    return _resumed(first, chunks)


def _resumed(first: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
    if first:
        yield first
    yield from chunks


def _chunks(blobs: Blobs, parts: list[Piece], start: int, end: int) -> Iterator[bytes]:
    offset = 0
    for part in parts:
        low, high = max(start - offset, 0), min(end - offset, part.size)
        if low < high:
            yield from blobs.read(part.blob, low, high)
        offset += part.size


def forget(tx: WriteTx, docs: Iterable[Doc], now: int) -> list[str]:
    """Give up the bytes of versions that are gone: the blobs to delete once ``tx`` has committed.

    The parts of a multipart object are freed by a task after a while, because a reader opens them one after another.
    """
    blobs = []
    for doc in docs:
        if doc.get("upload"):
            tx.schedule(Task(f"{DISCARD}/{doc['upload']}", DISCARD, {"upload": doc["upload"]}, due=now + _GRACE))
        elif doc.get("blob"):
            blobs.append(doc["blob"])
    return blobs


def drop(blobs: Blobs, ids: Iterable[str]) -> None:
    """Delete blobs that nothing refers to."""
    for blob in ids:
        blobs.delete(blob)


def discard(task: Task, store: Store, blobs: Blobs) -> None:
    """Handler of ``DISCARD`` tasks: delete the parts of an upload and their blobs. Safe to run again."""
    prefix = task.payload["upload"] + "/"
    with store.read() as tx:
        rows = tx.scan(PART, prefix)
    drop(blobs, (part["blob"] for _, part in rows))
    with store.write() as tx:
        for key, _ in rows:
            tx.delete(PART, key)
        tx.cancel(task.id)


def sweep_orphans(store: Store, blobs: Blobs, now: int, *, age: int = _GRACE, keep: Iterable[str] = ()) -> int:
    """Delete the blobs that no object refers to and return how many; ``keep`` names those that others use.

    A blob is committed a moment before the document that refers to it, so one is deleted only when a sweep has seen it
    without an owner ``age`` milliseconds ago; with an age of 0 (at start-up, before requests are served) at once.
    """
    present = set(blobs.ids())
    with store.read() as tx:
        used = set(keep)
        for kind in (versions.OBJECT, versions.VERSION, PART):
            after = ""
            while rows := tx.scan(kind, after=after, limit=1000):
                used.update(doc["blob"] for _, doc in rows if doc.get("blob"))
                after = rows[-1][0]
        seen = {key: doc["seen"] for key, doc in tx.scan(ORPHAN)}
        stale = [key for key, doc in tx.scan(COMPLETED) if doc["at"] < now - 24 * _GRACE]
    orphans = present - used
    ripe = {blob for blob in orphans if age == 0 or (blob in seen and seen[blob] <= now - age)}
    with store.write() as tx:
        for key in stale:
            tx.delete(COMPLETED, key)
        for blob in seen.keys() - (orphans - ripe):
            tx.delete(ORPHAN, blob)
        for blob in orphans - ripe - seen.keys():
            tx.put(ORPHAN, blob, {"seen": now})
    drop(blobs, ripe)
    return len(ripe)
