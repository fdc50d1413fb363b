"""The shipped conformance suite on the local runner, over SQLite and PostgreSQL."""

import pytest

from stageline.engine.announce import Announcer
from stageline.ports.runner import Runner
from stageline.ports.store import Store
from stageline.runners.local import LocalRunner
from stageline.runners.systemclock import SystemClock
from stageline.testing.runner_conformance import CASES, Bench, Case


@pytest.mark.parametrize("exclusive", [True, False], ids=["alone", "shared"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_runner(case: Case, exclusive: bool, store: Store) -> None:
    clock = SystemClock()
    events = Announcer(clock, account="000000000000", region="us-east-1")
    names = iter(range(100))

    def runner() -> Runner:
        return LocalRunner(store, clock, events, f"runner-{next(names)}", exclusive, lease=30_000 if exclusive else 300)

    case(Bench(store, clock, events, runner))
