"""The user that builds run as, and whether that user can reach a path.

A server that runs as root gives up root before it runs anything of others: the kernel judges a process by its real user, whatever
a user namespace shows inside.
"""

import os
import stat
from pathlib import Path

BOX_ID = 65_533
"""User and group of builds under a root server. It belongs to no distribution's range: above the dynamic users of systemd, below
``nobody``, and inside the 65,536 ids that a container has."""


def box_id() -> int | None:
    """The id to change to before running anything, None when the server has no power to change."""
    return BOX_ID if os.geteuid() == 0 else None


def reachable(path: Path, uid: int | None) -> bool:
    """Whether a user may enter every folder on the way to a path (None: this process's own user, who is let through)."""
    if uid is None:
        return True
    for folder in path.resolve().parents:
        status = folder.stat()
        if not status.st_mode & (stat.S_IXUSR if status.st_uid == uid else stat.S_IXOTH):
            return False
    return True


def give(folder: Path, uid: int | None) -> None:
    """Make a folder and all below it a user's own; links are changed, not followed."""
    if uid is None:
        return
    os.chown(folder, uid, uid, follow_symlinks=False)
    for _, folders, files, fd in os.fwalk(folder, follow_symlinks=False):
        for name in (*folders, *files):
            os.chown(name, uid, uid, dir_fd=fd, follow_symlinks=False)
