"""Commands confined by bubblewrap: own user, processes, mounts and, if wished, network; no capability, no way to gain one.

Under a root server the user is given up first and bubblewrap runs unprivileged. A work folder that this user cannot reach (a data
folder below ``/root``) is staged in a private mount namespace beforehand, which costs some milliseconds more.
"""

import os
import signal
import subprocess
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

from stageline.ports.sandbox import Command
from stageline.sandbox import view
from stageline.sandbox.account import box_id, give
from stageline.sandbox.launch import Child, Launcher, check, children, ended, memory_file
from stageline.sandbox.limits import limits, shell_prelude

PATIENCE = 5.0
TOOLS = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}

STAGE_SCRIPT = """
mount -t tmpfs -o mode=755 tmpfs /mnt && printf %s "$1" >/mnt/table || exit 125
shift
while [ "$1" != -- ]; do : >"$1"; shift; done
mount --all --fstab /mnt/table || exit 125
shift
exec setpriv --reuid "$BOX" --regid "$BOX" --clear-groups --inh-caps=-all --no-new-privs "$@"
"""


class BubblewrapProcess(Child):
    """A command in a process namespace of its own, whose first process takes all others with it."""

    def kill(self) -> None:
        """End the process and everything it started; returns when none is left."""
        while not self.ends_within(0):
            # The kernel reaps the first process of a namespace only after every other one in it is gone.
            firsts = children(self._popen.pid)
            if not firsts:
                self.send(signal.SIGKILL)
                self.ends_within(PATIENCE)
                break
            for pid in firsts:
                self._end(pid)
        self.wait()

    def _end(self, pid: int) -> None:
        with suppress(ProcessLookupError):
            pidfd = os.pidfd_open(pid)
            try:
                if pid in children(self._popen.pid):  # still the same process, not a later one under its number
                    signal.pidfd_send_signal(pidfd, signal.SIGKILL)
                if ended(pidfd, PATIENCE):
                    self.ends_within(PATIENCE)
            finally:
                os.close(pidfd)


class BubblewrapSandbox:
    """Runs commands under bubblewrap. ``hidden`` folders look empty inside, ``visible`` ones can be read although private."""

    level = "bubblewrap"

    def __init__(self, binary: Path, *, hidden: Sequence[Path] = (), visible: Sequence[Path] = ()) -> None:
        self._binary = binary
        self._hidden = tuple(hidden)
        self._visible = tuple(visible)
        self._uid = box_id()
        self._launcher = Launcher()
        self._prelude = shell_prelude(limits(self._uid))

    def prepare(self, folder: Path) -> None:
        """Make a work folder usable (owned) by the box."""
        give(folder, self._uid)

    def spawn(self, command: Command) -> BubblewrapProcess:
        """Start a command; raises OSError when it cannot be started."""
        check(command)
        visible = [path for path in self._visible if path.exists()]
        staged = view.stage([command.workdir, *visible, *command.readonly.values()], self._binary, self._uid)
        options = view.arguments(command, staged, hidden=self._hidden, visible=visible, uid=self._uid)
        with ExitStack() as stack:
            fds = list(command.pass_fds)

            def fed(name: str, content: bytes) -> str:
                fd = memory_file(name, content)
                stack.callback(os.close, fd)
                fds.append(fd)
                return str(fd)

            if self._uid is not None:
                passwd, group = view.accounts(self._uid)
                options += [
                    "--ro-bind-data",
                    fed("passwd", passwd),
                    "/etc/passwd",
                    "--ro-bind-data",
                    fed("group", group),
                    "/etc/group",
                ]
            sealed = fed("options", b"".join(os.fsencode(option) + b"\0" for option in options))
            inner = [staged.place(self._binary), "--args", sealed, "--", *command.argv]
            argv = ["/bin/sh", "-c", self._prelude, "sh", *inner]
            return BubblewrapProcess(self._start(argv, staged, fds), self._launcher)

    def _start(self, argv: list[str], staged: view.Staged, fds: list[int]) -> subprocess.Popen[bytes]:
        if not staged.places:
            return self._launcher.start(argv, environment={}, pass_fds=fds, uid=self._uid)
        script = ["/bin/sh", "-c", STAGE_SCRIPT, "sh", staged.table(), *staged.files(), "--", *argv]
        outer = ["unshare", "--mount", "--propagation", "private", "--", *script]
        return self._launcher.start(outer, environment={**TOOLS, "BOX": str(self._uid)}, pass_fds=fds, uid=None)
