"""Custom action types: what is taken, what is refused, how they are listed, tagged, deleted and made again."""

from typing import Any

import pytest

from stageline.testing.pipelines import action, refused, source, stage
from stageline.testing.workers import KEY, SECRET, Kind

DENIED = "AccessDeniedException"
NONE = {"minimumCount": 0, "maximumCount": 0}
URLS = {
    "thirdPartyConfigurationUrl": "https://builds.example/sign-up",
    "entityUrlTemplate": "https://builds.example/job/{Config:Project}/",
    "executionUrlTemplate": "https://builds.example/job/{Config:Project}/{ExternalExecutionId}/",
    "revisionUrlTemplate": "https://builds.example/commit/{RevisionId}",
}


def arn(kind: Kind) -> str:
    name = kind.name
    return (
        f"arn:aws:codepipeline:us-east-1:000000000000:actiontype:Custom/{name['category']}/{name['provider']}/{name['version']}"
    )


def test_a_type_is_listed_as_it_was_made(world: Any) -> None:
    queryable = {**KEY, "queryable": True, "description": "What to build", "type": "String"}
    number = {"name": "Tries", "required": False, "key": False, "secret": False, "type": "Number"}
    kind = Kind(world.client(), settings=URLS, configurationProperties=[queryable, SECRET, number])
    tags = [{"key": "b", "value": "2"}, {"key": "a", "value": "1"}]
    made = kind.client.create_custom_action_type(**kind.definition, tags=tags)
    assert made["tags"] == tags[::-1]
    shown = made["actionType"]
    assert shown["id"] == kind.id
    assert shown["settings"] == URLS
    plain = {"queryable": False, "type": "String"}
    assert shown["actionConfigurationProperties"] == [queryable, {**plain, **SECRET}, {**plain, **number}]
    assert shown["inputArtifactDetails"] == shown["outputArtifactDetails"] == {"minimumCount": 0, "maximumCount": 5}
    listed = kind.client.list_action_types(actionOwnerFilter="Custom")["actionTypes"]
    assert [each for each in listed if each["id"] == kind.id] == [shown]
    assert kind.client.list_tags_for_resource(resourceArn=arn(kind))["tags"] == tags[::-1]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"configurationProperties": [KEY, KEY]}, "more than once: Project"),
        ({"configurationProperties": [{**KEY, "required": False, "queryable": True}]}, "must be required"),
        ({"configurationProperties": [{**SECRET, "required": True, "queryable": True}]}, "must not be secret"),
        ({"configurationProperties": [{**KEY, "queryable": True}, {**KEY, "name": "B", "queryable": True}]}, "At most one"),
        ({"configurationProperties": [{**KEY, "name": "a}b"}]}, "brace"),
        ({"configurationProperties": [{**KEY, "name": f"P{n}"} for n in range(11)]}, "less than or equal to 10"),
        ({"configurationProperties": [{**KEY, "description": "x" * 161}]}, "160"),
        ({"configurationProperties": [{**KEY, "type": "Date"}]}, "enum"),
        ({"inputArtifactDetails": {"minimumCount": 3, "maximumCount": 2}}, "greater than the maximumCount"),
        ({"outputArtifactDetails": {"minimumCount": 0, "maximumCount": 6}}, "5"),
        ({"category": "Source", "inputArtifactDetails": {"minimumCount": 0, "maximumCount": 1}}, "takes no input artifacts"),
        ({"category": "Source", "inputArtifactDetails": NONE, "outputArtifactDetails": NONE}, "makes an output artifact"),
        ({"category": "Compute"}, "Compute"),
        ({"version": "1.0"}, "[0-9A-Za-z_-]+"),
        ({"provider": "x" * 36}, "35"),
        ({"settings": {"entityUrlTemplate": "javascript:alert(1)"}}, "http or https"),
        ({"settings": {"thirdPartyConfigurationUrl": "/sign-up"}}, "http or https"),
        ({"settings": {"entityUrlTemplate": "https://x.example/{Config:Token}"}}, "{Config:Token}"),
        ({"settings": {"executionUrlTemplate": "https://x.example/{Config:Nothing}"}}, "{Config:Nothing}"),
        ({"settings": {"executionUrlTemplate": "https://x.example/{RevisionId}"}}, "{RevisionId}"),
    ],
)
def test_a_wrong_definition_is_refused(world: Any, changes: dict[str, Any], words: str) -> None:
    kind = Kind(world.client(), **changes)
    assert words in refused("ValidationException", kind.client.create_custom_action_type, **kind.definition)
    assert kind.name["provider"] not in str(kind.client.list_action_types(actionOwnerFilter="Custom"))


