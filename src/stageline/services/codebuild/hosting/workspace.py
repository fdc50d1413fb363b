"""The folders of one build on the host, and where the box sees them.

``box`` is the only one that commands can write; ``scripts`` they can read; ``host`` they never see.
"""

import hashlib
import os
import stat
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from stageline.archives.folders import FOLDER
from stageline.ports.sandbox import Sandbox

TRIES, PAUSE = 40, 0.05
"""How often a folder is removed that does not go, and the seconds in between."""

MOUNT = "/codebuild/output"
SCRIPTS = "/codebuild/readonly"


class Workspace:
    """Made anew for each attempt, removed when the build is over."""

    def __init__(self, root: Path, sandbox: Sandbox) -> None:
        self.root = root
        self.box = root / "box"
        self.scripts = root / "scripts"
        self.host = root / "host"
        # A bare process sees the host's own paths, also in texts that nobody turns for it.
        mounted = sandbox.level != "process"
        self.inside = MOUNT if mounted else str(self.box)
        self.scripts_inside = SCRIPTS if mounted else str(self.scripts)
        self.source = self.source_folder("")
        self._closers: list[Callable[[], None]] = []

    @property
    def source_inside(self) -> str:
        """Where the box sees the primary source."""
        return self.seen(self.source)

    @property
    def home_inside(self) -> str:
        """Where the box sees the home folder."""
        return f"{self.inside}/home"

    def make(self) -> None:
        """Make the folders, without anything that a lost attempt left."""
        remove(self.root)
        for folder in (self.host, self.scripts, self.box, self.box / "tmp", self.box / "home", self.source):
            folder.mkdir(parents=True, exist_ok=True)
        self.root.chmod(0o711)
        self.host.chmod(0o700)
        self.scripts.chmod(0o755)

    def source_folder(self, identifier: str, tail: str = "") -> Path:
        """The folder of a source."""
        digits = int.from_bytes(hashlib.sha256(f"{self.root.name}/{identifier}".encode()).digest()[:4], "big")
        folder = self.box / f"src{digits}" / "src"
        return folder / tail if tail else folder

    def seen(self, folder: Path) -> str:
        """Where the box sees a folder of its own."""
        return f"{self.inside}/{folder.relative_to(self.box)}"

    def found(self, path: str) -> Path | None:
        """The host's path of an absolute path in the box; None when it is not below the box's folder."""
        inside = os.path.normpath(path)
        if inside == self.inside:
            return self.box
        return self.box / inside[len(self.inside) + 1 :] if inside.startswith(self.inside + "/") else None

    def on_close(self, closer: Callable[[], None]) -> None:
        """Have something released when the workspace goes."""
        self._closers.append(closer)

    def close(self) -> None:
        """Release and remove everything."""
        while self._closers:
            self._closers.pop()()
        remove(self.root)


def remove(root: Path) -> None:
    """Remove a folder that commands filled, however deep they nested it and whatever permissions they left on what is in it.

    A process that is just being killed may still write into it, so what is left then is looked for again.
    """
    for _ in range(TRIES):
        _remove(root)
        if not root.exists():
            return
        time.sleep(PAUSE)


def _remove(root: Path) -> None:
    """Folders are moved up into the root and emptied there one by one: depth makes no path long and no recursion deep."""
    try:
        top = os.open(root, FOLDER)
    except FileNotFoundError:
        return
    try:
        left = _emptied(top, top, 0)
        moved = len(left)
        while left:
            name = left.pop()
            with suppress(OSError):
                folder = os.open(name, FOLDER, dir_fd=top)
                try:
                    found = _emptied(folder, top, moved)
                finally:
                    os.close(folder)
                moved += len(found)
                left += found
                os.rmdir(name, dir_fd=top)
    finally:
        os.close(top)
    with suppress(OSError):
        root.rmdir()


def _emptied(folder: int, top: int, moved: int) -> list[str]:
    """Delete the files of a folder and move its folders into ``top``; the names that they have there."""
    os.fchmod(folder, stat.S_IRWXU)
    with os.scandir(folder) as entries:
        found = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]
    names: list[str] = []
    for name, is_folder in found:
        with suppress(OSError):
            if not is_folder:
                os.unlink(name, dir_fd=folder)
                continue
            os.chmod(name, stat.S_IRWXU, dir_fd=folder)
            fresh = f".{moved + len(names)}"
            os.rename(name, fresh, src_dir_fd=folder, dst_dir_fd=top)
            names.append(fresh)
    return names
