"""Triggers through the API: given back as they were put, refused in words; who started an execution, for every kind of start."""

from collections.abc import Iterator
from typing import Any

import pytest

from stageline.core.pipeline.actiontype import ActionType
from stageline.ports.api import ApiError
from stageline.testing.pipelines import action, approval, eventually, refused, source, stage
from stageline.testing.scripted import PROPERTIES

CONNECTION = ActionType("Source", "AWS", "CodeStarSourceConnection", properties=PROPERTIES, outputs=(1, 1))
OWN = ActionType("Source", "Custom", "Own", properties=PROPERTIES, outputs=(1, 1))
NOW = 1_700_000_000
RULE = "arn:aws:events:us-east-1:000000000000:rule/nightly"


@pytest.fixture(scope="module")
def world(serve: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with serve(tmp_path_factory.mktemp("triggers") / "data", types=(CONNECTION, OWN), quota_triggers=2) as found:
        yield found


def connected(name: str = "Fetch", output: str = "Src") -> dict[str, Any]:
    return action(name, "Source", "CodeStarSourceConnection", outputs=[output])


def trigger(name: str = "Fetch", **git: Any) -> dict[str, Any]:
    return {"providerType": "CodeStarSourceConnection", "gitConfiguration": {"sourceActionName": name, **git}}


FULL = [
    trigger(
        push=[
            {"tags": {"includes": ["v*"], "excludes": ["v0.*"]}},
            {
                "branches": {"includes": ["feature/**", "main"]},
                "filePaths": {"includes": ["common/**/*.js"], "excludes": ["docs/**"]},
            },
        ],
        pullRequest=[{"events": ["OPEN", "CLOSED"], "branches": {"includes": ["main"]}, "filePaths": {"excludes": ["*.md"]}}],
    ),
    trigger("Other", push=[{"branches": {"excludes": ["wip/**"]}}]),
]


def test_triggers_come_back_as_they_were_put(make: Any) -> None:
    pipe = make(stage("Source", connected(), connected("Other", "Src2")), stage("Build", action("A")), triggers=FULL)
    made = pipe.client.get_pipeline(name=pipe.name)["pipeline"]
    assert made["triggers"] == FULL
    assert made["pipelineType"] == "V2"
    pipe.ended()
    assert pipe.update(triggers=FULL[:1])["triggers"] == FULL[:1]
    assert pipe.client.get_pipeline(name=pipe.name, version=1)["pipeline"]["triggers"] == FULL
    del pipe.document["triggers"]
    assert "triggers" not in pipe.update(pipelineType="V2")
    assert len(pipe.executions()) == 1


def test_refusals_of_triggers(make: Any, declare: Any) -> None:
    taken = make(stage("Source", connected()), stage("Build", action("A")), pipelineType="V2")
    main = {"branches": {"includes": ["main"]}}

    def both(code: str, *triggers: dict[str, Any], **more: Any) -> str:
        document = {
            **declare(stage("Source", connected()), stage("Build", action("A"))).document,
            "triggers": list(triggers),
            **more,
        }
        text = refused(code, taken.client.create_pipeline, pipeline=document)
        assert refused(code, taken.client.update_pipeline, pipeline={**document, "name": taken.name}) == text
        return text

    assert "V2" in both("InvalidStructureException", trigger(push=[main]), pipelineType="V1")
    assert "'Nobody'" in both("InvalidStructureException", trigger("Nobody", push=[main]))
    assert "more than once" in both("InvalidStructureException", trigger(push=[main, main]))
    assert "maximum of 2 triggers" in both("InvalidStructureException", *(trigger(f"F{n}", push=[main]) for n in range(3)))
    many = [{"branches": {"includes": [str(number)]}} for number in range(4)]
    both("ValidationException", trigger(push=many))
    both("ValidationException", trigger(pullRequest=many))
    both("ValidationException", trigger(push=[]))
    both("ValidationException", trigger(push=[{"branches": {"includes": ["x"] * 9}}]))
    both("ValidationException", trigger(push=[{"branches": {"includes": ["x" * 256]}}]))
    both("ValidationException", trigger(push=[{"branches": {"includes": [""]}}]))
    both("ValidationException", trigger(pullRequest=[{**main, "events": ["MERGED"]}]))
    both("ValidationException", {**trigger(push=[main]), "providerType": "Connection"})
    assert taken.client.get_pipeline(name=taken.name)["pipeline"]["version"] == 1


def revised(pipe: Any, revision: str, **more: Any) -> Any:
    request = {
        "pipelineName": pipe.name,
        "stageName": "Source",
        "actionName": "Fetch",
        "actionRevision": {"revisionId": revision, "revisionChangeId": "change", "created": NOW},
        **more,
    }
    return pipe.client.put_action_revision(**request)


def test_a_new_revision_starts_an_execution_once(make: Any) -> None:
    own = action("Fetch", "Source", "Own", outputs=["Src"])
    own["actionTypeId"]["owner"] = "Custom"
    pipe = make(stage("Source", own), stage("Build", action("A")))
    pipe.ended()
    first = revised(pipe, "rev-a")
    assert first["newRevision"] is True
    pipe.ended(first["pipelineExecutionId"])
    again = revised(pipe, "rev-a")
    assert (again["newRevision"], again["pipelineExecutionId"]) == (False, first["pipelineExecutionId"])
    second = revised(pipe, "rev-b")
    assert second["newRevision"] is True
    assert revised(pipe, "rev-a")["pipelineExecutionId"] == first["pipelineExecutionId"], "used earlier, not only last"
    pipe.ended(second["pipelineExecutionId"])
    assert len(pipe.executions()) == 3
    trigger = pipe.execution(second["pipelineExecutionId"])["trigger"]
    assert trigger["triggerType"] == "PutActionRevision"
    assert trigger["triggerDetail"].startswith("arn:aws:iam::000000000000:")
    found = pipe.shown("Source", "Fetch")["actionExecutionId"]
    known = revised(pipe, f"rev-{found}")
    assert (known["newRevision"], known["pipelineExecutionId"]) == (False, second["pipelineExecutionId"])
    pipe.client.delete_pipeline(name=pipe.name)
    pipe.create()
    assert revised(pipe, "rev-a")["newRevision"] is True, "another pipeline of the same name has seen nothing"


def test_refusals_of_a_revision(make: Any) -> None:
    pipe = make(source(), stage("Build", action("A")))
    pipe.ended()
    put = lambda code, **more: refused(code, lambda **given: revised(pipe, "rev-1", **given), **more)  # noqa: E731
    put("PipelineNotFoundException", pipelineName="nobody")
    put("StageNotFoundException", stageName="Nowhere")
    put("ActionNotFoundException", actionName="Nobody")
    put("ActionNotFoundException", actionName="A")
    put("ValidationException", stageName="Build", actionName="A")
    put("ValidationException", actionRevision={"revisionId": "", "revisionChangeId": "c", "created": NOW})
    put("ValidationException", actionRevision={"revisionId": "r", "revisionChangeId": "c" * 101, "created": NOW})
    put("ValidationException", actionRevision={"revisionId": "r" * 1501, "revisionChangeId": "c", "created": NOW})
    put("ValidationException", actionRevision={"revisionId": "r", "created": NOW})
    assert len(pipe.executions()) == 1


def test_a_revision_too_many_is_new_the_next_time(make: Any) -> None:
    """A refused start has used no revision."""
    pipe = make(source(), stage("Gate", approval()), executionMode="QUEUED")
    for _ in range(49):
        pipe.start()
    text = refused("ConcurrentPipelineExecutionsLimitExceededException", lambda: revised(pipe, "rev-1"))
    assert "50" in text
    pipe.approve("Gate", "Approve")
    pipe.ended()
    assert revised(pipe, "rev-1")["newRevision"] is True


def test_permission_for_a_revision(make: Any, world: Any) -> None:
    pipe = make(source(), stage("Build", action("A")))
    everything = {"Action": "codepipeline:PutActionRevision", "Resource": f"{pipe.arn}/Source/Other"}
    pipe.client = world.person(everything)
    refused("AccessDeniedException", lambda: revised(pipe, "rev-1"))
    pipe.client = world.person(
        {**everything, "Resource": f"{world.client().get_pipeline(name=pipe.name)['metadata']['pipelineArn']}/*"}
    )
    assert revised(pipe, "rev-1")["newRevision"] is True


def test_who_started_an_execution(make: Any, world: Any) -> None:
    s3 = world.client("s3")
    s3.create_bucket(Bucket="followed")
    s3.put_bucket_versioning(Bucket="followed", VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket="followed", Key="app.zip", Body=b"1")
    fetch = action("Fetch", "Source", "S3", outputs=["Src"])
    fetch["configuration"] = {"S3Bucket": "followed", "S3ObjectKey": "app.zip"}
    pipe = make(stage("Source", fetch), stage("Build", action("A")))
    creator = pipe.execution(pipe.first())["trigger"]
    assert creator["triggerType"] == "CreatePipeline"
    assert creator["triggerDetail"].startswith("arn:aws:iam::000000000000:")
    assert pipe.execution(pipe.start())["trigger"] == {**creator, "triggerType": "StartPipelineExecution"}
    s3.put_object(Bucket="followed", Key="app.zip", Body=b"2")
    eventually(lambda: len(pipe.executions()) == 3)
    assert pipe.executions()[0]["trigger"] == {"triggerType": "PollForSourceChanges", "triggerDetail": "Fetch"}
    assert revised(pipe, "reported")["newRevision"] is True
    assert pipe.executions()[0]["trigger"] == {**creator, "triggerType": "PutActionRevision"}
    trust = {"Principal": {"Service": ["events.amazonaws.com", "lambda.amazonaws.com"]}}
    role = world.role_for("starter", trust, {"Action": "codepipeline:StartPipelineExecution", "Resource": pipe.arn})
    events = world.whole.aws.as_role(role, "nightly", service="events.amazonaws.com", source_arn=RULE)
    events.call("codepipeline", "StartPipelineExecution", name=pipe.name)
    assert pipe.executions()[0]["trigger"] == {"triggerType": "CloudWatchEvent", "triggerDetail": RULE}
    other = world.whole.aws.as_role(role, "nightly", service="lambda.amazonaws.com", source_arn=RULE)
    other.call("codepipeline", "StartPipelineExecution", name=pipe.name)
    found = pipe.executions()[0]["trigger"]
    assert found == {
        "triggerType": "StartPipelineExecution",
        "triggerDetail": "arn:aws:sts::000000000000:assumed-role/starter/nightly",
    }
    with pytest.raises(ApiError, match="not authorized"):
        events.call("codepipeline", "StartPipelineExecution", name="another")


def test_credentials_of_a_rule_s_session_start_as_their_holder(make: Any, world: Any) -> None:
    """Only EventBridge itself is believed when it says that a rule was the cause."""
    pipe = make(source(), stage("Build", action("A")))
    trust = {"Principal": {"Service": "events.amazonaws.com"}}
    role = world.role_for("borrowed", trust, {"Action": "codepipeline:*", "Resource": "*"})
    given = world.whole.aws.as_role(role, "nightly", service="events.amazonaws.com", source_arn=RULE).credentials()
    key = type(world.server.key)(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
    world.client(key=key).start_pipeline_execution(name=pipe.name)
    assert pipe.executions()[0]["trigger"]["triggerType"] == "StartPipelineExecution"


def test_pages_of_executions_stand_while_new_ones_come(make: Any) -> None:
    pipe = make(source(), stage("Build", action("A")), stage("Deploy", action("B", script="done,fail,done,fail")))
    pipe.ended()
    for status in ("Failed", "Succeeded", "Failed"):
        pipe.ended(pipe.start(), status)
    read = pipe.client.list_pipeline_executions
    order = [each["pipelineExecutionId"] for each in pipe.executions()]
    passed = {"succeededInStage": {"stageName": "Deploy"}}
    for chosen, wanted in ({}, order), ({"filter": passed}, order[1::2]):
        page = read(pipelineName=pipe.name, maxResults=1, **chosen)
        seen = [page["pipelineExecutionSummaries"][0]["pipelineExecutionId"]]
        while "nextToken" in page:
            pipe.ended(pipe.start(), "Failed")
            page = read(pipelineName=pipe.name, maxResults=1, nextToken=page["nextToken"], **chosen)
            seen += [each["pipelineExecutionId"] for each in page["pipelineExecutionSummaries"]]
        assert seen == wanted
    assert read(pipelineName=pipe.name, filter={"succeededInStage": {"stageName": "Nowhere"}})["pipelineExecutionSummaries"] == []
    pipe.update()
    assert read(pipelineName=pipe.name, filter=passed)["pipelineExecutionSummaries"] == [], "an older version does not count"
    pipe.ended(pipe.start(), "Failed")
    assert read(pipelineName=pipe.name, filter={"succeededInStage": {"stageName": "Build"}})["pipelineExecutionSummaries"] != []


def test_tokens_that_belong_elsewhere(make: Any) -> None:
    pipe, other = (make(source(), stage("Build", action("A"))) for _ in range(2))
    for each in (pipe, other):
        each.ended()
        each.ended(each.start())
    read = pipe.client.list_pipeline_executions
    token = read(pipelineName=pipe.name, maxResults=1)["nextToken"]
    assert read(pipelineName=pipe.name, nextToken=token)["pipelineExecutionSummaries"]
    passed = {"succeededInStage": {"stageName": "Build"}}
    filtered = read(pipelineName=pipe.name, maxResults=1, filter=passed)["nextToken"]
    runs = pipe.client.list_action_executions(pipelineName=pipe.name, maxResults=1)["nextToken"]
    theirs = read(pipelineName=other.name, maxResults=1)["nextToken"]
    for wrong in (filtered, runs, theirs, token[:-4], f"{token}====", f"!{token}", token.lower(), "a", "é", "=" * 40):
        refused("InvalidNextTokenException", read, pipelineName=pipe.name, nextToken=wrong)
    refused("InvalidNextTokenException", read, pipelineName=pipe.name, nextToken=token, filter=passed)
    for wrong in ("", "x" * 2049):
        refused("ValidationException", read, pipelineName=pipe.name, nextToken=wrong)
    for size in (0, 101):
        refused("ValidationException", read, pipelineName=pipe.name, maxResults=size)
    refused("ValidationException", read, pipelineName=pipe.name, filter={"succeededInStage": {"stageName": "no spaces"}})
    refused("PipelineNotFoundException", read, pipelineName="nobody", nextToken=token)
