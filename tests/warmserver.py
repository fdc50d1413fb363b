"""``stageline up`` without its imports: a process that has them forks for each start, for tests that start many servers.

``python warmserver.py FOLDER`` listens on FOLDER/socket and prints ``ready``. A caller sends the files for standard output and
error with [folder, variables, arguments]; it is told the server's process id and, once that has ended, its status.
"""

import gc
import importlib
import json
import os
import pkgutil
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

NEEDLESS = ("stageline.__main__", "stageline.demo", "stageline.testing", "stageline.store.migrations")
Given = tuple[list[int], str, dict[str, str], list[str]]


class Started:
    """A server that was forked: as much of ``subprocess.Popen`` as is needed to follow it."""

    def __init__(self, address: Path, command: Sequence[str], environment: Mapping[str, str], errors: IO[Any]) -> None:
        reading, writing = os.pipe()
        self.stdout = os.fdopen(reading)
        self.returncode: int | None = None
        self._call = socket.socket(socket.AF_UNIX)
        self._call.connect(str(address))
        socket.send_fds(self._call, [b"."], [writing, errors.fileno()])
        os.close(writing)
        self._call.sendall(json.dumps([str(Path.cwd()), dict(environment), list(command)]).encode())
        self._call.shutdown(socket.SHUT_WR)
        told = iter(lambda: self._call.recv(1), b"\n")
        self.pid = int(b"".join(told))

    def poll(self) -> int | None:
        try:
            return self.wait(0.001)
        except subprocess.TimeoutExpired:
            return None

    def wait(self, timeout: float | None = None) -> int:
        if self.returncode is None:
            self._call.settimeout(timeout)
            try:
                self.returncode = int(self._call.recv(16))
            except TimeoutError:
                raise subprocess.TimeoutExpired("stageline up", timeout or 0) from None
            self._call.close()
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.returncode is None:
            os.kill(self.pid, number)


def serve(folder: Path) -> Given:
    """Fork for each caller, until killed. Returns in the forked processes alone, with what the caller gave."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(folder / "socket"))
        door.listen(16)
        print("ready", flush=True)
        while True:
            call, _ = door.accept()
            if os.fork() == 0:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                door.close()
                return _watch(call)
            call.close()


def _watch(call: socket.socket) -> Given:
    """Fork the server, which returns; wait for its end and tell of it."""
    _, files, _, _ = socket.recv_fds(call, 1, 2)
    folder, environment, arguments = json.loads(b"".join(iter(lambda: call.recv(65536), b"")))
    server = os.fork()
    if server == 0:
        call.close()
        return files, folder, environment, arguments
    for file in files:
        os.close(file)
    os.close(1)
    call.sendall(b"%d\n" % server)
    _, status = os.waitpid(server, 0)
    call.sendall(b"%d" % os.waitstatus_to_exitcode(status))
    os._exit(0)


def become(files: list[int], folder: str, environment: dict[str, str], arguments: list[str]) -> None:
    """Make this process what the caller would have started."""
    for number, file in enumerate(files, 1):
        os.dup2(file, number)
        os.close(file)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["stageline", *arguments]


if __name__ == "__main__":
    import stageline
    from stageline.cli import main
    from stageline.gateway import specs

    for entry in pkgutil.walk_packages(stageline.__path__, "stageline."):
        if not entry.name.startswith(NEEDLESS):
            importlib.import_module(entry.name)
    for name in ("uvloop", "uvicorn.protocols.http.httptools_impl"):
        importlib.import_module(name)
    for entry in pkgutil.iter_modules(stageline.services.__path__):
        specs.model(entry.name)
    gc.freeze()
    become(*serve(Path(sys.argv[1])))
    main()
