"""Roles that somebody would like to act with: given to pipelines and projects without the right to pass them, or just taken.

``iam:PassRole`` is asked of every role in a request, as it is spelled there; a role is taken only under that very spelling.
"""

import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

from stageline.testing.harness import Key
from stageline.testing.pipelines import action, refused, stage

ROLES = "arn:aws:iam::000000000000:role/"
DECLARING = {"Action": ["codepipeline:*", "codebuild:*", "sts:AssumeRole"], "Resource": "*"}
PASS = {"Action": "iam:PassRole", "Resource": f"{ROLES}passed/*"}
IMAGE = {"type": "LINUX_CONTAINER", "image": "aws/codebuild/standard:7.0", "computeType": "BUILD_GENERAL1_SMALL"}
counter = itertools.count(1)


@dataclass
class Passing:
    """People who may declare anything, with this role or that."""

    whole: Any
    person: Callable[..., Key]

    def client(self, service: str, *statements: dict[str, Any]) -> Any:
        return self.whole.client(service, key=self.person(self.whole, f"passing-{next(counter)}", DECLARING, *statements))


@pytest.fixture(scope="module")
def passing(whole: Any, new_person: Callable[..., Key]) -> Passing:
    iam = whole.client("iam")
    services = {"Service": ["codepipeline.amazonaws.com", "codebuild.amazonaws.com"]}
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": services}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    for name, path in (("fair", "/passed/"), ("unfair", "/kept/"), ("Bare", "/")):
        iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=document)
    whole.client("s3").create_bucket(Bucket="passing")
    return Passing(whole, new_person)


def pipeline(role: str, of_action: str = "", of_rule: str = "", name: str = "") -> dict[str, Any]:
    fetch = action("Fetch", "Source", "S3", outputs=["Src"]) | {"configuration": {"S3Bucket": "passing", "S3ObjectKey": "k"}}
    gate = action("Gate", "Approval", "Manual")
    rule = {"name": "Rule", "ruleTypeId": {"category": "Rule", "owner": "AWS", "provider": "VariableCheck", "version": "1"}}
    rule["configuration"] = {"Variable": "a", "Operator": "EQ", "Value": "a"}
    rules = [rule | ({"roleArn": of_rule} if of_rule else {})]
    conditions = {"beforeEntry": {"conditions": [{"result": "FAIL", "rules": rules}]}}
    work = stage("Gate", gate | ({"roleArn": of_action} if of_action else {})) | (conditions if of_rule else {})
    stages = [stage("Source", fetch), work]
    store = {"type": "S3", "location": "passing"}
    name = name or f"passing-{next(counter)}"
    return {"name": name, "pipelineType": "V2", "roleArn": role, "artifactStore": store, "stages": stages}


FAIR, UNFAIR = f"{ROLES}passed/fair", f"{ROLES}kept/unfair"
PLACES = [
    ("pipeline", {"role": UNFAIR}),
    ("action", {"role": FAIR, "of_action": UNFAIR}),
    ("rule", {"role": FAIR, "of_rule": UNFAIR}),
]


@pytest.mark.parametrize(("place", "roles"), PLACES)
def test_no_role_of_a_pipeline_is_passed_without_the_right(passing: Passing, place: str, roles: dict[str, str]) -> None:
    client = passing.client("codepipeline", PASS)
    said = refused("AccessDeniedException", client.create_pipeline, pipeline=pipeline(**roles))
    assert "iam:PassRole on resource: arn:aws:iam::000000000000:role/kept/unfair" in said
    name = pipeline(FAIR)["name"]
    client.create_pipeline(pipeline=pipeline(FAIR, name=name))
    refused("AccessDeniedException", client.update_pipeline, pipeline=pipeline(**roles, name=name))
    assert client.get_pipeline(name=name)["pipeline"]["roleArn"] == FAIR


def test_a_pipeline_that_has_a_role_is_changed_with_the_right_to_pass_it_only(passing: Passing) -> None:
    """Otherwise whoever may change the commands of a pipeline would act with its role."""
    name = pipeline(UNFAIR)["name"]
    passing.whole.client("codepipeline").create_pipeline(pipeline=pipeline(UNFAIR, name=name))
    refused("AccessDeniedException", passing.client("codepipeline", PASS).update_pipeline, pipeline=pipeline(UNFAIR, name=name))


