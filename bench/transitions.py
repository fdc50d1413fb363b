"""How long the engine takes from an action's end to the next one's start, and 40 no-op actions in a row."""

import tempfile
import time
from itertools import pairwise
from pathlib import Path

from bench.inprocess import SOURCE, WORK, Scripted, assembled, chain, declare, role, start, wait
from bench.table import Row, percentile

LENGTH = 40
ROUNDS = 10


def measure() -> list[Row]:
    """Runs a pipeline of 40 actions ten times."""
    work = Scripted(WORK)
    providers = {SOURCE: Scripted(SOURCE), WORK: work}
    with tempfile.TemporaryDirectory() as folder, assembled(Path(folder) / "data", providers=providers) as server:
        server.start()
        declare(server, chain("bench", LENGTH, role(server)))
        totals, gaps = [], []
        for number in range(ROUNDS):
            began = time.perf_counter()
            start(server, "bench")
            wait(lambda: len(work.started) == LENGTH * (number + 1))  # noqa: B023
            totals.append(time.perf_counter() - began)
            times = [each for _, each in work.started[-LENGTH:]]
            gaps += [after - before for before, after in pairwise(times)]
    return [
        Row(
            "action finished → next action started, p50 / p99",
            f"{percentile(gaps, 0.5) * 1e3:.1f} / {percentile(gaps, 0.99) * 1e3:.1f} ms",
            "10 / 50 ms",
        ),
        Row(f"{LENGTH} sequential no-op actions, median", f"{percentile(totals, 0.5):.2f} s", "2.0 s"),
    ]
