"""The model's rules, in AWS's words."""

import re
import time
from typing import Any

import pytest

from stageline.gateway import constrain, specs
from stageline.ports.api import ApiError

SERVICES = (
    *("codebuild", "codecommit", "codedeploy", "codepipeline", "codestar-notifications", "events"),
    *("iam", "lambda", "logs", "s3", "sns", "sqs", "sts"),
)


def refusal(service: str, name: str, request: dict[str, Any]) -> tuple[str, str]:
    operation = specs.operation(service, name)
    assert operation is not None
    with pytest.raises(ApiError) as caught:
        constrain.check(service, operation, request)
    return caught.value.code, caught.value.message


def accept(service: str, name: str, request: dict[str, Any]) -> None:
    operation = specs.operation(service, name)
    assert operation is not None
    constrain.check(service, operation, request)


def test_required() -> None:
    assert refusal("codepipeline", "GetPipeline", {}) == (
        "ValidationException",
        "1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null",
    )


def test_several_faults_in_one_text_with_paths_through_lists() -> None:
    code, message = refusal(
        "codepipeline",
        "CreatePipeline",
        {
            "pipeline": {
                "name": "p",
                "roleArn": "arn:aws:iam::000000000000:role/x",
                "stages": [{"name": "ok", "actions": []}, {"name": "n o"}],
            }
        },
    )
    assert code == "ValidationException"
    assert message == (
        "2 validation errors detected: "
        "Value null at 'pipeline.stages.2.member.actions' failed to satisfy constraint: Member must not be null; "
        "Value 'n o' at 'pipeline.stages.2.member.name' failed to satisfy constraint: "
        r"Member must satisfy regular expression pattern: [A-Za-z0-9.@\-_]+"
    )


def test_lengths() -> None:
    _, message = refusal("codepipeline", "GetPipeline", {"name": "x" * 101})
    assert message.endswith("Member must have length less than or equal to 100")
    _, message = refusal("codepipeline", "GetPipeline", {"name": ""})
    assert "Member must have length greater than or equal to 1;" in message
    _, message = refusal("codepipeline", "ListPipelines", {"maxResults": 0})
    assert message.endswith(
        "Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1"
    )


def test_enum() -> None:
    _, message = refusal(
        "codepipeline",
        "PutApprovalResult",
        {
            "pipelineName": "p",
            "stageName": "s",
            "actionName": "a",
            "token": "7c6a8a5c-1f2e-4d3b-9a8b-123456789012",
            "result": {"summary": "", "status": "Maybe"},
        },
    )
    assert message.endswith(
        "Value 'Maybe' at 'result.status' failed to satisfy constraint: Member must satisfy enum value set: [Approved, Rejected]"
    )


def test_map_values_and_keys() -> None:
    action = {
        "name": "a",
        "actionTypeId": {"category": "Build", "owner": "AWS", "provider": "CodeBuild", "version": "1"},
        "configuration": {"k": ""},
    }
    pipeline = {"name": "p", "roleArn": "arn:aws:iam::000000000000:role/x", "stages": [{"name": "s", "actions": [action]}]}
    _, message = refusal("codepipeline", "CreatePipeline", {"pipeline": pipeline})
    assert (
        "Value '{k=}' at 'pipeline.stages.1.member.actions.1.member.configuration' failed to satisfy constraint: "
        "Map value must satisfy constraint: [Member must have length less than or equal to 1000, "
        "Member must have length greater than or equal to 1]"
    ) in message


def test_nulls_in_lists_and_maps() -> None:
    _, message = refusal("codebuild", "BatchGetProjects", {"names": ["a", None]})
    assert "Value null at 'names.2.member' failed to satisfy constraint: Member must not be null" in message


@pytest.mark.parametrize(
    ("service", "operation", "request_", "code"),
    [
        ("codebuild", "BatchGetProjects", {"names": []}, "InvalidInputException"),
        ("logs", "CreateLogGroup", {"logGroupName": ""}, "InvalidParameterException"),
        ("iam", "CreateUser", {"UserName": "a b"}, "ValidationError"),
        ("sts", "AssumeRole", {"RoleArn": "x" * 20, "RoleSessionName": ""}, "ValidationError"),
        ("codecommit", "GetRepository", {}, "RepositoryNameRequiredException"),
        ("codecommit", "GetRepository", {"repositoryName": ""}, "RepositoryNameRequiredException"),
        ("codecommit", "GetRepository", {"repositoryName": "a b"}, "InvalidRepositoryNameException"),
        ("codecommit", "GetCommit", {"repositoryName": "a"}, "CommitIdRequiredException"),
        ("events", "PutRule", {"Name": "a b"}, "ValidationException"),
        ("s3", "DeleteObjects", {"Bucket": "b", "Delete": {}}, "MalformedXML"),
        ("s3", "DeleteObjects", {"Bucket": "b"}, "MissingRequestBodyError"),
        ("s3", "PutBucketVersioning", {"Bucket": "b", "VersioningConfiguration": {"Status": "On"}}, "MalformedXML"),
        ("s3", "PutObject", {"Bucket": "b", "Key": "k", "StorageClass": "FAST"}, "InvalidStorageClass"),
        ("s3", "ListObjectsV2", {"Bucket": "b", "EncodingType": "x"}, "InvalidArgument"),
    ],
)
def test_every_service_has_its_own_code(service: str, operation: str, request_: dict[str, Any], code: str) -> None:
    assert refusal(service, operation, request_)[0] == code


