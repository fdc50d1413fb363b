"""Assuming roles: who is trusted, what the session may do, how long, and how it ends."""

from typing import Any

import pytest

from stageline.ports.api import ApiError

ACCOUNT = "000000000000"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"


def test_assume_role_when_the_trust_policy_names_the_user(server: Any) -> None:
    alice = server.user("alice")
    role = server.role("deploy", {"AWS": alice.arn}, server.allow("s3:GetObject"))
    session = server.assume(alice, role, "release-1")
    assert session.arn == f"arn:aws:sts::{ACCOUNT}:assumed-role/deploy/release-1"
    assert session.keys["aws:PrincipalArn"] == role
    assert server.may(session, "s3:GetObject", "arn:aws:s3:::b/k")
    assert not server.may(session, "s3:PutObject", "arn:aws:s3:::b/k")
    me = server.call("get_caller_identity", session, service="sts")
    assert me == {"UserId": session.user_id, "Account": ACCOUNT, "Arn": session.arn}


def test_assume_role_needs_the_callers_right_when_the_account_is_trusted(server: Any) -> None:
    role = server.role("deploy", {"AWS": ROOT})
    without = server.user("without")
    with_right = server.user("with", server.allow("sts:AssumeRole", resource=role))
    message = server.refused("AccessDenied", "assume_role", without, service="sts", RoleArn=role, RoleSessionName="one")
    assert message == f"User: {without.arn} is not authorized to perform: sts:AssumeRole on resource: {role}"
    assert server.assume(with_right, role).kind == "role"


def test_missing_role_is_denied_like_a_forbidden_one(server: Any) -> None:
    alice = server.user("alice", server.allow("*"))
    missing = f"arn:aws:iam::{ACCOUNT}:role/none"
    message = server.refused("AccessDenied", "assume_role", alice, service="sts", RoleArn=missing, RoleSessionName="one")
    assert message == f"User: {alice.arn} is not authorized to perform: sts:AssumeRole on resource: {missing}"


def test_role_is_gone_with_its_sessions_when_deleted(server: Any) -> None:
    alice = server.user("alice")
    role = server.role("deploy", {"AWS": alice.arn})
    server.call("attach_role_policy", RoleName="deploy", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    given = server.call("assume_role", alice, service="sts", RoleArn=role, RoleSessionName="one")["Credentials"]
    session = server.identity.credential(given["AccessKeyId"], given["SessionToken"]).caller
    assert server.may(session, "s3:GetObject")
    server.call("detach_role_policy", RoleName="deploy", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    assert not server.may(session, "s3:GetObject")
    server.call("attach_role_policy", RoleName="deploy", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    server.call("detach_role_policy", RoleName="deploy", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    server.call("delete_role", RoleName="deploy")
    assert server.identity.credential(given["AccessKeyId"], given["SessionToken"]) is None
    server.role("deploy", {"AWS": alice.arn}, server.allow("*"))
    assert server.identity.credential(given["AccessKeyId"], given["SessionToken"]) is None
    assert not server.may(session, "s3:GetObject")


def test_service_assumes_a_role_that_trusts_it(server: Any) -> None:
    role = server.role("build", {"Service": "codebuild.amazonaws.com"}, server.allow("logs:*"))
    credential = server.identity.assume_as_service(
        role, "AWSCodeBuild-1", service="codebuild.amazonaws.com", policy="", duration=3_600_000
    )
    assert server.may(credential.caller, "logs:PutLogEvents")
    with pytest.raises(ApiError) as caught:
        server.identity.assume_as_service(role, "x1", service="codepipeline.amazonaws.com", policy="", duration=3_600_000)
    assert caught.value.code == "AccessDenied"
    narrowed = server.identity.assume_as_service(
        role,
        "AWSCodeBuild-2",
        service="codebuild.amazonaws.com",
        policy=server.policy(server.allow("logs:CreateLogGroup")),
        duration=3_600_000,
    )
    assert server.may(narrowed.caller, "logs:CreateLogGroup")
    assert not server.may(narrowed.caller, "logs:PutLogEvents")
