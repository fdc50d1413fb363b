"""Pipelines that run: what the API shows of them while they do, and afterwards."""

from typing import Any

from stageline.ports.provider import Done, Failed
from stageline.testing.pipelines import action, approval, eventually, refused, source, stage


def test_a_run_from_source_to_deploy(make: Any) -> None:
    pipe = make(
        source(say="first commit", namespace="src"),
        stage("Build", action("Pack", inputs=["Src"], outputs=["Out"], say="#{src.Said} packed")),
        stage("Deploy", action("Copy", "Deploy", inputs=["Out"])),
    )
    done = pipe.ended()
    assert done["trigger"]["triggerType"] == "CreatePipeline"
    assert (done["executionMode"], done["executionType"], done["pipelineVersion"]) == ("SUPERSEDED", "STANDARD", 1)
    assert done["artifactRevisions"][0]["name"] == "Src"
    assert done["artifactRevisions"][0]["revisionSummary"] == "first commit"
    runs = pipe.runs()
    assert [run["actionName"] for run in runs] == ["Copy", "Pack", "Fetch"]
    pack = runs[1]
    assert pack["input"]["configuration"] == {"Say": "#{src.Said} packed"}
    assert pack["input"]["resolvedConfiguration"] == {"Say": "first commit packed"}
    assert pack["input"]["inputArtifacts"][0] == runs[2]["output"]["outputArtifacts"][0]
    assert pack["output"]["outputVariables"] == {"Said": "first commit packed"}
    assert pack["input"]["region"] == "us-east-1"


def test_a_failure_tells_why_and_can_be_retried(make: Any) -> None:
    pipe = make(source(), stage("Build", action("A", script="fail,done", say="out of paint"), action("B")))
    failed = pipe.ended(status="Failed")
    assert failed["statusSummary"] == "Action 'A' in stage 'Build' failed: out of paint"
    shown = pipe.shown("Build", "A")
    assert shown["errorDetails"] == {"code": "JobFailed", "message": "out of paint"}
    once = pipe.shown("Build", "B")["actionExecutionId"]
    answer = pipe.client.retry_stage_execution(
        pipelineName=pipe.name, stageName="Build", pipelineExecutionId=pipe.first(), retryMode="FAILED_ACTIONS"
    )
    assert answer["pipelineExecutionId"] == pipe.first()
    assert "statusSummary" not in pipe.ended()
    assert pipe.shown("Build", "B")["actionExecutionId"] == once
    assert pipe.state()["Build"]["retryStageMetadata"] == {
        "manualStageRetryAttempt": 1,
        "latestRetryTrigger": "ManualStageRetry",
    }
    chosen = {"pipelineExecutionId": pipe.first(), "startTimeRange": "Latest"}
    assert [(run["actionName"], run["status"]) for run in pipe.runs(latestInPipelineExecution=chosen)] == [("A", "Succeeded")]
    everything = pipe.runs(latestInPipelineExecution={**chosen, "startTimeRange": "All"})
    assert sorted((run["actionName"], run["status"]) for run in everything) == [
        ("A", "Failed"),
        ("A", "Succeeded"),
        ("B", "Succeeded"),
        ("Fetch", "Succeeded"),
    ]
    assert pipe.runs(pipelineExecutionId=pipe.first()) == everything


def test_all_actions_can_be_retried(make: Any) -> None:
    pipe = make(source(), stage("Build", action("A", script="fail,done"), action("B")))
    pipe.ended(status="Failed")
    once = pipe.shown("Build", "B")["actionExecutionId"]
    pipe.client.retry_stage_execution(
        pipelineName=pipe.name, stageName="Build", pipelineExecutionId=pipe.first(), retryMode="ALL_ACTIONS"
    )
    pipe.ended()
    assert pipe.shown("Build", "B")["actionExecutionId"] != once


