"""An engine over a store, with a clock that stands still and a note of what is published; nothing runs unless a test runs it."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from stageline.core.pipeline.declaration import Action, Declaration, Stage
from stageline.core.pipeline.effects import Decision, Refusal
from stageline.core.pipeline.events import Event, ExecutionRequested, PipelineDeclared
from stageline.core.pipeline.state import ActionRun, State
from stageline.engine.announce import Announcer
from stageline.engine.apply import Engine
from stageline.engine.perform import Performer
from stageline.ports.api import ApiError
from stageline.ports.store import Store, Task
from stageline.store.sql import SqlStore
from stageline.testing.clock import FakeClock
from stageline.testing.scripted import Scripted, providers

ROLE = "arn:aws:iam::000000000000:role/pipeline"


class Nobody:
    """Operations as some role; ``gone`` are roles that cannot be assumed."""

    def __init__(self, arn: str = "", gone: set[str] | None = None) -> None:
        self.arn = arn
        self.gone = gone if gone is not None else set()

    def as_role(self, role_arn: str, session_name: str, **more: Any) -> "Nobody":
        if role_arn in self.gone:
            raise ApiError("AccessDenied", f"{role_arn} cannot be assumed", 403)
        return Nobody(role_arn, self.gone)


def declared(version: int = 1, *, script: str = "hold", mode: str = "SUPERSEDED", name: str = "shop", **more: Any) -> Declaration:
    """Source (done) → Build (as scripted) → Gate → Deploy."""

    def kind(category: str, provider: str = "Scripted") -> tuple[str, str, str, str]:
        return (category, "AWS", provider, "1")

    stages = (
        Stage("Source", (Action("Fetch", kind("Source"), outputs=("Src",), namespace="src", configuration={"Say": "hi"}),)),
        Stage(
            "Build", (Action("Pack", kind("Build"), inputs=("Src",), outputs=("Out",), configuration={"Script": script}, **more),)
        ),
        Stage("Gate", (Action("Approve", kind("Approval", "Manual")),)),
        Stage("Deploy", (Action("Copy", kind("Deploy"), inputs=("Out",)),)),
    )
    return Declaration(name, version, mode, ROLE, stages, bucket="artifacts")


@dataclass
class Works:
    """An engine with all that is around it."""

    store: Store
    clock: FakeClock
    events: Announcer
    engine: Engine
    performer: Performer
    providers: dict[tuple[str, str, str, str], Scripted]
    aws: Nobody
    uids: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def builder(self) -> Scripted:
        return self.providers["Build", "AWS", "Scripted", "1"]

    def declare(self, declaration: Declaration | None = None, name: str = "shop") -> str:
        """Create a pipeline; its uid."""
        uid = f"uid-{next(self.uids)}"
        with self.store.write() as tx:
            self.engine.create(tx, name, uid)
            assert isinstance(self.engine.apply_in(tx, name, PipelineDeclared(declaration or declared(name=name))), Decision)
        return uid

    def apply(self, event: Event, name: str = "shop") -> Decision | Refusal:
        return self.engine.apply(name, event)

    def start(self, name: str = "shop") -> str:
        outcome = self.apply(ExecutionRequested("StartPipelineExecution", "me"), name)
        assert isinstance(outcome, Decision)
        return outcome.answer

    def state(self, name: str = "shop") -> State:
        with self.store.read() as tx:
            found = self.engine.state(tx, name)
        assert found is not None
        return found[1]

    def tasks(self, prefix: str = "") -> list[Task]:
        with self.store.read() as tx:
            return tx.tasks(prefix)

    def claim(self, kind: str, owner: str = "one", lease: int = 1_000) -> Task:
        """The task of a kind that is due."""
        (task,) = self.store.claim(owner, self.clock.now(), lease=lease, limit=1, kinds=(kind,))
        return task

    def work(self, kind: str = "action") -> Any:
        """Claim the due task of a kind and do it, as the runner would."""
        task = self.claim(kind)
        handler: Callable[[Task], Any] = {
            "action": self.performer.act,
            "timer": self.performer.timer,
            "cancel": self.performer.cancel,
        }[kind]
        answer = handler(task)
        self.store.finish("one", task, answer.due if answer else None)
        return answer

    def build_run(self) -> ActionRun:
        """The run of the Build stage's action that is shown."""
        return self.state().stages["Build"].shown["Pack"]


def works(store: Store, clock: FakeClock, entropy: Any = None, scripts: Any = None) -> Works:
    events = Announcer(clock, account="000000000000", region="us-east-1")
    more = {"entropy": entropy} if entropy else {}
    engine = Engine(store, clock, events, account="000000000000", region="us-east-1", timeout=lambda kind: 60, **more)
    found = scripts or dict(providers())
    aws = Nobody()
    performer = Performer(engine, aws, found, {}, "http://127.0.0.1:1")  # type: ignore[arg-type]
    return Works(store, clock, events, engine, performer, found, aws)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Works]:
    store = SqlStore(f"sqlite:///{tmp_path}/engine.db")
    yield works(store, FakeClock())
    store.close()


@pytest.fixture
def another(tmp_path: Path) -> Iterator[Callable[[Works], Works]]:
    """A second engine over the same database, with the same clock and providers."""
    opened = []

    def make(first: Works) -> Works:
        opened.append(SqlStore(f"sqlite:///{tmp_path}/engine.db"))
        return works(opened[-1], first.clock, scripts=first.providers)

    yield make
    for store in opened:
        store.close()


@pytest.fixture
def over() -> Callable[..., Works]:
    """Puts an engine over any store."""
    return works


@pytest.fixture
def declaring() -> Callable[..., Declaration]:
    """Describes the pipeline of these tests."""
    return declared