def test_secrets_are_not_said() -> None:
    _, message = refusal("iam", "CreateLoginProfile", {"UserName": "u", "Password": "swordfish" * 100})
    assert "swordfish" not in message
    assert "Value at 'password' failed" in message


def test_long_values_are_cut_short_and_many_faults_as_well() -> None:
    _, message = refusal("codebuild", "BatchGetProjects", {"names": [""] * 500 + ["x" * 100_000]})
    assert len(message) < 4_000


def test_patterns_are_matched_as_java_does() -> None:
    accept("iam", "TagUser", {"UserName": "u", "Tags": [{"Key": "größe é 漢", "Value": ""}]})
    assert refusal("iam", "TagUser", {"UserName": "u", "Tags": [{"Key": "a!", "Value": ""}]})[0] == "ValidationError"
    assert refusal("iam", "CreateUser", {"UserName": "größe"})[0] == "ValidationError"
    assert refusal("codepipeline", "GetPipeline", {"name": "a\n"})[0] == "ValidationException"


def _patterns() -> list[tuple[str, int]]:
    found = set()
    for service in SERVICES:
        model = specs.model(service)
        for name in model.shape_names:
            limits = model.shape_for(name).metadata
            if "pattern" in limits:
                found.add((limits["pattern"], min(limits.get("max", 65_536), 65_536)))
    return sorted(found)


def test_every_pattern_compiles() -> None:
    found = _patterns()
    assert len(found) > 200
    for pattern, _ in found:
        assert isinstance(constrain.translated(pattern), re.Pattern)
        assert r"\p{" not in constrain.translated(pattern).pattern


def test_no_pattern_can_be_made_to_hang() -> None:
    for pattern, longest in _patterns():
        compiled = constrain.translated(pattern)
        for unit in ("a", " ", "a b", "a/", ":", "-a"):
            began = time.process_time()
            compiled.fullmatch(unit * (min(longest, 2_000) // len(unit)) + "\x01")
            assert time.process_time() - began < 1, (pattern, unit)


def test_a_long_name_is_not_looked_through_again_and_again() -> None:
    began = time.process_time()
    refusal("codepipeline", "ListTagsForResource", {"resourceArn": f"arn:aws:codepipeline:{':000000000000:' * 4600}\n"})
    assert time.process_time() - began < 0.5


def test_a_value_without_a_limit_does_not_escape_its_pattern_by_being_long() -> None:
    for execution in ("x" * 65_537, "00000000-0000-4000-8000-000000000000" * 2000, "\x00" * 70_000):
        request = {"pipelineName": "p", "pipelineExecutionId": execution}
        code, message = refusal("codepipeline", "GetPipelineExecution", request)
        assert code == "ValidationException"
        assert "at 'pipelineExecutionId' failed to satisfy constraint: Member must satisfy regular expression" in message


def test_faults_are_looked_for_up_to_a_limit() -> None:
    tags = {"resourceArn": "arn:aws:codepipeline:us-east-1:000000000000:x", "tags": [{}] * 3000}
    code, message = refusal("codepipeline", "TagResource", tags)
    assert code == "ValidationException"
    assert message.startswith("1000 or more validation errors detected: ")
    assert message.count("; ") == 49


def test_nobody_looks_into_a_list_that_is_too_long() -> None:
    names = [{"name": "a b", "value": "v"}] * 51
    _, message = refusal("codepipeline", "StartPipelineExecution", {"name": "p", "variables": names})
    assert message.startswith("1 validation error detected: ")
    assert message.endswith("at 'variables' failed to satisfy constraint: Member must have length less than or equal to 50")
    _, message = refusal("codepipeline", "StartPipelineExecution", {"name": "p", "variables": names[:2]})
    assert message.startswith("2 validation errors detected: ")


def test_rewritten_patterns_mean_the_same() -> None:
    arn = "arn:aws:codepipeline:us-east-1:000000000000:x"
    arns = [
        arn,
        arn.replace("aws", "aws-cn-a"),
        arn[:-1],
        f"{arn}\n",
        f"{arn}\nx",
        f"{arn}:000000000000:",
        f"{arn}:a\x00",
        arn[:30],
    ]
    values = ["", "\t", " ", "a", "a b", "\ta\t\tb ", "a:", "a\x01", "\t \t", "é", "a\n", *arns]
    for original in constrain._REWRITTEN:
        slow, quick = re.compile(original), constrain.translated(original)
        assert [bool(slow.fullmatch(value)) for value in values] == [bool(quick.fullmatch(value)) for value in values]
