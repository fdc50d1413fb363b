"""What somebody would try who wants more than he may have, or many who try at once."""

import base64
import hashlib
import os
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

import pytest
from botocore.exceptions import ClientError

from stageline.engine.replay import check
from stageline.ports.store import Task
from stageline.services.codepipeline.sources import SourceWatcher
from stageline.testing.pipelines import ENDED, action, approval, eventually, refused, source, stage

YES = {"status": "Approved", "summary": ""}
NO = {"status": "Rejected", "summary": "no"}


def forged(text: str) -> str:
    """A token as the server would make it: ``listing``, line feed, and the key after which it goes on."""
    check = hashlib.sha256(text.encode()).hexdigest()[:8]
    return base64.urlsafe_b64encode(f"{text}\n{check}".encode()).decode()


def together(*calls: Callable[[], Any]) -> list[Any]:
    """What calls give that begin at the same instant; an error is given by its code."""
    gate = threading.Barrier(len(calls))

    def one(call: Callable[[], Any]) -> Any:
        gate.wait()
        try:
            return call()
        except ClientError as error:
            return error.response["Error"]["Code"]

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


def test_forged_tokens_show_nothing_of_others(make: Any) -> None:
    mine, other = (make(source(), stage("Build", action("A"))) for _ in range(2))
    for pipe in (mine, other):
        pipe.ended()
        pipe.ended(pipe.start())
    read = mine.client.list_pipeline_executions
    names = {}
    for pipe in (mine, other):
        token = read(pipelineName=pipe.name, maxResults=1)["nextToken"]
        names[pipe.name] = base64.urlsafe_b64decode(token).decode().partition("\n")
    listing, _, _ = names[mine.name]
    own = {each["pipelineExecutionId"] for each in mine.executions()}
    for after in (names[other.name][2].rpartition("\n")[0], "", "zzz", "\U0010ffff", "\n", "../", "/" * 1000):
        found = read(pipelineName=mine.name, nextToken=forged(f"{listing}\n{after}"))["pipelineExecutionSummaries"]
        assert {each["pipelineExecutionId"] for each in found} <= own
    for call, more in (
        (read, {"pipelineName": mine.name}),
        (mine.client.list_action_executions, {"pipelineName": mine.name}),
        (mine.client.list_pipelines, {}),
        (mine.client.list_action_types, {}),
        (mine.client.list_tags_for_resource, {"resourceArn": mine.arn}),
    ):
        for token in (
            forged("\n"),
            forged(f"{names[other.name][0]}\n"),
            forged("pipelines"),
            "AAAA",
            "%%%%",
            forged("pipelines\n\x00"),
        ):
            refused("InvalidNextTokenException", call, **more, nextToken=token)
    refused("InvalidNextTokenException", read, pipelineName=mine.name, nextToken=forged(f"{listing}\n\x00"))


def test_of_two_who_answer_at_once_one_decides(make: Any, world: Any) -> None:
    pipe = make(source(), stage("Gate", approval()), stage("Deploy", action("Copy", "Deploy")))
    approver, rejecter = (
        world.person({"Action": "codepipeline:PutApprovalResult", "Resource": f"{pipe.arn}/Gate/Approve"}) for _ in range(2)
    )
    for _ in range(6):
        shown = pipe.reached("Gate", "Approve")
        where = {"pipelineName": pipe.name, "stageName": "Gate", "actionName": "Approve", "token": shown["token"]}
        answers = together(
            lambda where=where: approver.put_approval_result(**where, result=YES),
            lambda where=where: rejecter.put_approval_result(**where, result=NO),
            lambda where=where: approver.put_approval_result(**where, result=YES),
        )
        given = [at for at, each in enumerate(answers) if each != "ApprovalAlreadyCompletedException"]
        assert len(given) == 1, answers
        execution = pipe.executions()[0]["pipelineExecutionId"]
        pipe.ended(execution, "Failed" if given == [1] else "Succeeded")
        run = pipe.runs(pipelineExecutionId=execution)[0 if given == [1] else 1]
        assert (run["actionName"], run["status"]) == ("Approve", "Failed" if given == [1] else "Succeeded")
        pipe.start()
        eventually(lambda old=shown: pipe.shown("Gate", "Approve").get("actionExecutionId") != old["actionExecutionId"])


