"""``stageline why | history | replay``, on a data folder that no server uses and as commands."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from stageline.app import assemble
from stageline.config import Settings
from stageline.core.pipeline.declaration import Action, Declaration, Stage
from stageline.core.pipeline.events import ActionFailed, Event, ExecutionRequested, PipelineDeclared, TransitionSwitched
from stageline.engine.apply import STATE
from stageline.offline import lookback
from stageline.store.sql import SqlStore
from stageline.testing.process import plain_environment

Command = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with a pipeline of which one execution failed and another waits."""
    folder = tmp_path / "data"
    server = assemble(Settings(data=folder), 0)
    stages = (
        Stage("Source", (Action("Fetch", ("Source", "AWS", "S3", "1")),)),
        Stage("Deploy", (Action("Copy", ("Deploy", "AWS", "S3", "1")),)),
    )

    def send(event: Event) -> None:
        server.engine.apply("shop", event)

    with server.store.write() as tx:
        server.engine.create(tx, "shop", "uid")
    send(PipelineDeclared(Declaration("shop", 1, "SUPERSEDED", "role", stages)))
    send(ExecutionRequested("StartPipelineExecution", "ann"))
    with server.store.read() as tx:
        found = server.engine.state(tx, "shop")
    assert found is not None
    run = next(iter(found[1].executions.values())).run
    assert run is not None
    send(ActionFailed(run.acting[0].id, "JobFailed", "the bucket is gone"))
    send(TransitionSwitched("Source", "Inbound", False, "freeze", "ann"))
    send(ExecutionRequested("StartPipelineExecution", "bob"))
    server.close()
    return folder


@pytest.fixture
def command(data: Path) -> Command:
    def run(*words: str) -> "subprocess.CompletedProcess[str]":
        given = [sys.executable, "-m", "stageline", *words, "--data", str(data)]
        return subprocess.run(given, capture_output=True, text=True, env=plain_environment(), check=False, timeout=60)

    return run


def test_why_has_a_line_for_each_execution(data: Path) -> None:
    waiting, failed = lookback.why(Settings(data=data), "shop")
    assert waiting.endswith("It waits in front of stage 'Source': the transition into it was disabled by ann (freeze).")
    assert failed.endswith("Failed     Action 'Fetch' in stage 'Source' failed: the bucket is gone")


def test_why_tells_the_course_of_one_execution(data: Path) -> None:
    failed = lookback.why(Settings(data=data), "shop")[1].split()[0]
    told = [line.split("  ", 1)[1].strip() for line in lookback.why(Settings(data=data), "shop", failed)]
    assert told == [
        "It was started by StartPipelineExecution (ann), with version 1 of the pipeline.",
        "It entered stage 'Source'.",
        "Action 'Fetch' in stage 'Source' failed (JobFailed): the bucket is gone",
        "It ended with the status Failed: Action 'Fetch' in stage 'Source' failed: the bucket is gone",
    ]


def test_history_shows_an_instant(data: Path) -> None:
    settings = Settings(data=data)
    failed = lookback.why(settings, "shop")[1].split()[0]
    entered = lookback.instant(lookback.why(settings, "shop", failed)[1].split()[0])
    then = lookback.as_of(settings, "shop", entered)
    assert f"  Source: InProgress {failed}" in then
    assert f"  {failed} InProgress: It runs 'Fetch' in stage 'Source'." in then
    now = lookback.as_of(settings, "shop", entered + 3_600_000)
    assert f"  Source: Failed {failed} (transition disabled)" in now
    with pytest.raises(lookback.CannotLookBack, match=r"did not exist at 1970-01-01T00:00:00\.001Z"):
        lookback.as_of(settings, "shop", 1)


def test_replay_compares_with_the_stored_state(data: Path) -> None:
    settings = Settings(data=data)
    assert lookback.replay(settings, "shop") == (True, "shop: the journal of 5 events gives the stored state, byte for byte")
    store = SqlStore(f"sqlite:///{data / 'stageline.db'}")
    with store.write() as tx:
        stored = tx.get(STATE, "uid")
        assert stored is not None
        tx.put(STATE, "uid", {**stored, "started": 7})
    store.close()
    assert lookback.replay(settings, "shop") == (False, "shop: the journal of 5 events does NOT give the stored state")


def test_the_commands(command: Command) -> None:
    told = command("why", "shop")
    assert told.returncode == 0, told.stderr
    assert "disabled by ann (freeze)" in told.stdout
    assert command("replay", "shop").returncode == 0
    shown = command("history", "shop", "--at", "2999-01-01")
    assert shown.stdout.startswith("shop at 2999-01-01T00:00:00.000Z, version 1, SUPERSEDED\n")


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("why", "stall"), "there is no pipeline 'stall'; there are: shop"),
        (("why", "shop", "nobody"), "the pipeline 'shop' has no execution nobody; stageline why shop lists some"),
        (("history", "shop", "--at", "yesterday"), "'yesterday' is not a time; write it like 2026-03-01T14:30:00Z"),
        (("replay", "stall"), "there is no pipeline 'stall'; there are: shop"),
    ],
)
def test_what_is_not_there_is_told_without_a_traceback(command: Command, words: tuple[str, ...], text: str) -> None:
    answer = command(*words)
    assert answer.returncode in (1, 2)
    assert answer.stderr == f"stageline: {text}\n"


def test_a_folder_without_a_database(tmp_path: Path) -> None:
    with pytest.raises(lookback.CannotLookBack, match="name the data folder of your server with --data"):
        lookback.why(Settings(data=tmp_path), "shop")
    assert list(tmp_path.iterdir()) == []
