"""Secrets Manager: every declared error that can be met, one test each; a refusal changes nothing."""

import json
from typing import Any

import pytest

from stageline.testing.pipelines import refused

NONE = {"SecretId": "no-such-secret"}
LABEL = {"VersionStage": "X"}
POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": "arn:aws:iam::000000000000:root"},
                "Action": "secretsmanager:GetSecretValue",
                "Resource": "*",
            }
        ],
    }
)
PUBLIC = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}
)


@pytest.mark.parametrize(
    ("operation", "more"),
    [
        ("delete_resource_policy", {}),
        ("delete_secret", {}),
        ("describe_secret", {}),
        ("get_resource_policy", {}),
        ("get_secret_value", {}),
        ("list_secret_version_ids", {}),
        ("put_resource_policy", {"ResourcePolicy": POLICY}),
        ("put_secret_value", {"SecretString": "s"}),
        ("restore_secret", {}),
        ("tag_resource", {"Tags": []}),
        ("untag_resource", {"TagKeys": []}),
        ("update_secret", {"Description": "d"}),
        ("update_secret_version_stage", {**LABEL, "MoveToVersionId": "v" * 32}),
        ("validate_resource_policy", {"ResourcePolicy": POLICY}),
    ],
)
def test_a_secret_that_is_not_there(keeper: Any, operation: str, more: dict[str, Any]) -> None:
    said = refused("ResourceNotFoundException", getattr(keeper, operation), **NONE, **more)
    assert said == "Secrets Manager can't find the specified secret."


@pytest.mark.parametrize(
    ("operation", "more"),
    [
        ("delete_resource_policy", {}),
        ("delete_secret", {}),
        ("get_resource_policy", {}),
        ("get_secret_value", {}),
        ("put_resource_policy", {"ResourcePolicy": POLICY}),
        ("put_secret_value", {"SecretString": "s"}),
        ("tag_resource", {"Tags": []}),
        ("untag_resource", {"TagKeys": []}),
        ("update_secret", {"Description": "d"}),
        ("update_secret_version_stage", {**LABEL, "MoveToVersionId": "v" * 32}),
        ("validate_resource_policy", {"ResourcePolicy": POLICY}),
    ],
)
def test_a_secret_that_waits_for_its_deletion(keeper: Any, secret: str, operation: str, more: dict[str, Any]) -> None:
    keeper.delete_secret(SecretId=secret)
    before = keeper.describe_secret(SecretId=secret)
    said = refused("InvalidRequestException", getattr(keeper, operation), SecretId=secret, **more)
    assert "was marked for deletion" in said
    assert {**keeper.describe_secret(SecretId=secret), "ResponseMetadata": 0} == {**before, "ResponseMetadata": 0}


def test_create_secret_resource_exists(keeper: Any, secret: str) -> None:
    refused("ResourceExistsException", keeper.create_secret, Name=secret, SecretString="first value")
    assert keeper.get_secret_value(SecretId=secret)["SecretString"] == "first value"


def test_create_secret_invalid_request(keeper: Any, secret: str) -> None:
    keeper.delete_secret(SecretId=secret)
    said = refused("InvalidRequestException", keeper.create_secret, Name=secret, SecretString="s")
    assert "already scheduled for deletion" in said


def test_create_secret_invalid_parameter(keeper: Any, name: str) -> None:
    call = keeper.create_secret
    refused("InvalidParameterException", call, Name=name, SecretString="s", SecretBinary=b"b")
    refused("InvalidParameterException", call, Name=name, SecretString="é" * 40_000)
    refused("InvalidParameterException", call, Name=name, SecretString="s", ClientRequestToken=None)
    for tags in ([{"Key": "aws:x"}], [{"Key": "a"}, {"Key": "a"}], [{"Value": "v"}], [{"Key": f"k{n}"} for n in range(51)]):
        refused("InvalidParameterException", call, Name=name, Tags=tags)
    refused("ResourceNotFoundException", keeper.describe_secret, SecretId=name)


def test_create_secret_validation(keeper: Any) -> None:
    assert refused("ValidationException", keeper.create_secret, Name="a b", SecretString="s").startswith("Invalid name.")
    said = refused("ValidationException", keeper.create_secret, Name="a", SecretString="longest" * 10_000)
    assert "longest" not in said


def test_create_secret_encryption_failure(keeper: Any, name: str) -> None:
    refused("EncryptionFailure", keeper.create_secret, Name=name, SecretString="s", KmsKeyId="alias/mine")
    keeper.create_secret(Name=name, SecretString="s", KmsKeyId="alias/aws/secretsmanager")


def test_create_secret_decryption_failure(keeper: Any, secret: str, spoil: Any, tokens: list[str]) -> None:
    spoil("secretsmanager.value", f"{secret}-")
    refused("DecryptionFailure", keeper.create_secret, Name=secret, SecretString="s", ClientRequestToken=tokens[0])


def test_put_secret_value_invalid_request(keeper: Any, secret: str) -> None:
    refused("InvalidRequestException", keeper.put_secret_value, SecretId=secret)


