"""Zips on disk: what is packed comes back, and what is hostile never leaves its folder."""

import io
import os
import stat
import zipfile
from pathlib import Path

import pytest

from stageline.archives import BadArchive, each_file, read_member, unpack_zip, zip_folder, zip_members
from stageline.core.archives import Limits


def _zip(*members: tuple[str, bytes, int]) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data, mode in members:
            info = zipfile.ZipInfo("x")
            info.filename = info.orig_filename = name
            info.external_attr = mode << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    out.seek(0)
    return out


def _tree(root: Path) -> dict[str, object]:
    found: dict[str, object] = {}
    for path in sorted(root.rglob("*")):
        name = str(path.relative_to(root))
        if path.is_symlink():
            found[name] = ("link", str(path.readlink()))
        elif path.is_dir():
            found[name] = "folder"
        else:
            found[name] = (path.read_bytes(), oct(stat.S_IMODE(path.stat().st_mode)))
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "from"
    (root / "bin").mkdir(parents=True)
    (root / "empty" / "er").mkdir(parents=True)
    (root / "bin" / "tool").write_bytes(b"#!/bin/sh\n")
    (root / "bin" / "tool").chmod(0o755)
    (root / "data").write_bytes(os.urandom(700_000))
    (root / "data").chmod(0o644)
    (root / "h\u00e9llo w\u00f6rld.txt").write_text("x")
    (root / "h\u00e9llo w\u00f6rld.txt").chmod(0o600)
    (root / "bin" / "link").symlink_to("../data")
    return root


def test_a_folder_comes_back_as_it_was(folder: Path, tmp_path: Path) -> None:
    archive, into = tmp_path / "a.zip", tmp_path / "into"
    into.mkdir()
    with archive.open("wb") as out:
        assert zip_folder(folder, out.write) == 4
    assert unpack_zip(archive, into) == 4
    assert _tree(into) == _tree(folder)


def test_equal_content_gives_equal_bytes(folder: Path) -> None:
    one, two = io.BytesIO(), io.BytesIO()
    zip_folder(folder, one.write)
    for path in folder.rglob("*"):
        if not path.is_symlink():
            os.utime(path, (1_000_000_000, 1_000_000_000))
    zip_folder(folder, two.write)
    assert one.getvalue() == two.getvalue()


def test_other_programs_can_read_what_is_packed(folder: Path) -> None:
    out = io.BytesIO()
    zip_folder(folder, out.write)
    with zipfile.ZipFile(out) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["bin/link", "bin/tool", "data", "empty/er/", "h\u00e9llo w\u00f6rld.txt"]


def test_links_are_followed_inside_only_when_asked(folder: Path) -> None:
    (folder / "out").symlink_to("/etc/passwd")
    (folder / "loop").symlink_to("loop")
    (folder / "nowhere").symlink_to("missing")
    os.mkfifo(folder / "pipe")
    out = io.BytesIO()
    zip_folder(folder, out.write, links="follow")
    names = {member.path: b"".join(data) for member, data in each_file(out)}
    assert names["bin/link"] == (folder / "data").read_bytes()
    assert set(names) == {"bin/link", "bin/tool", "data", "h\u00e9llo w\u00f6rld.txt"}


def test_a_file_behind_a_linked_folder_is_not_packed(folder: Path, tmp_path: Path) -> None:
    (folder / "etc").symlink_to("/etc")
    with pytest.raises(NotADirectoryError):
        zip_members(folder, [("passwd", "etc/passwd")], io.BytesIO().write)


def test_skipped_paths_and_chosen_names(folder: Path) -> None:
    out = io.BytesIO()
    zip_folder(folder, out.write, skip=lambda path: path == "bin")
    assert "bin/tool" not in {member.path for member, _ in each_file(out)}
    out = io.BytesIO()
    assert zip_members(folder, [("t", "bin/tool")], out.write) == 1
    assert read_member(out, "t") == b"#!/bin/sh\n"
    assert read_member(out, "u") is None
    with pytest.raises(BadArchive, match="at most 3"):
        read_member(out, "t", most=3)
    with pytest.raises(BadArchive, match="twice"):
        zip_members(folder, [("t", "bin/tool"), ("t", "data")], io.BytesIO().write)
    with pytest.raises(FileNotFoundError):
        zip_members(folder, [("t", "missing")], io.BytesIO().write)


