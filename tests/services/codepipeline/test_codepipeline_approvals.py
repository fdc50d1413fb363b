"""Approvals that need several persons, and none of them the one who started: by tags of the pipeline, and ways round them."""

import json
from typing import Any

import pytest

from stageline.testing.harness import Key
from stageline.testing.pipelines import action, approval, eventually, refused, source, stage

OTHERS = {"key": "stageline:approvals-by-others", "value": "true"}
TWO = {"key": "stageline:approvals", "value": "2"}
ALL = {"Action": "codepipeline:*", "Resource": "*"}


def answer(pipe: Any, person: Any, status: str = "Approved", summary: str = "") -> Any:
    token = pipe.reached("Gate", "Approve")["token"]
    result = {"summary": summary, "status": status}
    return person.put_approval_result(pipelineName=pipe.name, stageName="Gate", actionName="Approve", token=token, result=result)


def gated(make: Any, *tags: dict[str, str], **more: Any) -> Any:
    return make(source(), stage("Gate", approval()), stage("Deploy", action("Copy", "Deploy")), tags=list(tags), **more)


def test_two_persons_have_to_approve(make: Any, world: Any) -> None:
    pipe, ann, bob = gated(make, TWO), world.person(ALL), world.person(ALL)
    answer(pipe, ann)
    half = pipe.shown("Gate", "Approve")
    assert half["status"] == "InProgress"
    assert half["summary"].startswith("1 of 2 approvals, the last by arn:aws:iam::000000000000:user/person-")
    assert half["token"], "the same token, for the next one"
    text = refused("ApprovalAlreadyCompletedException", lambda: answer(pipe, ann))
    assert "You have approved already" in text
    assert pipe.execution(pipe.first())["status"] == "InProgress"
    answer(pipe, bob, summary="fine with me")
    pipe.ended()
    assert pipe.shown("Gate", "Approve")["summary"] == "fine with me"


def test_one_rejection_is_enough_and_a_retry_asks_everybody_again(make: Any, world: Any) -> None:
    pipe, ann, bob = gated(make, TWO), world.person(ALL), world.person(ALL)
    answer(pipe, ann)
    answer(pipe, ann, "Rejected", "I was wrong")
    pipe.ended(status="Failed")
    before = pipe.shown("Gate", "Approve")["actionExecutionId"]
    pipe.client.retry_stage_execution(
        pipelineName=pipe.name, stageName="Gate", pipelineExecutionId=pipe.first(), retryMode="FAILED_ACTIONS"
    )
    pipe.reached("Gate", "Approve", after=before)
    answer(pipe, bob)
    assert pipe.shown("Gate", "Approve")["status"] == "InProgress", "earlier approvals do not count"
    answer(pipe, ann)
    pipe.ended()


def test_one_action_may_ask_for_more(make: Any, world: Any) -> None:
    pipe = gated(make, {"key": "stageline:approvals/Gate/Approve", "value": "3"}, {"key": "stageline:approvals", "value": "1"})
    people = [world.person(ALL) for _ in range(3)]
    for person in people[:2]:
        answer(pipe, person)
    assert pipe.shown("Gate", "Approve")["status"] == "InProgress"
    answer(pipe, people[2])
    pipe.ended()


def test_who_started_it_does_not_approve_it(make: Any, world: Any) -> None:
    pipe, ann, bob = gated(make, OTHERS), world.person(ALL), world.person(ALL)
    answer(pipe, ann)
    pipe.ended()
    mine = ann.start_pipeline_execution(name=pipe.name)["pipelineExecutionId"]
    pipe.reached("Gate", "Approve")
    assert "Ask somebody else" in refused("AccessDeniedException", lambda: answer(pipe, ann))
    assert pipe.shown("Gate", "Approve")["status"] == "InProgress"
    answer(pipe, bob)
    pipe.ended(mine)


def test_a_role_does_not_make_another_person(make: Any, world: Any) -> None:
    """Whoever takes a role, and another with that one, is the same person still."""
    pipe = gated(make, OTHERS)
    answer(pipe, world.person(ALL))
    pipe.ended()
    iam = world.client("iam")
    iam.create_user(UserName="chained")
    everything = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})
    iam.put_user_policy(UserName="chained", PolicyName="p", PolicyDocument=everything)
    key = iam.create_access_key(UserName="chained")["AccessKey"]
    first = world.role_for("chain-one", {"Principal": {"AWS": "*"}}, {"Action": "*", "Resource": "*"})
    second = world.role_for("chain-two", {"Principal": {"AWS": "*"}}, {"Action": "*", "Resource": "*"})

    def assumed(by: Key, role: str, session: str) -> Key:
        given = world.client("sts", key=by).assume_role(RoleArn=role, RoleSessionName=session)["Credentials"]
        return Key(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])

    own = Key(key["AccessKeyId"], key["SecretAccessKey"])
    session = assumed(assumed(own, first, "one"), second, "two")
    world.client(key=own).start_pipeline_execution(name=pipe.name)
    pipe.reached("Gate", "Approve")
    refused("AccessDeniedException", lambda: answer(pipe, world.client(key=session)))
    pipe.client.stop_pipeline_execution(
        pipelineName=pipe.name, pipelineExecutionId=pipe.executions()[0]["pipelineExecutionId"], abandon=True
    )
    world.client(key=session).start_pipeline_execution(name=pipe.name)
    eventually(lambda: pipe.shown("Gate", "Approve")["status"] == "InProgress")
    refused("AccessDeniedException", lambda: answer(pipe, world.client(key=own)))
    answer(pipe, world.person(ALL))
    pipe.ended(pipe.executions()[0]["pipelineExecutionId"])


