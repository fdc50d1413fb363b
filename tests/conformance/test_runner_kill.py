"""A process that is killed while it runs tasks: after the restart the rest is done, and nothing is done twice."""

import random
import subprocess
import sys
import time
from pathlib import Path

from stageline.store.sql import SqlStore

TASKS = 400
WORKER = """
import sys, time
from stageline.engine.announce import Announcer
from stageline.ports.runner import Again
from stageline.runners.local import LocalRunner
from stageline.runners.systemclock import SystemClock
from stageline.store.sql import SqlStore

store, clock = SqlStore(sys.argv[1]), SystemClock()
events = Announcer(clock, account="000000000000", region="us-east-1")

def handle(task):
    if task.payload["looks"] >= task.attempt:
        return Again(clock.now() + 1, "signal/" + task.id)
    with store.write() as tx:
        held = tx.tasks(task.id, limit=1)
        if not held or held[0].token != task.token:
            return None
        tx.append("done", task.id.encode())
        tx.cancel(task.id)

runner = LocalRunner(store, clock, events, "worker", True)
runner.register("work", handle, slots=4)
runner.start()
print("ready", flush=True)
while store.next_due() is not None:
    time.sleep(0.01)
runner.stop(5)
store.close()
"""
SCHEDULE = """
import sys
from stageline.ports.store import Task
from stageline.store.sql import SqlStore
store = SqlStore(sys.argv[1])
with store.write() as tx:
    for n in range(int(sys.argv[2])):
        tx.schedule(Task(f"t{n:04}", "work", {"looks": n % 3}, due=n))
store.close()
"""


def test_nothing_is_done_twice_and_nothing_is_left_over(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    subprocess.run([sys.executable, "-c", SCHEDULE, url, str(TASKS)], check=True)
    for _ in range(4):
        with subprocess.Popen([sys.executable, "-c", WORKER, url], stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            time.sleep(random.uniform(0.01, 0.08))
            process.kill()
    subprocess.run([sys.executable, "-c", WORKER, url], check=True, timeout=60, stdout=subprocess.DEVNULL)
    store = SqlStore(url)
    with store.read() as tx:
        assert sorted(entry.decode() for _, entry in tx.journal("done")) == [f"t{n:04}" for n in range(TASKS)]
    assert store.check() == []
    store.close()
