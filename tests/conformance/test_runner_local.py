"""What is the local runner's own: leases among several, restarts, troubles of the store, sleeping machines."""

import errno
import threading
import time
from collections import Counter

import pytest
from structlog.testing import capture_logs

from stageline.core import faultpoints
from stageline.engine.announce import Announcer
from stageline.ports.clock import Clock
from stageline.ports.runner import Again
from stageline.ports.store import StorageFull, Store, Task
from stageline.runners.local import LocalRunner
from stageline.runners.systemclock import SystemClock
from stageline.runners.waits import Waits
from stageline.testing.clock import FakeClock
from stageline.testing.runner_conformance import Bench, Diary, eventually


def announcer(clock: Clock) -> Announcer:
    return Announcer(clock, account="000000000000", region="us-east-1")


def bench_on(store: Store, clock: Clock, exclusive: bool = True, lease: int = 30_000) -> Bench:
    events = announcer(clock)
    numbers = iter(range(100))
    return Bench(store, clock, events, lambda: LocalRunner(store, clock, events, f"r{next(numbers)}", exclusive, lease=lease))


def test_a_restart_resumes_everything_that_a_dead_process_held(store: Store) -> None:
    bench, diary = bench_on(store, SystemClock()), Diary()
    bench.schedule(*(f"t{n:04}" for n in range(1000)))
    held = store.claim("dead", bench.clock.now() + 1, lease=10**9, limit=1000)
    assert len(held) == 1000
    runner = bench.runner()
    runner.register("work", diary.write, slots=8)
    runner.start()
    eventually(lambda: not bench.tasks())
    runner.stop(5)
    assert Counter(diary.ids) == Counter(f"t{n:04}" for n in range(1000))
    assert not store.finish("dead", held[0])


def test_a_long_task_is_not_taken_from_one_that_lives(store: Store) -> None:
    bench, diary = bench_on(store, SystemClock(), exclusive=False, lease=150), Diary()

    def slow(task: Task) -> None:
        diary.write(task)
        time.sleep(0.6)

    runners = [bench.runner(), bench.runner()]
    for runner in runners:
        runner.register("work", slow, slots=1)
        runner.start()
    bench.schedule("a")
    eventually(lambda: diary.tasks and not bench.tasks())
    for runner in runners:
        runner.stop(5)
    assert diary.ids == ["a"]


def test_the_task_of_a_dead_peer_is_taken_over_when_its_lease_ends(store: Store) -> None:
    bench, diary = bench_on(store, SystemClock(), exclusive=False), Diary()
    bench.schedule("a")
    [held] = store.claim("dead", bench.clock.now() + 1, lease=200, limit=1)
    runner = bench.runner()
    runner.register("work", diary.write, slots=1)
    runner.start()
    eventually(lambda: diary.tasks)
    assert bench.clock.now() >= held.due + 200
    assert diary.tasks[0].attempt == 2
    runner.stop(5)


@pytest.mark.parametrize("new_url", ["sqlite"], indirect=True)
def test_a_machine_that_slept_does_not_run_its_tasks_twice(store: Store) -> None:
    clock = FakeClock()
    bench, diary = bench_on(store, clock), Diary()
    gate = threading.Event()

    def handle(task: Task) -> None:
        diary.write(task)
        if task.id == "long":
            gate.wait(10)

    runner = bench.runner()
    runner.register("work", handle, slots=3)
    runner.start()
    bench.schedule("long")
    eventually(lambda: diary.ids == ["long"])
    clock.advance(3_600_000)
    bench.schedule("next")
    eventually(lambda: diary.ids == ["long", "next"])
    gate.set()
    eventually(lambda: not bench.tasks())
    runner.stop(5)
    assert diary.ids == ["long", "next"]


@pytest.mark.parametrize("new_url", ["sqlite"], indirect=True)
def test_the_delay_grows_with_each_failure_up_to_a_minute_and_starts_over(store: Store) -> None:
    clock = FakeClock()
    bench = bench_on(store, clock)
    delays: list[int] = []
    calls = 0

    def handle(task: Task) -> Again | None:
        nonlocal calls
        calls += 1
        if calls == 9:
            return Again(clock.now() + 5)
        raise KeyError

    runner = LocalRunner(store, clock, bench.events, "me", True)
    clock.on_move = runner.wake
    runner.register("work", handle, slots=1)
    with capture_logs() as logs:
        runner.start()
        bench.schedule("a")
        for call in range(1, 11):
            eventually(lambda call=call: calls >= call and bench.tasks()[0].token == 0)  # type: ignore[misc]
            delays.append(bench.tasks()[0].due - clock.now())
            clock.advance(delays[-1])
        runner.stop(5)
    assert delays == [1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000, 5, 1000]
    assert len(logs) == 9