def test_tokens_of_other_runs_approve_nothing(make: Any) -> None:
    one, other = (make(source(), stage("Gate", approval(), approval("Second"))) for _ in range(2))
    mine = {name: one.reached("Gate", name)["token"] for name in ("Approve", "Second")}
    put, where = one.client.put_approval_result, {"pipelineName": one.name, "stageName": "Gate", "result": YES}
    for token in (
        mine["Second"],
        other.reached("Gate", "Approve")["token"],
        one.first(),
        one.shown("Gate", "Approve")["actionExecutionId"],
    ):
        refused("InvalidApprovalTokenException", put, **where, actionName="Approve", token=token)
    assert one.shown("Gate", "Approve")["status"] == one.shown("Gate", "Second")["status"] == "InProgress"
    refused("ValidationException", put, **where, actionName="Approve", token=mine["Approve"].upper())
    one.client.stop_pipeline_execution(pipelineName=one.name, pipelineExecutionId=one.first(), abandon=True)
    one.start()
    eventually(lambda: one.shown("Gate", "Approve").get("token", mine["Approve"]) != mine["Approve"])
    refused("InvalidApprovalTokenException", put, **where, actionName="Approve", token=mine["Approve"])


def test_a_request_token_starts_once_however_many_ask_at_once(make: Any, world: Any) -> None:
    pipe = make(source(), stage("Build", action("A")), executionMode="QUEUED", pipelineType="V2")
    pipe.ended()
    start = world.client().start_pipeline_execution
    found = together(*[lambda: start(name=pipe.name, clientRequestToken="same")["pipelineExecutionId"] for _ in range(8)])
    assert len(set(found)) == 1
    assert len(pipe.executions()) == 2
    pipe.client.delete_pipeline(name=pipe.name)
    pipe.create()
    assert pipe.start(clientRequestToken="same") not in found, "a token is a pipeline's own, and goes with it"


def test_old_request_tokens_are_cleared_away_wherever_they_lie(make: Any, world: Any) -> None:
    pipe = make(source(), stage("Build", action("A")))
    store = world.whole.store
    with store.write() as tx:
        uid = tx.get("codepipeline.pipeline", pipe.name)["uid"]
        for number in range(200):
            young = number < 60
            name, at = f"{uid}/{'0' if young else 'e'}{number:03}", (1 << 60 if young else 0)
            tx.put("codepipeline.token", name, {"execution": "x", "at": at, "request": ""})
    for number in range(40):
        pipe.start(clientRequestToken=f"{'abcdef'[number % 6]}-{number}")
    with store.read() as tx:
        left = [key for key, doc in tx.scan("codepipeline.token", f"{uid}/") if doc["at"] == 0]
    assert left == []


def test_tags_are_those_of_the_pipelines_own_name(make: Any, world: Any) -> None:
    pipe = make(source(), stage("Build", action("A")))
    tags = [{"key": "a", "value": "b"}]
    for other in (pipe.arn.replace("arn:aws:", "arn:aws-cn:"), f"{pipe.arn}-more", pipe.arn.replace("us-east-1", "us-east-1 ")):
        refused("ResourceNotFoundException", pipe.client.tag_resource, resourceArn=other, tags=tags)
    for odd in (f"{pipe.arn}\x00", f"{pipe.arn}/Build/A"):
        refused("InvalidArnException", pipe.client.tag_resource, resourceArn=odd, tags=tags)
        refused("InvalidArnException", pipe.client.list_tags_for_resource, resourceArn=odd)
    pipe.client.delete_pipeline(name=pipe.name)
    with world.whole.store.read() as tx:
        assert [key for key, _ in tx.scan("codepipeline.tags") if pipe.name in key] == []


def test_what_grows_beyond_100_kb_when_it_is_resolved_does_not_run(make: Any) -> None:
    variables = [{"name": "V", "defaultValue": "x" * 1000}]
    say = "#{variables.V}" * 71
    pipe = make(
        source(), stage("Build", action("A", say=say), action("B", say=say, script=f"done,{say[:900]}")), variables=variables
    )
    pipe.ended(status="Failed")
    assert pipe.shown("Build", "A")["status"] == "Succeeded"
    error = pipe.shown("Build", "B")["errorDetails"]
    assert error["code"] == "ConfigurationError"
    assert pipe.providers["Build", "AWS", "Scripted", "1"].verbs(pipe.shown("Build", "B")["actionExecutionId"]) == []


