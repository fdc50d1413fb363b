"""Kill the server whose process id is in a file, if there is one, and start it again: ``restart.py PIDFILE DATA PORT``.

What the durability theme of the behaviour suite is given as its restart command.
"""

import os
import signal
import sys
import time
from pathlib import Path

from stageline.testing.process import ServerProcess

PATIENCE = 60


def gone(pid: int) -> bool:
    """Whether a process has ended, also when nobody has asked yet how."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def kill(pidfile: Path) -> None:
    pid = int(pidfile.read_text())
    os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + PATIENCE
    while not gone(pid):
        if time.monotonic() > deadline:
            sys.exit("the server does not end")
        time.sleep(0.01)


if __name__ == "__main__":
    file, folder, number = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    if file.exists():
        kill(file)
    file.write_text(str(ServerProcess(folder, port=number).start().pid))
