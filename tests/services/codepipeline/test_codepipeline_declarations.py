"""Pipelines declared, read, listed, tagged and deleted through the API, and every refusal of those operations."""

from typing import Any

import pytest

from stageline.testing.pipelines import action, approval, counter, eventually, refused, source, stage


def plain(make: Any, **more: Any) -> Any:
    return make(source(), stage("Build", action("A")), **more)


def test_defaults_are_filled_in_and_the_version_of_the_caller_is_ignored(declare: Any) -> None:
    pipe = declare(source(), stage("Build", action("A")), version=7)
    answer = pipe.client.create_pipeline(pipeline=pipe.document)
    made = answer["pipeline"]
    assert answer["tags"] == []
    assert (made["version"], made["pipelineType"], made["executionMode"]) == (1, "V1", "SUPERSEDED")
    built = made["stages"][1]["actions"][0]
    assert (built["runOrder"], built["configuration"], built["inputArtifacts"], built["outputArtifacts"]) == (1, {}, [], [])
    read = pipe.client.get_pipeline(name=pipe.name)
    assert read["pipeline"] == made
    assert read["metadata"]["pipelineArn"] == f"arn:aws:codepipeline:us-east-1:000000000000:{pipe.name}"
    assert read["metadata"]["created"] == read["metadata"]["updated"]


@pytest.mark.parametrize(
    "more",
    [{"variables": [{"name": "A", "defaultValue": "1"}]}, {"executionMode": "QUEUED"}],
    ids=["variables", "queued"],
)
def test_what_only_v2_has_makes_it_v2(declare: Any, more: dict[str, Any]) -> None:
    pipe = declare(source(), stage("Build", action("A")), **more)
    assert pipe.client.create_pipeline(pipeline=pipe.document)["pipeline"]["pipelineType"] == "V2"


def test_several_stores_come_back_as_they_were_sent(declare: Any) -> None:
    stores = {"us-east-1": {"type": "S3", "location": "artifacts"}, "eu-west-1": {"type": "S3", "location": "artifacts-eu"}}
    pipe = declare(source(), stage("Build", action("A")), artifactStores=stores)
    del pipe.document["artifactStore"]
    made = pipe.client.create_pipeline(pipeline=pipe.document)["pipeline"]
    assert made["artifactStores"] == stores
    assert "artifactStore" not in made
    pipe.ended()
    assert pipe.runs()[-1]["output"]["outputArtifacts"][0]["s3location"]["bucket"] == "artifacts"


def test_updates_count_versions_and_keep_the_old_ones(make: Any) -> None:
    pipe = plain(make)
    pipe.ended()
    before = pipe.client.get_pipeline(name=pipe.name)
    made = pipe.update(stages=[source(), stage("Build", action("B"))])
    assert made["version"] == 2
    now = pipe.client.get_pipeline(name=pipe.name)
    assert now["pipeline"] == made
    assert now["metadata"]["updated"] > now["metadata"]["created"] == before["metadata"]["created"]
    assert pipe.client.get_pipeline(name=pipe.name, version=1)["pipeline"] == before["pipeline"]
    assert pipe.client.get_pipeline(name=pipe.name, version=2)["pipeline"] == made
    refused("PipelineVersionNotFoundException", pipe.client.get_pipeline, name=pipe.name, version=3)
    assert len(pipe.executions()) == 1, "an update starts nothing"
    assert pipe.client.get_pipeline_state(name=pipe.name)["pipelineVersion"] == 2


def test_an_update_cancels_what_runs(make: Any) -> None:
    pipe = make(source(say="kept"), stage("Build", action("A", script="hold"), action("Z", runOrder=2)))
    first = pipe.first()
    pipe.reached("Build", "A")
    second = pipe.start()
    eventually(lambda: pipe.state()["Build"].get("inboundExecution"))
    pipe.update()
    assert pipe.ended(second, "Cancelled")["statusSummary"]
    assert pipe.execution(first)["status"] == "InProgress"
    pipe.settle("Build", "A")
    pipe.ended(first, "Cancelled")
    assert pipe.state()["Build"]["latestExecution"]["status"] == "Cancelled"
    assert not any(run["actionName"] == "Z" for run in pipe.runs())
    summaries = {each["pipelineExecutionId"]: each for each in pipe.executions()}
    assert summaries[first]["sourceRevisions"][0]["revisionSummary"] == "kept", (
        "history keeps the revisions of what was cancelled"
    )
    assert summaries[second]["sourceRevisions"]
    assert pipe.execution(first)["artifactRevisions"][0]["name"] == "Src"


def test_an_update_that_waits_for_no_approval(make: Any) -> None:
    pipe = make(source(), stage("Gate", approval()))
    token = pipe.reached("Gate", "Approve")["token"]
    pipe.update()
    pipe.ended(status="Cancelled")
    result = {"summary": "", "status": "Approved"}
    request = {"pipelineName": pipe.name, "stageName": "Gate", "actionName": "Approve", "token": token, "result": result}
    refused("InvalidApprovalTokenException", pipe.client.put_approval_result, **request)


