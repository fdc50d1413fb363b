"""What every runner must do, as cases to run on a fresh bench: ``for case in CASES: case(bench)``. Real time, short waits."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from structlog.testing import capture_logs

from stageline.ports.clock import Clock
from stageline.ports.events import Events
from stageline.ports.runner import Again, Runner
from stageline.ports.store import Store, Task

HOUR = 3_600_000


@dataclass(frozen=True)
class Bench:
    """A store with its clock and events, and ``runner`` to make runners upon them, one after the other."""

    store: Store
    clock: Clock
    events: Events
    runner: Callable[[], Runner]

    def schedule(self, *ids: str, kind: str = "work", wait: int = 0) -> None:
        """Schedule tasks, due ``wait`` milliseconds from now."""
        with self.store.write() as tx:
            for task_id in ids:
                tx.schedule(Task(task_id, kind, {"id": task_id}, due=self.clock.now() + wait))

    def tasks(self) -> list[Task]:
        """What is in the store."""
        with self.store.read() as tx:
            return tx.tasks()


@dataclass
class Diary:
    """Remembers the tasks that a handler was called with; safe to write from many threads."""

    tasks: list[Task] = field(default_factory=list)

    def write(self, task: Task) -> None:
        """Note a call."""
        self.tasks.append(task)

    @property
    def ids(self) -> list[str]:
        """The ids, in the order of the calls."""
        return [task.id for task in self.tasks]


Case = Callable[[Bench], None]


def eventually(condition: Callable[[], object], what: str = "", seconds: float = 10.0) -> None:
    """Wait until a condition holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"did not happen within {seconds} s: {what or condition}")
        time.sleep(0.002)


def a_due_task_is_handled_once(bench: Bench) -> None:
    """Those scheduled before the start and after it; then they are gone."""
    runner, diary = bench.runner(), Diary()
    runner.register("work", diary.write, slots=2)
    bench.schedule("before")
    runner.start()
    bench.schedule("after-1", "after-2")
    eventually(lambda: len(diary.tasks) == 3)
    eventually(lambda: not bench.tasks())
    runner.stop(5)
    assert sorted(diary.ids) == ["after-1", "after-2", "before"]
    assert {(task.payload["id"], task.attempt) for task in diary.tasks} == {(task_id, 1) for task_id in diary.ids}


def a_task_is_not_handled_before_it_is_due(bench: Bench) -> None:
    """But then, although nothing else happens, and in order."""
    runner = bench.runner()
    lateness: dict[str, int] = {}

    def handle(task: Task) -> None:
        lateness[task.id] = bench.clock.now() - task.due

    runner.register("work", handle, slots=1)
    runner.start()
    bench.schedule("later", wait=120)
    bench.schedule("sooner", wait=60)
    eventually(lambda: len(lateness) == 2)
    runner.stop(5)
    assert list(lateness) == ["sooner", "later"]
    assert min(lateness.values()) >= 0


def kinds_have_slots_of_their_own(bench: Bench) -> None:
    """A full kind waits, never works on more at once than it has slots, and does not hold up another."""
    runner, quick = bench.runner(), Diary()
    lock, gate = threading.Lock(), threading.Event()
    at_once = most = done = 0

    def slow(task: Task) -> None:
        nonlocal at_once, most, done
        with lock:
            at_once += 1
            most = max(most, at_once)
        gate.wait(10)
        with lock:
            at_once -= 1
            done += 1

    runner.register("slow", slow, slots=2)
    runner.register("work", quick.write, slots=1)
    bench.schedule(*(f"s{n}" for n in range(7)), kind="slow")
    bench.schedule("unknown", kind="nobody handles this")
    runner.start()
    bench.schedule("q")
    eventually(lambda: quick.ids == ["q"])
    eventually(lambda: at_once == 2)
    gate.set()
    eventually(lambda: done == 7)
    eventually(lambda: [task.id for task in bench.tasks()] == ["unknown"])
    runner.stop(5)
    assert most == 2


def again_comes_again(bench: Bench) -> None:
    """At the instant asked for, counted as another attempt, until the handler is done."""
    runner, diary = bench.runner(), Diary()

    def handle(task: Task) -> Again | None:
        diary.write(task)
        return Again(bench.clock.now() + 30) if task.attempt < 3 else None

    runner.register("work", handle, slots=1)
    runner.start()
    bench.schedule("a")
    eventually(lambda: len(diary.tasks) == 3)
    eventually(lambda: not bench.tasks())
    runner.stop(5)
    assert [task.attempt for task in diary.tasks] == [1, 2, 3]
    assert diary.tasks[2].due >= diary.tasks[1].due + 30


