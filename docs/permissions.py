"""What every operation asks for, found by asking: each is given a request with all members, and one with the required ones only.

Names in braces stand for what a request says, ``*`` at the end of a condition key for any tag or variable.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from inspect import signature
from typing import Any

from botocore.model import Shape

from stageline.engine import history
from stageline.gateway import operations
from stageline.gateway.authorize import global_keys
from stageline.ports.api import ApiError, Caller, Context
from stageline.ports.identity import Check
from stageline.services.codebuild.documents import PROJECT
from stageline.services.codecommit.records import KIND as REPOSITORY
from stageline.services.codepipeline import records
from stageline.services.iam.model.entities import GROUP, INSTANCE_PROFILES, KEYS, POLICIES, ROLE, USER
from stageline.services.logs.records import GROUP as LOG_GROUP
from stageline.services.s3.buckets import BUCKET
from stageline.services.secretsmanager.records import SECRET
from stageline.services.ssm.records import PARAMETER

IAM = "arn:aws:iam::{account}"
SECRETS = "arn:aws:secretsmanager:{region}:{account}:secret"
SAID: Mapping[str, Any] = {
    "Path": "/{Path}/",
    "NewPath": "/{NewPath}/",
    "PolicyArn": f"{IAM}:policy/{{Path}}/{{PolicyName}}",
    "PermissionsBoundary": "{PermissionsBoundary}",
    "DeletionTaskId": "task/aws-service-role/{AWSServiceName}/{RoleName}/{id}",
    "CopySource": "{SourceBucket}/{SourceKey}",
    "Tagging": "key=value",
    "id": "{projectName}:{id}",
    "ids": ["{projectName}:{id}"],
    "resourceArn": "{resourceArn}",
    "AllUsers": False,
}
_TAGS = {"key": "value"}
_NAMED = ("{UserName}", "{GroupName}", "{RoleName}", "{PolicyName}", "{InstanceProfileName}")
_ORIGINAL = {name.lower(): name for name in _NAMED}


def _entity(key: str) -> dict[str, Any]:
    fixed = {"path": "/{Path}/", "tags": _TAGS, "boundary": "{PermissionsBoundary}", "user": "{username}", "keys": []}
    return {"name": _ORIGINAL.get(key, key), **fixed}


FOUND: Mapping[str, Callable[[str], dict[str, Any]]] = {
    **dict.fromkeys((USER.kind, GROUP.kind, ROLE.kind, POLICIES, INSTANCE_PROFILES, KEYS), _entity),
    records.TAGS: lambda key: _TAGS,
    history.STARTED: lambda key: {"pipeline": "{pipelineName}"},
    PROJECT: lambda key: {"tags": [{"key": "key", "value": "value"}]},
    REPOSITORY: lambda key: {"tags": _TAGS},
    LOG_GROUP: lambda key: {"tags": _TAGS},
    SECRET: lambda key: {"arn": f"{SECRETS}:{key}-??????", "tags": _TAGS, "deleted": None, "policy": None},
    PARAMETER: lambda key: {"name": key, "tags": _TAGS},
    BUCKET: lambda key: {"name": key, "account": "{ExpectedBucketOwner}", "config": {}},
}


class _Everything:
    """A snapshot in which every resource that is asked for exists, with a tag."""

    def get(self, kind: str, key: str) -> dict[str, Any] | None:
        """A document of a kind that has tags; nothing of any other."""
        return FOUND[kind](key) if kind in FOUND else None

    def scan(self, kind: str, prefix: str = "", **limits: Any) -> list[Any]:
        """Nothing."""
        return []

    def count(self, kind: str, prefix: str = "") -> int:
        """None."""
        return 0


class _Store:
    @contextmanager
    def read(self) -> Iterator[_Everything]:
        """The snapshot."""
        yield _Everything()


def _context() -> Context:
    keys = {"aws:username": "{UserName}", "aws:PrincipalArn": f"{IAM}:user/{{UserName}}"}
    caller = Caller("user", f"{IAM}:user/{{UserName}}", "AIDA", "{account}", "AKIA", keys)
    return Context(caller, "{account}", "{region}", 0, "", "", "127.0.0.1", headers={"user-agent": "x", "referer": "x"})


def _sample(shape: Shape, name: str, *, full: bool, depth: int = 0) -> Any:
    if name in SAID and shape.type_name != "structure":
        return SAID[name]
    if shape.type_name == "structure":
        names = [each for each in shape.members if (full and depth < 6) or each in shape.required_members]
        return {each: _sample(shape.members[each], each, full=full, depth=depth + 1) for each in names}
    if shape.type_name == "list":
        return [_sample(shape.member, name, full=full, depth=depth + 1)]
    if shape.type_name == "map":
        return {"key": _sample(shape.value, name, full=full, depth=depth + 1)}
    plain = {"integer": 1, "long": 1, "boolean": True, "blob": b"", "timestamp": 1, "float": 1.0, "double": 1.0}
    return plain.get(shape.type_name) or (shape.enum[0] if getattr(shape, "enum", None) else f"{{{name}}}")


ELSEWHERE: Mapping[tuple[str, str], list[tuple[str, str, str]]] = {
    ("sts", "AssumeRole"): [
        (
            "`sts:AssumeRole`, and `sts:TagSession`, `sts:SetSourceIdentity` when asked for",
            "`{RoleArn}`: its trust policy, and the caller's policies where that names the account only",
            "`sts:ExternalId` `sts:RoleSessionName` `sts:SourceIdentity` `sts:DurationSeconds` `sts:TransitiveTagKeys` "
            "`aws:RequestTag/*` `aws:TagKeys` `aws:ResourceTag/*` `iam:ResourceTag/*` `aws:SourceArn` `aws:SourceAccount`",
        )
    ],
    ("sts", "GetCallerIdentity"): [("none: nobody who can sign is refused", "", "")],
    ("sts", "GetSessionToken"): [("none: users and the root, with a long-lived key", "", "")],
    ("s3", "DeleteObjects"): [
        ("`s3:DeleteObject`, or `s3:DeleteObjectVersion` with a version, for each key", "`arn:aws:s3:::{Bucket}/{Key}`", "")
    ],
}

Row = tuple[str, str, str, str]


def rows(found: operations.Operation) -> list[Row]:
    """One row for each question of an operation."""
    name = found.model.name
    if (found.service, name) in ELSEWHERE:
        return [(f"`{name}`", *told) for told in ELSEWHERE[found.service, name]]
    least, most = (_asked(found, full=full) for full in (False, True))
    always = {check.action for check in least}
    lines: dict[tuple[str, str], set[str]] = {}
    for check in [*most, *(each for each in least if each.action not in {one.action for one in most})]:
        sometimes = "" if check.action in always else " when asked for"
        line = (f"`{check.action}`{sometimes}", _places(check))
        lines.setdefault(line, set()).update(_key(key) for key in check.keys)
    assert lines, f"{found.service} {name} asks for nothing"
    return [(f"`{name}`", action, place, " ".join(sorted(f"`{key}`" for key in keys))) for (action, place), keys in lines.items()]


def _asked(found: operations.Operation, *, full: bool) -> list[Check]:
    checks = import_module(f"stageline.services.{found.service.replace('-', '_')}.authorization").checks
    shape = found.model.input_shape
    request = _sample(shape, "", full=full) if shape is not None else {}
    ports = {"store": _Store()}
    try:
        return list(
            checks(
                found.name, _context(), request, **{name: ports[name] for name in signature(checks).parameters if name in ports}
            )
        )
    except ApiError as error:
        raise AssertionError(f"{found.service} {found.model.name} cannot be asked about: {error}") from error


def _places(check: Check) -> str:
    joined = " or " if check.any_of else " and "
    return joined.join(f"`{each}`" for each in dict.fromkeys(check.resources))


def _key(key: str) -> str:
    key = re.sub(r"((?:request|resource|objecttag|existingobject)tag/|RequestObjectTag/).*", r"\1*", key, flags=re.IGNORECASE)
    return re.sub(r"(environmentVariables/).*(\.value)", r"\1*\2", key)


def everywhere() -> list[str]:
    """The condition keys that every request has, or has whenever they mean something, as AWS spells them."""
    there = set(global_keys(_context()))
    spelt = [
        *("aws:CurrentTime", "aws:EpochTime", "aws:SecureTransport", "aws:RequestedRegion", "aws:ViaAWSService"),
        *("aws:PrincipalIsAWSService", "aws:SourceIp", "aws:UserAgent", "aws:Referer", "aws:PrincipalType", "aws:userid"),
        *("aws:PrincipalAccount", "aws:PrincipalArn", "aws:username"),
    ]
    assert {name.lower() for name in spelt} == there, there ^ {name.lower() for name in spelt}
    return spelt


INTRODUCTION = """\
What each operation asks of whoever calls it: actions, on which resources, with which condition keys. All of them must be
allowed; an explicit deny on any of them refuses. Names in braces are what the request says; `*` at the end of a key is any tag or
variable. How policies of different kinds count together: [identity](../concepts/identity.md)."""

FURTHER = """\
Where they mean something, also: `aws:PrincipalTag/*` (of users, roles and sessions), `aws:TokenIssueTime` and
`aws:MultiFactorAuthPresent` (temporary credentials only), `aws:SourceIdentity`, `aws:ResourceAccount`, `aws:ResourceTag/*`; for
services that act as themselves `aws:PrincipalServiceName`, `aws:PrincipalServiceNamesList`, `aws:SourceArn` and
`aws:SourceAccount`. What the server does itself has no `aws:SourceIp`."""
