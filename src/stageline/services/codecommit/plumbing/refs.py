"""References of a bare repository, read straight from its files (git keeps them as one small file each, and in ``packed-refs``).

Writing goes through git alone, under ``held``: one change of references of a repository at a time, so that whoever compares
them before and after sees its own changes only.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stageline.services.codecommit.plumbing.git import Missing, is_full_id

HEADS = "refs/heads/"
TAGS = "refs/tags/"


def read_ref(folder: Path, ref: str) -> str | None:
    """The object id under a full reference name (already found well formed), or None."""
    try:
        found = (folder / ref).read_bytes().strip().decode("ascii", "replace")
        if is_full_id(found):
            return found
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        if not folder.is_dir():
            raise Missing(str(folder)) from None
    return _packed(folder, ref).get(ref)


def read_refs(folder: Path, prefix: str = "refs/") -> dict[str, str]:
    """Every reference whose name starts with ``prefix`` (a folder), sorted by name."""
    if not folder.is_dir():
        raise Missing(str(folder))
    # Loose ones first: git packs a reference before it deletes the loose file, so none is missed.
    loose: dict[str, str] = {}
    for parent, _, files in os.walk(folder / prefix):
        for name in files:
            path = Path(parent, name)
            try:
                found = path.read_bytes().strip().decode("ascii", "replace")
            except FileNotFoundError:
                continue
            if is_full_id(found):
                loose[path.relative_to(folder).as_posix()] = found
    return dict(sorted({**_packed(folder, prefix), **loose}.items()))


def read_head(folder: Path) -> str:
    """The name of the branch that HEAD points to, whether it exists or not."""
    try:
        text = (folder / "HEAD").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise Missing(str(folder)) from None
    return text.removeprefix("ref:").strip().removeprefix(HEADS)


def default_branch(folder: Path) -> str | None:
    """The default branch, or None as long as it has no commit."""
    branch = read_head(folder)
    return branch if read_ref(folder, HEADS + branch) else None


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold the right to change the references of a repository, against other threads and other servers on the same disk."""
    path = folder / "stageline.lock"
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except (FileNotFoundError, NotADirectoryError):
        raise Missing(str(folder)) from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if not path.exists():  # Deleted while we waited.
            raise Missing(str(folder))
        yield
    finally:
        os.close(descriptor)


def _packed(folder: Path, prefix: str) -> dict[str, str]:
    try:
        lines = (folder / "packed-refs").read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except FileNotFoundError:
        return {}
    found = {}
    for line in lines:
        oid, _, ref = line.partition(" ")
        if ref.startswith(prefix) and is_full_id(oid):
            found[ref] = oid
    return found