ODD = (
    *(f"{ROLES}passed/unfair", f"{ROLES}passed/../kept/unfair", f"{ROLES}passed/kept/unfair", f"{ROLES}passed//kept/unfair"),
    *(f"{ROLES}kept/UNFAIR", f"{ROLES}kept/unfair/", f"{ROLES}KEPT/unfair", f"{ROLES}unfair", f"{ROLES}kept//unfair"),
    *(f"{ROLES}bare", f"{ROLES}/Bare", f"{ROLES}passed/Bare", f"{ROLES}Bare/", f"{ROLES}kept/../Bare"),
    "arn:aws:iam::111111111111:role/kept/unfair",
    "arn:aws-cn:iam::000000000000:role/kept/unfair",
    "arn:aws:iam:us-east-1:000000000000:role/kept/unfair",
)


@pytest.mark.parametrize("role", ODD)
def test_a_role_is_not_another_under_an_odd_spelling(passing: Passing, role: str) -> None:
    """Who may pass every role but two does not get at those by another name."""
    everywhere = {"Action": "iam:PassRole", "NotResource": [f"{ROLES}kept/unfair", f"{ROLES}Bare"]}
    elsewhere = ["AccessDeniedException"] if ":111111111111:" in role else []
    client = passing.client("codepipeline", everywhere)
    with pytest.raises(ClientError) as caught:
        client.create_pipeline(pipeline=pipeline(role))
    assert caught.value.response["Error"]["Code"] in ["InvalidStructureException", "ValidationException", *elsewhere]
    builds = passing.client("codebuild", everywhere)
    with pytest.raises(ClientError) as caught:
        project(builds, role)
    assert caught.value.response["Error"]["Code"] in ["InvalidInputException", *elsewhere]


def project(client: Any, role: str, name: str = "", **more: Any) -> Any:
    spec = json.dumps({"version": 0.2, "phases": {"build": {"commands": ["true"]}}})
    return client.create_project(
        name=name or f"passing-{next(counter)}",
        source={"type": "NO_SOURCE", "buildspec": spec},
        artifacts={"type": "NO_ARTIFACTS"},
        environment=IMAGE,
        serviceRole=role,
        **more,
    )


def test_no_role_of_a_project_is_passed_without_the_right(passing: Passing) -> None:
    client = passing.client("codebuild", PASS)
    with pytest.raises(ClientError, match=r"iam:PassRole on resource: arn:aws:iam::000000000000:role/kept/unfair"):
        project(client, UNFAIR)
    name = project(client, FAIR)["project"]["name"]
    with pytest.raises(ClientError, match="iam:PassRole"):
        client.update_project(name=name, serviceRole=UNFAIR)
    with pytest.raises(ClientError, match="iam:PassRole"):
        client.start_build(projectName=name, serviceRoleOverride=UNFAIR)
    assert client.batch_get_projects(names=[name])["projects"][0]["serviceRole"] == FAIR
    assert client.list_builds_for_project(projectName=name)["ids"] == []


@pytest.mark.parametrize(("service", "other"), [("codepipeline", "codebuild"), ("codebuild", "codepipeline")])
def test_a_role_is_passed_to_the_service_it_may_be_passed_to(passing: Passing, service: str, other: str) -> None:
    def ask(to: str) -> None:
        condition = {"StringEquals": {"iam:PassedToService": f"{to}.amazonaws.com"}}
        client = passing.client(service, {**PASS, "Condition": condition})
        if service == "codepipeline":
            client.create_pipeline(pipeline=pipeline(FAIR))
        else:
            project(client, FAIR)

    with pytest.raises(ClientError, match="iam:PassRole"):
        ask(other)
    ask(service)


def test_a_project_cannot_take_a_role_that_is_for_another_project(passing: Passing) -> None:
    """``iam:AssociatedResourceARN`` binds what is passed to what it is for."""
    name = f"passing-{next(counter)}"
    condition = {"ArnEquals": {"iam:AssociatedResourceArn": f"arn:aws:codebuild:us-east-1:000000000000:project/{name}"}}
    client = passing.client("codebuild", {**PASS, "Condition": condition})
    with pytest.raises(ClientError, match="iam:PassRole"):
        project(client, FAIR)
    project(client, FAIR, name)


