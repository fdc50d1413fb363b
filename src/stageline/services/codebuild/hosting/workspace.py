"""The folders of one build on the host, and where the box sees them.

``box`` is the only one that commands can write; ``scripts`` they can read; ``host`` they never see.
"""

import hashlib
import os
import shutil
import stat
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from stageline.ports.sandbox import Sandbox

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
    """Remove a folder that commands filled, whatever permissions they left on what is in it."""

    def again(function: Callable[..., Any], path: str, _: Any) -> None:
        with suppress(OSError):
            parent = Path(path).parent
            if parent.is_dir() and not parent.is_symlink():
                parent.chmod(parent.stat().st_mode | stat.S_IRWXU)
            if not Path(path).is_symlink() and Path(path).is_dir():
                Path(path).chmod(stat.S_IRWXU)
                shutil.rmtree(path, ignore_errors=True)
            else:
                Path(path).unlink(missing_ok=True)

    # Python 3.12 renamed the parameter.
    hook: dict[str, Any] = {"onexc" if sys.version_info >= (3, 12) else "onerror": again}
    if root.exists():
        shutil.rmtree(root, **hook)
