"""How long a restart takes with 1,000 executions in flight, and whether anything runs twice."""

import tempfile
import time
from collections import Counter
from pathlib import Path

from bench.inprocess import SOURCE, WORK, Scripted, assembled, chain, declare, role, start, wait
from bench.table import Row

PIPELINES = 1000


def measure() -> list[Row]:
    """Leaves 1,000 executions with an action each to be started, closes the server, and opens another on the same folder."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        idle = {SOURCE: Scripted(SOURCE), WORK: Scripted(WORK)}
        with assembled(data, providers=idle) as server:  # never started: nothing is claimed
            arn = role(server)
            for number in range(PIPELINES):
                declare(server, chain(f"p{number:04d}", 1, arn))
                start(server, f"p{number:04d}")
        source, work = Scripted(SOURCE), Scripted(WORK)
        began = time.perf_counter()
        with assembled(data, providers={SOURCE: source, WORK: work}) as server:
            server.start()
            ready = time.perf_counter() - began
            wait(lambda: len(source.started) >= PIPELINES)
            resumed = time.perf_counter() - began
            wait(lambda: len(work.started) >= PIPELINES)
            done = time.perf_counter() - began
        twice = sum(count - 1 for count in Counter(name for name, _ in work.started).values()) - (PIPELINES - 1)
    return [
        Row("restart: assembled and working", f"{ready:.2f} s", "1.5 s to ready"),
        Row(f"restart with {PIPELINES} executions in flight: all resumed", f"{resumed:.2f} s", "2 s"),
        Row(f"… all {2 * PIPELINES} actions done; run twice", f"{done:.2f} s; {max(0, twice)}", "–; 0"),
    ]
