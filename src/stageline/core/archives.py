"""Judging the table of contents of an archive before a byte of it is written.

Bytes from outside are hostile: a name may climb out of its folder, a link may point out of it, two names may be one file on
another machine, and a few kilobytes may unfold to terabytes. ``judge`` refuses all of these by looking at the names, sizes and
modes alone. Its rule for links makes any chain of links safe: a link may climb only at the start of its target, never above the
root, and no member lies below a link.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

KIB = 1024
MIB = 1024 * KIB
GIB = 1024 * MIB

TYPE_MASK = 0o170000
TYPE_FILE = 0o100000
TYPE_FOLDER = 0o040000
TYPE_LINK = 0o120000

Kind = Literal["file", "folder", "link"]


@dataclass(frozen=True)
class Limits:
    """How much an archive may hold. ``ratio`` (unfolded to packed) counts only beyond ``ratio_floor`` unfolded bytes."""

    entries: int = 100_000
    total: int = 10 * GIB
    ratio: int = 200
    ratio_floor: int = 64 * MIB
    name: int = 1_024
    depth: int = 64
    directory: int = 16 * MIB
    """Bytes of the table of contents itself."""
    fold_case: bool = True
    """Refuse names that differ only in case or Unicode form."""


DEFAULT = Limits()


@dataclass(frozen=True)
class Entry:
    """A line of the table of contents as it stands in the archive. ``mode`` is a Unix mode with its type bits, 0 if unknown."""

    name: str
    size: int = 0
    mode: int = 0
    target: str = ""
    encrypted: bool = False
    hardlink: bool = False


@dataclass(frozen=True)
class Member:
    """An entry found harmless. ``path`` is relative and clean; ``index`` is its place among the entries."""

    path: str
    kind: Kind
    mode: int
    size: int
    target: str
    index: int


@dataclass(frozen=True)
class Problem:
    """Why an archive is refused, and because of which member (empty: because of the whole)."""

    name: str
    reason: str

    def __str__(self) -> str:
        return f"{self.name!r} {self.reason}" if self.name else self.reason


def judge(entries: Sequence[Entry], limits: Limits = DEFAULT, *, packed: int = 0) -> list[Member] | Problem:
    """The members to write, or the first problem. ``packed`` is the size of the archive itself, 0 if unknown."""
    if len(entries) > limits.entries:
        return Problem("", f"the archive has {len(entries)} entries; at most {limits.entries} are taken")
    total = sum(entry.size for entry in entries)
    if total > limits.total:
        return Problem("", f"the archive unfolds to {total} bytes; at most {limits.total} are taken")
    if packed and total > limits.ratio_floor and total > limits.ratio * packed:
        return Problem("", f"the archive unfolds to more than {limits.ratio} times its size")
    members: list[Member] = []
    for index, entry in enumerate(entries):
        member = _member(entry, index, limits)
        if isinstance(member, Problem):
            return member
        if member is not None:
            members.append(member)
    return _collision(members, limits) or members


def clean_path(name: str, limits: Limits = DEFAULT) -> str | Problem:
    """A name as a relative path without ``.`` and empty parts; the empty string for the root itself."""
    reason = _bad_name(name, limits)
    if reason:
        return Problem(name, reason)
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if ".." in parts:
        return Problem(name, "climbs out of its folder with '..'")
    if len(parts) > limits.depth:
        return Problem(name, f"is nested deeper than {limits.depth} folders")
    if any(len(part.encode("utf-8", "surrogatepass")) > 255 for part in parts):
        return Problem(name, "has a part longer than 255 bytes")
    return "/".join(parts)


def _bad_name(name: str, limits: Limits) -> str:
    if not name:
        return "is an empty name"
    if "\0" in name:
        return "has a NUL in its name"
    if any("\ud800" <= char <= "\udfff" for char in name):
        return "is not valid Unicode"
    if len(name.encode("utf-8")) > limits.name:
        return f"is longer than {limits.name} bytes"
    if "\\" in name:
        return "has a backslash in its name"
    if name.startswith("/"):
        return "is an absolute path"
    if len(name) > 1 and name[1] == ":" and name[0].isalpha() and name[0].isascii():
        return "begins with a drive letter"
    return ""


def _member(entry: Entry, index: int, limits: Limits) -> Member | Problem | None:
    path = clean_path(entry.name, limits)
    if isinstance(path, Problem):
        return path
    kind = _kind(entry)
    if isinstance(kind, Problem):
        return kind
    if not path:
        return None if kind == "folder" else Problem(entry.name, "has no name of its own")
    if entry.encrypted:
        return Problem(entry.name, "is encrypted")
    if kind == "link":
        reason = _bad_target(path, entry.target)
        if reason:
            return Problem(entry.name, reason)
    return Member(path, kind, _permissions(entry.mode, kind), entry.size, entry.target if kind == "link" else "", index)


def _kind(entry: Entry) -> Kind | Problem:
    if entry.hardlink:
        return Problem(entry.name, "is a hard link")
    kind = entry.mode & TYPE_MASK
    if kind == TYPE_LINK:
        return "link"
    if kind == TYPE_FOLDER or (kind == 0 and entry.name.endswith("/")):
        return "folder"
    if kind in (0, TYPE_FILE):
        return Problem(entry.name, "is a file whose name ends in a slash") if entry.name.endswith("/") else "file"
    return Problem(entry.name, "is neither a file, a folder nor a link")


def _permissions(mode: int, kind: Kind) -> int:
    """Permission bits without setuid, setgid, sticky and writing by others; the owner can always read and write."""
    if kind == "folder":
        return 0o755
    return (mode & 0o755) | 0o600 if mode & 0o777 else 0o644


def _bad_target(path: str, target: str) -> str:
    if not target or "\0" in target or len(target.encode("utf-8", "surrogatepass")) > 4_000:
        return "is a link to nothing that can be named"
    if "\\" in target or target.startswith("/") or (len(target) > 1 and target[1] == ":" and target[0].isalpha()):
        return f"is a link to an absolute path ({target!r})"
    depth = path.count("/")
    climbing = True
    for part in target.split("/"):
        if part in ("", "."):
            continue
        if part != "..":
            climbing = False
            continue
        if not climbing:
            return f"is a link that climbs in the middle of its target ({target!r})"
        depth -= 1
        if depth < 0:
            return f"is a link out of the archive ({target!r})"
    return ""


def _collision(members: Iterable[Member], limits: Limits) -> Problem | None:
    seen: dict[str, tuple[str, Kind]] = {}
    folders: set[str] = set()
    for member in members:
        above = member.path
        while "/" in above:
            above = above.rpartition("/")[0]
            if above in folders:
                break
            problem = _place(seen, above, "folder", limits)
            if problem:
                return Problem(member.path, problem)
            folders.add(above)
        problem = _place(seen, member.path, member.kind, limits)
        if problem:
            return Problem(member.path, problem)
    return None


def _place(seen: dict[str, tuple[str, Kind]], path: str, kind: Kind, limits: Limits) -> str:
    key = unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold()) if limits.fold_case else path
    earlier = seen.get(key)
    if earlier is None:
        seen[key] = (path, kind)
        return ""
    if earlier[0] != path:
        return f"collides with {earlier[0]!r}: the names differ only in case or Unicode form"
    if earlier[1] != kind:
        return f"makes {path!r} both a {earlier[1]} and a {kind}"
    return "" if kind == "folder" else "is in the archive twice"