def test_transitions_outlive_an_update(make: Any) -> None:
    pipe = plain(make)
    pipe.ended()
    side = {"pipelineName": pipe.name, "stageName": "Build", "transitionType": "Inbound"}
    pipe.client.disable_stage_transition(**side, reason="freeze")
    pipe.update()
    assert pipe.state()["Build"]["inboundTransitionState"]["disabledReason"] == "freeze"
    waiting = pipe.start()
    eventually(lambda: pipe.state()["Build"].get("inboundExecution", {}).get("pipelineExecutionId") == waiting)
    pipe.client.enable_stage_transition(**side)
    pipe.ended(waiting)
    pipe.client.enable_stage_transition(**side)
    state = pipe.state()["Build"]["inboundTransitionState"]
    assert state["enabled"] is True
    assert state["lastChangedBy"].startswith("arn:aws:iam::000000000000:")


def test_refusals_of_a_declaration(declare: Any, make: Any) -> None:
    taken = plain(make)
    create = taken.client.create_pipeline
    text = refused("PipelineNameInUseException", create, pipeline=taken.document)
    assert text == f"A pipeline with the name '{taken.name}' already exists in account '000000000000'"
    refused("PipelineNotFoundException", taken.client.update_pipeline, pipeline={**taken.document, "name": "nobody"})

    def both(code: str, *stages: dict[str, Any], **more: Any) -> None:
        document = {**declare(*stages).document, **more}
        message = refused(code, create, pipeline=document)
        assert refused(code, taken.client.update_pipeline, pipeline={**document, "name": taken.name}) == message

    build = stage("Build", action("A"))
    both("InvalidStructureException", source())
    both("InvalidStageDeclarationException", source(), stage("Build"))
    both("InvalidActionDeclarationException", source(), stage("Build", action("A", inputs=["Other"])))
    both("InvalidBlockerDeclarationException", source(), {**build, "blockers": [{"name": "b", "type": "Schedule"}]})
    both("ValidationException", source(), stage("Build", action("A", runOrder=0)))
    both("ValidationException", source(), stage("Build", action("A", runOrder=1000)))
    both("ValidationException", source(), stage("Build", action("no spaces")))
    both("ValidationException", source(), stage("Build", action("A", say="x" * 1001)))
    both("ValidationException", source(), build, variables=[{"name": f"V{n}", "defaultValue": "1"} for n in range(51)])
    both("ValidationException", source(), build, executionMode="SIMULTANEOUS")
    both("ValidationException", source(), build, roleArn="admin")
    key = {"type": "S3", "location": "artifacts", "encryptionKey": {"id": "k", "type": "AES"}}
    both("ValidationException", source(), build, artifactStore=key)
    assert taken.client.get_pipeline(name=taken.name)["pipeline"]["version"] == 1, "refused updates count no version"


def test_deleting_is_final_and_repeatable(make: Any, world: Any) -> None:
    pipe = make(source(), stage("Build", action("A", script="hold")), tags=[{"key": "a", "value": "b"}])
    arn, run = pipe.arn, pipe.reached("Build", "A")["actionExecutionId"]
    first = pipe.first()
    pipe.client.delete_pipeline(name=pipe.name)
    pipe.client.delete_pipeline(name=pipe.name)
    pipe.client.delete_pipeline(name="never-was")
    refused("PipelineNotFoundException", pipe.client.get_pipeline, name=pipe.name)
    refused("PipelineNotFoundException", pipe.client.get_pipeline_state, name=pipe.name)
    refused("PipelineNotFoundException", pipe.client.start_pipeline_execution, name=pipe.name)
    refused("ResourceNotFoundException", pipe.client.list_tags_for_resource, resourceArn=arn)
    world.providers["Build", "AWS", "Scripted", "1"].settle(run)
    pipe.tags = None
    pipe.create()
    assert pipe.client.get_pipeline(name=pipe.name)["pipeline"]["version"] == 1
    again = pipe.executions()
    assert len(again) == 1
    assert again[0]["pipelineExecutionId"] != first
    assert pipe.client.list_tags_for_resource(resourceArn=arn)["tags"] == []
    refused(
        "PipelineExecutionNotFoundException",
        pipe.client.get_pipeline_execution,
        pipelineName=pipe.name,
        pipelineExecutionId=first,
    )
    other = pipe.reached("Build", "A")["actionExecutionId"]
    assert other != run
    assert [each["actionName"] for each in pipe.runs()] == ["A", "Fetch"]
    pipe.settle("Build", "A")
    pipe.ended()