CLAIMS = {
    "x-amz-source-arn": "arn:aws:codepipeline:us-east-1:000000000000:deputy",
    "x-amz-source-account": "000000000000",
    "aws-sourcearn": "arn:aws:codepipeline:us-east-1:000000000000:deputy",
    "x-amzn-service": "codepipeline.amazonaws.com",
}


def claim(request: Any, **_: Any) -> None:
    for name, value in CLAIMS.items():
        request.headers[name] = value


def test_a_person_is_no_service(passing: Passing) -> None:
    """A role that trusts a service on behalf of a pipeline is not taken by somebody who says to be that, in whatever way."""
    iam, sts = passing.whole.client("iam"), passing.client("sts")
    sts.meta.events.register("before-sign.sts", claim)
    source_arn = {"ArnLike": {"aws:SourceArn": "arn:aws:codepipeline:us-east-1:000000000000:*"}}
    for number, (principal, condition) in enumerate(
        (
            ({"Service": "codepipeline.amazonaws.com"}, {}),
            ({"AWS": "*"}, source_arn),
            ({"AWS": "*"}, {"StringEquals": {"aws:SourceAccount": "000000000000"}}),
            ({"AWS": "*"}, {"Bool": {"aws:PrincipalIsAWSService": "true"}}),
            ({"AWS": "*"}, {"Bool": {"aws:ViaAWSService": "true"}}),
            ({"AWS": "*"}, {"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
            ({"AWS": "*"}, {"StringEquals": {"stageline:service": "codepipeline.amazonaws.com"}}),
        )
    ):
        statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal, "Condition": condition}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        role = iam.create_role(RoleName=f"service-only-{number}", AssumeRolePolicyDocument=document)["Role"]["Arn"]
        refused("AccessDenied", sts.assume_role, RoleArn=role, RoleSessionName="codepipeline.amazonaws.com")
        tags = [{"Key": name, "Value": value} for name, value in CLAIMS.items() if not name.startswith("aws")]
        refused(
            "AccessDenied", sts.assume_role, RoleArn=role, RoleSessionName="session", Tags=tags, SourceIdentity="codepipeline"
        )


def test_tags_of_a_session_do_not_make_a_pipeline_of_it(passing: Passing) -> None:
    """``codebuild`` trusts a mark of the server's own to tell who started a build; a session tag is none."""
    iam = passing.whole.client("iam")
    statement = {"Effect": "Allow", "Action": ["sts:AssumeRole", "sts:TagSession"], "Principal": {"AWS": "*"}}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    role = iam.create_role(RoleName="tagged-deputy", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    allowed = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})
    iam.put_role_policy(RoleName="tagged-deputy", PolicyName="all", PolicyDocument=allowed)
    sts = passing.client("sts", {"Action": "sts:*", "Resource": "*"})
    tags = [{"Key": "stageline:service", "Value": "codepipeline.amazonaws.com"}]
    made = sts.assume_role(RoleArn=role, RoleSessionName="AWSCodePipeline", Tags=tags)["Credentials"]
    key = Key(made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"])
    builds = passing.whole.client("codebuild", key=key)
    name = project(builds, FAIR)["project"]["name"]
    assert builds.start_build(projectName=name)["build"]["initiator"] == "tagged-deputy/AWSCodePipeline"


def test_a_webhook_starts_ones_own_pipeline_only(passing: Passing) -> None:
    names = [pipeline(FAIR)["name"] for _ in range(2)]
    for name in names:
        passing.whole.client("codepipeline").create_pipeline(pipeline=pipeline(FAIR, name=name))
    own = [f"arn:aws:codepipeline:us-east-1:000000000000:{each}" for each in (names[0], f"webhook:{names[0]}")]
    key = passing.person(passing.whole, names[0], {"Action": "codepipeline:*", "Resource": own})
    client = passing.whole.client("codepipeline", key=key)

    def hook(name: str, target: str) -> dict[str, Any]:
        filters = [{"jsonPath": "$.ref", "matchEquals": "x"}]
        made = {"name": name, "targetPipeline": target, "targetAction": "Fetch", "filters": filters}
        return {**made, "authentication": "GITHUB_HMAC", "authenticationConfiguration": {"SecretToken": "secret"}}

    refused("AccessDeniedException", client.put_webhook, webhook=hook(names[0], names[1]))
    refused("AccessDeniedException", client.put_webhook, webhook=hook(names[1], names[0]))
    client.put_webhook(webhook=hook(names[0], names[0]))
