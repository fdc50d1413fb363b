"""Executions started, stopped, listed and shown: each operation with each refusal that it declares."""

import urllib.error
import urllib.request
from typing import Any

import cbor2
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from stageline.core.pipeline.state import Revision
from stageline.ports.provider import Done
from stageline.testing.pipelines import action, approval, eventually, refused, source, stage

NOBODY = "00000000-0000-4000-8000-000000000000"


def test_stopping_matrix(make: Any) -> None:
    pipe = make(source(), stage("Build", action("A", script="hold"), action("B", runOrder=2)))
    stop, first = pipe.client.stop_pipeline_execution, pipe.first()
    pipe.reached("Build", "A")
    request = {"pipelineName": pipe.name, "pipelineExecutionId": first}
    refused("PipelineNotFoundException", stop, **{**request, "pipelineName": "nobody"})
    refused("PipelineExecutionNotStoppableException", stop, **{**request, "pipelineExecutionId": NOBODY})
    refused("ValidationException", stop, **{**request, "pipelineExecutionId": "first"})
    refused("ValidationException", stop, **request, reason="x" * 201)
    assert stop(**request, reason="wrong commit")["pipelineExecutionId"] == first
    assert pipe.execution(first)["status"] == "Stopping"
    assert pipe.state()["Build"]["latestExecution"]["status"] == "Stopping"
    refused("DuplicatedStopRequestException", stop, **request)
    run = pipe.shown("Build", "A")["actionExecutionId"]
    stop(**request, abandon=True, reason="now")
    assert pipe.execution(first)["status"] == "Stopped"
    assert pipe.shown("Build", "A")["status"] == "Abandoned"
    for abandon in (False, True):
        refused("PipelineExecutionNotStoppableException", stop, **request, abandon=abandon)
    assert pipe.executions()[0]["stopTrigger"] == {"reason": "now"}
    pipe.providers["Build", "AWS", "Scripted", "1"].settle(run)
    assert [each["actionName"] for each in pipe.runs()] == ["A", "Fetch"], "what was abandoned starts nothing"
    assert pipe.runs()[0]["status"] == "Abandoned"
    assert "cancel" not in pipe.providers["Build", "AWS", "Scripted", "1"].verbs(run), "abandoned work goes on"


def test_stopping_lets_actions_in_progress_finish(make: Any) -> None:
    pipe = make(source(), stage("Build", action("A", script="hold"), action("B", runOrder=2)), stage("More", action("C")))
    pipe.reached("Build", "A")
    pipe.client.stop_pipeline_execution(pipelineName=pipe.name, pipelineExecutionId=pipe.first())
    pipe.settle("Build", "A")
    pipe.ended(status="Stopped")
    assert pipe.shown("Build", "A")["status"] == "Succeeded"
    assert pipe.shown("Build", "B") == {}
    pipe.client.retry_stage_execution(
        pipelineName=pipe.name, stageName="Build", pipelineExecutionId=pipe.first(), retryMode="FAILED_ACTIONS"
    )
    pipe.ended()
    assert [each["actionName"] for each in pipe.runs()] == ["C", "B", "A", "Fetch"]


def test_what_waits_is_stopped_at_once(make: Any) -> None:
    pipe = make(source(), stage("Gate", approval()))
    pipe.reached("Gate", "Approve")
    second = pipe.start()
    eventually(lambda: pipe.state()["Gate"].get("inboundExecution"))
    pipe.client.stop_pipeline_execution(pipelineName=pipe.name, pipelineExecutionId=second)
    assert pipe.execution(second)["status"] == "Stopped"
    assert "inboundExecution" not in pipe.state()["Gate"]
    assert pipe.shown("Gate", "Approve")["status"] == "InProgress"


def test_a_request_token_starts_once(make: Any) -> None:
    pipe = make(source(), stage("Build", action("A")), pipelineType="V2", variables=[{"name": "V", "defaultValue": "1"}])
    pipe.ended()
    token = "once-1"
    first = pipe.start(clientRequestToken=token)
    assert pipe.start(clientRequestToken=token) == first
    other = [{"name": "V", "value": "2"}]
    refused("ConflictException", pipe.client.start_pipeline_execution, name=pipe.name, clientRequestToken=token, variables=other)
    assert pipe.start(clientRequestToken="once-2", variables=other) != first
    assert len(pipe.executions()) == 3
    refused("ValidationException", pipe.client.start_pipeline_execution, name=pipe.name, clientRequestToken="a b")
    trigger = pipe.executions()[0]["trigger"]
    assert trigger["triggerType"] == "StartPipelineExecution"
    assert trigger["triggerDetail"].startswith("arn:aws:iam::000000000000:")


