"""The least request that an operation's model takes: required members only, each with the shortest value that fits."""

import json
import re
from collections.abc import Mapping
from typing import Any

from botocore.model import OperationModel, Shape

_ACCOUNT = "000000000000"
_UUID = "12345678-1234-1234-1234-123456789012"
_ROLE = f"arn:aws:iam::{_ACCOUNT}:role/victim"
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "x.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
DOCUMENT = json.dumps(_TRUST)
"""A policy document, good as the trust policy of a role as well."""
VALUES: Mapping[str, Any] = {
    "Bucket": "victim",
    "CopySource": "victim/key",
    "RoleArn": _ROLE,
    "roleArn": _ROLE,
    "serviceRole": _ROLE,
    "PolicyArn": f"arn:aws:iam::{_ACCOUNT}:policy/victim",
    "PolicyDocument": DOCUMENT,
    "AssumeRolePolicyDocument": DOCUMENT,
    "Policy": DOCUMENT,
    "resourceArn": f"arn:aws:codepipeline:us-east-1:{_ACCOUNT}:victim",
    "token": "12345678-1234-4234-8234-123456789012",
    "VersionId": "v1",
    "UploadId": "x",
    "commitId": "a" * 40,
    "pipelineExecutionId": _UUID,
    "id": f"victim:{_UUID}",
    "ids": [f"victim:{_UUID}"],
}
"""What members of a name hold where any text would do for the model, but not for the operation."""
_OF_LOGS = {"resourceArn": f"arn:aws:logs:us-east-1:{_ACCOUNT}:log-group:victim"}


def request(operation: OperationModel) -> dict[str, Any]:
    """The least request of an operation."""
    values = {**VALUES, **_OF_LOGS} if operation.service_model.service_name == "logs" else VALUES
    return dict(_value(operation.input_shape, "", values)) if operation.input_shape else {}


def value(shape: Shape) -> Any:
    """The least value of a shape."""
    return _value(shape, "", VALUES)


def _value(shape: Shape, name: str, values: Mapping[str, Any]) -> Any:
    if name in values and shape.type_name in ("string", "list"):
        return values[name]
    if shape.type_name == "structure":
        wanted = shape.required_members or (list(shape.members)[:1] if getattr(shape, "is_tagged_union", False) else [])
        return {member: _value(shape.members[member], member, values) for member in wanted}
    if shape.type_name == "list":
        return [_value(shape.member, name, values) for _ in range(max(1, shape.metadata.get("min", 1)))]
    if shape.type_name == "map":
        return {"key": _value(shape.value, "", values)}
    if shape.type_name in ("integer", "long"):
        return max(1, shape.metadata.get("min", 1))
    if shape.type_name == "string":
        return _text(shape)
    return {"boolean": True, "blob": b"x", "timestamp": 1, "float": 1.0, "double": 1.0}[shape.type_name]


def _text(shape: Shape) -> str:
    if shape.metadata.get("enum"):
        return str(shape.metadata["enum"][0])
    least = max(1, shape.metadata.get("min", 1))
    text = "a" * max(least, 3 if shape.metadata.get("max", 3) >= 3 else 1)
    pattern = shape.metadata.get("pattern", "")
    candidates = (text, "1" * len(text), f"arn:aws:x:us-east-1:{_ACCOUNT}:a", "AWS", _UUID)
    return next((each for each in candidates if _fits(pattern, each)), text)


def _fits(pattern: str, text: str) -> bool:
    # Patterns of the models are Java's; what Python cannot read is tried as it is.
    return not pattern or "\\p" in pattern or re.fullmatch(pattern, text) is not None
