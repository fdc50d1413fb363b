"""Blobs in a folder."""

import os
import subprocess
from pathlib import Path

import pytest

from stageline.ports.store import StorageFull
from stageline.store.blobs import CHUNK, FolderBlobs
from stageline.testing.store_conformance import together


@pytest.fixture
def blobs(tmp_path: Path) -> FolderBlobs:
    return FolderBlobs(tmp_path / "blobs")


def stored(blobs: FolderBlobs, *parts: bytes) -> str:
    writer = blobs.create()
    for part in parts:
        writer.write(part)
    return writer.commit()


def test_a_blob_comes_back_whole_and_in_ranges(blobs: FolderBlobs) -> None:
    content = os.urandom(CHUNK * 2 + 100)
    blob = stored(blobs, content[:10], b"", content[10:])
    assert blobs.size(blob) == len(content)
    chunks = list(blobs.read(blob))
    assert b"".join(chunks) == content
    assert max(map(len, chunks)) <= CHUNK
    for start, end in [(0, 0), (0, 1), (5, CHUNK + 7), (CHUNK, None), (len(content) - 1, len(content)), (len(content), None)]:
        assert b"".join(blobs.read(blob, start, end)) == content[start:end], (start, end)
    assert b"".join(blobs.read(blob, 0, len(content) * 2)) == content


def test_an_empty_blob_is_a_blob(blobs: FolderBlobs) -> None:
    blob = stored(blobs)
    assert blobs.size(blob) == 0
    assert list(blobs.read(blob)) == []
    assert list(blobs.ids()) == [blob]


@pytest.mark.parametrize("unknown", ["", "0" * 32, "../../etc/passwd", "incoming", "A" * 32, "0" * 31 + "/", "x\x00y"])
def test_an_unknown_id_is_not_found(blobs: FolderBlobs, unknown: str) -> None:
    with pytest.raises(FileNotFoundError):
        blobs.size(unknown)
    with pytest.raises(FileNotFoundError):
        blobs.read(unknown)
    blobs.delete(unknown)


def test_a_deleted_blob_is_gone_but_whoever_reads_it_reads_on(blobs: FolderBlobs) -> None:
    content = os.urandom(CHUNK + 1)
    blob, other = stored(blobs, content), stored(blobs, b"other")
    reading = blobs.read(blob)
    first = next(reading)
    blobs.delete(blob)
    blobs.delete(blob)
    assert first + b"".join(reading) == content
    with pytest.raises(FileNotFoundError):
        blobs.size(blob)
    assert list(blobs.ids()) == [other]


def test_nothing_is_seen_of_a_blob_before_it_is_committed(blobs: FolderBlobs, tmp_path: Path) -> None:
    writer = blobs.create()
    writer.write(b"half")
    assert list(blobs.ids()) == []
    writer.abort()
    writer.abort()
    assert [path for path in (tmp_path / "blobs").rglob("*") if path.is_file()] == []
    with pytest.raises(ValueError, match="committed or dropped"):
        writer.write(b"more")
    with pytest.raises(ValueError, match="committed or dropped"):
        writer.commit()
    committed = blobs.create()
    blob = committed.commit()
    committed.abort()
    assert list(blobs.ids()) == [blob]


def test_what_a_dead_process_left_unfinished_is_swept(blobs: FolderBlobs, tmp_path: Path) -> None:
    blob = stored(blobs, b"done")
    writer = blobs.create()
    writer.write(b"half")
    again = FolderBlobs(tmp_path / "blobs")
    assert list((tmp_path / "blobs" / "incoming").iterdir()) == []
    assert b"".join(again.read(blob)) == b"done"
    writer.abort()


def test_files_are_private_and_spread_over_folders(blobs: FolderBlobs, tmp_path: Path) -> None:
    blob = stored(blobs, b"x")
    path = tmp_path / "blobs" / blob[:2] / blob[2:4] / blob
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "blobs").stat().st_mode & 0o777 == 0o700


def test_blobs_are_written_side_by_side(blobs: FolderBlobs) -> None:
    written: dict[str, bytes] = {}

    def write(number: int) -> None:
        for n in range(10):
            content = b"%d/%d" % (number, n)
            written[stored(blobs, content)] = content

    together(*(lambda number=number: write(number) for number in range(4)))
    assert sorted(blobs.ids()) == sorted(written)
    assert all(b"".join(blobs.read(blob)) == content for blob, content in written.items())


def test_a_full_disk_leaves_nothing_of_the_blob(tmp_path: Path) -> None:
    mount = tmp_path / "small"
    mount.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(mount)], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("needs the right to mount")
    try:
        blobs = FolderBlobs(mount / "blobs")
        blob = stored(blobs, b"x" * 300_000)
        writer = blobs.create()
        with pytest.raises(StorageFull):
            writer.write(b"y" * 2_000_000)
        assert list(blobs.ids()) == [blob]
        assert list((mount / "blobs" / "incoming").iterdir()) == []
        writer.abort()
        assert blobs.size(stored(blobs, b"z" * 300_000)) == 300_000
    finally:
        subprocess.run(["umount", str(mount)], check=True)


def test_no_descriptor_is_left_open(blobs: FolderBlobs) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(3):
        blob = stored(blobs, b"x" * 10)
        list(blobs.read(blob))
        blobs.read(blob)
        blobs.create().abort()
    assert len(list(Path("/proc/self/fd").iterdir())) == before