def test_source_revisions_at_the_start(make: Any) -> None:
    fetch = action("Fetch", "Source", "CodeCommit", outputs=["Src"])
    fetch["configuration"] = {"RepositoryName": "nothing", "BranchName": "main"}
    pipe = make(stage("Source", fetch), stage("Build", action("A")), pipelineType="V2")
    pipe.ended(status="Failed")
    start = pipe.client.start_pipeline_execution

    def asked(name: str, kind: str, value: str = "abc") -> dict[str, str]:
        return {"actionName": name, "revisionType": kind, "revisionValue": value}

    for revisions in (
        [asked("Nobody", "COMMIT_ID")],
        [asked("A", "COMMIT_ID")],
        [asked("Fetch", "S3_OBJECT_KEY")],
        [asked("Fetch", "COMMIT_ID"), asked("Fetch", "COMMIT_ID", "def")],
        [asked("Fetch", "BRANCH")],
    ):
        refused("ValidationException", start, name=pipe.name, sourceRevisions=revisions)
    assert len(pipe.executions()) == 1
    old = make(stage("Source", fetch), stage("Build", action("A")), pipelineType="V1")
    text = refused("ValidationException", start, name=old.name, sourceRevisions=[asked("Fetch", "COMMIT_ID")])
    assert "V2" in text
    refused("ValidationException", start, name=old.name, variables=[{"name": "A", "value": "b"}])
    refused("PipelineNotFoundException", start, name="nobody")


def test_transitions(make: Any) -> None:
    pipe = make(source(), stage("Build", action("A")), stage("Deploy", action("B")))
    pipe.ended()
    side = {"pipelineName": pipe.name, "stageName": "Build", "transitionType": "Inbound"}
    for call, more in ((pipe.client.disable_stage_transition, {"reason": "x"}), (pipe.client.enable_stage_transition, {})):
        refused("PipelineNotFoundException", call, **{**side, **more, "pipelineName": "nobody"})
        refused("StageNotFoundException", call, **{**side, **more, "stageName": "Nowhere"})
        refused("ValidationException", call, **{**side, **more, "transitionType": "Sideways"})
    for reason in ("one, two", "a/b", "", "it's"):
        refused("ValidationException", pipe.client.disable_stage_transition, **side, reason=reason)
    pipe.client.disable_stage_transition(**{**side, "transitionType": "Outbound"}, reason="hold it (please)")
    held = pipe.start()
    eventually(lambda: pipe.state()["Deploy"].get("inboundExecution", {}).get("pipelineExecutionId") == held)
    assert pipe.state()["Build"]["inboundTransitionState"] == {"enabled": True}
    pipe.client.enable_stage_transition(**{**side, "transitionType": "Outbound"})
    pipe.ended(held)


def test_the_state_while_an_approval_waits_behind_a_frozen_stage(make: Any) -> None:
    """The example of the specification: one run failed in Deploy, a newer one waits for approval, Deploy is frozen."""
    pipe = make(source(say="v1"), stage("Gate", approval()), stage("Deploy", action("Copy", "Deploy", script="fail")))
    first = pipe.first()
    pipe.approve("Gate", "Approve")
    pipe.ended(first, "Failed")
    side = {"pipelineName": pipe.name, "stageName": "Deploy", "transitionType": "Inbound"}
    pipe.client.disable_stage_transition(**side, reason="freeze")
    third = pipe.start()
    token = pipe.reached("Gate", "Approve")["token"]
    answer = pipe.client.get_pipeline_state(name=pipe.name)
    assert (answer["pipelineName"], answer["pipelineVersion"]) == (pipe.name, 1)
    assert [each["stageName"] for each in answer["stageStates"]] == ["Source", "Gate", "Deploy"]
    fetched, gate, deploy = answer["stageStates"]
    assert fetched["inboundTransitionState"] == {"enabled": True}
    assert fetched["latestExecution"] == {"pipelineExecutionId": third, "status": "Succeeded", "type": "STANDARD"}
    run = fetched["actionStates"][0]
    assert run["currentRevision"]["revisionId"] == f"rev-{run['latestExecution']['actionExecutionId']}"
    assert set(run["currentRevision"]) == {"revisionId", "revisionChangeId", "created"}
    assert run["latestExecution"]["summary"] == "v1"
    assert gate["latestExecution"]["pipelineExecutionId"] == third
    waiting = gate["actionStates"][0]["latestExecution"]
    assert set(waiting) == {"actionExecutionId", "status", "lastStatusChange", "token"}
    assert (waiting["status"], waiting["token"]) == ("InProgress", token)
    assert deploy["latestExecution"]["pipelineExecutionId"] == first
    assert deploy["actionStates"][0]["latestExecution"]["errorDetails"]["code"] == "JobFailed"
    frozen = deploy["inboundTransitionState"]
    assert (frozen["enabled"], frozen["disabledReason"]) == (False, "freeze")
    assert frozen["lastChangedBy"].startswith("arn:aws:iam::")
    assert frozen["lastChangedAt"] >= answer["created"]
    refused("PipelineNotFoundException", pipe.client.get_pipeline_state, name="nobody")


