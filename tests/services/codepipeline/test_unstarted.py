"""What should have started a pipeline and could not is remembered, told by ``stageline why``, and forgotten once it can."""

import itertools
import json
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest

from stageline.offline import lookback
from stageline.ports.store import Task
from stageline.services.codepipeline import records, sources, unstarted
from stageline.services.codepipeline.upkeep.polling import stop_idle
from stageline.testing.pipelines import Pipeline, action, approval, eventually, stage

SERVICE = {"Principal": {"Service": "codepipeline.amazonaws.com"}}
EVERYTHING = {"Action": "*", "Resource": "*"}
numbers = itertools.count(1)


class Followed:
    """A pipeline that follows an object of a bucket of its own."""

    def __init__(self, world: Any, **more: Any) -> None:
        self.world = world
        self.s3 = world.client("s3")
        self.bucket = f"followed-{next(numbers)}"
        self.s3.create_bucket(Bucket=self.bucket)
        self.s3.put_bucket_versioning(Bucket=self.bucket, VersioningConfiguration={"Status": "Enabled"})
        self.change()
        role = more.pop("role", world.role)
        stages = (stage("Source", self.fetch()), stage("Gate", approval()))
        self.pipe = Pipeline(world.client(), stages, role=role, providers=world.providers, **more).create()

    def fetch(self, name: str = "Fetch", **settings: str) -> dict[str, Any]:
        configuration = {"S3Bucket": self.bucket, "S3ObjectKey": "app.zip", **settings}
        return action(name, "Source", "S3", configuration=configuration, outputs=["Src"])

    def change(self) -> None:
        self.s3.put_object(Bucket=self.bucket, Key="app.zip", Body=str(next(numbers)).encode())

    def sweep(self) -> None:
        whole = self.world.whole
        sources.SourceWatcher(whole.store, whole.engine, whole.aws).sweep(Task(sources.SWEEP, sources.SWEEP, {}))

    def row(self) -> Any:
        with self.world.whole.store.read() as tx:
            record = tx.get(records.PIPELINE, self.pipe.name)
            return tx.get(unstarted.KIND, f"{record['uid']}/Fetch")

    def why(self) -> list[str]:
        return lookback.why(self.world.whole.settings, self.pipe.name)


@pytest.fixture
def followed(world: Any) -> Callable[..., Followed]:
    return lambda **more: Followed(world, **more)


def test_a_change_that_meets_a_full_pipeline_starts_it_later(followed: Any) -> None:
    found = followed(executionMode="QUEUED")
    for _ in range(49):
        found.pipe.start()
    found.change()
    row = eventually(found.row)
    assert "50 executions in progress" in row["reason"]
    told = found.why()
    assert told[0].startswith("did not start  20")
    assert "Z  Source/Fetch: The pipeline" in told[0]
    assert len(told) == 1 + lookback.LATEST
    found.sweep()
    assert found.row() == row, "the same is told with the instant at which it began"
    found.change()
    eventually(lambda: found.row() != row)
    found.pipe.approve("Gate", "Approve")
    found.pipe.ended()
    found.sweep()
    assert found.row() is None
    assert found.pipe.executions()[0]["trigger"] == {"triggerType": "PollForSourceChanges", "triggerDetail": "Fetch"}
    assert not found.why()[0].startswith("did not")


def test_a_source_that_the_role_may_not_read(followed: Any, world: Any) -> None:
    name = f"reader-{next(numbers)}"
    found = followed(role=world.role_for(name, SERVICE, EVERYTHING))
    first = len(found.pipe.executions())
    world.client("iam").delete_role_policy(RoleName=name, PolicyName="work")
    found.change()
    row = eventually(found.row)
    assert (row["cause"], "not authorized" in row["reason"]) == (unstarted.READING, True)
    assert "Source/Fetch: The source cannot be read: " in found.why()[0]
    assert len(found.pipe.executions()) == first
    allowed = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **EVERYTHING}]}
    world.client("iam").put_role_policy(RoleName=name, PolicyName="work", PolicyDocument=json.dumps(allowed))
    found.sweep()
    assert found.row() is None
    assert len(found.pipe.executions()) == first + 1
    world.client("iam").delete_role_policy(RoleName=name, PolicyName="work")
    found.sweep()
    assert found.row()["cause"] == unstarted.READING
    world.client("iam").put_role_policy(RoleName=name, PolicyName="work", PolicyDocument=json.dumps(allowed))
    found.sweep()
    assert found.row() is None, "nothing has changed, and it can be read again"
    assert len(found.pipe.executions()) == first + 1


def test_a_required_variable_is_told_by_the_execution_that_it_fails(followed: Any) -> None:
    found = followed(pipelineType="V2", variables=[{"name": "Where"}])
    found.change()
    eventually(lambda: len(found.pipe.executions()) == 2)
    assert "Failed     The pipeline variables Where have no default value" in found.why()[0]


def test_a_pipeline_that_follows_nothing_any_more(followed: Any, world: Any) -> None:
    found = followed()
    stop_idle(world.whole.store, world.whole.engine.clock.now() + 1_000, 1)
    told = found.why()[0]
    assert told.startswith("did not start  20")
    assert told.endswith(f"Z  Source/Fetch: {lookback.ASLEEP}")
    found.pipe.update()
    assert "did not start" not in "\n".join(found.why())


def test_a_webhook_that_refuses(followed: Any) -> None:
    found = followed()
    definition = {
        "name": found.pipe.name,
        "targetPipeline": found.pipe.name,
        "targetAction": "Fetch",
        "filters": [],
        "authentication": "IP",
        "authenticationConfiguration": {"AllowedIPRange": "192.0.2.0/24"},
    }
    url = found.pipe.client.put_webhook(webhook=definition)["webhook"]["url"]
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(urllib.request.Request(url, b"{}", method="POST"))
    caught.value.close()
    assert caught.value.code == 403
    assert f"Source/Fetch: webhook {found.pipe.name}: A delivery came from 127.0.0.1" in found.why()[0]
    found.sweep()
    assert found.row()["cause"] == f"webhook/{found.pipe.name}", "a look at the source says nothing about a webhook"
    found.change()
    eventually(lambda: found.row() is None)


def test_updates_and_deletions_forget(followed: Any, world: Any) -> None:
    found = followed()

    def note() -> None:
        with world.whole.store.write() as tx:
            record = tx.get(records.PIPELINE, found.pipe.name)
            unstarted.note(tx, record["uid"], "Fetch", 1, "two\n  lines", "rev")

    note()
    assert found.why()[0] == "did not start  1970-01-01T00:00:00.001Z  Source/Fetch: two lines"
    gate = stage("Gate", approval("Other"))
    found.pipe.update(stages=[stage("Source", found.fetch()), gate])
    assert found.row() is not None, "the source is what it was"
    for changed in (found.fetch(S3ObjectKey="other.zip"), found.fetch("Get"), found.fetch(PollForSourceChanges="false")):
        found.pipe.update(stages=[stage("Source", found.fetch()), gate])
        note()
        found.pipe.update(stages=[stage("Source", changed), gate])
        assert found.row() is None
    note()
    with world.whole.store.read() as tx:
        uid = tx.get(records.PIPELINE, found.pipe.name)["uid"]
        assert tx.count(unstarted.KIND, f"{uid}/") == 1
    found.pipe.client.delete_pipeline(name=found.pipe.name)
    with world.whole.store.read() as tx:
        assert tx.count(unstarted.KIND, f"{uid}/") == 0