def test_the_refusals_of_a_retry(make: Any) -> None:
    pipe = make(source(), stage("Build", action("A", script="fail,hold,fail,done")))
    pipe.ended(status="Failed")
    request = {"pipelineName": pipe.name, "stageName": "Build", "pipelineExecutionId": pipe.first(), "retryMode": "ALL_ACTIONS"}
    retry = pipe.client.retry_stage_execution
    refused("PipelineNotFoundException", retry, **{**request, "pipelineName": "nobody"})
    refused("StageNotFoundException", retry, **{**request, "stageName": "Deploy"})
    other = "00000000-0000-4000-8000-000000000000"
    refused("NotLatestPipelineExecutionException", retry, **{**request, "pipelineExecutionId": other})
    refused("StageNotRetryableException", retry, **{**request, "stageName": "Source"})
    refused("ValidationException", retry, **{**request, "retryMode": "SOME_ACTIONS"})
    retry(**request)
    refused("StageNotRetryableException", retry, **request)
    pipe.client.stop_pipeline_execution(pipelineName=pipe.name, pipelineExecutionId=pipe.first())
    refused("ConflictException", retry, **{**request, "retryMode": "FAILED_ACTIONS"})
    pipe.settle("Build", "A")
    pipe.ended(status="Stopped")
    second = pipe.start()
    pipe.ended(second, "Failed")
    refused("NotLatestPipelineExecutionException", retry, **request)
    pipe.update()
    refused("StageNotRetryableException", retry, **{**request, "pipelineExecutionId": second})


def test_what_a_provider_may_not_do_fails_the_action(make: Any) -> None:
    pipe = make(source(), stage("Build", action("Crash", script="crash"), action("Denied", script="denied")))
    pipe.ended(status="Failed")
    assert pipe.shown("Build", "Crash")["errorDetails"]["code"] == "SystemUnavailable"
    denied = pipe.shown("Build", "Denied")["errorDetails"]
    assert denied["code"] == "PermissionError"
    assert "is not authorized to perform: scripted:Do" in denied["message"]


def test_an_unresolved_variable_fails_the_action_before_it_starts(make: Any, world: Any) -> None:
    pipe = make(source(namespace="src"), stage("Build", action("A", say="#{src.Said}")))
    pipe.ended(status="Failed")
    shown = pipe.shown("Build", "A")
    assert shown["errorDetails"]["code"] == "ConfigurationError"
    assert "#{src.Said}" in shown["errorDetails"]["message"]
    builder = world.providers["Build", "AWS", "Scripted", "1"]
    assert builder.verbs(shown["actionExecutionId"]) == []


def test_an_action_may_use_the_name_variables_when_the_pipeline_has_none(make: Any) -> None:
    pipe = make(source(namespace="variables", say="mine"), stage("Build", action("A", say="#{variables.Said}")))
    pipe.ended()
    assert pipe.shown("Build", "A")["summary"] == "mine"


def test_variables_of_the_pipeline(make: Any) -> None:
    variables = [{"name": "Where", "defaultValue": "here"}, {"name": "Who"}]
    pipe = make(source(), stage("Build", action("A", say="#{variables.Who} at #{variables.Where}")), variables=variables)
    first = pipe.ended(status="Failed")
    assert first["statusSummary"] == "The pipeline variables Who have no default value and none was given for this execution."
    start = pipe.client.start_pipeline_execution
    assert "Who" in refused("ValidationException", start, name=pipe.name)
    both = [{"name": "Who", "value": "alice"}, {"name": "When", "value": "now"}]
    assert "When" in refused("ValidationException", start, name=pipe.name, variables=both)
    second = pipe.start(variables=both[:1])
    done = pipe.ended(second)
    assert sorted((each["name"], each["resolvedValue"]) for each in done["variables"]) == [("Where", "here"), ("Who", "alice")]
    assert pipe.shown("Build", "A")["summary"] == "alice at here"


