"""Files below a folder, reached by descriptors so that no link on the way is ever followed."""

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class Folders:
    """A folder that is written or read below, by clean relative paths. Raises NotADirectoryError when a link is in the way."""

    def __init__(self, root: Path) -> None:
        # The root itself may be reached through links: it is the caller's own.
        self._root = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        self._at = ""
        self._fd = self._root

    def __enter__(self) -> "Folders":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._leave()
        os.close(self._root)

    def make(self, path: str) -> None:
        """Make a folder and those above it; harmless when it exists."""
        self._enter(path, make=True)

    def create(self, path: str, mode: int) -> IO[bytes]:
        """Open a new file for writing, in the place of a file or link of that name."""
        parent, name = self._parent(path, make=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        try:
            fd = os.open(name, flags, 0o600, dir_fd=parent)
        except FileExistsError:
            self._unlink(parent, name)
            fd = os.open(name, flags, 0o600, dir_fd=parent)
        os.fchmod(fd, mode)
        return os.fdopen(fd, "wb")

    def link(self, path: str, target: str) -> None:
        """Make a symbolic link, in the place of a file or link of that name."""
        parent, name = self._parent(path, make=True)
        try:
            os.symlink(target, name, dir_fd=parent)
        except FileExistsError:
            self._unlink(parent, name)
            os.symlink(target, name, dir_fd=parent)

    def remove(self, path: str) -> None:
        """Remove a file or link."""
        parent, name = self._parent(path, make=False)
        os.unlink(name, dir_fd=parent)

    def read(self, path: str) -> IO[bytes] | None:
        """Open a regular file for reading; None when there is something else, or nothing."""
        parent, name = self._parent(path, make=False)
        try:
            # Without O_NONBLOCK a named pipe would hold us up until somebody writes to it.
            fd = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=parent)
        except OSError as error:
            if isinstance(error, PermissionError):
                raise
            return None
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            os.close(fd)
            return None
        return os.fdopen(fd, "rb")

    def status(self, path: str) -> os.stat_result:
        """What is at a path, a link itself rather than what it points to."""
        parent, name = self._parent(path, make=False)
        return os.stat(name, dir_fd=parent, follow_symlinks=False)

    def target(self, path: str) -> str:
        """Where a link points."""
        parent, name = self._parent(path, make=False)
        return os.readlink(name, dir_fd=parent)

    def names(self, path: str) -> list[tuple[str, bool]]:
        """The names in a folder, sorted by their bytes, and whether each is a folder itself."""
        self._enter(path, make=False)
        with os.scandir(self._fd) as found:
            return sorted(((e.name, e.is_dir(follow_symlinks=False)) for e in found), key=lambda pair: os.fsencode(pair[0]))

    def _parent(self, path: str, *, make: bool) -> tuple[int, str]:
        above, _, name = path.rpartition("/")
        self._enter(above, make=make)
        return self._fd, name

    def _enter(self, path: str, *, make: bool) -> None:
        if path == self._at:
            return
        self._leave()
        fd = self._root
        for part in path.split("/") if path else ():
            if make:
                with suppress(FileExistsError):
                    os.mkdir(part, 0o755, dir_fd=fd)
            try:
                below = os.open(part, FOLDER, dir_fd=fd)
            except OSError as error:
                if error.errno == errno.ELOOP:
                    raise NotADirectoryError(errno.ENOTDIR, "a link stands where a folder belongs", part) from error
                raise
            finally:
                if fd != self._root:
                    os.close(fd)
            fd = below
        self._at, self._fd = path, fd

    def _leave(self) -> None:
        if self._fd != self._root:
            os.close(self._fd)
        self._at, self._fd = "", self._root

    @staticmethod
    def _unlink(parent: int, name: str) -> None:
        try:
            os.unlink(name, dir_fd=parent)
        except IsADirectoryError as error:
            raise NotADirectoryError(errno.ENOTDIR, "a folder stands where a file belongs", name) from error
