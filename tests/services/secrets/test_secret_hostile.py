"""Requests that no client makes: odd characters in every text, tokens of others; never an unexpected failure."""

from contextlib import suppress
from typing import Any

import pytest
from botocore.exceptions import ClientError

ODD = [
    "\0",
    "a\0b",
    "é",
    "\u2028",
    "..",
    "/",
    "//",
    ":",
    "arn:",
    "arn:aws:secretsmanager:::secret:",
    "%00",
    "x" * 500,
    "*",
    "?" * 7,
]


@pytest.mark.parametrize("text", ODD)
def test_odd_names_of_secrets(keeper: Any, text: str) -> None:
    calls: list[tuple[str, dict[str, Any]]] = [
        ("create_secret", {"Name": text, "Description": text, "Tags": [{"Key": text, "Value": text}]}),
        ("describe_secret", {"SecretId": text}),
        ("get_secret_value", {"SecretId": text, "VersionStage": text, "VersionId": (text * 40)[:40]}),
        ("put_secret_value", {"SecretId": text, "SecretString": text, "VersionStages": [text]}),
        ("update_secret", {"SecretId": text, "KmsKeyId": text}),
        ("list_secrets", {"Filters": [{"Key": "all", "Values": [text]}], "NextToken": text}),
        ("batch_get_secret_value", {"SecretIdList": [text]}),
        ("put_resource_policy", {"SecretId": text, "ResourcePolicy": text}),
        ("update_secret_version_stage", {"SecretId": text, "VersionStage": text, "MoveToVersionId": (text * 40)[:40]}),
        ("delete_secret", {"SecretId": text, "ForceDeleteWithoutRecovery": True}),
        ("get_random_password", {"ExcludeCharacters": text}),
    ]
    _call(keeper, calls)


@pytest.mark.parametrize("text", ODD)
def test_odd_names_of_parameters(ssm: Any, text: str) -> None:
    which = {"ResourceType": "Parameter", "ResourceId": text}
    calls: list[tuple[str, dict[str, Any]]] = [
        ("put_parameter", {"Name": text, "Value": text, "Type": "SecureString", "Description": text}),
        ("put_parameter", {"Name": "/odd", "Value": text, "Type": "String", "Overwrite": True, "AllowedPattern": text}),
        ("put_parameter", {"Name": "/odd", "Value": text, "Type": "String", "Overwrite": True}),
        ("get_parameter", {"Name": text, "WithDecryption": True}),
        ("get_parameter", {"Name": f"/odd:{text}"}),
        ("get_parameters", {"Names": [text]}),
        ("get_parameters_by_path", {"Path": text, "NextToken": text}),
        ("get_parameter_history", {"Name": text}),
        ("describe_parameters", {"ParameterFilters": [{"Key": "Name", "Option": "Contains", "Values": [text]}]}),
        ("describe_parameters", {"ParameterFilters": [{"Key": f"tag:{text}", "Values": [text]}], "NextToken": text}),
        ("label_parameter_version", {"Name": "/odd", "Labels": [text]}),
        ("add_tags_to_resource", {**which, "Tags": [{"Key": text, "Value": text}]}),
        ("delete_parameters", {"Names": [text]}),
    ]
    _call(ssm, calls)


def _call(client: Any, calls: list[tuple[str, dict[str, Any]]]) -> None:
    """Each is answered or refused; what fails unexpectedly behind one fails the test in its fixture."""
    for operation, request in calls:
        with suppress(ClientError):
            getattr(client, operation)(**request)