def test_put_secret_value_invalid_parameter(keeper: Any, secret: str) -> None:
    refused("InvalidParameterException", keeper.put_secret_value, SecretId=secret, SecretString="s", SecretBinary=b"b")


@pytest.mark.parametrize("operation", ["put_secret_value", "update_secret"])
def test_resource_exists_for_a_token_with_another_value(keeper: Any, secret: str, tokens: list[str], operation: str) -> None:
    call = getattr(keeper, operation)
    refused("ResourceExistsException", call, SecretId=secret, SecretString="other", ClientRequestToken=tokens[0])
    refused("ResourceExistsException", call, SecretId=secret, SecretBinary=b"first value", ClientRequestToken=tokens[0])


@pytest.mark.parametrize("operation", ["put_secret_value", "update_secret"])
def test_decryption_failure_of_what_is_there(keeper: Any, secret: str, spoil: Any, tokens: list[str], operation: str) -> None:
    spoil("secretsmanager.value", f"{secret}-")
    refused("DecryptionFailure", getattr(keeper, operation), SecretId=secret, SecretString="s", ClientRequestToken=tokens[0])


def _crowd(behind: Any, secret: str) -> None:
    with behind.store.write() as tx:
        doc = tx.get("secretsmanager.secret", secret)
        (version,) = doc["versions"].values()
        doc["versions"] |= {f"{number:040d}": {**version, "stages": []} for number in range(99)}
        tx.put("secretsmanager.secret", secret, doc)


@pytest.mark.parametrize("operation", ["put_secret_value", "update_secret"])
def test_limit_exceeded_by_versions_of_one_day(keeper: Any, behind: Any, secret: str, operation: str) -> None:
    _crowd(behind, secret)
    refused("LimitExceededException", getattr(keeper, operation), SecretId=secret, SecretString="one too many")
    assert keeper.get_secret_value(SecretId=secret)["SecretString"] == "first value"


def test_update_secret_version_stage_limit_exceeded(keeper: Any, secret: str, tokens: list[str]) -> None:
    stages = [f"S{number}" for number in range(20)]
    keeper.put_secret_value(SecretId=secret, SecretString="s", ClientRequestToken=tokens[1], VersionStages=stages)
    request = {"SecretId": secret, "VersionStage": "S20", "MoveToVersionId": tokens[1]}
    refused("LimitExceededException", keeper.update_secret_version_stage, **request)


def test_update_secret_version_stage_invalid_parameter(keeper: Any, secret: str, tokens: list[str]) -> None:
    first, second = tokens[:2]
    keeper.put_secret_value(SecretId=secret, SecretString="s", ClientRequestToken=second, VersionStages=["NEXT"])
    call, current = keeper.update_secret_version_stage, {"SecretId": secret, "VersionStage": "AWSCURRENT"}
    refused("InvalidParameterException", call, **current)
    refused("InvalidParameterException", call, **current, RemoveFromVersionId=first)
    assert "currently attached to version" in refused("InvalidParameterException", call, **current, MoveToVersionId=second)
    refused("InvalidParameterException", call, **current, MoveToVersionId=second, RemoveFromVersionId=second)
    assert keeper.get_secret_value(SecretId=secret)["VersionId"] == first


def test_update_secret_version_stage_unknown_version(keeper: Any, secret: str) -> None:
    request = {"SecretId": secret, "VersionStage": "X", "MoveToVersionId": "v" * 32}
    refused("ResourceNotFoundException", keeper.update_secret_version_stage, **request)


def test_update_secret_invalid_parameter(keeper: Any, secret: str) -> None:
    refused("InvalidParameterException", keeper.update_secret, SecretId=secret, SecretString="s", SecretBinary=b"b")


def test_update_secret_encryption_failure(keeper: Any, secret: str) -> None:
    refused("EncryptionFailure", keeper.update_secret, SecretId=secret, KmsKeyId="alias/mine")


def test_get_secret_value_resource_not_found(keeper: Any, secret: str, name: str) -> None:
    call = keeper.get_secret_value
    said = refused("ResourceNotFoundException", call, SecretId=secret, VersionStage="AWSPREVIOUS")
    assert said == "Secrets Manager can't find the specified secret value for staging label: AWSPREVIOUS"
    said = refused("ResourceNotFoundException", call, SecretId=secret, VersionId="v" * 32)
    assert said == f"Secrets Manager can't find the specified secret value for VersionId: {'v' * 32}"
    keeper.create_secret(Name=f"{name}/empty")
    refused("ResourceNotFoundException", call, SecretId=f"{name}/empty")


def test_get_secret_value_invalid_request(keeper: Any, secret: str, tokens: list[str]) -> None:
    request = {"SecretId": secret, "VersionId": tokens[0], "VersionStage": "AWSPREVIOUS"}
    refused("InvalidRequestException", keeper.get_secret_value, **request)


def test_get_secret_value_decryption_failure(keeper: Any, secret: str, spoil: Any) -> None:
    spoil("secretsmanager.value", f"{secret}-")
    refused("DecryptionFailure", keeper.get_secret_value, SecretId=secret)