def test_listing_pages_through_all_pipelines(make: Any, world: Any) -> None:
    made = [plain(make, name=f"page-{next(counter)}-{letter}") for letter in "abc"]
    client = world.client()
    everything = [each["name"] for each in client.list_pipelines()["pipelines"]]
    assert everything == sorted(everything)
    assert {pipe.name for pipe in made} <= set(everything)
    pages = client.get_paginator("list_pipelines").paginate(PaginationConfig={"PageSize": 2})
    assert [each["name"] for page in pages for each in page["pipelines"]] == everything
    summary = next(each for each in client.list_pipelines()["pipelines"] if each["name"] == made[0].name)
    assert set(summary) == {"name", "version", "pipelineType", "executionMode", "created", "updated"}
    token = client.list_pipelines(maxResults=1)["nextToken"]
    plain(make, name="000-comes-first")
    assert client.list_pipelines(maxResults=1, nextToken=token)["pipelines"][0]["name"] == everything[1]
    refused("InvalidNextTokenException", client.list_pipelines, nextToken="nonsense")
    refused("InvalidNextTokenException", client.list_pipelines, nextToken="é")
    refused("ValidationException", client.list_pipelines, maxResults=1001)
    refused("ValidationException", client.list_pipelines, maxResults=0)


def test_tags(make: Any) -> None:
    pipe = plain(make, tags=[{"key": "team", "value": "blue"}])
    client, arn = pipe.client, pipe.arn

    def listed() -> dict[str, str]:
        return {each["key"]: each["value"] for each in client.list_tags_for_resource(resourceArn=arn)["tags"]}

    client.tag_resource(resourceArn=arn, tags=[{"key": "team", "value": "red"}, {"key": "cost", "value": ""}])
    assert listed() == {"cost": "", "team": "red"}
    client.untag_resource(resourceArn=arn, tagKeys=["cost", "absent"])
    assert listed() == {"team": "red"}
    pipe.update()
    assert listed() == {"team": "red"}
    many = [{"key": f"k{number}", "value": "v"} for number in range(50)]
    refused("TooManyTagsException", client.tag_resource, resourceArn=arn, tags=many)
    client.tag_resource(resourceArn=arn, tags=many[:49])
    system = refused("InvalidTagsException", client.tag_resource, resourceArn=arn, tags=[{"key": "aws:x", "value": "v"}])
    assert "System tags start with 'aws:'" in system
    refused("InvalidTagsException", client.untag_resource, resourceArn=arn, tagKeys=["AWS:x"])
    twice = [{"key": "a", "value": "1"}, {"key": "a", "value": "2"}]
    refused("InvalidTagsException", client.tag_resource, resourceArn=arn, tags=twice)
    for call, more in (
        (client.tag_resource, {"tags": many[:1]}),
        (client.untag_resource, {"tagKeys": ["a"]}),
        (client.list_tags_for_resource, {}),
    ):
        for stranger in ("nobody", "webhook:nobody"):
            other = f"arn:aws:codepipeline:us-east-1:000000000000:{stranger}"
            refused("ResourceNotFoundException", call, resourceArn=other, **more)
        elsewhere = arn.replace("us-east-1", "eu-west-1")
        refused("ResourceNotFoundException", call, resourceArn=elsewhere, **more)
        refused("InvalidArnException", call, resourceArn=f"{arn}/Build", **more)
        refused("InvalidArnException", call, resourceArn="arn:aws:codepipeline:a:b:000000000000:x", **more)
        refused("ValidationException", call, resourceArn="arn:aws:s3:::bucket", **more)


def test_tags_at_creation(declare: Any) -> None:
    pipe = declare(source(), stage("Build", action("A")))
    create, document = pipe.client.create_pipeline, pipe.document
    many = [{"key": f"k{number:02}", "value": "v"} for number in range(51)]
    refused("TooManyTagsException", create, pipeline=document, tags=many)
    refused("InvalidTagsException", create, pipeline=document, tags=[{"key": "aws:a", "value": "v"}])
    refused("PipelineNotFoundException", pipe.client.get_pipeline, name=pipe.name)
    assert create(pipeline=document, tags=list(reversed(many[:50])))["tags"] == many[:50]


def test_action_types(world: Any) -> None:
    client = world.client()
    types = client.list_action_types()["actionTypes"]
    named = {tuple(each["id"][part] for part in ("category", "owner", "provider", "version")): each for each in types}
    assert len(named) == len(types)
    assert {("Source", "AWS", "S3", "1"), ("Source", "AWS", "CodeCommit", "1"), ("Approval", "AWS", "Manual", "1")} <= set(named)
    deploy = named["Deploy", "AWS", "S3", "1"]
    assert deploy["inputArtifactDetails"] == {"minimumCount": 1, "maximumCount": 1}
    assert deploy["outputArtifactDetails"] == {"minimumCount": 0, "maximumCount": 0}
    assert {each["name"] for each in deploy["actionConfigurationProperties"] if each["required"]} == {"BucketName", "Extract"}
    assert client.list_action_types(actionOwnerFilter="Custom")["actionTypes"] == []
    assert client.list_action_types(actionOwnerFilter="AWS")["actionTypes"] == types
    assert client.list_action_types(regionFilter="eu-west-1")["actionTypes"] == []
    refused("InvalidNextTokenException", client.list_action_types, nextToken="nonsense")
    refused("ValidationException", client.list_action_types, actionOwnerFilter="Nobody")
