"""Who may do what with secrets and parameters: without a permission nothing, with one on one ARN nothing on another."""

import json
from typing import Any

import pytest

from stageline.testing.pipelines import refused

PREFIX = "arn:aws:secretsmanager:us-east-1:000000000000:secret:"
SECRETS = [
    ("batch_get_secret_value", {"SecretIdList": ["x"]}),
    ("create_secret", {"Name": "x"}),
    ("delete_resource_policy", {"SecretId": "x"}),
    ("delete_secret", {"SecretId": "x"}),
    ("describe_secret", {"SecretId": "x"}),
    ("get_random_password", {}),
    ("get_resource_policy", {"SecretId": "x"}),
    ("get_secret_value", {"SecretId": "x"}),
    ("list_secret_version_ids", {"SecretId": "x"}),
    ("list_secrets", {}),
    ("put_resource_policy", {"SecretId": "x", "ResourcePolicy": "{}"}),
    ("put_secret_value", {"SecretId": "x", "SecretString": "s"}),
    ("restore_secret", {"SecretId": "x"}),
    ("tag_resource", {"SecretId": "x", "Tags": []}),
    ("untag_resource", {"SecretId": "x", "TagKeys": []}),
    ("update_secret", {"SecretId": "x"}),
    ("update_secret_version_stage", {"SecretId": "x", "VersionStage": "s"}),
    ("validate_resource_policy", {"ResourcePolicy": "{}"}),
]
TAGS = {"ResourceType": "Parameter", "ResourceId": "x"}
PARAMETERS = [
    ("add_tags_to_resource", {**TAGS, "Tags": []}),
    ("delete_parameter", {"Name": "x"}),
    ("delete_parameters", {"Names": ["x"]}),
    ("describe_parameters", {}),
    ("get_parameter", {"Name": "x"}),
    ("get_parameter_history", {"Name": "x"}),
    ("get_parameters", {"Names": ["x"]}),
    ("get_parameters_by_path", {"Path": "/"}),
    ("label_parameter_version", {"Name": "x", "Labels": ["l"]}),
    ("list_tags_for_resource", TAGS),
    ("put_parameter", {"Name": "x", "Value": "v", "Type": "String"}),
    ("remove_tags_from_resource", {**TAGS, "TagKeys": []}),
    ("unlabel_parameter_version", {"Name": "x", "ParameterVersion": 1, "Labels": ["l"]}),
]


@pytest.fixture(scope="module")
def nobody(behind: Any) -> Any:
    return behind.person()


@pytest.mark.parametrize(
    ("service", "operation", "request_"),
    [*(("secretsmanager", *each) for each in SECRETS), *(("ssm", *each) for each in PARAMETERS)],
)
def test_every_operation_needs_its_permission(behind: Any, nobody: Any, service: str, operation: str, request_: Any) -> None:
    client = behind.client(service, key=nobody)
    said = refused("AccessDeniedException", getattr(client, operation), **request_)
    assert f"is not authorized to perform: {service}:{client.meta.method_to_api_mapping[operation]}" in said


def test_a_secret_is_made_under_the_arn_that_it_will_get(behind: Any, name: str) -> None:
    key = behind.person({"Action": "secretsmanager:CreateSecret", "Resource": f"{PREFIX}{name}-??????"})
    client = behind.client("secretsmanager", key=key)
    refused("AccessDeniedException", client.create_secret, Name=f"{name}x", SecretString="s")
    refused("AccessDeniedException", client.create_secret, Name=name, SecretString="s", Tags=[{"Key": "a", "Value": "b"}])
    client.create_secret(Name=name, SecretString="s")


def test_one_secret_by_whatever_name_and_one_label_only(behind: Any, keeper: Any, name: str) -> None:
    arns = [keeper.create_secret(Name=f"{name}{letter}", SecretString=letter)["ARN"] for letter in "ab"]
    condition = {"StringEquals": {"secretsmanager:VersionStage": "AWSCURRENT"}}
    key = behind.person({"Action": "secretsmanager:GetSecretValue", "Resource": arns[0], "Condition": condition})
    client = behind.client("secretsmanager", key=key)
    for wanted in (f"{name}a", arns[0], arns[0][:-7]):
        assert client.get_secret_value(SecretId=wanted, VersionStage="AWSCURRENT")["SecretString"] == "a"
    refused("AccessDeniedException", client.get_secret_value, SecretId=f"{name}a", VersionStage="AWSPREVIOUS")
    refused("AccessDeniedException", client.get_secret_value, SecretId=f"{name}b", VersionStage="AWSCURRENT")


