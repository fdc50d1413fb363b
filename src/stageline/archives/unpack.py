"""Unpacking zip archives that come from outside.

The table of contents is judged as a whole first (``core.archives``); then members are written through folder descriptors that
follow no link, and what is inflated is counted and must be what the table said. Links are made last.
"""

import os
import shutil
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from stageline.archives.folders import Folders
from stageline.core.archives import DEFAULT, TYPE_LINK, TYPE_MASK, Entry, Limits, Member, Problem, judge

CHUNK = 256 * 1024
LONGEST_TARGET = 4_096
UNSOUND = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, UnicodeDecodeError, NotImplementedError)
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class BadArchive(ValueError):
    """The archive is broken or refused; the text names the member and says why."""


def unpack_zip(source: Path | IO[bytes], into: Path, *, limits: Limits = DEFAULT) -> int:
    """Unpack a zip archive into an existing folder; returns the number of files and links written.

    A file of the same name that is there already is replaced, never written through. Raises BadArchive before anything is
    written when the table of contents is refused, and in the middle when a member's bytes are not what the table says.
    """
    with _opened(source, limits) as (archive, infos, members), Folders(into) as folders:
        for member in sorted(members, key=lambda member: member.kind == "link"):
            try:
                _unpack(archive, infos[member.index], member, folders)
            except NotADirectoryError as error:
                raise BadArchive(
                    f"{member.path!r} does not fit what is in the folder already: {error.strerror or error}"
                ) from error
        return sum(member.kind != "folder" for member in members)


def each_file(source: Path | IO[bytes], *, limits: Limits = DEFAULT) -> Iterator[tuple[Member, Iterator[bytes]]]:
    """The regular files of an archive, each with its bytes in chunks (to be read before the next one), nothing written."""
    with _opened(source, limits) as (archive, infos, members):
        for member in members:
            if member.kind == "file":
                yield member, _inflate(archive, infos[member.index], member)


def read_member(source: Path | IO[bytes], path: str, *, most: int = 16 * 1024 * 1024, limits: Limits = DEFAULT) -> bytes | None:
    """The bytes of one file of an archive, None when there is none; BadArchive when it is longer than ``most``."""
    with _opened(source, limits) as (archive, infos, members):
        for member in members:
            if member.path == path and member.kind == "file":
                if member.size > most:
                    raise BadArchive(f"{path!r} has {member.size} bytes; at most {most} are taken")
                return b"".join(_inflate(archive, infos[member.index], member))
    return None


class _Bounded:
    """A seekable source that refuses to hand out more at once than the table of contents may have."""

    def __init__(self, source: IO[bytes], most: int) -> None:
        self._source = source
        self._most = most
        self.seek = source.seek
        self.tell = source.tell

    def seekable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        most = max(self._most, CHUNK)
        data = self._source.read(most + 1 if size < 0 else min(size, most + 1))
        if len(data) > most:
            raise BadArchive(f"the archive's table of contents is larger than {self._most} bytes")
        return data


_Opened = tuple[zipfile.ZipFile, list[zipfile.ZipInfo], list[Member]]


@contextmanager
def _opened(source: Path | IO[bytes], limits: Limits) -> Iterator[_Opened]:
    with _seekable(source) as stream:
        size = stream.seek(0, os.SEEK_END)
        try:
            with zipfile.ZipFile(_Bounded(stream, limits.directory)) as archive:
                infos = archive.infolist()
                if len(infos) > limits.entries:
                    raise BadArchive(f"the archive has {len(infos)} entries; at most {limits.entries} are taken")
                verdict = judge([_entry(archive, info) for info in infos], limits, packed=size)
                if isinstance(verdict, Problem):
                    raise BadArchive(str(verdict))
                yield archive, infos, verdict
        except UNSOUND as error:
            raise BadArchive(f"the archive is not a sound zip file: {error}") from error


@contextmanager
def _seekable(source: Path | IO[bytes]) -> Iterator[IO[bytes]]:
    if isinstance(source, Path):
        with source.open("rb") as stream:
            yield stream
    elif source.seekable():
        yield source
    else:
        with tempfile.TemporaryFile() as spool:
            shutil.copyfileobj(source, spool, CHUNK)
            yield spool


def _entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Entry:
    if info.compress_type not in METHODS:
        raise BadArchive(f"{info.orig_filename!r} is packed with a method other than deflate")
    mode = info.external_attr >> 16
    target = ""
    if mode & TYPE_MASK == TYPE_LINK and not info.flag_bits & 1:
        with archive.open(info) as stream:
            target = os.fsdecode(stream.read(LONGEST_TARGET))
    # zipfile cuts a name at its first NUL; the judge must see the name as it stands in the archive.
    return Entry(info.orig_filename, info.file_size, mode, target, encrypted=bool(info.flag_bits & 1))


def _inflate(archive: zipfile.ZipFile, info: zipfile.ZipInfo, member: Member) -> Iterator[bytes]:
    count = 0
    try:
        with archive.open(info) as stream:
            while chunk := stream.read(CHUNK):
                count += len(chunk)
                if count > member.size:
                    raise BadArchive(f"{member.path!r} unfolds to more than the {member.size} bytes it announces")
                yield chunk
    except UNSOUND as error:  # whoever reads this may do so outside of where the archive was opened
        raise BadArchive(f"{member.path!r} is not sound: {error}") from error
    if count != member.size:
        raise BadArchive(f"{member.path!r} unfolds to {count} bytes instead of {member.size}")


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, member: Member, folders: Folders) -> None:
    if member.kind == "folder":
        folders.make(member.path)
        return
    if member.kind == "link":
        folders.link(member.path, member.target)
        return
    with folders.create(member.path, member.mode) as out:
        try:
            for chunk in _inflate(archive, info, member):
                out.write(chunk)
        except BaseException:
            with suppress(OSError):
                folders.remove(member.path)
            raise