@pytest.mark.parametrize("where", ["codecommit", "s3"])
def test_who_made_the_change_does_not_approve_it(make: Any, world: Any, where: str) -> None:
    iam, name = world.client("iam"), f"author-{where}"
    iam.create_user(UserName=name)
    rights = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})
    iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=rights)
    made = iam.create_access_key(UserName=name)["AccessKey"]
    author = Key(made["AccessKeyId"], made["SecretAccessKey"])
    service = world.client(where, key=author)
    if where == "codecommit":
        service.create_repository(repositoryName="asked")
        configuration = {"RepositoryName": "asked", "BranchName": "main"}
    else:
        service.create_bucket(Bucket="asked")
        service.put_bucket_versioning(Bucket="asked", VersioningConfiguration={"Status": "Enabled"})
        configuration = {"S3Bucket": "asked", "S3ObjectKey": "src.zip"}
    provider = {"codecommit": "CodeCommit", "s3": "S3"}[where]
    fetch = {**action("Fetch", "Source", provider, outputs=["Src"]), "configuration": configuration}
    pipe = make(stage("Source", fetch), stage("Gate", approval()), tags=[OTHERS])
    pipe.ended(status="Failed")
    if where == "codecommit":
        service.put_file(repositoryName="asked", branchName="main", fileContent=b"x", filePath="a.txt")
    else:
        service.put_object(Bucket="asked", Key="src.zip", Body=b"zip")
    pipe.reached("Gate", "Approve")
    assert pipe.executions()[0]["trigger"]["triggerType"] == "PollForSourceChanges"
    refused("AccessDeniedException", lambda: answer(pipe, world.client(key=author)))
    answer(pipe, world.person(ALL))
    pipe.ended(pipe.executions()[0]["pipelineExecutionId"])


def test_a_pipeline_in_between_does_not_help(make: Any, world: Any) -> None:
    """Who starts a pipeline that starts another one is the person behind both."""
    pipe, ann = gated(make, OTHERS), world.person(ALL)
    answer(pipe, world.person(ALL))
    pipe.ended()
    kind = {"category": "Invoke", "owner": "AWS", "provider": "CodePipeline", "version": "1"}
    call = {"name": "Call", "actionTypeId": kind, "configuration": {"PipelineName": pipe.name}}
    before = pipe.shown("Gate", "Approve")["actionExecutionId"]
    front = make(source(), stage("Next", call), pipelineType="V2")
    pipe.reached("Gate", "Approve", after=before)
    answer(pipe, ann)
    front.ended()
    before = pipe.shown("Gate", "Approve")["actionExecutionId"]
    ann.start_pipeline_execution(name=front.name)
    pipe.reached("Gate", "Approve", after=before)
    refused("AccessDeniedException", lambda: answer(pipe, ann))
    answer(pipe, world.person(ALL))
    pipe.ended(pipe.executions()[0]["pipelineExecutionId"])


