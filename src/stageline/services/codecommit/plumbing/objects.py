"""Git's objects as values: commits, trees and packs, to and from bytes. Nothing here touches a disk."""

import hashlib
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from stageline.services.codecommit.plumbing.git import GitError, Kind

TREE = 0o040000
FILE = 0o100644
EXECUTABLE = 0o100755
SYMLINK = 0o120000
SUBMODULE = 0o160000

_PACK_KINDS: Mapping[Kind, int] = {"commit": 1, "tree": 2, "blob": 3, "tag": 4}


@dataclass(frozen=True)
class Node:
    """A line of a tree: a file, a link, a submodule or another tree."""

    mode: int
    oid: str


@dataclass(frozen=True)
class Commit:
    """A commit; ``author`` and ``committer`` are (name, email, ``seconds ±hhmm``)."""

    tree: str
    parents: tuple[str, ...]
    author: tuple[str, str, str]
    committer: tuple[str, str, str]
    message: str


def oid_of(kind: Kind, data: bytes) -> str:
    """The id that git gives to an object."""
    return hashlib.sha1(b"%s %d\0" % (kind.encode(), len(data)) + data, usedforsecurity=False).hexdigest()


def parse_tree(data: bytes) -> dict[bytes, Node]:
    """The lines of a tree by name."""
    nodes: dict[bytes, Node] = {}
    at = 0
    while at < len(data):
        space = data.index(b" ", at)
        end = data.index(b"\0", space)
        nodes[data[space + 1 : end]] = Node(int(data[at:space], 8), data[end + 1 : end + 21].hex())
        at = end + 21
    return nodes


def render_tree(nodes: Mapping[bytes, Node]) -> bytes:
    """A tree as git stores it: names sorted as though trees ended in a slash."""
    ordered = sorted(nodes.items(), key=lambda item: item[0] + (b"/" if item[1].mode == TREE else b""))
    return b"".join(b"%o %s\0%s" % (node.mode, name, bytes.fromhex(node.oid)) for name, node in ordered)


def parse_commit(data: bytes) -> Commit:
    """A commit from its bytes; text that is not UTF-8 keeps a mark in place of each wrong byte."""
    head, _, message = data.partition(b"\n\n")
    fields: dict[bytes, list[bytes]] = {}
    for line in head.split(b"\n"):
        if not line.startswith(b" "):
            name, _, value = line.partition(b" ")
            fields.setdefault(name, []).append(value)
    return Commit(
        tree=fields[b"tree"][0].decode(),
        parents=tuple(parent.decode() for parent in fields.get(b"parent", [])),
        author=_person(fields.get(b"author", [b""])[0]),
        committer=_person(fields.get(b"committer", [b""])[0]),
        message=message.decode("utf-8", "replace"),
    )


def render_commit(commit: Commit) -> bytes:
    """A commit as git stores it."""
    lines = [f"tree {commit.tree}", *(f"parent {parent}" for parent in commit.parents)]
    for role, (name, email, date) in (("author", commit.author), ("committer", commit.committer)):
        lines.append(f"{role} {name} <{email}> {date}")
    return ("\n".join(lines) + "\n\n" + commit.message).encode()


def render_pack(objects: Iterable[tuple[Kind, bytes]]) -> bytes:
    """A pack of whole objects (none as a difference to another)."""
    entries = []
    for kind, data in objects:
        size, first = len(data) >> 4, (_PACK_KINDS[kind] << 4) | (len(data) & 15)
        header = bytearray()
        while size:
            header.append(first | 0x80)
            first, size = size & 0x7F, size >> 7
        header.append(first)
        entries.append(bytes(header) + zlib.compress(data, 1))
    body = b"PACK" + (2).to_bytes(4, "big") + len(entries).to_bytes(4, "big") + b"".join(entries)
    return body + hashlib.sha1(body, usedforsecurity=False).digest()


def peeled(data: bytes) -> str:
    """The id of what an annotated tag points to."""
    first = data.split(b"\n", 1)[0]
    if not first.startswith(b"object "):
        raise GitError("a tag object has no target")
    return first[7:].decode()


def _person(line: bytes) -> tuple[str, str, str]:
    text = line.decode("utf-8", "replace")
    name, _, rest = text.partition("<")
    email, _, date = rest.rpartition(">")
    return name.strip(), email, date.strip()