def test_a_value_copied_to_another_secret_does_not_open_there(keeper: Any, secret: str, name: str, behind: Any) -> None:
    keeper.create_secret(Name=f"mine/{name}", SecretString="mine")
    with behind.store.write() as tx:
        ((_, other),) = tx.scan("secretsmanager.value", f"{secret}-", limit=1)
        ((key, _),) = tx.scan("secretsmanager.value", f"mine/{name}-")
        tx.put("secretsmanager.value", key, other)
    refused("DecryptionFailure", keeper.get_secret_value, SecretId=f"mine/{name}")


def test_batch_get_secret_value_invalid_parameter(keeper: Any) -> None:
    call, ids, filters = keeper.batch_get_secret_value, ["a"], [{"Key": "name", "Values": ["a"]}]
    refused("InvalidParameterException", call)
    refused("InvalidParameterException", call, SecretIdList=ids, Filters=filters)
    refused("InvalidParameterException", call, SecretIdList=ids, MaxResults=3)


def test_batch_get_secret_value_invalid_next_token(keeper: Any) -> None:
    filters = [{"Key": "name", "Values": ["a"]}]
    refused("InvalidNextTokenException", keeper.batch_get_secret_value, Filters=filters, NextToken="bm9uZQ==")


def test_list_secrets_invalid_parameter(keeper: Any) -> None:
    refused("InvalidParameterException", keeper.list_secrets, Filters=[{"Key": "name"}])
    refused("InvalidParameterException", keeper.list_secrets, Filters=[{"Values": ["name"]}])


@pytest.mark.parametrize("token", ["?", "IiI=", "WzFd", "W1tdLFtdXQ==", "WyJhIiwiYiJd"])
def test_list_secrets_invalid_next_token(keeper: Any, token: str) -> None:
    refused("InvalidNextTokenException", keeper.list_secrets, NextToken=token)


def test_list_secret_version_ids_invalid_next_token(keeper: Any, secret: str) -> None:
    refused("InvalidNextTokenException", keeper.list_secret_version_ids, SecretId=secret, NextToken="WzFd")


def test_delete_secret_invalid_parameter(keeper: Any, secret: str) -> None:
    call = keeper.delete_secret
    for days in (6, 31):
        refused("InvalidParameterException", call, SecretId=secret, RecoveryWindowInDays=days)
    refused("InvalidParameterException", call, SecretId=secret, RecoveryWindowInDays=7, ForceDeleteWithoutRecovery=True)
    assert "DeletedDate" not in keeper.describe_secret(SecretId=secret)


def test_tag_resource_invalid_parameter(keeper: Any, secret: str) -> None:
    refused("InvalidParameterException", keeper.tag_resource, SecretId=secret, Tags=[{"Key": "AWS:x", "Value": ""}])


def test_get_random_password_invalid_parameter(keeper: Any) -> None:
    refused("InvalidParameterException", keeper.get_random_password, PasswordLength=3)


def test_get_random_password_invalid_request(keeper: Any) -> None:
    every = {f"Exclude{kind}": True for kind in ("Numbers", "Punctuation", "Uppercase", "Lowercase")}
    refused("InvalidRequestException", keeper.get_random_password, **every)
    refused("InvalidRequestException", keeper.get_random_password, ExcludeCharacters="0123456789")


def test_put_resource_policy_malformed_policy_document(keeper: Any, secret: str) -> None:
    for text in ("{}", "no json", POLICY.replace("Principal", "Principle")):
        refused("MalformedPolicyDocumentException", keeper.put_resource_policy, SecretId=secret, ResourcePolicy=text)
    assert "ResourcePolicy" not in keeper.get_resource_policy(SecretId=secret)


def test_put_resource_policy_public_policy(keeper: Any, secret: str) -> None:
    request = {"SecretId": secret, "BlockPublicPolicy": True}
    for principal in ('"*"', '{"AWS": "*"}', '{"AWS": ["*"]}'):
        text = PUBLIC.replace('"Principal": "*"', f'"Principal": {principal}')
        refused("PublicPolicyException", keeper.put_resource_policy, **request, ResourcePolicy=text)
    keeper.put_resource_policy(**request, ResourcePolicy=POLICY)
    assert keeper.get_resource_policy(SecretId=secret)["ResourcePolicy"] == POLICY
    keeper.delete_resource_policy(SecretId=secret)
    assert "ResourcePolicy" not in keeper.get_resource_policy(SecretId=secret)


def test_validate_resource_policy_tells_what_is_wrong(keeper: Any, secret: str) -> None:
    def names(text: str) -> list[str]:
        answer = keeper.validate_resource_policy(SecretId=secret, ResourcePolicy=text)
        assert answer["PolicyValidationPassed"] is not bool(answer["ValidationErrors"])
        return [each["CheckName"] for each in answer["ValidationErrors"]]

    assert (names(POLICY), names(PUBLIC), names("{}")) == ([], ["BLOCK_PUBLIC_POLICY"], ["SYNTAX"])
