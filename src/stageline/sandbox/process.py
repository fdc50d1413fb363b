"""Commands as plain processes, for trusted repositories where bubblewrap cannot work.

Promised: an environment from nothing, another user under a root server, resource limits, and no process left behind. Not
promised: the host's files and processes are visible, the network is always there, and ``mount`` is only a name: paths in the
environment, the arguments and the working folder that begin with it are turned to the work folder itself.
"""

import json
import os
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from stageline.ports.sandbox import Command
from stageline.sandbox.account import box_id, give, reachable
from stageline.sandbox.launch import Child, Launcher, check, memory_file
from stageline.sandbox.limits import limits

PATIENCE = 10.0
SUPERVISOR = Path(__file__).with_name("supervisor.py")


class SupervisedProcess(Child):
    """A command below a supervisor that ends all of it."""

    def wait(self, timeout: float | None = None) -> int | None:
        """The exit code, or None when ``timeout`` seconds passed first. A signal N gives 128 + N."""
        code = super().wait(timeout)
        if self._popen.returncode == -signal.SIGTERM:  # killed before it had begun to watch
            return 128 + signal.SIGKILL
        return code

    def kill(self) -> None:
        """End the process and everything it started; returns when none is left."""
        self.send(signal.SIGTERM)
        if not self.ends_within(PATIENCE):
            # Only a supervisor that the command itself stopped does not answer; what it supervised is lost to us.
            self.send(signal.SIGKILL)
        self.wait()


class ProcessSandbox:
    """Runs commands without confinement, each under a supervisor."""

    level = "process"

    def __init__(self) -> None:
        self._uid = box_id()
        self._launcher = Launcher()
        self._limits = limits(self._uid)

    def prepare(self, folder: Path) -> None:
        """Make a work folder usable (owned) by the box; raises PermissionError when the box's user cannot get there."""
        if not reachable(folder, self._uid):
            raise PermissionError(
                f"user {self._uid}, which runs builds, cannot reach {folder}: "
                "keep the data folder where every user may enter the folders above it (chmod o+x)"
            )
        give(folder, self._uid)

    def spawn(self, command: Command) -> SupervisedProcess:
        """Start a command; raises OSError when it cannot be started."""
        check(command)
        places = {command.mount: command.workdir, **command.readonly}
        order = {
            "argv": [command.argv[0], *(_turned(word, places) for word in command.argv[1:])],
            "environment": {name: _turned(value, places) for name, value in command.environment.items()},
            "cwd": _turned(command.cwd or command.mount, places),
            "uid": self._uid,
            "open_files": self._limits.open_files,
            "processes": self._limits.processes,
            "oom_score": self._limits.oom_score,
        }
        fd = memory_file("order", json.dumps(order).encode())
        try:
            argv = [sys.executable, "-I", "-S", "-B", str(SUPERVISOR), str(fd), str(os.getpid())]
            popen = self._launcher.start(argv, environment={}, pass_fds=[*command.pass_fds, fd], uid=None, cwd=Path("/"))
        finally:
            with suppress(OSError):
                os.close(fd)
        return SupervisedProcess(popen, self._launcher)


def _turned(text: str, places: Mapping[str, Path]) -> str:
    """A path as it is on the host, if ``text`` is one that begins with a place inside; the innermost place wins."""
    for inside in sorted(places, key=len, reverse=True):
        if text == inside or text.startswith(inside.rstrip("/") + "/"):
            return str(places[inside]) + text[len(inside.rstrip("/")) :]
    return text
