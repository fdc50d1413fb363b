"""Blobs as files in a folder: written beside, synced, renamed into place, and the folder synced before the id is given out."""

import errno
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from stageline.core.faultpoints import reach
from stageline.ports.store import StorageFull

CHUNK = 256 * 1024
ID_LENGTH = 32


class FolderBlobs:
    """Stores blobs under ``path``, two levels deep by the first digits of their ids; ``path/incoming`` holds unfinished ones.

    Opening sweeps what an earlier process left unfinished, so only one process may use a folder at a time.
    """

    def __init__(self, path: Path) -> None:
        self._path = Path(path)
        self._incoming = self._path / "incoming"
        make_folder(self._incoming)
        for leftover in self._incoming.iterdir():
            leftover.unlink()

    def create(self) -> "FolderBlobWriter":
        """Begin a new blob."""
        return FolderBlobWriter(self._path, self._incoming)

    def size(self, blob_id: str) -> int:
        """Length in bytes; raises FileNotFoundError for an unknown id."""
        return self._file(blob_id).stat().st_size

    def read(self, blob_id: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes start..end (exclusive) in chunks; raises FileNotFoundError before the first."""
        descriptor = os.open(self._file(blob_id), os.O_RDONLY | os.O_CLOEXEC)
        return _Chunks(descriptor, start, end)

    def delete(self, blob_id: str) -> None:
        """Remove a blob; harmless when it is gone."""
        try:
            self._file(blob_id).unlink(missing_ok=True)
        except FileNotFoundError:
            return  # not an id that could ever have been given out

    def ids(self) -> Iterator[str]:
        """Every stored id, in no order."""
        for first in self._path.iterdir():
            if first != self._incoming and first.is_dir():
                for second in first.iterdir():
                    yield from (file.name for file in second.iterdir())

    def _file(self, blob_id: str) -> Path:
        if len(blob_id) != ID_LENGTH or not set(blob_id) <= set("0123456789abcdef"):
            raise FileNotFoundError(errno.ENOENT, "no blob has this id", blob_id)
        return place(self._path, blob_id)


class FolderBlobWriter:
    """A blob that is being written to a temporary file in the same file system."""

    def __init__(self, path: Path, incoming: Path) -> None:
        self._path = path
        self._id = secrets.token_hex(ID_LENGTH // 2)
        self._temporary = incoming / self._id
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        self._descriptor: int | None = None
        with self._undone_when_full():
            self._descriptor = os.open(self._temporary, flags, 0o600)

    def write(self, data: bytes) -> None:
        """Append bytes; StorageFull when there is no room, and nothing is left of the blob."""
        if self._descriptor is None:
            raise ValueError("the blob is committed or dropped already")
        rest = memoryview(data)
        with self._undone_when_full():
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]

    def commit(self) -> str:
        """Make the blob durable and return its id."""
        if self._descriptor is None:
            raise ValueError("the blob is committed or dropped already")
        target = place(self._path, self._id)
        with self._undone_when_full():
            os.fsync(self._descriptor)
            make_folder(target.parent)
            reach("blob.before-rename")
            self._temporary.rename(target)
            sync_folder(target.parent)
        reach("blob.after-rename")
        self._close()
        return self._id

    def abort(self) -> None:
        """Drop what was written; harmless after ``commit``."""
        if self._descriptor is not None:
            self._close()
            self._temporary.unlink(missing_ok=True)

    def _close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _undone_when_full(self) -> "_Undone":
        return _Undone(self)


class _Undone:
    """Drops a writer's file on any error and gives a full disk its name."""

    def __init__(self, writer: FolderBlobWriter) -> None:
        self._writer = writer

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if error is None:
            return
        self._writer.abort()
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFull(errno.ENOSPC, "no space left for a blob") from error


class _Chunks:
    """Iterates over a part of an open file and closes it at the end, or when it is let go of."""

    def __init__(self, descriptor: int, start: int, end: int | None) -> None:
        self._descriptor: int | None = descriptor
        self._position = start
        self._end = os.fstat(descriptor).st_size if end is None else end

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        wanted = min(CHUNK, self._end - self._position)
        data = os.pread(self._descriptor, wanted, self._position) if self._descriptor is not None and wanted > 0 else b""
        if not data:
            self.close()
            raise StopIteration
        self._position += len(data)
        return data

    def close(self) -> None:
        """Close the file."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __del__(self) -> None:
        self.close()


def place(path: Path, blob_id: str) -> Path:
    """Where a blob lies."""
    return path / blob_id[:2] / blob_id[2:4] / blob_id


def make_folder(folder: Path) -> None:
    """Create a folder and the missing ones above it, each entry synced in its parent."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        return
    except FileNotFoundError:
        make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Make the entries of a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