@pytest.mark.parametrize("new_url", ["sqlite"], indirect=True)
def test_a_full_disk_delays_the_end_of_a_task_but_does_not_lose_it(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    bench, diary = bench_on(store, SystemClock()), Diary()
    troubles = 2

    def full(name: str) -> None:
        nonlocal troubles
        if name == "store.before-commit" and diary.tasks and troubles > 0:
            troubles -= 1
            raise StorageFull(errno.ENOSPC, "no space left")

    monkeypatch.setattr(faultpoints, "HOOK", full)
    runner = bench.runner()
    runner.register("work", diary.write, slots=1)
    with capture_logs() as logs:
        runner.start()
        bench.schedule("a")
        eventually(lambda: diary.tasks and not bench.tasks())
        bench.schedule("b")
        eventually(lambda: diary.ids == ["a", "b"])
        runner.stop(5)
    assert len(logs) == 2
    assert {entry["log_level"] for entry in logs} == {"error"}


@pytest.mark.parametrize("new_url", ["sqlite"], indirect=True)
def test_an_idle_runner_costs_nothing(store: Store) -> None:
    bench, gate = bench_on(store, SystemClock()), threading.Event()
    runner = bench.runner()
    runner.register("work", lambda task: gate.wait(10) and None, slots=1)
    runner.start()
    bench.schedule("running", "waiting for its slot")
    bench.schedule("unknown", kind="nobody handles this")
    eventually(lambda: any(task.token for task in bench.tasks()))
    time.sleep(0.1)
    before = time.process_time()
    time.sleep(0.5)
    assert time.process_time() - before < 0.1
    gate.set()
    runner.stop(5)


def test_waits_end_with_their_tasks(store: Store) -> None:
    bench = bench_on(store, SystemClock())
    runner = bench.runner()
    assert isinstance(runner, LocalRunner)
    finished = threading.Event()
    runner.register("work", lambda task: None if finished.is_set() else Again(bench.clock.now() + 10_000, task.id), slots=4)
    runner.start()
    bench.schedule(*(f"t{n}" for n in range(20)))
    eventually(lambda: all(task.due > bench.clock.now() + 1000 for task in bench.tasks()))
    assert len(runner._waits) == 20
    finished.set()
    for n in range(20):
        bench.events.signal(f"t{n}")
    eventually(lambda: not bench.tasks())
    runner.stop(5)
    assert len(runner._waits) == 0
    assert bench.events._waiters == {}  # type: ignore[attr-defined]


def test_a_handler_whose_signal_always_changes_is_not_called_without_end() -> None:
    waits = Waits(announcer(SystemClock()), lambda: None)
    assert [waits.listen("t", f"signal-{n}") for n in range(4)] == [True, False, False, False]
    assert not waits.listen("t", "signal-3")
    assert waits.listen("t", "another")
    assert len(waits) == 1


def test_a_kind_has_one_handler_and_at_least_one_slot(store: Store) -> None:
    runner = bench_on(store, SystemClock()).runner()
    runner.register("work", lambda task: None, slots=1)
    with pytest.raises(ValueError, match="handler already"):
        runner.register("work", lambda task: None, slots=1)
    with pytest.raises(ValueError, match="at least one slot"):
        runner.register("other", lambda task: None, slots=0)
    runner.start()
    with pytest.raises(RuntimeError):
        runner.start()
    runner.stop(1)


def test_the_system_clock_tells_the_time_and_never_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SystemClock()
    assert abs(clock.now() - time.time() * 1000) < 1000
    now = clock.now()
    monkeypatch.setattr(time, "time_ns", lambda: (now - 5000) * 1_000_000)
    assert clock.now() >= now


def test_a_fake_clock_stands_still_until_it_is_moved() -> None:
    clock = FakeClock(1000)
    assert (clock.now(), clock.advance(5), clock.now()) == (1000, 1005, 1005)
    clock.set(2000)
    assert clock.now() == 2000
    for wrong in (lambda: clock.set(1999), lambda: clock.advance(-1)):
        with pytest.raises(ValueError, match="back"):
            wrong()