def test_the_tags_of_a_secret_decide(behind: Any, keeper: Any, secret: str) -> None:
    condition = {"StringEquals": {"aws:ResourceTag/team": "red"}}
    key = behind.person({"Action": "secretsmanager:GetSecretValue", "Resource": "*", "Condition": condition})
    client = behind.client("secretsmanager", key=key)
    refused("AccessDeniedException", client.get_secret_value, SecretId=secret)
    keeper.tag_resource(SecretId=secret, Tags=[{"Key": "team", "Value": "red"}])
    client.get_secret_value(SecretId=secret)


def test_the_policy_of_a_secret_lets_in_and_keeps_out(behind: Any, keeper: Any, secret: str) -> None:
    stranger = behind.client("secretsmanager", key=behind.person())
    friend = behind.client("secretsmanager", key=behind.person({"Action": "secretsmanager:*", "Resource": "*"}))
    users = [each["Arn"] for each in behind.client("iam").list_users()["Users"]]
    newest = sorted(users, key=lambda arn: int(arn.rpartition("-")[2]))[-2:]

    def put(effect: str, arn: str) -> None:
        statement = {"Effect": effect, "Principal": {"AWS": arn}, "Action": "secretsmanager:GetSecretValue", "Resource": "*"}
        policy = {"Version": "2012-10-17", "Statement": [statement]}
        keeper.put_resource_policy(SecretId=secret, ResourcePolicy=json.dumps(policy))

    refused("AccessDeniedException", stranger.get_secret_value, SecretId=secret)
    put("Allow", newest[0])
    stranger.get_secret_value(SecretId=secret)
    put("Deny", newest[1])
    refused("AccessDeniedException", friend.get_secret_value, SecretId=secret)
    refused("AccessDeniedException", stranger.get_secret_value, SecretId=secret)


def test_parameters_are_asked_about_one_by_one_and_a_path_once(behind: Any, ssm: Any, name: str) -> None:
    for letter in "ab":
        ssm.put_parameter(Name=f"/{name}/{letter}", Value=letter, Type="String")
    arn = f"arn:aws:ssm:us-east-1:000000000000:parameter/{name}"
    one = behind.client("ssm", key=behind.person({"Action": "ssm:GetParameter*", "Resource": f"{arn}/a"}))
    assert one.get_parameter(Name=f"/{name}/a:1")["Parameter"]["Value"] == "a"
    refused("AccessDeniedException", one.get_parameters, Names=[f"/{name}/a", f"/{name}/b"])
    refused("AccessDeniedException", one.get_parameters_by_path, Path=f"/{name}")
    flat = {"StringEquals": {"ssm:Recursive": "false"}}
    path = behind.person({"Action": "ssm:GetParametersByPath", "Resource": arn, "Condition": flat})
    below = behind.client("ssm", key=path)
    assert len(below.get_parameters_by_path(Path=f"/{name}/")["Parameters"]) == 2
    refused("AccessDeniedException", below.get_parameters_by_path, Path=f"/{name}", Recursive=True)


def test_overwriting_and_tags_of_parameters_are_conditions(behind: Any, ssm: Any, name: str) -> None:
    new = {"StringEquals": {"ssm:Overwrite": "false"}}
    key = behind.person({"Action": "ssm:PutParameter", "Resource": "*", "Condition": new})
    client = behind.client("ssm", key=key)
    client.put_parameter(Name=f"/{name}", Value="v", Type="String")
    refused("AccessDeniedException", client.put_parameter, Name=f"/{name}", Value="w", Overwrite=True)
    tags = [{"Key": "team", "Value": "red"}]
    refused("AccessDeniedException", client.put_parameter, Name=f"/{name}/x", Value="v", Type="String", Tags=tags)
    red = {"StringEquals": {"ssm:resourceTag/team": "red"}}
    reader = behind.client("ssm", key=behind.person({"Action": "ssm:GetParameter", "Resource": "*", "Condition": red}))
    refused("AccessDeniedException", reader.get_parameter, Name=f"/{name}")
    ssm.add_tags_to_resource(ResourceType="Parameter", ResourceId=f"/{name}", Tags=tags)
    assert reader.get_parameter(Name=f"/{name}")["Parameter"]["Value"] == "v"
