"""The action that starts another pipeline: once, with variables and revisions, and its end decides the action's."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from stageline.ports.provider import Failed
from stageline.providers.invoke import codepipeline
from stageline.testing import pipelines as p


def invoke(target: str, **configuration: Any) -> dict[str, Any]:
    settings = {"PipelineName": target, **{key: json.dumps(value) for key, value in configuration.items()}}
    return p.action("Start", "Invoke", "CodePipeline", configuration=settings)


def calling(make: Any, action: dict[str, Any], **more: Any) -> Any:
    return make(p.source(say="rev"), p.stage("Call", action), **{"pipelineType": "V2", **more})


@pytest.fixture
def target(make: Any) -> Any:
    """Creates a pipeline whose own first execution is over."""

    def create(script: str = "done", **more: Any) -> Any:
        made = make(
            p.source(),
            p.stage("Work", p.action("Do", "Deploy", script=f"done,{script}", say="#{variables.What}")),
            variables=[{"name": "What", "defaultValue": "nothing"}],
            **more,
        )
        made.ended()
        return made

    return create


def test_the_target_runs_with_what_it_is_given_and_its_success_is_the_action_s(world: Any, make: Any) -> None:
    s3 = world.client("s3")
    s3.create_bucket(Bucket="versions")
    s3.put_bucket_versioning(Bucket="versions", VersioningConfiguration={"Status": "Enabled"})
    old = s3.put_object(Bucket="versions", Key="a.zip", Body=b"old")["VersionId"]
    s3.put_object(Bucket="versions", Key="a.zip", Body=b"new")
    settings = {"S3Bucket": "versions", "S3ObjectKey": "a.zip", "PollForSourceChanges": "false"}
    fetch = p.action("Fetch", "Source", "S3", configuration=settings, outputs=["Src"])
    other = make(
        p.stage("Source", fetch),
        p.stage("Work", p.action("Do", "Deploy", script="done,hold", say="#{variables.What}")),
        variables=[{"name": "What", "defaultValue": "nothing"}],
    )
    other.ended()
    revision = {"actionName": "Fetch", "revisionType": "S3_OBJECT_VERSION_ID", "revisionValue": old}
    caller = calling(make, invoke(other.name, Variables=[{"name": "What", "value": 'a "thing"'}], SourceRevisions=[revision]))
    other.reached("Work", "Do")
    execution = other.executions()[0]["pipelineExecutionId"]
    caller.reached("Call", "Start")
    other.settle("Work", "Do")
    caller.ended()
    shown = caller.shown("Call", "Start")
    assert shown["externalExecutionId"] == execution
    assert shown["summary"] == f"{other.name} succeeded"
    found = other.execution(execution)
    assert found["variables"] == [{"name": "What", "resolvedValue": 'a "thing"'}]
    assert found["artifactRevisions"][0]["revisionId"] == old
    assert found["trigger"] == {
        "triggerType": "StartPipelineExecution",
        "triggerDetail": f"arn:aws:sts::000000000000:assumed-role/pipeline/{caller.name}",
    }
    assert len(other.executions()) == 2


def test_its_failure_is_the_action_s(make: Any, target: Any) -> None:
    other = target("fail")
    caller = calling(make, invoke(other.name))
    caller.ended(status="Failed")
    told = caller.shown("Call", "Start")["errorDetails"]
    assert told["code"] == "JobFailed"
    assert f"of pipeline {other.name} ended with status Failed: Action 'Do' in stage 'Work' failed" in told["message"]


def test_a_role_that_may_only_start_does_not_wait(world: Any, make: Any, target: Any) -> None:
    other = target("hold")
    arn = f"arn:aws:codepipeline:us-east-1:000000000000:{other.name}"
    allowed = {"Action": "codepipeline:StartPipelineExecution", "Resource": arn}
    role = world.role_for(f"starts-{other.name}", {"Principal": {"Service": "codepipeline.amazonaws.com"}}, allowed)
    caller = calling(make, invoke(other.name), roleArn=role)
    caller.ended()
    other.settle("Work", "Do")
    assert "may not look" in caller.shown("Call", "Start")["summary"]


def test_a_role_that_may_not_start_fails_the_action(world: Any, make: Any, target: Any) -> None:
    other = target()
    role = world.role_for(f"nothing-{other.name}", {"Principal": {"Service": "codepipeline.amazonaws.com"}})
    caller = calling(make, invoke(other.name), roleArn=role)
    caller.ended(status="Failed")
    assert caller.shown("Call", "Start")["errorDetails"]["code"] == "PermissionError"
    assert len(other.executions()) == 1


def test_a_pipeline_that_starts_itself_does_not_wait_for_itself(make: Any) -> None:
    caller = make(p.source(script="done,fail"), p.stage("Call", invoke("ouroboros")), name="ouroboros", pipelineType="V2")
    caller.ended()
    assert p.eventually(lambda: caller.executions()[0]["status"] == "Failed")
    assert len(caller.executions()) == 2


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"PipelineName": "nobody-here"}, "does not have a pipeline with name 'nobody-here'"),
        ({"PipelineName": "nobody-here", "Variables": "{"}, "Variables is not JSON"),
        (
            {"PipelineName": "nobody-here", "Variables": '{"name": "a", "value": "b"}'},
            "not a JSON array of objects with name, value",
        ),
        ({"PipelineName": "nobody-here", "SourceRevisions": '[{"actionName": "a"}]'}, "actionName, revisionType, revisionValue"),
    ],
)
def test_what_cannot_be_started_fails_the_action(make: Any, settings: dict[str, str], why: str) -> None:
    caller = calling(make, p.action("Start", "Invoke", "CodePipeline", configuration=settings))
    caller.ended(status="Failed")
    told = caller.shown("Call", "Start")["errorDetails"]
    assert told["code"] == "ConfigurationError"
    assert why in told["message"]


def test_a_variable_that_the_target_does_not_declare_fails_the_action(make: Any, target: Any) -> None:
    caller = calling(make, invoke(target().name, Variables=[{"name": "Other", "value": "x"}]))
    caller.ended(status="Failed")
    assert caller.shown("Call", "Start")["errorDetails"]["code"] == "ConfigurationError"


@dataclass
class Counted:
    """The real provider; ``looks`` counts, for each action run, how often it was asked."""

    ACTION_TYPE: Any = codepipeline.ACTION_TYPE
    looks: dict[str, int] = field(default_factory=dict)

    def start(self, job: Any, aws: Any) -> Any:
        return self._count(job, codepipeline.start(job, aws))

    def poll(self, job: Any, external_id: str, aws: Any) -> Any:
        return self._count(job, codepipeline.poll(job, external_id, aws))

    def cancel(self, job: Any, external_id: str, aws: Any) -> None:
        codepipeline.cancel(job, external_id, aws)

    def _count(self, job: Any, outcome: Any) -> Any:
        self.looks[job.id] = self.looks.get(job.id, 0) + 1
        return outcome


@pytest.fixture
def counted(world: Any) -> Iterator[Counted]:
    kind = codepipeline.ACTION_TYPE.id
    world.providers[kind] = Counted()
    yield world.providers[kind]
    world.providers[kind] = codepipeline


@pytest.mark.parametrize("end", ["Succeeded", "Failed", "Stopped", "Cancelled"])
def test_the_end_of_the_target_wakes_the_action(counted: Counted, make: Any, target: Any, end: str) -> None:
    """It looks when it starts, once more when it waits, and when it is woken; never in between."""
    other = target("hold")
    caller = calling(make, invoke(other.name))
    run = caller.reached("Call", "Start")["actionExecutionId"]
    other.reached("Work", "Do")
    started = other.executions()[0]["pipelineExecutionId"]
    time.sleep(0.5)
    assert counted.looks[run] <= 2
    began = time.monotonic()
    if end in ("Succeeded", "Failed"):
        other.settle("Work", "Do", Failed("JobFailed", "no") if end == "Failed" else None)
    elif end == "Stopped":
        other.client.stop_pipeline_execution(pipelineName=other.name, pipelineExecutionId=started, abandon=True)
    else:
        other.update()
        other.settle("Work", "Do")
    caller.ended(status="Succeeded" if end == "Succeeded" else "Failed")
    assert time.monotonic() - began < 3, "the safety net is 5 seconds wide"
    assert other.execution(started)["status"] == end
    assert counted.looks[run] <= 3
