"""What the clock does: old executions leave the history, and only they; pipelines to which nothing happens follow no source.

Pipelines run by today's date; then the server's clock moves on by months, and operations are called from inside the server,
where no signature has a date.
"""

import itertools
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore import xform_name
from botocore.session import get_session

from stageline.engine import history, replay
from stageline.ports.api import ApiError, Caller
from stageline.ports.store import Task
from stageline.services.codepipeline.upkeep import retention
from stageline.services.codepipeline.upkeep.polling import stop_idle
from stageline.services.codepipeline.upkeep.retention import Retention
from stageline.testing.clock import FakeClock
from stageline.testing.pipelines import Pipeline, action, eventually, source, stage

DAY = 24 * 3_600_000
ROOT = Caller("root", "arn:aws:iam::000000000000:root", account="000000000000")
NAMES = {xform_name(name): name for name in get_session().get_service_model("codepipeline").operation_names}
TASK = Task(retention.TASK, retention.TASK, {})


class Inside:
    """CodePipeline's operations as a boto3 client has them."""

    def __init__(self, world: Any) -> None:
        self._aws = world.whole.aws.as_caller(ROOT)

    def __getattr__(self, name: str) -> Any:
        return lambda **request: self._aws.call("codepipeline", NAMES[name], **request)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(int(time.time() * 1000))


@pytest.fixture
def start(serve: Any, tmp_path: Path, clock: FakeClock) -> Iterator[Callable[..., Any]]:
    """Starts a server whose clock is the test's."""
    opened = []

    def begin(**settings: Any) -> Any:
        opened.append(serve(tmp_path / "data", clock=clock, **settings))
        world = opened[-1].__enter__()
        clock.on_move = world.whole.runner.wake
        return world

    yield begin
    for each in opened:
        each.__exit__(None, None, None)


def pipeline(world: Any, *stages: dict[str, Any], **more: Any) -> Pipeline:
    return Pipeline(Inside(world), stages, role=world.role, providers=world.providers, **more).create()


def count(world: Any, kind: str) -> int:
    with world.whole.store.read() as tx:
        return int(tx.count(kind))


def gone(pipe: Pipeline, execution_id: str) -> bool:
    try:
        pipe.execution(execution_id)
    except ApiError as error:
        return error.code == "PipelineExecutionNotFoundException"
    return False


def test_old_history_goes_and_nothing_that_is_needed(start: Any, clock: FakeClock) -> None:
    world = start()
    deploy = stage("Deploy", action("B", script="done,fail"))
    pipe = pipeline(world, source(), stage("Build", action("A")), deploy)
    first = pipe.first()
    pipe.ended(first)
    old = []
    for number in range(3):
        clock.advance(DAY)
        old.append(pipe.start(clientRequestToken=f"once-{number}"))
        pipe.ended(old[-1], "Failed")
    assert count(world, "codepipeline.token") > 0
    held = pipeline(world, source(), stage("Build", action("A")))
    held.ended()
    held.client.disable_stage_transition(pipelineName=held.name, stageName="Build", transitionType="Inbound", reason="freeze")
    waiting = held.start()
    held.reached("Source", "Fetch", "Succeeded")
    clock.advance(350 * DAY)
    young = pipe.start()
    pipe.ended(young, "Failed")
    state = pipe.state()
    assert [each["pipelineExecutionId"] for each in pipe.executions()] == [young, *reversed(old), first]
    runs = len(pipe.runs())

    clock.advance(30 * DAY)
    eventually(lambda: all(gone(pipe, each) for each in old))
    assert [each["pipelineExecutionId"] for each in pipe.executions()] == [young, first], "the last to pass Deploy stays"
    assert {run["pipelineExecutionId"] for run in pipe.runs()} == {young, first}
    assert len(pipe.runs()) == runs - 9
    assert pipe.runs(pipelineExecutionId=first) != []
    with pytest.raises(ApiError, match="does not have an execution"):
        pipe.runs(pipelineExecutionId=old[0])
    assert pipe.state() == state
    assert held.execution(waiting)["status"] == "InProgress"
    assert {run["actionName"] for run in held.runs(pipelineExecutionId=waiting)} == {"Fetch"}
    eventually(lambda: count(world, "codepipeline.token") == 0)
    assert replay.check(world.whole.store) == [], "the journal gives the state as before"
    for kind in (history.ACTION, history.BY_EXECUTION, history.STARTED):
        assert count(world, kind) == len(pipe.runs()) + len(held.runs())
    assert count(world, history.NUMBER) == count(world, history.EXECUTION) == 2 + len(held.executions())
    pipe.ended(pipe.start(), "Failed")


def test_what_only_an_older_version_passed_goes_as_well(start: Any, clock: FakeClock) -> None:
    """Nothing rolls back to it any more."""
    world = start()
    pipe = pipeline(world, source(), stage("Build", action("A")), stage("Deploy", action("B", script="done,fail")))
    first = pipe.first()
    pipe.ended(first)
    clock.advance(200 * DAY)
    pipe.update()
    second = pipe.start()
    pipe.ended(second, "Failed")
    clock.advance(170 * DAY)
    eventually(lambda: gone(pipe, first))
    clock.advance(200 * DAY)
    assert not gone(pipe, second), "its runs are shown"
    assert pipe.state()["Deploy"]["latestExecution"]["pipelineExecutionId"] == second