def test_wrong_tags_are_refused(world: Any) -> None:
    kind = Kind(world.client())
    create = kind.client.create_custom_action_type
    refused("InvalidTagsException", create, **kind.definition, tags=[{"key": "aws:x", "value": ""}])
    many = [{"key": f"k{number}", "value": ""} for number in range(51)]
    refused("TooManyTagsException", create, **kind.definition, tags=many)


def test_a_version_means_one_definition_for_ever(world: Any, declare: Any) -> None:
    kind = Kind(world.client())
    client, other = kind.client, {**kind.definition, "configurationProperties": [KEY]}
    for _ in range(2):  # made again, it is as it was
        assert client.create_custom_action_type(**kind.definition)["actionType"]["id"] == kind.id
    refused("ActionTypeAlreadyExistsException", client.create_custom_action_type, **other)
    pipe = declare(source(), stage("Build", kind.action()))
    pipe.create()
    for _ in range(2):  # deleted again, nothing happens
        client.delete_custom_action_type(**kind.name)
    assert kind.id not in [each["id"] for each in client.list_action_types()["actionTypes"]]
    text = refused("InvalidActionDeclarationException", client.update_pipeline, pipeline=pipe.document)
    assert f"Provider: '{kind.name['provider']}', Owner: 'Custom'" in text
    refused("ActionTypeNotFoundException", client.poll_for_jobs, actionTypeId=kind.id)
    assert "deleted" in refused("ActionTypeAlreadyExistsException", client.create_custom_action_type, **other)
    kind.create()
    pipe.update()
    client.delete_custom_action_type(category="Build", provider="Nobody", version="1")
    refused("ValidationException", client.delete_custom_action_type, category="Build", provider="no body", version="1")


def test_the_types_of_this_server_are_taken(world: Any) -> None:
    client = world.client()
    refused("ActionTypeNotFoundException", client.get_action_type, category="Source", owner="AWS", provider="S3", version="1")
    refused("ValidationException", client.get_action_type, category="Source", owner="Custom", provider="S3", version="1")


def test_fifty_types_and_no_more_in_pages(world: Any) -> None:
    client = world.client()
    there = [each["id"] for each in client.list_action_types(actionOwnerFilter="Custom")["actionTypes"]]
    made = [Kind(client).create() for _ in range(50 - len(there))]
    one_more = Kind(client)
    refused("LimitExceededException", client.create_custom_action_type, **one_more.definition)
    pages = [page["actionTypes"] for page in client.get_paginator("list_action_types").paginate()]
    assert [len(page) for page in pages][:-1] == [50]
    ids = [tuple(each["id"].values()) for page in pages for each in page]
    assert len(set(ids)) == len(ids) > 50
    token = client.list_action_types()["nextToken"]
    refused("InvalidNextTokenException", client.list_action_types, nextToken=token, actionOwnerFilter="Custom")
    for kind in made:
        client.delete_custom_action_type(**kind.name)
    one_more.create()


def test_tags_of_types(world: Any, kind: Any) -> None:
    some = kind()
    client, name = some.client, arn(some)
    client.tag_resource(resourceArn=name, tags=[{"key": "team", "value": "blue"}])
    client.untag_resource(resourceArn=name, tagKeys=["nothing"])
    assert client.list_tags_for_resource(resourceArn=name)["tags"] == [{"key": "team", "value": "blue"}]
    client.delete_custom_action_type(**some.name)
    for call, more in ((client.list_tags_for_resource, {}), (client.untag_resource, {"tagKeys": ["team"]})):
        assert name in refused("ResourceNotFoundException", call, resourceArn=name, **more)