def a_signal_wakes_its_task(bench: Bench) -> None:
    """Long before it is due; other signals and other tasks do not matter."""
    runner, diary = bench.runner(), Diary()
    finished = set[str]()

    def handle(task: Task) -> Again | None:
        diary.write(task)
        return None if task.id in finished else Again(bench.clock.now() + HOUR, f"done:{task.id}")

    runner.register("work", handle, slots=2)
    runner.start()
    bench.schedule("a", "b")
    eventually(lambda: len(bench.tasks()) == 2 and all(task.due > bench.clock.now() + 1000 for task in bench.tasks()))
    calls = len(diary.tasks)
    bench.events.signal("done:nobody")
    finished.add("a")
    bench.events.signal("done:a")
    eventually(lambda: [task.id for task in bench.tasks()] == ["b"])
    assert diary.ids[calls:] == ["a"]
    for _ in range(3):
        # Woken, it looks, and goes on waiting: the next signal wakes it as well.
        calls = len(diary.tasks)
        bench.events.signal("done:b")
        eventually(lambda calls=calls: len(diary.tasks) > calls)  # type: ignore[misc]
        eventually(lambda: bench.tasks()[0].due > bench.clock.now() + 1000)
    finished.add("b")
    bench.events.signal("done:b")
    eventually(lambda: not bench.tasks())
    runner.stop(5)


def a_signal_before_the_answer_is_not_lost(bench: Bench) -> None:
    """One that comes after the handler's look at the world and before its answer, at the first call and later."""
    runner = bench.runner()
    for look_to_miss in (1, 2, 3):
        looks: list[bool] = []
        finished = threading.Event()

        def handle(
            task: Task, looks: list[bool] = looks, done: threading.Event = finished, miss: int = look_to_miss
        ) -> Again | None:
            seen = done.is_set()
            looks.append(seen)
            if len(looks) == miss:
                done.set()
                bench.events.signal(f"done:{task.id}")
            return None if seen else Again(bench.clock.now() + (HOUR if done.is_set() else 1), f"done:{task.id}")

        runner.register(f"work-{look_to_miss}", handle, slots=1)
        if look_to_miss == 1:
            runner.start()
        bench.schedule(f"t{look_to_miss}", kind=f"work-{look_to_miss}")
        eventually(lambda: not bench.tasks(), f"woken after look {look_to_miss}")
        assert looks[-1]
    runner.stop(5)


def no_signal_is_lost_in_a_race(bench: Bench) -> None:
    """Work that ends at any instant around its handler's calls is always noticed at once."""
    runner = bench.runner()
    finished = set[str]()

    def finish(task_id: str) -> None:
        finished.add(task_id)
        bench.events.signal(task_id)

    def handle(task: Task) -> Again | None:
        if task.id in finished:
            return None
        if task.attempt == 1:
            delay = int(task.id[1:]) % 10 / 2000
            threading.Timer(delay, finish, args=(task.id,)).start()
        return Again(bench.clock.now() + HOUR, task.id)

    runner.register("work", handle, slots=4)
    runner.start()
    for start in range(0, 100, 20):
        bench.schedule(*(f"t{n}" for n in range(start, start + 20)))
        eventually(lambda: not bench.tasks())
    runner.stop(5)


def a_failing_task_is_tried_again(bench: Bench) -> None:
    """After a second and then longer; each failure is logged once; the others go on meanwhile."""
    runner, diary = bench.runner(), Diary()

    def handle(task: Task) -> None:
        diary.write(task)
        if task.id == "bad" and task.attempt < 2:
            raise KeyError("the handler is broken")

    runner.register("work", handle, slots=1)
    with capture_logs() as logs:
        runner.start()
        bench.schedule("bad")
        eventually(lambda: diary.ids == ["bad"])
        bench.schedule("good")
        eventually(lambda: diary.ids == ["bad", "good"])
        eventually(lambda: bench.tasks() and bench.tasks()[0].token == 0)
        assert 500 < bench.tasks()[0].due - bench.clock.now() <= 1000
        eventually(lambda: diary.ids == ["bad", "good", "bad"])
        eventually(lambda: not bench.tasks())
        runner.stop(5)
    assert [(entry["log_level"], entry["task"]) for entry in logs] == [("error", "bad")]