@pytest.mark.parametrize("name", ["../evil", "/evil", "a/../../evil", "a\\..\\evil", "C:evil", "evil\0.txt"])
def test_a_tricky_name_writes_nothing(name: str, tmp_path: Path) -> None:
    into = tmp_path / "into"
    into.mkdir()
    with pytest.raises(BadArchive):
        unpack_zip(_zip(("fine", b"x", 0o100644), (name, b"x", 0o100644)), into)
    assert list(tmp_path.rglob("*")) == [into]


def test_a_link_out_writes_nothing(tmp_path: Path) -> None:
    for target in (b"/etc", b"..", b"a/../../x"):
        with pytest.raises(BadArchive, match="link"):
            unpack_zip(_zip(("l", target, 0o120777)), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_setuid_is_dropped(tmp_path: Path) -> None:
    unpack_zip(_zip(("suid", b"x", 0o106755)), tmp_path)
    assert stat.S_IMODE((tmp_path / "suid").stat().st_mode) == 0o755


def test_a_link_in_the_way_is_not_followed(tmp_path: Path) -> None:
    into, outside = tmp_path / "into", tmp_path / "outside"
    into.mkdir()
    outside.mkdir()
    (outside / "file").write_text("mine")
    (into / "file").symlink_to(outside / "file")
    (into / "folder").symlink_to(outside)
    unpack_zip(_zip(("file", b"new", 0o100644)), into)
    assert (outside / "file").read_text() == "mine"
    assert (into / "file").read_text() == "new"
    with pytest.raises(BadArchive, match="folder"):
        unpack_zip(_zip(("folder/x", b"new", 0o100644)), into)
    assert not (outside / "x").exists()


def test_bombs_are_refused_before_and_while_inflating(tmp_path: Path) -> None:
    bomb = _zip(("zeros", bytes(80_000_000), 0o100644))
    with pytest.raises(BadArchive, match="times its size"):
        unpack_zip(bomb, tmp_path)
    small = _zip(("zeros", bytes(1_000_000), 0o100644))
    with pytest.raises(BadArchive, match="at most 1000"):
        unpack_zip(small, tmp_path, limits=Limits(total=1_000))
    lying = small.getvalue().replace((1_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    with pytest.raises(BadArchive):
        unpack_zip(io.BytesIO(lying), tmp_path)
    lying = small.getvalue().replace((1_000_000).to_bytes(4, "little"), (1_000_001).to_bytes(4, "little"))
    with pytest.raises(BadArchive, match="instead of"):
        unpack_zip(io.BytesIO(lying), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_table_of_contents_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    many = _zip(*((f"{n:080}", b"", 0o100644) for n in range(3_000)))
    with pytest.raises(BadArchive, match="table of contents"):
        unpack_zip(many, tmp_path, limits=Limits(directory=100_000, entries=10))
    with pytest.raises(BadArchive, match="3000 entries"):
        unpack_zip(many, tmp_path, limits=Limits(entries=10))


@pytest.mark.parametrize("data", [b"", b"PK", b"not a zip", b"PK\x05\x06" + bytes(17)])
def test_what_is_no_zip_is_a_bad_archive(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(BadArchive):
        unpack_zip(io.BytesIO(data), tmp_path)


def test_a_flipped_byte_is_noticed(folder: Path, tmp_path: Path) -> None:
    out = io.BytesIO()
    zip_folder(folder, out.write)
    data = bytearray(out.getvalue())
    data[len(data) // 2] ^= 0xFF
    into = tmp_path / "into"
    into.mkdir()
    with pytest.raises(BadArchive):
        unpack_zip(io.BytesIO(bytes(data)), into)


def test_an_unseekable_source_is_spooled(folder: Path, tmp_path: Path) -> None:
    archive, into = tmp_path / "a.zip", tmp_path / "into"
    into.mkdir()
    with archive.open("wb") as out:
        zip_members(folder, [("tool", "bin/tool"), ("none/", "/")], out.write)
    read, write = os.pipe()
    with os.fdopen(write, "wb") as end:
        end.write(archive.read_bytes())
    with os.fdopen(read, "rb") as end:
        assert unpack_zip(end, into) == 1
    assert _tree(into) == {"tool": (b"#!/bin/sh\n", "0o755"), "none": "folder"}
