"""A process that is killed at any instant loses nothing that it has acknowledged."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from stageline.store.blobs import FolderBlobs
from stageline.store.sql import SqlStore

WRITER = """
import os, sys
from pathlib import Path
from stageline.core import faultpoints
from stageline.ports.store import Task
from stageline.store.blobs import FolderBlobs
from stageline.store.sql import SqlStore

folder, first, point, after = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
store = SqlStore(f"sqlite:///{folder / 'store.db'}")
blobs = FolderBlobs(folder / "blobs")
left = [after]

def die(name):
    if name == point:
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), 9)

faultpoints.HOOK = die
for n in range(first, first + 100_000):
    writer = blobs.create()
    writer.write(b"%d" % n * 100)
    blob = writer.commit()
    with store.write() as tx:
        seq = tx.append("s", b"%d" % n)
        tx.put("k", f"{n:08}", {"seq": seq, "blob": blob})
        tx.put("k", "latest", {"n": n})
        tx.schedule(Task(f"t{n}", "e", {}, due=n))
    print(n, flush=True)
    for task in store.claim("me", n, lease=10, limit=1):
        store.finish("me", task)
"""


def run_until_killed(folder: Path, first: int, point: str, after: int, seconds: float | None) -> list[int]:
    """What the process acknowledged before it died."""
    command = [sys.executable, "-c", WRITER, str(folder), str(first), point, str(after)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline()]
        if seconds is not None:
            time.sleep(seconds)
            process.kill()
        lines += process.stdout.readlines()
        assert process.wait() == -signal.SIGKILL
    return [int(line) for line in lines if line.endswith(b"\n")]


def assert_sound(folder: Path, acknowledged: list[int]) -> int:
    """All that was acknowledged is there, and nothing is there in part; returns the next number."""
    store = SqlStore(f"sqlite:///{folder / 'store.db'}")
    blobs = FolderBlobs(folder / "blobs")
    assert store.check() == []
    with store.read() as tx:
        numbers = [int(entry) for _, entry in tx.journal("s")]
        documents = dict(tx.scan("k", "0"))
        assert set(acknowledged) <= set(numbers)
        assert [f"{n:08}" for n in numbers] == list(documents)
        assert tx.get("k", "latest") == {"n": numbers[-1]}
    for n in numbers:
        assert b"".join(blobs.read(documents[f"{n:08}"]["blob"])) == b"%d" % n * 100
    assert list((folder / "blobs" / "incoming").iterdir()) == []
    store.close()
    return numbers[-1] + 1


def test_a_process_killed_at_random_loses_nothing_acknowledged(tmp_path: Path) -> None:
    acknowledged: list[int] = []
    following = 0
    for _ in range(4):
        acknowledged += run_until_killed(tmp_path, following, "", 0, random.uniform(0.02, 0.3))
        following = assert_sound(tmp_path, acknowledged)
    assert len(acknowledged) > 20


@pytest.mark.parametrize("point", ["store.before-commit", "store.after-commit", "blob.before-rename", "blob.after-rename"])
def test_a_process_killed_at_a_fault_point_loses_nothing_acknowledged(tmp_path: Path, point: str) -> None:
    acknowledged = run_until_killed(tmp_path, 0, point, 40 + os.getpid() % 3, None)
    assert len(acknowledged) > 10
    assert_sound(tmp_path, acknowledged)
