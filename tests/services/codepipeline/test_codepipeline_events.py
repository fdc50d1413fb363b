"""What CodePipeline tells EventBridge: every start and every end once, in the shape of the user guide."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from stageline.testing.pipelines import action, approval, eventually, source, stage

LEVELS = {
    "CodePipeline Pipeline Execution State Change": "Pipeline",
    "CodePipeline Stage Execution State Change": "Stage",
    "CodePipeline Action Execution State Change": "Action",
}
Heard = Callable[[Any, str], list[dict[str, Any]]]


@pytest.fixture
def heard(world: Any) -> Heard:
    """The events of a pipeline in order, once nothing of them is left to deliver and the given state was told."""

    def look(pipe: Any, state: str) -> list[dict[str, Any]]:
        def found() -> list[dict[str, Any]]:
            mine = {each["id"]: each for each in world.told if each["resources"] == [pipe.arn]}
            return list(mine.values())

        def complete() -> bool:
            with world.whole.store.read() as tx:
                waiting = tx.tasks("event/", limit=1)
            ends = [each for each in found() if LEVELS[each["detail-type"]] == "Pipeline" and each["detail"]["state"] == state]
            return bool(ends) and not waiting

        eventually(complete)
        return found()

    return look


def line(event: dict[str, Any]) -> str:
    level, detail = LEVELS[event["detail-type"]], event["detail"]
    name = {"Pipeline": "", "Stage": f" {detail.get('stage')}", "Action": f" {detail.get('action')}"}[level]
    return f"{level}{name} {detail['state']}"


def test_a_success_from_start_to_end(heard: Heard, make: Any) -> None:
    pipe = make(source(say="add license"), stage("Deploy", action("Copy", "Deploy", inputs=["Src"])))
    events = heard(pipe, "SUCCEEDED")
    assert sorted(map(line, events)) == sorted(
        [
            "Pipeline STARTED",
            "Stage Source STARTED",
            "Action Fetch STARTED",
            "Action Fetch SUCCEEDED",
            "Stage Source SUCCEEDED",
            "Stage Deploy STARTED",
            "Action Copy STARTED",
            "Action Copy SUCCEEDED",
            "Stage Deploy SUCCEEDED",
            "Pipeline SUCCEEDED",
        ]
    )
    told = {line(each): each for each in events}
    started = told["Pipeline STARTED"]
    assert {key: started[key] for key in ("version", "source", "account", "region", "resources")} == {
        "version": "0",
        "source": "aws.codepipeline",
        "account": "000000000000",
        "region": "us-east-1",
        "resources": [pipe.arn],
    }
    assert len(started["time"]) == len("2026-11-23T07:00:01Z")
    detail = started["detail"]
    assert detail["pipeline"] == pipe.name
    assert detail["execution-id"] == pipe.first()
    assert detail["execution-trigger"]["trigger-type"] == "CreatePipeline"
    assert (detail["version"], detail["pipeline-execution-attempt"]) == (1.0, 1.0)
    assert isinstance(detail["version"], float)
    assert len(detail["start-time"]) == len("2026-11-23T07:00:01.208Z")
    assert "execution-trigger" not in told["Pipeline SUCCEEDED"]["detail"]
    fetched = told["Action Fetch SUCCEEDED"]["detail"]
    run = pipe.runs()[-1]
    assert fetched["action-execution-id"] == run["actionExecutionId"]
    assert fetched["type"] == {"owner": "AWS", "provider": "Scripted", "category": "Source", "version": "1"}
    assert fetched["execution-result"] == {
        "external-execution-summary": "add license",
        "external-execution-id": run["actionExecutionId"],
    }
    artifact = run["output"]["outputArtifacts"][0]
    assert fetched["output-artifacts"] == [{"name": "Src", "s3location": artifact["s3location"]}]
    copying = told["Action Copy STARTED"]["detail"]
    assert copying["input-artifacts"] == fetched["output-artifacts"]
    assert "execution-result" not in copying
    assert copying["region"] == "us-east-1"


def test_a_failure_and_its_retry(heard: Heard, make: Any) -> None:
    pipe = make(source(), stage("Build", action("A", script="fail,done", say="no paint")))
    failed = {line(each): each["detail"] for each in heard(pipe, "FAILED")}
    assert failed["Action A FAILED"]["execution-result"]["error-code"] == "JobFailed"
    assert failed["Action A FAILED"]["execution-result"]["external-execution-summary"] == "no paint"
    assert "output-artifacts" not in failed["Action A FAILED"]
    assert {"Stage Build FAILED", "Pipeline FAILED"} <= set(failed)
    pipe.client.retry_stage_execution(
        pipelineName=pipe.name, stageName="Build", pipelineExecutionId=pipe.first(), retryMode="FAILED_ACTIONS"
    )
    events = heard(pipe, "SUCCEEDED")
    counted = Counter(map(line, events))
    assert counted["Pipeline STARTED"] == counted["Pipeline RESUMED"] == counted["Pipeline FAILED"] == 1
    assert counted["Stage Build RESUMED"] == counted["Stage Build STARTED"] == counted["Stage Build SUCCEEDED"] == 1
    assert counted["Action A STARTED"] == 2
    told = {line(each): each["detail"] for each in events}
    assert told["Pipeline RESUMED"]["pipeline-execution-attempt"] == 2.0
    assert told["Action A SUCCEEDED"]["pipeline-execution-attempt"] == 2.0
    assert told["Stage Build RESUMED"]["stage-last-retry-attempt-time"]
    assert "start-time" not in told["Stage Build RESUMED"]
    assert "stage-last-retry-attempt-time" not in failed["Stage Build FAILED"]
    ended = told["Stage Build SUCCEEDED"]
    assert ended["stage-last-retry-attempt-time"] == told["Stage Build RESUMED"]["stage-last-retry-attempt-time"]
    assert ended["start-time"] == failed["Stage Build STARTED"]["start-time"]


def test_a_stop_and_its_reason(heard: Heard, make: Any) -> None:
    pipe = make(source(), stage("Build", action("A", script="hold")))
    pipe.reached("Build", "A")
    pipe.client.stop_pipeline_execution(
        pipelineName=pipe.name, pipelineExecutionId=pipe.first(), abandon=True, reason="wrong commit"
    )
    events = heard(pipe, "STOPPED")
    told = {line(each): each["detail"] for each in events}
    assert told["Pipeline STOPPING"]["stop-execution-comments"] == "wrong commit"
    assert {"Stage Build STOPPING", "Action A ABANDONED", "Stage Build STOPPED", "Pipeline STOPPED"} <= set(told)
    assert "execution-result" not in told["Action A ABANDONED"]
    assert max(Counter(map(line, events)).values()) == 1


def test_superseded_and_cancelled(heard: Heard, make: Any) -> None:
    pipe = make(source(), stage("Gate", approval()))
    pipe.reached("Gate", "Approve")
    second = pipe.start()
    eventually(lambda: pipe.state()["Gate"].get("inboundExecution"))
    pipe.start()
    events = heard(pipe, "SUPERSEDED")
    (superseded,) = [each for each in events if line(each) == "Pipeline SUPERSEDED"]
    assert superseded["detail"]["execution-id"] == second
    eventually(lambda: pipe.state()["Gate"].get("inboundExecution"))
    pipe.update()
    counted = Counter(map(line, heard(pipe, "CANCELED")))
    assert (counted["Pipeline CANCELED"], counted["Stage Gate CANCELED"]) == (2, 1)
    assert counted["Pipeline STARTED"] == 3
    assert not any("CANCELLED" in each for each in counted)


def test_events_are_told_in_the_order_in_which_they_happened(world: Any, heard: Heard, make: Any) -> None:
    """Ids of deliveries sort by publication, so what is due at one instant is handed out first come, first told."""
    pipe = make(source(), stage("Gate", approval()))
    pipe.reached("Gate", "Approve")
    tasks: list[str] = []
    with world.whole.store.write() as tx:
        for number in range(5):
            world.events.publish(tx, {"source": "aws.codepipeline", "detail-type": "Test", "detail": {"n": number}})
        tasks = [
            task.payload["event"]["detail"]["n"] for task in tx.tasks("event/") if task.payload["event"]["detail-type"] == "Test"
        ]
    assert tasks == [0, 1, 2, 3, 4]