def test_a_revision_without_a_time_shows_when_it_was_told(make: Any) -> None:
    pipe = make(source(script="hold"), stage("Deploy", action("Copy", "Deploy")))
    pipe.settle("Source", "Fetch", Done("x", revision=Revision("abc")))
    pipe.ended()
    (shown,) = pipe.state()["Source"]["actionStates"]
    told = shown["latestExecution"]["lastStatusChange"]
    assert shown["currentRevision"] == {"revisionId": "abc", "revisionChangeId": "abc", "created": told}
    (kept,) = pipe.execution(pipe.first())["artifactRevisions"]
    assert "created" not in kept


def test_refusals_of_an_approval(make: Any) -> None:
    pipe = make(source(), stage("Gate", approval(), action("A", script="hold")))
    token = pipe.reached("Gate", "Approve")["token"]
    put = pipe.client.put_approval_result
    request = {
        "pipelineName": pipe.name,
        "stageName": "Gate",
        "actionName": "Approve",
        "token": token,
        "result": {"summary": "", "status": "Approved"},
    }
    refused("PipelineNotFoundException", put, **{**request, "pipelineName": "nobody"})
    refused("StageNotFoundException", put, **{**request, "stageName": "Nowhere"})
    refused("ActionNotFoundException", put, **{**request, "actionName": "Nobody"})
    refused("ActionNotFoundException", put, **{**request, "actionName": "A"})
    refused("InvalidApprovalTokenException", put, **{**request, "token": NOBODY})
    refused("ValidationException", put, **{**request, "token": "yes"})
    refused("ValidationException", put, **{**request, "result": {"summary": "", "status": "approved"}})
    refused("ValidationException", put, **{**request, "result": {"summary": "x" * 513, "status": "Approved"}})
    refused("ValidationException", put, **{**request, "result": {"status": "Approved"}})
    assert put(**request)["approvedAt"]
    refused("ApprovalAlreadyCompletedException", put, **request)


def test_an_abandoned_approval_cannot_be_given(make: Any) -> None:
    pipe = make(source(), stage("Gate", approval()))
    token = pipe.reached("Gate", "Approve")["token"]
    pipe.client.stop_pipeline_execution(pipelineName=pipe.name, pipelineExecutionId=pipe.first(), abandon=True)
    request = {"pipelineName": pipe.name, "stageName": "Gate", "actionName": "Approve", "token": token}
    result = {"summary": "", "status": "Approved"}
    refused("InvalidApprovalTokenException", pipe.client.put_approval_result, **request, result=result)


def test_history_pages_stay_right_while_rows_arrive(make: Any) -> None:
    pipe = make(source(), stage("Build", action("A", script="fail,done")))
    pipe.ended(status="Failed")
    started = [pipe.first()]
    for _ in range(4):
        started.append(pipe.start())
        pipe.ended(started[-1])
    read = pipe.client.list_pipeline_executions
    page = read(pipelineName=pipe.name, maxResults=2)
    assert [each["pipelineExecutionId"] for each in page["pipelineExecutionSummaries"]] == [started[4], started[3]]
    pipe.ended(pipe.start())
    rest = read(pipelineName=pipe.name, maxResults=2, nextToken=page["nextToken"])
    assert [each["pipelineExecutionId"] for each in rest["pipelineExecutionSummaries"]] == [started[2], started[1]]
    last = read(pipelineName=pipe.name, maxResults=2, nextToken=rest["nextToken"])
    assert [each["pipelineExecutionId"] for each in last["pipelineExecutionSummaries"]] == [started[0]]
    assert "nextToken" not in last
    built = {"filter": {"succeededInStage": {"stageName": "Build"}}}
    assert len(pipe.executions(**built)) == 5
    found = pipe.client.get_paginator("list_pipeline_executions").paginate(
        pipelineName=pipe.name, PaginationConfig={"PageSize": 2}, **built
    )
    assert [len(each["pipelineExecutionSummaries"]) for each in found] == [2, 2, 1]
    pipe.update()
    assert pipe.executions(**built) == [], "only the present version counts"
    other = make(source(), stage("Build", action("A")))
    for token in ("nonsense", page["nextToken"][:-3], ""):
        if token:
            refused("InvalidNextTokenException", read, pipelineName=pipe.name, nextToken=token)
    refused("InvalidNextTokenException", read, pipelineName=other.name, nextToken=page["nextToken"])
    refused("InvalidNextTokenException", read, pipelineName=pipe.name, nextToken=page["nextToken"], **built)
    runs = pipe.client.list_action_executions
    refused("InvalidNextTokenException", runs, pipelineName=pipe.name, nextToken=page["nextToken"])
    refused("ValidationException", read, pipelineName=pipe.name, maxResults=101)
    refused("ValidationException", read, pipelineName=pipe.name, maxResults=0)
    refused("PipelineNotFoundException", read, pipelineName="nobody")


