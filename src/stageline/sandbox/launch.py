"""Starting processes so that they end with this server, and waiting for them without polling.

The kernel's parent-death signal fires when the *thread* that forked ends. All children are therefore started from one thread that
lives as long as the launcher.
"""

import errno
import os
import select
import signal
import subprocess
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import IO, cast

from stageline.ports.sandbox import Command

PROC = Path("/proc")


class Launcher:
    """Starts processes from one lasting thread."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sandbox")

    def start(
        self,
        argv: Sequence[str],
        *,
        environment: Mapping[str, str],
        pass_fds: Sequence[int],
        uid: int | None,
        cwd: Path | None = None,
    ) -> subprocess.Popen[bytes]:
        """Start a process in a session of its own, its output merged into one pipe."""
        return self._thread.submit(self._start, argv, environment, tuple(pass_fds), uid, cwd).result()

    @staticmethod
    def _start(
        argv: Sequence[str], environment: Mapping[str, str], pass_fds: tuple[int, ...], uid: int | None, cwd: Path | None
    ) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            list(argv),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=dict(environment),
            cwd=cwd,
            pass_fds=pass_fds,
            start_new_session=True,
            user=uid,
            group=uid,
            extra_groups=None if uid is None else (),
        )


def check(command: Command) -> None:
    """Refuse what no sandbox can start, before anything is started: OSError."""
    if not command.argv:
        raise OSError(errno.EINVAL, "there is no command to run")
    if not command.workdir.is_dir():
        raise FileNotFoundError(errno.ENOENT, "there is no such folder to work in", str(command.workdir))
    for name, value in command.environment.items():
        # A NUL would end the value and begin an option of the sandbox.
        if not name or "=" in name or "\0" in name or "\0" in value:
            raise OSError(errno.EINVAL, f"the environment variable {name!r} cannot be given to a process")
    if any("\0" in word for word in (*command.argv, command.mount, command.cwd, *command.readonly)):
        raise OSError(errno.EINVAL, "a NUL cannot be given to a process")


def memory_file(name: str, content: bytes) -> int:
    """A descriptor to read ``content`` from, whatever its size; nothing of it is on disk or on a command line."""
    fd = os.memfd_create(name, os.MFD_CLOEXEC)
    with os.fdopen(os.dup(fd), "wb") as out:
        out.write(content)
    os.lseek(fd, 0, os.SEEK_SET)
    return fd


class Child:
    """What the processes of both sandboxes have in common: pipes (closed by whoever uses them), and an exit code told at once."""

    def __init__(self, popen: subprocess.Popen[bytes], launcher: Launcher) -> None:
        self._popen = popen
        self._launcher = launcher  # the parent-death signal must not fire while this process is in use
        self._pidfd = os.pidfd_open(popen.pid)
        self.stdout = cast("IO[bytes]", popen.stdout)
        self.stdin = cast("IO[bytes]", popen.stdin)

    def __del__(self) -> None:
        os.close(self._pidfd)

    def wait(self, timeout: float | None = None) -> int | None:
        """The exit code, or None when ``timeout`` seconds passed first. A signal N gives 128 + N."""
        if timeout is not None and not ended(self._pidfd, timeout):
            return None
        code = self._popen.wait()
        return 128 - code if code < 0 else code

    def send(self, number: signal.Signals) -> None:
        """Signal the outermost process; harmless when it has ended."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, number)

    def ends_within(self, timeout: float) -> bool:
        """Whether the outermost process ends within ``timeout`` seconds."""
        return ended(self._pidfd, timeout)


def ended(pidfd: int, timeout: float) -> bool:
    """Wait until a process has ended; False when ``timeout`` seconds passed first."""
    poller = select.poll()
    poller.register(pidfd, select.POLLIN)
    return bool(poller.poll(max(0, int(timeout * 1000))))


def children(pid: int) -> list[int]:
    """The processes whose parent is ``pid``."""
    try:
        return [int(word) for word in (PROC / str(pid) / "task" / str(pid) / "children").read_text().split()]
    except FileNotFoundError:
        return [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit() and _parent(entry) == pid]


def _parent(entry: Path) -> int:
    try:
        # The name in parentheses may hold anything; the fields that count come after the last one.
        return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, IndexError, ValueError):
        return -1