def test_ways_round(make: Any, world: Any) -> None:
    """Nothing but approvals lets an execution past an approval that others have to give."""
    pipe = gated(make, OTHERS, TWO)
    ann = world.person({"Action": "codepipeline:*", "Resource": "*"})
    for person in (world.person(ALL), world.person(ALL)):
        answer(pipe, person)
    good = pipe.first()
    pipe.ended()
    mine = ann.start_pipeline_execution(name=pipe.name)["pipelineExecutionId"]
    pipe.reached("Gate", "Approve")
    where = {"pipelineName": pipe.name, "stageName": "Gate"}
    again = {**where, "pipelineExecutionId": mine}
    refused("StageNotRetryableException", ann.retry_stage_execution, **again, retryMode="FAILED_ACTIONS")
    refused("StageNotRetryableException", ann.retry_stage_execution, **again, retryMode="ALL_ACTIONS")
    for kind in ("BEFORE_ENTRY", "ON_SUCCESS"):
        refused("ConditionNotOverridableException", ann.override_stage_condition, **again, conditionType=kind)
    refused("UnableToRollbackStageException", ann.rollback_stage, **where, targetPipelineExecutionId=good)
    refused(
        "UnableToRollbackStageException", ann.rollback_stage, **{**where, "stageName": "Deploy"}, targetPipelineExecutionId=mine
    )
    for side in ("Inbound", "Outbound"):
        ann.disable_stage_transition(**where, transitionType=side, reason="x")
        ann.enable_stage_transition(**where, transitionType=side)
    assert pipe.shown("Gate", "Approve")["status"] == "InProgress"
    ann.stop_pipeline_execution(pipelineName=pipe.name, pipelineExecutionId=mine, abandon=True)
    ann.retry_stage_execution(**again, retryMode="FAILED_ACTIONS")
    pipe.reached("Gate", "Approve")
    refused("AccessDeniedException", lambda: answer(pipe, ann))
    deployed = [each for each in pipe.runs() if each["actionName"] == "Copy"]
    assert {each["pipelineExecutionId"] for each in deployed} == {good}


def test_a_rollback_of_the_approval_asks_again(make: Any, world: Any) -> None:
    pipe, ann = gated(make, OTHERS), world.person(ALL)
    answer(pipe, ann)
    pipe.ended()
    back = ann.rollback_stage(pipelineName=pipe.name, stageName="Gate", targetPipelineExecutionId=pipe.first())
    eventually(lambda: pipe.shown("Gate", "Approve")["status"] == "InProgress")
    refused("AccessDeniedException", lambda: answer(pipe, ann))
    answer(pipe, world.person(ALL))
    pipe.ended(back["pipelineExecutionId"])


def test_an_automatic_rollback_is_still_that_person_s(make: Any, world: Any) -> None:
    gate = stage("Gate", approval(), action("Copy", "Deploy", script="done,fail,done", runOrder=2))
    pipe, ann = make(source(), {**gate, "onFailure": {"result": "ROLLBACK"}}, pipelineType="V2", tags=[OTHERS]), world.person(ALL)
    answer(pipe, ann)
    pipe.ended()
    before = pipe.shown("Gate", "Approve")["actionExecutionId"]
    ann.start_pipeline_execution(name=pipe.name)
    pipe.reached("Gate", "Approve", after=before)
    before = pipe.shown("Gate", "Approve")["actionExecutionId"]
    answer(pipe, world.person(ALL))
    pipe.reached("Gate", "Approve", after=before)
    assert pipe.executions()[0]["trigger"]["triggerType"] == "AutomatedRollback"
    refused("AccessDeniedException", lambda: answer(pipe, ann))
    answer(pipe, world.person(ALL))
    pipe.ended(pipe.executions()[0]["pipelineExecutionId"])


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("stageline:approvals", "0"),
        ("stageline:approvals", "two"),
        ("stageline:approvals", "51"),
        ("stageline:approvals", "٢"),
        ("stageline:approvals/Gate/Approve", ""),
        ("stageline:approvals-by-others", "yes"),
        ("stageline:aprovals", "2"),
    ],
)
def test_tags_that_mean_nothing_are_refused(make: Any, key: str, value: str) -> None:
    pipe = gated(make)
    refused("InvalidTagsException", pipe.client.tag_resource, resourceArn=pipe.arn, tags=[{"key": key, "value": value}])
    assert pipe.client.list_tags_for_resource(resourceArn=pipe.arn)["tags"] == []


def test_who_may_tag_can_be_held_apart(make: Any, world: Any) -> None:
    """The demands are as safe as the permission to change those tags."""
    pipe = gated(make, TWO)
    ours = {"ForAnyValue:StringLike": {"aws:TagKeys": "stageline:*"}}
    ann = world.person(ALL)
    iam = world.client("iam")
    name = iam.list_users()["Users"][-1]["UserName"]
    deny = {"Effect": "Deny", "Action": ["codepipeline:TagResource", "codepipeline:UntagResource"], "Resource": "*"}
    document = {"Version": "2012-10-17", "Statement": [{**deny, "Condition": ours}]}
    for user in iam.list_users()["Users"]:
        if user["UserName"] == name or user["UserName"].startswith("person-"):
            iam.put_user_policy(UserName=user["UserName"], PolicyName="keep", PolicyDocument=json.dumps(document))
    one = {"resourceArn": pipe.arn, "tags": [{"key": "stageline:approvals", "value": "1"}]}
    refused("AccessDeniedException", ann.tag_resource, **one)
    refused("AccessDeniedException", ann.untag_resource, resourceArn=pipe.arn, tagKeys=["stageline:approvals"])
    ann.tag_resource(resourceArn=pipe.arn, tags=[{"key": "team", "value": "blue"}])
