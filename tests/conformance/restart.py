"""Kill the server whose process id is in a file, if there is one, and start it again: ``restart.py PIDFILE DATA PORT``.

What the durability theme of the behaviour suite is given as its restart command.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

PATIENCE = 60


def listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(what: str, port: int, wanted: bool) -> None:
    deadline = time.monotonic() + PATIENCE
    while listening(port) is not wanted:
        if time.monotonic() > deadline:
            sys.exit(f"the server does not {what}")
        time.sleep(0.02)


def kill(pidfile: Path, port: int) -> None:
    if pidfile.exists():
        os.kill(int(pidfile.read_text()), signal.SIGKILL)
        pidfile.unlink()
        wait_until("end", port, False)


def start(pidfile: Path, data: str, port: int) -> None:
    command = [sys.executable, "-m", "stageline", "up", "--data", data, "--port", str(port)]
    with Path(f"{data}.stderr").open("a") as errors:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors, start_new_session=True)
    pidfile.write_text(str(process.pid))
    wait_until("start", port, True)


if __name__ == "__main__":
    file, folder, number = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    kill(file, number)
    start(file, folder, number)