def test_it_goes_in_portions_and_stops_in_between(start: Any, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    world = start(history_days=36_500)
    pipes = [pipeline(world, source(), stage("Build", action("A"))) for _ in range(3)]
    for pipe in pipes:
        for _ in range(5):
            pipe.ended(pipe.start())
    latest = [pipe.executions()[0]["pipelineExecutionId"] for pipe in pipes]
    monkeypatch.setattr(retention, "PORTION", 2)
    monkeypatch.setattr(retention, "MOST", 2)
    keeper = Retention(world.whole.store, world.whole.engine, 365 * DAY)
    assert keeper.work(TASK).due == clock.now() + retention.EVERY
    assert count(world, history.EXECUTION) == 18
    clock.advance(366 * DAY)
    left = [count(world, history.EXECUTION)]
    for _ in range(20):
        again = keeper.work(TASK)
        left.append(count(world, history.EXECUTION))
        if again.due == clock.now() + retention.EVERY:
            break
        assert again.due == clock.now() + retention.SOON
    assert left[-1] == 3
    assert len(left) > 3
    assert all(before - after <= 4 for before, after in itertools.pairwise(left)), "two portions of two at a time"
    assert [[each["pipelineExecutionId"] for each in pipe.executions()] for pipe in pipes] == [[each] for each in latest]
    assert keeper.work(TASK).due == clock.now() + retention.EVERY, "what is kept does not make it go on for ever"
    pipes[0].client.delete_pipeline(name=pipes[0].name)
    assert keeper.work(TASK).due == clock.now() + retention.EVERY
    assert replay.check(world.whole.store) == []


def test_reported_revisions_are_forgotten_with_their_executions(start: Any, clock: FakeClock) -> None:
    world = start()
    pipe = pipeline(world, source(), stage("Build", action("A")))

    def report() -> dict[str, Any]:
        revision = {"revisionId": "rev-1", "revisionChangeId": "c", "created": clock.now()}
        return dict(
            pipe.client.put_action_revision(
                pipelineName=pipe.name, stageName="Source", actionName="Fetch", actionRevision=revision
            )
        )

    pipe.ended()
    pipe.ended(report()["pipelineExecutionId"])
    pipe.ended(pipe.start())
    assert report()["newRevision"] is False
    clock.advance(370 * DAY)
    eventually(lambda: count(world, "codepipeline.reported") == 0)
    assert report()["newRevision"] is True


def follow(world: Any, **configuration: str) -> Pipeline:
    fetch = action("Fetch", "Source", "S3", outputs=["Src"])
    fetch["configuration"] = {"S3Bucket": "followed", "S3ObjectKey": "app.zip", **configuration}
    return pipeline(world, stage("Source", fetch), stage("Build", action("A")))


def test_sources_are_not_followed_for_ever(start: Any, clock: FakeClock) -> None:
    world = start()
    s3 = world.whole.aws.as_caller(ROOT)

    def push(text: bytes) -> None:
        s3.call("s3", "PutObject", Bucket="followed", Key="app.zip", Body=text)

    def off(pipe: Pipeline) -> Any:
        return pipe.client.get_pipeline(name=pipe.name)["metadata"].get("pollingDisabledAt")

    s3.call("s3", "CreateBucket", Bucket="followed")
    s3.call("s3", "PutBucketVersioning", Bucket="followed", VersioningConfiguration={"Status": "Enabled"})
    push(b"1")
    pipe, busy, silent = follow(world), follow(world), follow(world, PollForSourceChanges="false")
    for each in (pipe, busy, silent):
        each.ended()
    clock.advance(20 * DAY)
    busy.ended(busy.start())
    clock.advance(9 * DAY)
    stop_idle(world.whole.store, clock.now(), 30 * DAY)
    assert off(pipe) is None, "29 days are not 30"
    clock.advance(2 * DAY)
    eventually(lambda: off(pipe) == clock.now())
    assert off(busy) is None
    assert off(silent) is None
    assert "pollingDisabledAt" not in pipe.client.list_pipelines()["pipelines"][0]
    push(b"2")
    eventually(lambda: len(busy.executions()) == 3)
    assert len(pipe.executions()) == 1
    pipe.ended(pipe.start())
    assert off(pipe), "a start by hand does not make it follow again"
    pipe.update()
    assert off(pipe) is None
    push(b"3")
    eventually(lambda: len(pipe.executions()) == 3)
    for each in (pipe, busy):
        each.ended(each.executions()[0]["pipelineExecutionId"])
    clock.advance(31 * DAY)
    eventually(lambda: off(pipe))
    pipe.client.delete_pipeline(name=pipe.name)
    eventually(lambda: off(busy))
    assert count(world, "codepipeline.polling-off") == 1


def test_sources_are_followed_for_ever_when_that_is_set(start: Any, clock: FakeClock) -> None:
    world = start(polling_days=0)
    s3 = world.whole.aws.as_caller(ROOT)
    s3.call("s3", "CreateBucket", Bucket="followed")
    pipe = follow(world)
    pipe.ended(status="Failed")
    clock.advance(400 * DAY)
    stop_idle(world.whole.store, clock.now(), 0)
    assert "pollingDisabledAt" not in pipe.client.get_pipeline(name=pipe.name)["metadata"]
    assert count(world, "codepipeline.polling") == 1
