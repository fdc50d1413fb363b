"""A server in a process of its own, and its administrator's clients."""

import json
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import boto3

from stageline.demo.setting import Cloud


@contextmanager
def server(fill: Callable[[Path], None] = lambda data: None) -> Iterator[tuple[int, Cloud, Path]]:
    """The process, clients and the folder above its data; all of it goes with the block. ``fill`` puts something into the data
    folder first."""
    with tempfile.TemporaryDirectory() as name:
        data = Path(name) / "data"
        fill(data)
        process = subprocess.Popen(
            [sys.executable, "-m", "stageline", "up", "--data", str(data), "--port", "0"], stdout=subprocess.PIPE, text=True
        )
        try:
            assert process.stdout
            endpoint = process.stdout.readline().split()[1]
            key = json.loads((data / "administrator.json").read_text())
            session = boto3.Session(key["AccessKeyId"], key["SecretAccessKey"], region_name="us-east-1")
            yield process.pid, Cloud(session, endpoint), Path(name)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)
            if process.stdout:
                process.stdout.close()
