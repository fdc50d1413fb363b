"""Deny by default: every operation that there is, asked without credentials, badly signed, too late and without permission."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from botocore import UNSIGNED
from botocore.exceptions import ClientError
from botocore.model import Shape

from stageline.testing.harness import Key

FAMILIES = {"s3": "s3", "iam": "query", "sts": "query"}
MISSING = {"json": "MissingAuthenticationTokenException", "query": "MissingAuthenticationToken", "s3": "AccessDenied"}
FORGED = {"json": "InvalidSignatureException", "query": "SignatureDoesNotMatch", "s3": "SignatureDoesNotMatch"}
UNKNOWN = {"json": "UnrecognizedClientException", "query": "InvalidClientTokenId", "s3": "InvalidAccessKeyId"}
DENIED = {"json": "AccessDeniedException", "query": "AccessDenied", "s3": "AccessDenied"}
FREE = {"sts:get_caller_identity", "sts:get_session_token"}
"""Nobody needs a permission to learn who they are, or for a session of their own."""
BEGUN = {"sts:assume_role", "s3:delete_objects"}
"""They begin and ask then: a role's trust policy, and each key by itself."""
BODILESS = {"404", "403"}
"""What clients make of an answer to HEAD, which has no body to tell more."""

ROLE = "arn:aws:iam::000000000000:role/victim"
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "x.amazonaws.com"}, "Action": "sts:AssumeRole"}],
    }
)
SAMPLES: dict[str, Any] = {
    "Bucket": "victim",
    "CopySource": "victim/key",
    "RoleArn": ROLE,
    "roleArn": ROLE,
    "serviceRole": ROLE,
    "PolicyArn": "arn:aws:iam::000000000000:policy/victim",
    "PolicyDocument": TRUST,
    "AssumeRolePolicyDocument": TRUST,
    "Policy": TRUST,
    "resourceArn": "arn:aws:codepipeline:us-east-1:000000000000:victim",
    "token": "12345678-1234-4234-8234-123456789012",
    "VersionId": "v1",
    "UploadId": "x",
    "commitId": "a" * 40,
    "pipelineExecutionId": "12345678-1234-1234-1234-123456789012",
    "id": "victim:12345678-1234-1234-1234-123456789012",
    "ids": ["victim:12345678-1234-1234-1234-123456789012"],
}


def sample(shape: Shape, name: str = "") -> Any:
    """The least value of a shape that its model takes."""
    if name in SAMPLES and shape.type_name in ("string", "list"):
        return SAMPLES[name]
    if shape.type_name == "structure":
        wanted = shape.required_members or (list(shape.members)[:1] if getattr(shape, "is_tagged_union", False) else [])
        return {member: sample(shape.members[member], member) for member in wanted}
    if shape.type_name == "list":
        return [sample(shape.member, name) for _ in range(max(1, shape.metadata.get("min", 1)))]
    if shape.type_name == "map":
        return {"key": sample(shape.value)}
    plain = {"boolean": True, "blob": b"x", "timestamp": 1, "float": 1.0, "double": 1.0}
    if shape.type_name in ("integer", "long"):
        return max(1, shape.metadata.get("min", 1))
    if shape.type_name != "string":
        return plain[shape.type_name]
    if shape.metadata.get("enum"):
        return shape.metadata["enum"][0]
    least = max(1, shape.metadata.get("min", 1))
    text = "a" * max(least, 3 if shape.metadata.get("max", 3) >= 3 else 1)
    pattern = shape.metadata.get("pattern", "")
    candidates = (text, "1" * len(text), "arn:aws:x:us-east-1:000000000000:a", "AWS", "12345678-1234-1234-1234-123456789012")
    fits = (each for each in candidates if _fits(pattern, each))
    return next(fits, text)


def _fits(pattern: str, text: str) -> bool:
    # Patterns of the models are Java's; what Python cannot read is tried as it is.
    return not pattern or "\\p" in pattern or re.fullmatch(pattern, text) is not None


def called(client: Any, operation: Any) -> str:
    """The error code of an operation, asked with the least request; empty when it was done."""
    request = sample(operation.model.input_shape) if operation.model.input_shape else {}
    if operation.service == "logs" and "resourceArn" in request:
        request["resourceArn"] = "arn:aws:logs:us-east-1:000000000000:log-group:victim"
    try:
        answer = getattr(client, operation.name)(**request)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    # DeleteObjects asks for each key by itself, and tells so for each.
    errors = answer.get("Errors") if operation.name == "delete_objects" else None
    return str(errors[0]["Code"]) if errors else ""


@pytest.fixture(scope="module", autouse=True)
def victim(whole: Any) -> None:
    whole.client("s3").create_bucket(Bucket="victim")
    whole.client("iam").create_role(RoleName="victim", AssumeRolePolicyDocument=TRUST)


def answers(whole: Any, key: Key, *, unsigned: bool = False) -> dict[str, tuple[str, str]]:
    """By operation: the family of its service and the code that it answered with. None of them may have run."""
    clients = {
        service: whole.client(
            service, key=key, parameter_validation=False, **({"signature_version": UNSIGNED} if unsigned else {})
        )
        for service in {each.service for each in whole.operations}
    }
    whole.reached.clear()
    found = {
        f"{each.service}:{each.name}": (FAMILIES.get(each.service, "json"), called(clients[each.service], each))
        for each in whole.operations
    }
    assert len(found) > 200
    return found


def test_without_credentials_nothing_runs(whole: Any) -> None:
    found = answers(whole, Key("x", "y"), unsigned=True)
    wrong = {name: code for name, (family, code) in found.items() if code not in (MISSING[family], *BODILESS)}
    assert wrong == {}
    assert whole.reached == []


def test_with_a_forged_signature_nothing_runs(whole: Any) -> None:
    found = answers(whole, Key(whole.running.key.access_key_id, "0" * 40))
    assert {name: code for name, (family, code) in found.items() if code not in (FORGED[family], *BODILESS)} == {}
    assert whole.reached == []


def test_with_a_key_that_is_not_there_nothing_runs(whole: Any) -> None:
    found = answers(whole, Key("AKIA" + "Q" * 16, "0" * 40))
    assert {name: code for name, (family, code) in found.items() if code not in (UNKNOWN[family], *BODILESS)} == {}
    assert whole.reached == []


def test_without_a_permission_nothing_runs(whole: Any, new_person: Callable[..., Key]) -> None:
    found = answers(whole, new_person(whole, "nobody"))
    wrong = {name: code for name, (family, code) in found.items() if code not in (DENIED[family], *BODILESS) and name not in FREE}
    assert wrong == {}
    assert set(whole.reached) - BEGUN == FREE


def test_an_explicit_deny_beats_the_right_to_everything(whole: Any, new_person: Callable[..., Key]) -> None:
    everything = {"Action": "*", "Resource": "*"}
    key = new_person(whole, "barred", everything, {"Effect": "Deny", "Action": "*", "Resource": "*"})
    found = answers(whole, key)
    wrong = {name: code for name, (family, code) in found.items() if code not in (DENIED[family], *BODILESS) and name not in FREE}
    assert wrong == {}
    assert set(whole.reached) - BEGUN <= FREE
