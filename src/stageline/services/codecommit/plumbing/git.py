"""Git plumbing over bare repositories: argument vectors only, a clean environment, no hooks, no network, a time limit.

Nothing that a user wrote is ever an argument that git could read as an option or a revision expression: callers pass full object
ids, full reference names on standard input, and literal paths behind ``--``.
"""

import errno
import os
import re
import shutil
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Literal, Self, cast

TIMEOUT = 60.0
AUTO_PACKS = 100
ZERO = "0" * 40
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"

_FULL_ID = re.compile(r"[0-9a-f]{40}")

_SETTINGS = (
    ("safe.directory", "*"),
    ("core.hooksPath", "/dev/null"),
    ("core.attributesFile", "/dev/null"),
    ("core.fsync", "committed"),
    ("core.fsyncMethod", "batch"),
    ("protocol.allow", "never"),
    ("gc.autoPackLimit", str(AUTO_PACKS)),
    ("http.receivepack", "true"),
    ("http.getanyfile", "false"),
    ("receive.fsckObjects", "true"),
    # Flaws of old histories that harm nobody; refusing them would lock out repositories that other servers take.
    ("receive.fsck.zeroPaddedFilemode", "ignore"),
    ("receive.fsck.missingSpaceBeforeDate", "ignore"),
    ("receive.fsck.badTimezone", "ignore"),
    ("receive.unpackLimit", "1"),
    ("receive.autogc", "false"),
    ("receive.denyDeleteCurrent", "refuse"),
    ("receive.advertisePushOptions", "false"),
    ("transfer.hideRefs", "refs/"),
    ("transfer.hideRefs", "!refs/heads/"),
    ("transfer.hideRefs", "!refs/tags/"),
    ("transfer.hideRefs", "!refs/notes/"),
    ("uploadpack.allowFilter", "true"),
    ("uploadpack.allowReachableSHA1InWant", "true"),
)

# An archive holds what was committed: nothing left out, substituted or converted because a file in the tree asks for it.
_ATTRIBUTES = "* -export-ignore -export-subst -text -eol -ident -filter -working-tree-encoding\n"

Kind = Literal["commit", "tree", "blob", "tag"]


class GitError(Exception):
    """Git said no; the text is what it wrote on standard error."""


class Missing(Exception):
    """The repository is not (or no longer) on disk."""


def environment(settings: Mapping[str, str] | None = None) -> dict[str, str]:
    """Everything a git process gets to see; ``settings`` are added to the configuration."""
    pairs = [*_SETTINGS, *(settings or {}).items()]
    result = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": "/nonexistent",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_ALLOW_PROTOCOL": "",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_LITERAL_PATHSPECS": "1",
        "GIT_CONFIG_COUNT": str(len(pairs)),
    }
    for index, (key, value) in enumerate(pairs):
        result[f"GIT_CONFIG_KEY_{index}"] = key
        result[f"GIT_CONFIG_VALUE_{index}"] = value
    return result


def is_full_id(text: str) -> bool:
    """Whether ``text`` is a full object id as git writes it."""
    return _FULL_ID.fullmatch(text) is not None