def test_the_largest_declaration_runs_and_a_larger_one_is_refused(declare: Any) -> None:
    def stages(count: int, each: int) -> list[dict[str, Any]]:
        built = [stage(f"S{at}", *[action(f"A{at}-{number}", say="y" * 300) for number in range(each)]) for at in range(count)]
        return [source(), *built]

    create = declare(source()).client.create_pipeline
    large = declare(*stages(49, 20), stage("Last", action("Z"))).document
    refused("InvalidStructureException", create, pipeline=large)
    refused("InvalidStageDeclarationException", create, pipeline=declare(*stages(1, 51)).document)
    refused("InvalidStructureException", create, pipeline=declare(*stages(49, 21)).document)
    most = declare(source(script="hold"), *stages(48, 20)[1:], stage("Last", *[action(f"Z{number}") for number in range(39)]))
    most.create()
    most.client.delete_pipeline(name=most.name)
    pipe = declare(*stages(2, 50))
    pipe.create()
    pipe.ended()
    many = {f"key{number}": "v" * 1000 for number in range(1000)}
    wide = action("A")
    wide["configuration"] = many
    refused("InvalidActionDeclarationException", create, pipeline=declare(source(), stage("Build", wide)).document)
    endless = declare(source(), stage("Build", *[action("A", say="y" * 1000)] * 11_000)).document
    refused("RequestEntityTooLargeException", create, pipeline=endless)


@pytest.mark.parametrize("seed", range(int(os.environ.get("STAGELINE_STORMS", "1"))))
def test_after_a_storm_everything_fits_together(declare: Any, world: Any, seed: int) -> None:
    """Eight clients declare, start, stop, retry, switch, approve and delete the same three pipelines at once."""
    modes = ({}, {"executionMode": "QUEUED", "pipelineType": "V2"}, {})
    scripts = ("done", "fail,done", "done,hold")
    pipes = [
        declare(source(), stage("Gate", approval()), stage("Build", action("A", script=script), action("B")), **more)
        for more, script in zip(modes, scripts, strict=True)
    ]
    met: Counter[str] = Counter()

    def work(number: int) -> None:
        rng, client = Random(f"{seed} {number}"), world.client()
        for _ in range(25):
            _disturb(client, rng, rng.choice(pipes), met)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert not {name for name in met if name.startswith("InternalFailure")}, met
    world.server.assert_no_bugs()
    assert check(world.whole.store) == []
    for pipe in pipes:
        eventually(lambda pipe=pipe: _drained(pipe))
        pipe.client.delete_pipeline(name=pipe.name)
    names = [pipe.name for pipe in pipes]
    until = time.monotonic() + 5
    while (left := _left(world.whole.store, names)) and time.monotonic() < until:
        time.sleep(0.05)
    assert left == [], f"{len(left)} rows of what is gone"
    for pipe in pipes:
        pipe.create()
        pipe.reached("Gate", "Approve")
        pipe.client.delete_pipeline(name=pipe.name)


