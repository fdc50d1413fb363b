"""Large immutable byte strings, outside the database."""

from collections.abc import Iterator
from typing import Protocol


class BlobWriter(Protocol):
    """A blob that is being written; invisible until committed."""

    def write(self, data: bytes) -> None:
        """Append bytes. Raises StorageFull (an OSError) when the disk is full; nothing is left of the blob then."""
        ...

    def commit(self) -> str:
        """Make the blob durable (file and folder are fsynced) and return its id."""
        ...

    def abort(self) -> None:
        """Drop what was written; harmless after ``commit``."""
        ...


class Blobs(Protocol):
    """Stores blobs by generated id. A blob never changes."""

    def create(self) -> BlobWriter:
        """Begin a new blob."""
        ...

    def size(self, blob_id: str) -> int:
        """Length in bytes; raises FileNotFoundError for an unknown id."""
        ...

    def read(self, blob_id: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes start..end (exclusive) in chunks of at most 256 KiB; raises FileNotFoundError before the first."""
        ...

    def delete(self, blob_id: str) -> None:
        """Remove a blob; harmless when it is gone."""
        ...

    def ids(self) -> Iterator[str]:
        """Every stored id, in no order (used by the sweep for blobs that nothing refers to)."""
        ...