def allow(*actions: str, on: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Action": [f"codepipeline:{each}" for each in actions], "Resource": on, **more}


def test_a_grant_is_for_one_type(world: Any, kind: Any) -> None:
    mine, theirs = kind(), kind()
    person = world.person(allow("PollForJobs", "CreateCustomActionType", "DeleteCustomActionType", on=arn(mine)))
    assert person.poll_for_jobs(actionTypeId=mine.id)["jobs"] == []
    person.create_custom_action_type(**mine.definition)
    text = refused(DENIED, person.poll_for_jobs, actionTypeId=theirs.id)
    assert f"codepipeline:PollForJobs on resource: {arn(theirs)}" in text
    refused(DENIED, person.create_custom_action_type, **theirs.definition)
    refused(DENIED, person.delete_custom_action_type, **theirs.name)
    tags = [{"key": "team", "value": "blue"}]
    assert "TagResource" in refused(DENIED, person.create_custom_action_type, **mine.definition, tags=tags)
    person.delete_custom_action_type(**mine.name)
    assert theirs.poll() == []


def test_tags_of_a_type_decide(world: Any, kind: Any) -> None:
    blue, red = (kind() for _ in range(2))
    blue.client.tag_resource(resourceArn=arn(blue), tags=[{"key": "team", "value": "blue"}])
    is_blue = {"StringEquals": {"aws:ResourceTag/team": "blue"}}
    person = world.person(allow("PollForJobs", "TagResource", Condition=is_blue))
    person.poll_for_jobs(actionTypeId=blue.id)
    refused(DENIED, person.poll_for_jobs, actionTypeId=red.id)
    refused(DENIED, person.tag_resource, resourceArn=arn(red), tags=[{"key": "team", "value": "blue"}])


def test_a_denial_counts_however_the_arn_is_spelled(world: Any, kind: Any) -> None:
    some = kind()
    named = arn(some).replace(":actiontype:", ":actionType:")
    deny = {**allow("*", on=arn(some)), "Effect": "Deny"}
    person = world.person(allow("*"), deny)
    tags = [{"key": "team", "value": "blue"}]
    for name in (arn(some), named):
        refused(DENIED, person.tag_resource, resourceArn=name, tags=tags)
        refused(DENIED, person.untag_resource, resourceArn=name, tagKeys=["team"])
        refused(DENIED, person.list_tags_for_resource, resourceArn=name)
    allowed = world.person(allow("TagResource", on=arn(some)))
    allowed.tag_resource(resourceArn=named, tags=tags)


def test_who_may_do_nothing(world: Any, kind: Any, make: Any) -> None:
    some = kind()
    pipe = make(source(), stage("Build", some.action()))
    job, nobody = some.take(), world.person()
    client_token = {"jobId": job["id"], "clientToken": "x"}
    failure = {"failureDetails": {"type": "JobFailed", "message": "x"}}
    third = {**some.id, "owner": "ThirdParty"}
    declared = {
        "id": third,
        "executor": {"type": "JobWorker", "configuration": {"jobWorkerExecutorConfiguration": {}}},
        "inputArtifactDetails": NONE,
        "outputArtifactDetails": NONE,
    }
    calls: list[tuple[Any, dict[str, Any]]] = [
        (nobody.create_custom_action_type, some.definition),
        (nobody.delete_custom_action_type, some.name),
        (nobody.list_action_types, {}),
        (nobody.get_action_type, third),
        (nobody.update_action_type, {"actionType": declared}),
        (nobody.poll_for_jobs, {"actionTypeId": some.id}),
        (nobody.acknowledge_job, {"jobId": job["id"], "nonce": job["nonce"]}),
        (nobody.get_job_details, {"jobId": job["id"]}),
        (nobody.put_job_success_result, {"jobId": job["id"]}),
        (nobody.put_job_failure_result, {"jobId": job["id"], **failure}),
        (nobody.poll_for_third_party_jobs, {"actionTypeId": third}),
        (nobody.acknowledge_third_party_job, {**client_token, "nonce": job["nonce"]}),
        (nobody.get_third_party_job_details, client_token),
        (nobody.put_third_party_job_success_result, client_token),
        (nobody.put_third_party_job_failure_result, {**client_token, **failure}),
    ]
    for call, request in calls:
        assert "is not authorized to perform: codepipeline:" in refused(DENIED, call, **request)
    assert pipe.shown("Build", "Work")["status"] == "InProgress"
    assert some.id in [each["id"] for each in some.client.list_action_types()["actionTypes"]]


def test_the_managed_policy_of_workers_is_enough(world: Any, kind: Any, make: Any) -> None:
    iam, some = world.client("iam"), kind()
    pipe = make(source(), stage("Build", some.action()), stage("More", action("A")))
    worker = world.person()
    name = iam.list_users()["Users"][-1]["UserName"]
    iam.attach_user_policy(UserName=name, PolicyArn="arn:aws:iam::aws:policy/AWSCodePipelineCustomActionAccess")
    some.client = worker
    job = some.take()
    assert worker.get_job_details(jobId=job["id"])["jobDetails"]["data"]["actionTypeId"] == some.id
    worker.put_job_success_result(jobId=job["id"])
    refused(DENIED, worker.list_action_types)
    pipe.ended()
