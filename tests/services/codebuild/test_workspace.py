"""The folder of a build goes although a command that is being killed still writes into it for a moment."""

import subprocess
import sys
from pathlib import Path

from stageline.services.codebuild.hosting import workspace

WRITER = """
import os, sys, time
folder = os.open(sys.argv[1], os.O_RDONLY)
print("on", flush=True)
end, number = time.monotonic() + 0.4, 0
while time.monotonic() < end:
    number += 1
    try:
        os.close(os.open(f"file{number}", os.O_CREAT | os.O_WRONLY, dir_fd=folder))
    except FileNotFoundError:
        break
"""


def test_what_is_written_while_it_is_removed_goes_too(tmp_path: Path) -> None:
    root = tmp_path / "build"
    root.mkdir()
    with subprocess.Popen([sys.executable, "-c", WRITER, str(root)], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        workspace.remove(root)
        assert not root.exists()
