"""Who may do what with projects and builds."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from stageline.testing.harness import Key

HELLO = "version: 0.2\nphases: {build: {commands: [echo hello]}}"
ARN = "arn:aws:codebuild:us-east-1:000000000000:project/"


@pytest.fixture
def user(world: Any, request: pytest.FixtureRequest) -> Any:
    """Makes a user with statements; a CodeBuild client that signs as that user."""
    iam = world.client("iam")
    number = [0]

    def make(*statements: dict[str, Any]) -> Any:
        number[0] += 1
        name = f"{request.node.name[:40]}-{number[0]}"
        iam.create_user(UserName=name)
        document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
        iam.put_user_policy(UserName=name, PolicyName="given", PolicyDocument=document)
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return world.server.client("codebuild", key=Key(key["AccessKeyId"], key["SecretAccessKey"]))

    return make


def allow(action: str | list[str], resource: str = "*", **condition: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"Effect": "Allow", "Action": action, "Resource": resource}
    return found | ({"Condition": condition} if condition else {})


def denied(call: Any, told: str) -> None:
    with pytest.raises(ClientError) as refused:
        call()
    assert refused.value.response["Error"]["Code"] == "AccessDeniedException"
    assert told in refused.value.response["Error"]["Message"]


def test_everything_about_builds_is_asked_of_the_project(make: Any, user: Any) -> None:
    mine, other = make.project(HELLO), make.project(HELLO)
    client = user(allow(["codebuild:StartBuild", "codebuild:BatchGetBuilds", "codebuild:StopBuild"], ARN + mine))
    build = client.start_build(projectName=mine)["build"]["id"]
    foreign = make.start(other)
    assert client.batch_get_builds(ids=[build])["builds"]
    denied(lambda: client.start_build(projectName=other), f"codebuild:StartBuild on resource: {ARN}{other}")
    denied(lambda: client.batch_get_builds(ids=[build, foreign]), f"codebuild:BatchGetBuilds on resource: {ARN}{other}")
    denied(lambda: client.stop_build(id=f"arn:aws:codebuild:us-east-1:000000000000:build/{foreign}"), ARN + other)
    denied(lambda: client.retry_build(id=build), "codebuild:RetryBuild")
    denied(lambda: client.batch_delete_builds(ids=[build]), "codebuild:BatchDeleteBuilds")
    denied(lambda: client.list_builds(), "codebuild:ListBuilds")
    denied(lambda: client.delete_project(name=mine), "codebuild:DeleteProject")
    denied(lambda: client.batch_get_projects(names=[mine]), "codebuild:BatchGetProjects")
    make.wait(build)
    make.wait(foreign)


def test_the_initiator_is_the_users_name(make: Any, user: Any) -> None:
    name = make.project(HELLO)
    client = user(allow("codebuild:StartBuild"))
    build = client.start_build(projectName=name)["build"]
    assert build["initiator"].startswith("test_the_initiator_is_the_users_name")
    make.wait(build["id"])


def test_a_role_must_be_passed_on(make: Any, user: Any, world: Any) -> None:
    project = {
        "name": "passing",
        "source": {"type": "NO_SOURCE", "buildspec": HELLO},
        "artifacts": {"type": "NO_ARTIFACTS"},
        "environment": {"type": "LINUX_CONTAINER", "image": "aws/codebuild/standard:7.0", "computeType": "BUILD_GENERAL1_SMALL"},
        "serviceRole": world.role,
    }
    denied(lambda: user(allow("codebuild:*")).create_project(**project), f"iam:PassRole on resource: {world.role}")
    elsewhere = allow("iam:PassRole", StringEquals={"iam:PassedToService": "ec2.amazonaws.com"})
    denied(lambda: user(allow("codebuild:*"), elsewhere).create_project(**project), "iam:PassRole")
    here = allow("iam:PassRole", world.role, StringEquals={"iam:PassedToService": "codebuild.amazonaws.com"})
    client = user(allow("codebuild:*"), here)
    client.create_project(**project)
    bare = user(allow("codebuild:*"))
    denied(lambda: bare.start_build(projectName="passing", serviceRoleOverride=world.role), "iam:PassRole")
    denied(lambda: bare.update_project(name="passing", serviceRole=world.role), "iam:PassRole")
    bare.update_project(name="passing", description="no role is named")


def test_conditions_on_overrides_and_tags(make: Any, user: Any) -> None:
    tagged = make.project(HELLO, tags=[{"key": "team", "value": "blue"}])
    plain = make.project(HELLO)
    by_tag = user(allow("codebuild:StartBuild", StringEquals={"aws:ResourceTag/team": "blue"}))
    make.wait(by_tag.start_build(projectName=tagged)["build"]["id"])
    denied(lambda: by_tag.start_build(projectName=plain), "codebuild:StartBuild")
    fixed = user(allow("codebuild:StartBuild", Null={"codebuild:source.buildspec": "true"}))
    make.wait(fixed.start_build(projectName=plain)["build"]["id"])
    denied(lambda: fixed.start_build(projectName=plain, buildspecOverride=HELLO), "codebuild:StartBuild")
