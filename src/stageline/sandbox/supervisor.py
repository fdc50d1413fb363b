"""Run as a program of its own: starts one command and leaves no process of it behind.

It adopts every orphan below it (child subreaper), so a command that forks twice and starts a new session is found as well. It
ends everything when the command ends, when it is told to (SIGTERM), and when the server that started it dies. Only the standard
library is imported, and little of it: each build waits for this.
"""

import ctypes
import json
import os
import resource
import signal
import sys
from contextlib import suppress
from typing import Any, NoReturn

SET_PDEATHSIG = 1
SET_CHILD_SUBREAPER = 36
SET_NO_NEW_PRIVS = 38
WATCHED = {signal.SIGTERM, signal.SIGCHLD}


def main() -> NoReturn:
    """Read the order from the descriptor given as first argument, obey it, exit with the command's code."""
    signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
    libc = ctypes.CDLL(None, use_errno=True)
    server = int(sys.argv[2])
    libc.prctl(SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    libc.prctl(SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    with os.fdopen(int(sys.argv[1]), "rb") as order_file:
        order: dict[str, Any] = json.load(order_file)
    if os.getppid() != server:  # it died before the death signal was asked for
        sys.exit(128 + signal.SIGKILL)
    pid = os.fork()
    if pid == 0:
        _become(libc, order)
    # Whoever reads the output must see its end when the command's processes are gone, not when this one is.
    silence = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(silence, fd)
    os.closerange(3, silence)
    os.closerange(silence + 1, 65_536)
    sys.exit(_watch(pid))


def _watch(pid: int) -> int:
    while True:
        if signal.sigwait(WATCHED) == signal.SIGTERM:
            _end_all()
            return 128 + signal.SIGKILL
        code = _reap(pid)
        if code is not None:
            _end_all()
            return code


def _reap(wanted: int) -> int | None:
    """Collect what has ended; the exit code of the command if it is among them."""
    code = None
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return code
        if pid == 0:
            return code
        if pid == wanted:
            code = os.waitstatus_to_exitcode(status)
            code = 128 - code if code < 0 else code


def _end_all() -> None:
    """Kill children until none is left: the children of each fall to us and are next."""
    while True:
        for pid in _children():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def _children() -> list[int]:
    me = os.getpid()
    with suppress(FileNotFoundError), open(f"/proc/{me}/task/{me}/children", encoding="ascii") as listed:  # noqa: PTH123
        return [int(word) for word in listed.read().split()]
    return [int(name) for name in os.listdir("/proc") if name.isdigit() and _parent(name) == me]  # noqa: PTH208


def _parent(name: str) -> int:
    try:
        with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as text:  # noqa: PTH123
            return int(text.read().rpartition(")")[2].split()[1])
    except (OSError, IndexError, ValueError):
        return -1


def _become(libc: Any, order: dict[str, Any]) -> NoReturn:
    """Turn into the command: session, limits, user, folder; exit 126 or 127 as a shell does when that fails."""
    argv: list[str] = order["argv"]
    try:
        os.setsid()
        os.chdir(order["cwd"])
        with suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as score:  # noqa: PTH123
            score.write(str(order["oom_score"]))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_NOFILE, (order["open_files"], order["open_files"]))
        if order["uid"] is not None:
            resource.setrlimit(resource.RLIMIT_NPROC, (order["processes"], order["processes"]))
            os.setgroups([])
            os.setresgid(order["uid"], order["uid"], order["uid"])
            os.setresuid(order["uid"], order["uid"], order["uid"])
        libc.prctl(SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        for number in (signal.SIGPIPE, signal.SIGINT, signal.SIGQUIT):
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        os.execvpe(argv[0], argv, order["environment"])
    except (OSError, ValueError) as error:
        os.write(2, f"cannot run {argv[0]}: {error}\n".encode(errors="replace"))
        os._exit(127 if isinstance(error, FileNotFoundError) else 126)


if __name__ == "__main__":
    main()