def test_action_executions_page_and_refuse(make: Any) -> None:
    pipe = make(source(), stage("Build", *[action(f"A{number}") for number in range(5)]))
    pipe.ended()
    everything = pipe.runs()
    assert len(everything) == 6
    request = {"pipelineName": pipe.name, "maxResults": 4}
    read = pipe.client.list_action_executions
    one = read(**request)
    two = read(**request, nextToken=one["nextToken"])
    assert one["actionExecutionDetails"] + two["actionExecutionDetails"] == everything
    assert "nextToken" not in two
    chosen = {"pipelineExecutionId": pipe.first()}
    mine = read(**request, filter=chosen)
    rest = read(**request, filter=chosen, nextToken=mine["nextToken"])
    assert mine["actionExecutionDetails"] + rest["actionExecutionDetails"] == everything
    refused("InvalidNextTokenException", read, **request, nextToken=mine["nextToken"])
    refused("InvalidNextTokenException", read, **request, nextToken="nonsense")
    refused("PipelineNotFoundException", read, pipelineName="nobody")
    refused("PipelineExecutionNotFoundException", read, **request, filter={"pipelineExecutionId": NOBODY})
    latest = {"latestInPipelineExecution": {**chosen, "startTimeRange": "Latest"}}
    refused("ValidationException", read, **request, filter={**chosen, **latest})
    unknown = {"latestInPipelineExecution": {"pipelineExecutionId": NOBODY, "startTimeRange": "All"}}
    refused("PipelineExecutionNotFoundException", read, **request, filter=unknown)


def test_refusals_of_reads(make: Any) -> None:
    pipe = make(source(), stage("Build", action("A")))
    other = make(source(), stage("Build", action("A")))
    read = pipe.client.get_pipeline_execution
    refused("PipelineNotFoundException", read, pipelineName="nobody", pipelineExecutionId=NOBODY)
    text = refused("PipelineExecutionNotFoundException", read, pipelineName=pipe.name, pipelineExecutionId=other.first())
    assert text == (f"Account '000000000000' does not have an execution with id '{other.first()}' for pipeline '{pipe.name}'")
    refused("ValidationException", read, pipelineName=pipe.name, pipelineExecutionId="last")
    text = refused("PipelineNotFoundException", pipe.client.get_pipeline, name="nobody")
    assert text == "Account '000000000000' does not have a pipeline with name 'nobody'"
    refused("ValidationException", pipe.client.get_pipeline, name=pipe.name, version=0)
    refused("ValidationException", pipe.client.get_pipeline, name="a b")
    refused("ValidationException", pipe.client.get_pipeline)


def test_every_operation_is_built(world: Any) -> None:
    registry = world.server.app.gateway.registry
    built = {each.model.name for each in registry if each.service == "codepipeline"}
    assert built == set(world.client().meta.service_model.operation_names)
    assert len(built) == 44


@pytest.fixture
def cbor(world: Any) -> Any:
    """Calls an operation by Smithy's RPC v2 with CBOR: the status and the answer."""

    def call(operation: str, request: dict[str, Any]) -> tuple[int, Any]:
        url = f"{world.server.endpoint}/service/CodePipeline_20150709/operation/{operation}"
        headers = {"smithy-protocol": "rpc-v2-cbor", "accept": "application/cbor", "content-type": "application/cbor"}
        signed = AWSRequest("POST", url, headers=headers, data=cbor2.dumps(request))
        key = world.server.key
        SigV4Auth(Credentials(key.access_key_id, key.secret), "codepipeline", "us-east-1").add_auth(signed)
        asked = urllib.request.Request(url, signed.data, dict(signed.headers), method="POST")
        try:
            answer = urllib.request.urlopen(asked)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            assert answer.headers["smithy-protocol"] == "rpc-v2-cbor"
            return answer.status, cbor2.loads(answer.read())

    return call


def test_cbor_clients(make: Any, cbor: Any) -> None:
    pipe = make(source(), stage("Build", action("A")))
    pipe.ended()
    status, state = cbor("GetPipelineState", {"name": pipe.name})
    assert (status, state["pipelineVersion"]) == (200, 1)
    assert state["created"].year >= 2024
    status, started = cbor("StartPipelineExecution", {"name": pipe.name})
    assert status == 200
    pipe.ended(started["pipelineExecutionId"])
    status, error = cbor("GetPipeline", {"name": "nobody"})
    assert status == 400
    assert error["__type"].endswith("PipelineNotFoundException")
    assert error["message"] == "Account '000000000000' does not have a pipeline with name 'nobody'"
