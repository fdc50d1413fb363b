"""Packing folders into zip archives, the same bytes for the same content.

Names are sorted, timestamps fixed, owners left out; only content, permission bits and names count. The archive is streamed, so
it may be larger than memory. Links out of the folder are never followed.
"""

import os
import stat
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Literal, cast

from stageline.archives.folders import Folders
from stageline.archives.unpack import CHUNK, BadArchive
from stageline.core.archives import DEFAULT, Problem, clean_path

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest instant that a zip can hold."""

Links = Literal["keep", "follow"]
Write = Callable[[bytes], object]


def zip_folder(folder: Path, write: Write, *, links: Links = "keep", skip: Callable[[str], bool] | None = None) -> int:
    """Pack all that is below a folder; returns the number of files and links. ``skip`` leaves out a relative path with all below.

    Links are kept as links, or with ``follow`` replaced by the file they lead to if that lies in the folder. Pipes, sockets and
    devices are left out.
    """
    with Folders(folder) as folders:
        return zip_members(folder, ((path, path) for path in _walk(folders, "", skip)), write, links=links)


def zip_members(folder: Path, members: Iterable[tuple[str, str]], write: Write, *, links: Links = "keep") -> int:
    """Pack chosen files: pairs of (name in the archive, path below ``folder``). A path that ends in a slash is an empty folder.

    Raises BadArchive when two members want one name or a name could not be unpacked again, FileNotFoundError for a missing
    file. Members are stored in the order given.
    """
    taken: set[str] = set()
    count = 0
    with Folders(folder) as folders, zipfile.ZipFile(cast("IO[bytes]", _Sink(write)), "w") as archive:
        for name, path in members:
            clean = clean_path(name)
            if isinstance(clean, Problem):
                raise BadArchive(str(clean))
            if clean in taken:
                raise BadArchive(f"{clean!r} would be in the archive twice")
            taken.add(clean)
            if path.endswith("/"):
                archive.writestr(_info(clean + "/", stat.S_IFDIR | 0o755), b"")
            else:
                count += _add(archive, folders, clean, path, folder, links)
    return count


class _Sink:
    """The write end that zipfile wants, over a plain function."""

    def __init__(self, write: Write) -> None:
        self._write = write

    def write(self, data: bytes) -> int:
        self._write(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""


def _walk(folders: Folders, path: str, skip: Callable[[str], bool] | None) -> Iterator[str]:
    if path.count("/") >= DEFAULT.depth:
        raise BadArchive(f"{path!r} is nested deeper than {DEFAULT.depth} folders")
    for name, is_folder in folders.names(path):
        below = f"{path}/{name}" if path else name
        if skip and skip(below):
            continue
        if not is_folder:
            yield below
            continue
        empty = True
        for found in _walk(folders, below, skip):
            empty = False
            yield found
        if empty:
            yield below + "/"


def _info(name: str, mode: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, EPOCH)
    info.create_system = 3
    info.external_attr = mode << 16
    info.compress_type = zipfile.ZIP_DEFLATED if stat.S_ISREG(mode) else zipfile.ZIP_STORED
    return info


def _add(archive: zipfile.ZipFile, folders: Folders, name: str, path: str, root: Path, links: Links) -> int:
    status = folders.status(path)
    if stat.S_ISLNK(status.st_mode):
        if links == "keep":
            archive.writestr(_info(name, stat.S_IFLNK | 0o777), os.fsencode(folders.target(path)))
            return 1
        path = _within(root, path)
        if not path:
            return 0
    stream = folders.read(path)
    if stream is None:
        return 0
    with stream:
        status = os.fstat(stream.fileno())
        info = _info(name, stat.S_IFREG | stat.S_IMODE(status.st_mode) & 0o777)
        info.file_size = status.st_size
        with archive.open(info, "w", force_zip64=status.st_size > 1 << 30) as out:
            while chunk := stream.read(CHUNK):
                out.write(chunk)
    return 1


def _within(root: Path, path: str) -> str:
    """Where a link leads, as a path below the root; empty when it leads out or nowhere."""
    top = root.resolve()
    try:
        real = (top / path).resolve()
        return str(real.relative_to(top)) if real.is_relative_to(top) and real.is_file() else ""
    except (OSError, RuntimeError):  # a loop of links
        return ""