def test_held_work_shows_its_progress_and_ends_with_its_outcome(make: Any) -> None:
    pipe = make(source(), stage("Build", action("A", script="hold", say="half way")))
    shown = eventually(lambda: (found := pipe.shown("Build", "A")).get("summary") and found)
    assert (shown["status"], shown["summary"], shown["externalExecutionId"]) == (
        "InProgress",
        "half way",
        shown["actionExecutionId"],
    )
    pipe.settle("Build", "A", Failed("JobFailed", "no"))
    pipe.ended(status="Failed")
    pipe.client.retry_stage_execution(
        pipelineName=pipe.name, stageName="Build", pipelineExecutionId=pipe.first(), retryMode="FAILED_ACTIONS"
    )
    pipe.settle("Build", "A", Done(summary="all the way", external_url="http://127.0.0.1/x"))
    pipe.ended()
    assert pipe.shown("Build", "A")["summary"] == "all the way"
    assert pipe.shown("Build", "A")["externalExecutionUrl"] == "http://127.0.0.1/x"


def test_only_the_newest_waits_and_the_one_in_between_is_superseded(make: Any) -> None:
    pipe = make(source(), stage("Gate", approval()), stage("Deploy", action("Copy", "Deploy")))
    first = pipe.first()
    token = pipe.reached("Gate", "Approve")["token"]
    second = pipe.start()
    eventually(lambda: pipe.state()["Gate"].get("inboundExecution", {}).get("pipelineExecutionId") == second)
    third = pipe.start()
    superseded = pipe.ended(second, "Superseded")
    assert superseded["statusSummary"] == f"Superseded by execution {third}"
    waiting = pipe.state()["Gate"]
    assert waiting["inboundExecution"] == {"pipelineExecutionId": third, "status": "InProgress", "type": "STANDARD"}
    assert waiting["inboundExecutions"] == [waiting["inboundExecution"]]
    assert waiting["latestExecution"] == {"pipelineExecutionId": first, "status": "InProgress", "type": "STANDARD"}
    pipe.approve("Gate", "Approve", token=token, summary="fine")
    pipe.ended(first)
    next_token = eventually(lambda: (found := pipe.shown("Gate", "Approve").get("token")) != token and found)
    request = {"pipelineName": pipe.name, "stageName": "Gate", "actionName": "Approve", "token": token}
    again = {**request, "result": {"summary": "", "status": "Approved"}}
    refused("ApprovalAlreadyCompletedException", pipe.client.put_approval_result, **again)
    pipe.approve("Gate", "Approve", "Rejected", token=next_token, summary="not today")
    rejected = pipe.ended(third, "Failed")
    assert "not today" in rejected["statusSummary"]
    shown = pipe.shown("Gate", "Approve")
    assert (shown["status"], shown["summary"]) == ("Failed", "not today")
    assert shown["lastUpdatedBy"].startswith("arn:aws:iam::000000000000:")
    assert pipe.runs(pipelineExecutionId=third)[0]["updatedBy"] == shown["lastUpdatedBy"]


def test_queued_executions_go_in_order_and_there_are_at_most_fifty(make: Any) -> None:
    pipe = make(source(script="hold,done"), stage("Build", action("A")), executionMode="QUEUED", pipelineType="V2")
    first = pipe.first()
    pipe.reached("Source", "Fetch")
    queue = [pipe.start() for _ in range(49)]
    waiting = pipe.state()["Source"]["inboundExecutions"]
    assert [each["pipelineExecutionId"] for each in waiting] == queue
    message = refused("ConcurrentPipelineExecutionsLimitExceededException", pipe.client.start_pipeline_execution, name=pipe.name)
    assert "50" in message
    pipe.settle("Source", "Fetch")
    pipe.ended(first)
    for each in (queue[0], queue[-1]):
        pipe.ended(each)
    assert [each["pipelineExecutionId"] for each in reversed(pipe.executions())] == [first, *queue]
    ended = [pipe.execution(each)["status"] for each in queue]
    assert set(ended) == {"Succeeded"}