def a_replaced_task_runs_anew(bench: Bench) -> None:
    """While its old handler runs: the old answer counts for nothing, and the handler can know."""
    runner, diary = bench.runner(), Diary()
    gate = threading.Event()
    alive: list[bool] = []

    def handle(task: Task) -> Again | None:
        diary.write(task)
        if task.payload["id"] == "a":
            alive.append(runner.alive(task))
            gate.wait(10)
            alive.append(runner.alive(task))
            return Again(bench.clock.now() + HOUR)
        return None

    runner.register("work", handle, slots=1)
    runner.start()
    bench.schedule("a")
    eventually(lambda: alive)
    with bench.store.write() as tx:
        tx.schedule(Task("a", "work", {"id": "new"}, due=bench.clock.now()))
    gate.set()
    eventually(lambda: len(diary.tasks) == 2)
    eventually(lambda: not bench.tasks())
    runner.stop(5)
    assert alive == [True, False]
    assert [task.payload["id"] for task in diary.tasks] == ["a", "new"]


def a_cancelled_task_stays_gone(bench: Bench) -> None:
    """Cancelled from outside while it runs, or by its own handler; what fails afterwards is not tried again either."""
    runner, diary = bench.runner(), Diary()

    def handle(task: Task) -> Again | None:
        diary.write(task)
        with bench.store.write() as tx:
            assert tx.cancel(task.id)
        assert not runner.alive(task)
        if task.id == "fails":
            raise KeyError
        return Again(bench.clock.now(), "signal") if task.id == "again" else None

    runner.register("work", handle, slots=1)
    with capture_logs():
        runner.start()
        bench.schedule("fails", "again", "done")
        eventually(lambda: len(diary.tasks) == 3)
        runner.stop(5)
    assert bench.tasks() == []
    assert sorted(diary.ids) == ["again", "done", "fails"]


def stop_waits_for_what_runs(bench: Bench) -> None:
    """And starts nothing more; the rest is for whoever starts next."""
    runner, diary = bench.runner(), Diary()

    def handle(task: Task) -> None:
        diary.write(task)
        time.sleep(0.15)

    runner.register("work", handle, slots=1)
    runner.start()
    bench.schedule("a", "b")
    eventually(lambda: diary.tasks)
    runner.stop(5)
    assert len(diary.tasks) == 1
    assert [task.id for task in bench.tasks()] == ["b"]
    bench.schedule("c")
    time.sleep(0.05)
    assert len(diary.tasks) == 1
    following = bench.runner()
    following.register("work", diary.write, slots=1)
    following.start()
    eventually(lambda: not bench.tasks())
    following.stop(5)
    assert diary.ids == ["a", "b", "c"]


def what_outlives_the_grace_is_left_to_the_next(bench: Bench) -> None:
    """Stop returns in time, and the task is not lost."""
    runner, diary = bench.runner(), Diary()
    gate, ended = threading.Event(), threading.Event()

    def handle(task: Task) -> None:
        gate.wait(10)
        ended.set()

    runner.register("work", handle, slots=1)
    runner.start()
    bench.schedule("a")
    eventually(lambda: bench.tasks() and bench.tasks()[0].token)
    with capture_logs() as logs:
        begun = time.monotonic()
        runner.stop(0.05)
        assert time.monotonic() - begun < 5
    assert [entry["tasks"] for entry in logs] == [["a"]]
    following = bench.runner()
    following.register("work", diary.write, slots=1)
    following.start()
    eventually(lambda: diary.ids == ["a"])
    eventually(lambda: not bench.tasks())
    following.stop(5)
    gate.set()
    assert ended.wait(10)


CASES: tuple[Case, ...] = (
    a_due_task_is_handled_once,
    a_task_is_not_handled_before_it_is_due,
    kinds_have_slots_of_their_own,
    again_comes_again,
    a_signal_wakes_its_task,
    a_signal_before_the_answer_is_not_lost,
    no_signal_is_lost_in_a_race,
    a_failing_task_is_tried_again,
    a_replaced_task_runs_anew,
    a_cancelled_task_stays_gone,
    stop_waits_for_what_runs,
    what_outlives_the_grace_is_left_to_the_next,
)
