"""Several engines over one database, as in several processes: events of one pipeline are applied one after the other."""

import threading
import time
from collections.abc import Callable
from typing import Any

from stageline.core.pipeline.declaration import Action, Declaration, Stage
from stageline.core.pipeline.effects import Decision
from stageline.core.pipeline.events import ActionSucceeded, ExecutionRequested, PipelineDeclared
from stageline.core.pipeline.state import RUNNING, ActionRun, State
from stageline.engine import history, replay
from stageline.engine.announce import Announcer
from stageline.engine.apply import HEAD, Engine, stream
from stageline.ports.store import Store

KIND = ("Source", "AWS", "Scripted", "1")
STAGES = tuple(Stage(name, (Action("A", KIND),)) for name in ("One", "Two", "Three"))


class WallClock:
    def now(self) -> int:
        return time.time_ns() // 1_000_000


def engine(store: Store) -> Engine:
    clock = WallClock()
    events = Announcer(clock, account="000000000000", region="us-east-1")
    return Engine(store, clock, events, account="000000000000", region="us-east-1", timeout=lambda kind: 60)


def created(made: Engine, name: str, mode: str) -> None:
    with made.store.write() as tx:
        made.create(tx, name, f"uid-{name}")
        made.apply_in(tx, name, PipelineDeclared(Declaration(name, 1, mode, "role", STAGES)))


def state(of: Engine, name: str) -> State:
    with of.store.read() as tx:
        found = of.state(tx, name)
    assert found is not None
    return found[1]


def together(*jobs: Callable[[], None]) -> None:
    """Run at the same time; the first failure of any is raised."""
    failures: list[BaseException] = []

    def guarded(job: Callable[[], None]) -> None:
        try:
            job()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=guarded, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if failures:
        raise failures[0]
    assert not any(thread.is_alive() for thread in threads)


def runs(found: State) -> list[ActionRun]:
    return [run for each in found.executions.values() if each.run for run in each.run.runs.values() if run.status == RUNNING]


def test_starts_from_two_engines_are_numbered_one_after_the_other(open_store: Callable[[], Store]) -> None:
    engines = [engine(open_store()) for _ in range(2)]
    created(engines[0], "shop", "QUEUED")
    answers: list[str] = []

    def start(of: Engine) -> Callable[[], None]:
        def job() -> None:
            for _ in range(10):
                outcome = of.apply("shop", ExecutionRequested("StartPipelineExecution"))
                assert isinstance(outcome, Decision)
                answers.append(outcome.answer)

        return job

    together(*[start(each) for each in engines])
    assert len(set(answers)) == 20
    assert state(engines[0], "shop") == state(engines[1], "shop")
    with engines[0].store.read() as tx:
        rows = [doc for _, doc in tx.scan(history.EXECUTION, "uid-shop/")]
        assert [row["number"] for row in rows] == list(range(1, 21))
        assert {row["id"] for row in rows} == set(answers)
        head = tx.get(HEAD, "shop")
        assert head is not None
        assert head["events"] == len(tx.journal(stream("uid-shop"))) == 21
    assert replay.check(engines[1].store) == []


def test_the_same_news_told_to_two_engines_counts_once(open_store: Callable[[], Store]) -> None:
    engines = [engine(open_store()) for _ in range(2)]
    created(engines[0], "shop", "SUPERSEDED")
    counted: list[str] = []

    def news(of: Engine, run: ActionRun) -> Callable[[], None]:
        def job() -> None:
            if isinstance(of.apply("shop", ActionSucceeded(run.id)), Decision):
                counted.append(run.id)

        return job

    for _ in range(6):
        engines[0].apply("shop", ExecutionRequested("StartPipelineExecution"))
    heard: list[str] = []
    while found := runs(state(engines[1], "shop")):
        together(*[news(each, run) for run in found for each in engines])
        heard += [run.id for run in found]
    assert sorted(counted) == sorted(heard)
    assert len(counted) == len(set(counted))
    assert state(engines[0], "shop") == state(engines[1], "shop")
    assert replay.check(engines[0].store) == []


def test_pipelines_do_not_wait_for_each_other_to_be_right(open_store: Callable[[], Store]) -> None:
    engines = [engine(open_store()) for _ in range(2)]
    for name in ("a", "b"):
        created(engines[0], name, "SUPERSEDED")

    def go(of: Engine, name: str) -> Callable[[], None]:
        def job() -> None:
            for _ in range(5):
                of.apply(name, ExecutionRequested("StartPipelineExecution"))
                for run in runs(state(of, name)):
                    of.apply(name, ActionSucceeded(run.id))

        return job

    together(*[go(each, name) for each in engines for name in ("a", "b")])
    assert replay.check(engines[0].store) == []
    for name in ("a", "b"):
        assert state(engines[0], name).started == 10


def test_a_pipeline_deleted_meanwhile_takes_no_event(open_store: Callable[[], Store]) -> None:
    engines = [engine(open_store()) for _ in range(2)]
    created(engines[0], "shop", "SUPERSEDED")
    outcomes: list[Any] = []

    def start() -> None:
        for _ in range(10):
            outcomes.append(engines[1].apply("shop", ExecutionRequested("StartPipelineExecution")))

    def delete() -> None:
        with engines[0].store.write() as tx:
            engines[0].delete(tx, "shop")

    together(start, delete)
    assert all(isinstance(each, Decision) or each.code == "PipelineNotFound" for each in outcomes)
    assert engines[1].apply("shop", ExecutionRequested("StartPipelineExecution")).code == "PipelineNotFound"  # type: ignore[union-attr]
    with engines[0].store.read() as tx:
        assert [task.kind for task in tx.tasks()] == ["purge"]
