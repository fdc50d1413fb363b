"""Calls from inside the server: same rules, no wire."""

import io
from collections.abc import Iterator
from typing import Any

import pytest

from stageline.gateway.internal import InternalAws
from stageline.ports.api import ApiError, Caller

ROLE = "arn:aws:iam::000000000000:role/build"


@pytest.fixture
def role(world: Any) -> Any:
    return world.aws.as_role(ROLE, "run", service="codebuild.amazonaws.com")


def test_a_role_reads_and_writes(role: Any) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"one "
        yield b"two"

    for body in (b"one two", io.BytesIO(b"one two"), chunks(), bytearray(b"one two")):
        role.call("s3", "PutObject", Bucket="b", Key="in", Body=body)
        got = role.call("s3", "GetObject", Bucket="b", Key="in", VersionId=None)
        assert b"".join(got["Body"]) == b"one two"
        assert isinstance(got["LastModified"], int)


def test_every_call_is_authorised_as_the_role(world: Any, role: Any) -> None:
    role.call("s3", "ListObjectsV2", Bucket="b")
    assert world.bouncer.asked[-1] == ("arn:aws:sts::000000000000:assumed-role/build/run", "s3:ListBucket")
    with pytest.raises(ApiError) as caught:
        world.aws.call("s3", "ListObjectsV2", Bucket="b")
    assert caught.value.code == "AccessDenied"


def test_every_call_is_constrained(role: Any) -> None:
    with pytest.raises(ApiError) as caught:
        role.call("codepipeline", "GetPipeline", name="a b")
    assert caught.value.code == "ValidationException"
    with pytest.raises(TypeError, match="no parameter nam"):
        role.call("codepipeline", "GetPipeline", nam="a")
    with pytest.raises(ApiError) as caught:
        role.call("codepipeline", "ListWebhooks")
    assert caught.value.code == "NotImplementedException"


def test_a_role_that_may_not_be_assumed(world: Any) -> None:
    with pytest.raises(ApiError) as caught:
        world.aws.as_role(ROLE.replace("build", "forbidden"), "run", service="codebuild.amazonaws.com")
    assert caught.value.code == "AccessDenied"


def test_a_role_assumes_another(world: Any, role: Any) -> None:
    other = role.as_role(ROLE.replace("build", "deploy"), "next")
    assert ("arn:aws:sts::000000000000:assumed-role/build/run", "sts:AssumeRole") in world.bouncer.asked
    assert other.call("sts", "GetCallerIdentity")["Arn"] == "arn:aws:sts::000000000000:assumed-role/deploy/next"


def test_credentials_are_those_of_the_role_and_are_renewed(world: Any, role: Any) -> None:
    first = role.credentials()
    assert first == role.credentials()
    held = world.people.credential(first["AccessKeyId"], first["SessionToken"])
    assert held.secret == first["SecretAccessKey"]
    world.clock.shift += 51 * 60_000
    try:
        second = role.credentials()
        assert second["AccessKeyId"] != first["AccessKeyId"]
        role.call("sts", "GetCallerIdentity")
        assert role.credentials() == second
    finally:
        world.clock.shift = 0
    with pytest.raises(ApiError, match="assumed role"):
        world.aws.credentials()


def test_as_a_caller_who_is_known_already(world: Any) -> None:
    bob = Caller(kind="user", arn="arn:aws:iam::000000000000:user/bob")
    assert world.aws.as_caller(bob).call("sts", "GetCallerIdentity")["Arn"] == bob.arn


def test_before_the_gateway_there_is_nothing_to_call(world: Any) -> None:
    with pytest.raises(RuntimeError):
        InternalAws(identity=world.people, clock=world.clock, endpoint="").call("sts", "GetCallerIdentity")
