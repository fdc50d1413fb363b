"""Who may do what: one action approved and nothing else, roles passed on, tags that decide."""

from typing import Any

from stageline.testing.pipelines import action, approval, refused, source, stage

DENIED = "AccessDeniedException"


def allow(*actions: str, on: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Action": [f"codepipeline:{each}" for each in actions], "Resource": on, **more}


def test_an_approver_of_one_action_can_do_nothing_else(make: Any, world: Any) -> None:
    pipe = make(source(), stage("Gate", approval("Mine"), approval("Theirs")), stage("Deploy", action("Copy", "Deploy")))
    approver = world.person(allow("GetPipelineState", on=pipe.arn), allow("PutApprovalResult", on=f"{pipe.arn}/Gate/Mine"))
    mine, theirs = (pipe.reached("Gate", name)["token"] for name in ("Mine", "Theirs"))
    yes = {"status": "Approved", "summary": ""}
    put, where = approver.put_approval_result, {"pipelineName": pipe.name, "stageName": "Gate"}
    text = refused(DENIED, put, **where, actionName="Theirs", token=theirs, result=yes)
    assert "codepipeline:PutApprovalResult on resource: " in text
    assert f"{pipe.arn}/Gate/Theirs" in text
    refused("InvalidApprovalTokenException", put, **where, actionName="Mine", token=theirs, result=yes)
    refused(DENIED, approver.start_pipeline_execution, name=pipe.name)
    refused(DENIED, approver.get_pipeline, name=pipe.name)
    refused(DENIED, approver.list_pipelines)
    assert approver.get_pipeline_state(name=pipe.name)["pipelineName"] == pipe.name
    put(**where, actionName="Mine", token=mine, result=yes)
    assert pipe.shown("Gate", "Mine")["lastUpdatedBy"].startswith("arn:aws:iam::000000000000:user/person-")
    assert pipe.shown("Gate", "Theirs")["status"] == "InProgress"


def test_who_may_do_nothing_is_refused_everything(make: Any, world: Any) -> None:
    pipe = make(source(), stage("Gate", approval()))
    nobody, name = world.person(), pipe.name
    execution = {"pipelineName": name, "pipelineExecutionId": pipe.first()}
    side = {"pipelineName": name, "stageName": "Gate", "transitionType": "Inbound"}
    tag = {"resourceArn": pipe.arn}
    result = {"status": "Approved", "summary": ""}
    calls: list[tuple[Any, dict[str, Any]]] = [
        (nobody.create_pipeline, {"pipeline": {**pipe.document, "name": "other"}}),
        (nobody.update_pipeline, {"pipeline": pipe.document}),
        (nobody.get_pipeline, {"name": name}),
        (nobody.delete_pipeline, {"name": name}),
        (nobody.list_pipelines, {}),
        (nobody.start_pipeline_execution, {"name": name}),
        (nobody.stop_pipeline_execution, execution),
        (nobody.get_pipeline_execution, execution),
        (nobody.get_pipeline_state, {"name": name}),
        (nobody.list_pipeline_executions, {"pipelineName": name}),
        (nobody.list_action_executions, {"pipelineName": name}),
        (nobody.list_action_types, {}),
        (nobody.retry_stage_execution, {**execution, "stageName": "Gate", "retryMode": "ALL_ACTIONS"}),
        (nobody.disable_stage_transition, {**side, "reason": "x"}),
        (nobody.enable_stage_transition, side),
        (
            nobody.put_approval_result,
            {
                "pipelineName": name,
                "stageName": "Gate",
                "actionName": "Approve",
                "token": pipe.reached("Gate", "Approve")["token"],
                "result": result,
            },
        ),
        (nobody.tag_resource, {**tag, "tags": [{"key": "a", "value": "b"}]}),
        (nobody.untag_resource, {**tag, "tagKeys": ["a"]}),
        (nobody.list_tags_for_resource, tag),
    ]
    before = pipe.client.get_pipeline(name=name)["pipeline"]
    for call, request in calls:
        assert "is not authorized to perform: " in refused(DENIED, call, **request)
    assert pipe.client.get_pipeline(name=name)["pipeline"] == before
    assert pipe.shown("Gate", "Approve")["status"] == "InProgress"
    assert "other" not in [each["name"] for each in pipe.client.list_pipelines()["pipelines"]]


def test_an_absent_pipeline_is_not_told_apart_without_permission(world: Any) -> None:
    nobody = world.person()
    refused(DENIED, nobody.get_pipeline, name="no-such-pipeline")


def test_roles_have_to_be_passed(declare: Any, world: Any) -> None:
    worker = world.role_for("passed-worker", {"Principal": {"AWS": world.role}})
    pipe = declare(source(), stage("Build", action("A", roleArn=worker)))
    neither = world.person(allow("*"))
    text = refused(DENIED, neither.create_pipeline, pipeline=pipe.document)
    assert f"is not authorized to perform: iam:PassRole on resource: {worker}" in text
    passing = {"Action": "iam:PassRole", "Resource": world.role}
    half = world.person(allow("*"), passing)
    assert worker in refused(DENIED, half.create_pipeline, pipeline=pipe.document)
    to_service = {"StringEquals": {"iam:PassedToService": "codepipeline.amazonaws.com"}}
    both = world.person(allow("*"), {"Action": "iam:PassRole", "Resource": [world.role, worker], "Condition": to_service})
    both.create_pipeline(pipeline=pipe.document)
    assert worker in refused(DENIED, half.update_pipeline, pipeline=pipe.document)
    elsewhere = {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}
    wrong = world.person(allow("*"), {"Action": "iam:PassRole", "Resource": "*", "Condition": elsewhere})
    refused(DENIED, wrong.update_pipeline, pipeline=pipe.document)


def test_tags_of_the_pipeline_decide(make: Any, world: Any) -> None:
    blue = make(source(), stage("Gate", approval()), tags=[{"key": "team", "value": "blue"}])
    red = make(source(), stage("Gate", approval()), tags=[{"key": "team", "value": "red"}])
    is_blue = {"StringEquals": {"aws:ResourceTag/team": "blue"}}
    person = world.person(allow("StartPipelineExecution", "DisableStageTransition", "PutApprovalResult", Condition=is_blue))
    person.start_pipeline_execution(name=blue.name)
    refused(DENIED, person.start_pipeline_execution, name=red.name)
    side = {"stageName": "Gate", "transitionType": "Inbound", "reason": "freeze"}
    person.disable_stage_transition(pipelineName=blue.name, **side)
    refused(DENIED, person.disable_stage_transition, pipelineName=red.name, **side)
    blue.client.tag_resource(resourceArn=blue.arn, tags=[{"key": "team", "value": "green"}])
    refused(DENIED, person.start_pipeline_execution, name=blue.name)


def test_tags_asked_for_decide(declare: Any, world: Any) -> None:
    must = {"StringEquals": {"aws:RequestTag/team": "blue"}, "ForAllValues:StringEquals": {"aws:TagKeys": ["team"]}}
    person = world.person(
        allow("CreatePipeline", "TagResource", Condition=must), {"Action": "iam:PassRole", "Resource": world.role}
    )
    document = declare(source(), stage("Build", action("A"))).document
    refused(DENIED, person.create_pipeline, pipeline=document)
    refused(DENIED, person.create_pipeline, pipeline=document, tags=[{"key": "team", "value": "red"}])
    extra = [{"key": "team", "value": "blue"}, {"key": "cost", "value": "1"}]
    refused(DENIED, person.create_pipeline, pipeline=document, tags=extra)
    person.create_pipeline(pipeline=document, tags=extra[:1])


def test_creating_with_tags_needs_the_permission_to_tag(declare: Any, world: Any) -> None:
    person = world.person(allow("CreatePipeline"), {"Action": "iam:PassRole", "Resource": world.role})
    document = declare(source(), stage("Build", action("A"))).document
    text = refused(DENIED, person.create_pipeline, pipeline=document, tags=[{"key": "a", "value": "b"}])
    assert "codepipeline:TagResource" in text
    person.create_pipeline(pipeline=document)


def test_a_stage_may_be_the_limit(make: Any, world: Any) -> None:
    pipe = make(source(), stage("Build", action("A", script="fail")), stage("Gate", approval()))
    pipe.ended(status="Failed")
    person = world.person(allow("RetryStageExecution", "EnableStageTransition", on=f"{pipe.arn}/Build"))
    request = {"pipelineName": pipe.name, "pipelineExecutionId": pipe.first(), "retryMode": "FAILED_ACTIONS"}
    refused(DENIED, person.retry_stage_execution, **request, stageName="Gate")
    person.retry_stage_execution(**request, stageName="Build")
    person.enable_stage_transition(pipelineName=pipe.name, stageName="Build", transitionType="Inbound")
    refused(DENIED, person.enable_stage_transition, pipelineName=pipe.name, stageName="Gate", transitionType="Inbound")