def spawn(
    folder: Path,
    args: Sequence[str],
    *,
    stdin: int | IO[bytes] = subprocess.DEVNULL,
    stderr: int = subprocess.DEVNULL,
) -> subprocess.Popen[bytes]:
    """Start git on a repository in a process group of its own, with a pipe from its standard output."""
    return subprocess.Popen(
        ["git", f"--git-dir={folder}", *args],
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=stderr,
        env=environment(),
        cwd=folder,
        start_new_session=True,
    )


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a process of ``spawn`` with everything it started, and collect it; harmless when it has ended."""
    if process.poll() is None:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            process.kill()
    process.wait()


def run(folder: Path, *args: str, stdin: bytes = b"", timeout: float = TIMEOUT) -> bytes:
    """Run git to its end and return its output; GitError when it fails or takes too long."""
    if not folder.is_dir():
        raise Missing(str(folder))
    process = spawn(folder, args, stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        out, err = process.communicate(stdin, timeout)
    except subprocess.TimeoutExpired as error:
        raise GitError(f"git {args[0]} took longer than {timeout:g} seconds") from error
    finally:
        kill(process)
    if process.returncode != 0:
        if b"No space left on device" in err or b"Disk quota exceeded" in err:
            raise OSError(errno.ENOSPC, f"git {args[0]}: no space left on device")
        raise GitError(err.decode("utf-8", "replace").strip() or f"git {args[0]} ended with status {process.returncode}")
    return out


def create(folder: Path) -> None:
    """Make an empty bare repository, durably."""
    folder.mkdir(parents=True)
    run(folder, "init", "--quiet", "--bare", "--template=", "--initial-branch=main")
    (folder / "info").mkdir(exist_ok=True)
    (folder / "info" / "attributes").write_text(_ATTRIBUTES, encoding="utf-8")
    for path in (*folder.rglob("*"), folder, folder.parent):
        _flush(path)


def remove(folder: Path) -> None:
    """Delete a repository; harmless when it is gone. It leaves its name at once, so that nobody finds half of it."""
    away = folder.with_name(f"{folder.name}.deleted")
    # A crash may have come between the renaming and the deletion; then there is only the rest to delete.
    with suppress(FileNotFoundError):
        folder.rename(away)
    shutil.rmtree(away, ignore_errors=True)


def update_ref(folder: Path, ref: str, new: str, old: str) -> None:
    """Move a reference from ``old`` to ``new``, either of which may be ``ZERO``; GitError when it is not at ``old``."""
    line = f"delete {ref}\0{old}\0" if new == ZERO else f"update {ref}\0{new}\0{old}\0"
    run(folder, "update-ref", "--no-deref", "-z", "--stdin", stdin=line.encode())


def set_head(folder: Path, branch: str) -> None:
    """Make a branch the default one."""
    run(folder, "symbolic-ref", "HEAD", f"refs/heads/{branch}")
    _flush(folder / "HEAD")
    _flush(folder)


def add_pack(folder: Path, pack: bytes, count: int) -> None:
    """Store the objects of a pack, checked as strictly as those of a push; GitError names what is wrong with them."""
    if count < 16:
        run(folder, "unpack-objects", "-q", "--strict", stdin=pack)
    else:
        run(folder, "index-pack", "--stdin", "--fix-thin", "--strict", stdin=pack)


def tidy(folder: Path) -> None:
    """Let git pack objects in the background once there are many, loose or in packs of their own.

    A repository that cannot be packed now serves as before, and the next change tries again.
    """
    # Git judges by this one of its 256 folders as well: 27 files there stand for its limit of 6,700 objects.
    if _count(folder / "objects" / "17") > 26 or _count(folder / "objects" / "pack", ".pack") > AUTO_PACKS:
        with suppress(GitError):
            run(folder, "gc", "--auto", "--quiet")


def _count(folder: Path, ending: str = "") -> int:
    return sum(1 for path in folder.iterdir() if path.name.endswith(ending)) if folder.is_dir() else 0


class Objects:
    """Reads objects of one repository through one ``git cat-file`` process; use it in a ``with`` block."""

    def __init__(self, folder: Path, timeout: float = TIMEOUT) -> None:
        if not folder.is_dir():
            raise Missing(str(folder))
        self._process = spawn(folder, ("cat-file", "--batch-command"), stdin=subprocess.PIPE)
        self._in = cast(IO[bytes], self._process.stdin)
        self._out = cast(IO[bytes], self._process.stdout)
        self._guard = threading.Timer(timeout, kill, (self._process,))
        self._guard.daemon = True
        self._guard.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._guard.cancel()
        self._in.close()
        self._out.close()
        kill(self._process)

    def info(self, oid: str) -> tuple[Kind, int] | None:
        """The kind and the size of an object, or None when there is none of that id."""
        return self._ask("info", oid)

    def read(self, oid: str, kind: Kind) -> bytes | None:
        """The content of an object, or None when there is none of that id and kind."""
        found = self._ask("contents", oid)
        if found is None:
            return None
        data = self._out.read(found[1])
        if len(data) != found[1] or self._out.read(1) != b"\n":
            raise GitError(f"object {oid} could not be read")
        return data if found[0] == kind else None

    def _ask(self, verb: str, oid: str) -> tuple[Kind, int] | None:
        if not is_full_id(oid):
            raise ValueError(f"not an object id: {oid!r}")
        try:
            self._in.write(f"{verb} {oid}\n".encode())
            self._in.flush()
        except BrokenPipeError as error:
            raise GitError("git cat-file ended early") from error
        words = self._out.readline().split()
        if len(words) != 3:
            if words[1:] == [b"missing"]:
                return None
            raise GitError(f"object {oid} could not be read")
        return cast(Kind, words[1].decode()), int(words[2])


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