def _disturb(client: Any, rng: Random, pipe: Any, met: Counter[str]) -> None:
    name = pipe.name
    side = {
        "pipelineName": name,
        "stageName": rng.choice(("Gate", "Build")),
        "transitionType": rng.choice(("Inbound", "Outbound")),
    }
    try:
        found = client.list_pipeline_executions(pipelineName=name, maxResults=3)["pipelineExecutionSummaries"]
        execution = {"pipelineName": name, "pipelineExecutionId": rng.choice(found)["pipelineExecutionId"]} if found else {}
        state = client.get_pipeline_state(name=name)["stageStates"]
        token = state[1]["actionStates"][0].get("latestExecution", {}).get("token", execution.get("pipelineExecutionId", ""))
        where = {"pipelineName": name, "stageName": "Gate", "actionName": "Approve", "token": token}
        rng.choice(
            (
                lambda: client.start_pipeline_execution(name=name),
                lambda: client.start_pipeline_execution(name=name, clientRequestToken=f"t-{rng.randrange(3)}"),
                lambda: client.put_approval_result(**where, result=rng.choice((YES, YES, NO))),
                lambda: client.put_approval_result(**where, result=YES),
                lambda: client.stop_pipeline_execution(**execution, abandon=rng.random() < 0.5),
                lambda: client.retry_stage_execution(
                    **execution, stageName="Build", retryMode=rng.choice(("FAILED_ACTIONS", "ALL_ACTIONS"))
                ),
                lambda: client.disable_stage_transition(**side, reason="storm"),
                lambda: client.enable_stage_transition(**side),
                lambda: client.update_pipeline(pipeline=pipe.document),
                lambda: client.tag_resource(
                    resourceArn=f"arn:aws:codepipeline:us-east-1:000000000000:{name}", tags=[{"key": "k", "value": "v"}]
                ),
                lambda: client.delete_pipeline(name=name),
            )
        )()
        met["ok"] += 1
    except ClientError as error:
        met[error.response["Error"]["Code"]] += 1
        if error.response["Error"]["Code"] == "PipelineNotFoundException":
            together(lambda: client.create_pipeline(pipeline=pipe.document))


def _drained(pipe: Any) -> bool:
    """Let everything pass, and see whether everything has come to an end."""
    client, name = pipe.client, pipe.name
    try:
        for state in client.get_pipeline_state(name=name)["stageStates"]:
            for side in ("Inbound", "Outbound"):
                client.enable_stage_transition(pipelineName=name, stageName=state["stageName"], transitionType=side)
            for shown in state["actionStates"]:
                latest = shown.get("latestExecution", {})
                if latest.get("token"):
                    where = {"pipelineName": name, "stageName": state["stageName"], "actionName": shown["actionName"]}
                    client.put_approval_result(**where, token=latest["token"], result=YES)
                elif latest.get("status") == "InProgress":
                    pipe.providers["Build", "AWS", "Scripted", "1"].settle(latest["actionExecutionId"])
        return all(each["status"] in ENDED for each in pipe.executions())
    except client.exceptions.PipelineNotFoundException:
        return True


def _left(store: Any, names: list[str]) -> list[str]:
    """What is still stored of pipelines that are gone."""
    with store.read() as tx:
        alive = {doc["uid"] for _, doc in tx.scan("codepipeline.pipeline")}
        rows = [
            f"task {task.id}" for task in tx.tasks() if task.kind != "event" and task.payload.get("uid", "") not in ("", *alive)
        ]
        for kind in (
            "version",
            "token",
            "seen",
            "state",
            "execution",
            "execution-number",
            "action",
            "execution-action",
        ):
            rows += [f"{kind} {key}" for key, _ in tx.scan(f"codepipeline.{kind}") if key.split("/")[0] not in alive]
        rows += [f"started {key}" for key, doc in tx.scan("codepipeline.action-started") if doc["uid"] not in alive]
        for kind in ("pipeline", "head", "tags", "watch"):
            rows += [f"{kind} {key}" for key, _ in tx.scan(f"codepipeline.{kind}") if any(name in key for name in names)]
    return rows


def test_a_change_just_before_an_update_starts_the_pipeline(make: Any, world: Any) -> None:
    """The update sees the new revision as well, before the change was told: it must not be taken for known."""
    s3 = world.client("s3")
    s3.create_bucket(Bucket="changing")
    s3.put_bucket_versioning(Bucket="changing", VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket="changing", Key="a.zip", Body=b"1")
    fetch = action("Fetch", "Source", "S3", outputs=["Src"])
    fetch["configuration"] = {"S3Bucket": "changing", "S3ObjectKey": "a.zip"}
    pipe = make(stage("Source", fetch), stage("Build", action("A")))
    pipe.ended()
    with world.whole.store.write() as tx:
        for key, _ in tx.scan("codepipeline.seen", tx.get("codepipeline.pipeline", pipe.name)["uid"]):
            tx.put("codepipeline.seen", key, {"revision": "the one before"})
    pipe.update()
    SourceWatcher(world.whole.store, world.whole.engine, world.whole.aws).sweep(Task("sources", "sources", {}))
    assert [each["trigger"]["triggerType"] for each in pipe.executions()] == ["PollForSourceChanges", "CreatePipeline"]
