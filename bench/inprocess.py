"""An assembled server in this process whose provider for builds ends at once, and pipelines made of it."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from stageline import app
from stageline.config import Settings
from stageline.core.pipeline.actiontype import ActionType
from stageline.core.pipeline.declaration import Action, Declaration, Stage
from stageline.core.pipeline.events import ExecutionRequested, PipelineDeclared
from stageline.ports.api import Caller
from stageline.ports.provider import Done, Job, Running
from stageline.ports.store import WriteTx

SOURCE = ("Source", "Custom", "Nothing", "1")
WORK = ("Build", "Custom", "Nothing", "1")
HELD = ("Test", "Custom", "Endless", "1")


class Scripted:
    """A provider that is done when it has started, and remembers when each job was started."""

    def __init__(self, kind: tuple[str, str, str, str]) -> None:
        self.ACTION_TYPE = ActionType(*kind)  # type: ignore[arg-type]
        self.started: list[tuple[str, float]] = []

    def start(self, job: Job, aws: object) -> Done:
        """Nothing to do."""
        self.started.append((job.action, time.perf_counter()))
        return Done()

    poll = start

    def cancel(self, job: Job, external_id: str, aws: object) -> None:
        """Nothing runs."""


class Held:
    """A provider whose work goes on for ever."""

    def __init__(self, kind: tuple[str, str, str, str]) -> None:
        self.ACTION_TYPE = ActionType(*kind)  # type: ignore[arg-type]

    def start(self, job: Job, aws: object) -> Running:
        """Looked at again in an hour."""
        return Running(job.id, again=3_600_000)

    def poll(self, job: Job, external_id: str, aws: object) -> Running:
        """Still running."""
        return Running(external_id, again=3_600_000)

    def cancel(self, job: Job, external_id: str, aws: object) -> None:
        """Nothing to stop."""


@contextmanager
def assembled(
    data: Path, *, providers: Mapping[tuple[str, str, str, str], Scripted | Held], database: str = ""
) -> Iterator[app.Server]:
    """A server that knows only ``providers`` and whose roles are not asked for: what is measured is the engine."""
    found = app.discover
    app.discover = lambda: {**found(), **providers}  # type: ignore[assignment]
    try:
        server = app.assemble(Settings(data=data, database=database), 0)
    finally:
        app.discover = found
    try:
        yield server
    finally:
        server.close()


def chain(name: str, length: int, role: str, kind: tuple[str, str, str, str] = WORK) -> Declaration:
    """A pipeline with one action of each run order, ``length`` in all, in one stage after the source."""
    actions = tuple(Action(f"A{index:03d}", kind, run_order=index + 1) for index in range(length))
    return Declaration(name, 1, "SUPERSEDED", role, (Stage("Source", (Action("Start", SOURCE),)), Stage("Work", actions)))


def declare(server: app.Server, declaration: Declaration) -> None:
    """Make a pipeline below the API."""
    with server.store.write() as tx:
        declare_in(server, tx, declaration)


def declare_in(server: app.Server, tx: WriteTx, declaration: Declaration) -> None:
    """The same inside a transaction."""
    server.engine.create(tx, declaration.name, f"uid-{declaration.name}")
    server.engine.apply_in(tx, declaration.name, PipelineDeclared(declaration))


def start(server: app.Server, name: str) -> None:
    """Start an execution below the API."""
    server.engine.apply(name, ExecutionRequested("StartPipelineExecution", "bench"))


def role(server: app.Server) -> str:
    """A role that CodePipeline may assume."""
    trust = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"codepipeline.amazonaws.com"},'
    trust += '"Action":"sts:AssumeRole"}]}'
    account = server.settings.account
    caller = Caller("root", f"arn:aws:iam::{account}:root", account, account)
    made = server.aws.as_caller(caller).call("iam", "CreateRole", RoleName="bench", AssumeRolePolicyDocument=trust)
    return str(made["Role"]["Arn"])


def wait(condition: object, seconds: float = 60.0) -> None:
    """Wait until ``condition()`` holds."""
    end = time.perf_counter() + seconds
    while not condition():  # type: ignore[operator]
        if time.perf_counter() > end:
            raise TimeoutError("the measurement did not come to its end")
        time.sleep(0.001)
