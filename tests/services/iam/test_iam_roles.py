"""Roles and their trust policies."""

import json
from typing import Any
from urllib.parse import unquote

import pytest

ACCOUNT = "000000000000"
BUILD = {"Service": "codebuild.amazonaws.com"}


def test_create_role_keeps_the_document_byte_for_byte(server: Any) -> None:
    document = ' { "Version": "2012-10-17",\n "Statement": [{"Effect":"Allow", "Principal": {"Service":"codebuild.amazonaws.com"}'
    document += ',"Action":"sts:AssumeRole"}]}'
    role = server.call("create_role", RoleName="build", Path="/ci/", AssumeRolePolicyDocument=document, Description="x")["Role"]
    assert role["Arn"] == f"arn:aws:iam::{ACCOUNT}:role/ci/build"
    assert role["RoleId"].startswith("AROA")
    assert role["MaxSessionDuration"] == 3600
    assert " " not in role["AssumeRolePolicyDocument"]
    assert unquote(role["AssumeRolePolicyDocument"]) == document
    assert server.call("get_role", RoleName="build")["Role"] == role
    listed = server.call("list_roles")["Roles"]
    assert "RoleLastUsed" not in listed[0]
    assert listed[0]["AssumeRolePolicyDocument"] == role["AssumeRolePolicyDocument"]


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("{", "Syntax errors in policy."),
        ('{"Version":"2012-10-17","Statement":[]}', "Syntax errors in policy."),
        (
            '{"Statement":{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole","Resource":"*"}}',
            "Has prohibited field Resource",
        ),
        ('{"Statement":{"Effect":"Allow","Action":"sts:AssumeRole"}}', "Missing required field Principal"),
        ('{"Statement":{"Effect":"Allow","Principal":"*","Action":"s3:GetObject"}}', "Trust Policy statement actions can only"),
        (
            '{"Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::000000000000:user/nobody"},"Action":"sts:AssumeRole"}}',
            'Invalid principal in policy: "AWS":"arn:aws:iam::000000000000:user/nobody"',
        ),
        (
            '{"Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::000000000000:group/g"},"Action":"sts:AssumeRole"}}',
            "Invalid principal in policy",
        ),
        (
            '{"Statement":{"Effect":"Allow","Principal":{"Service":"codebuild"},"Action":"sts:AssumeRole"}}',
            "Invalid principal in policy",
        ),
    ],
)
def test_trust_policy_is_refused_when_malformed(server: Any, document: str, said: str) -> None:
    message = server.refused("MalformedPolicyDocument", "create_role", RoleName="r", AssumeRolePolicyDocument=document)
    assert said in message
    server.role("there", BUILD)
    server.refused("MalformedPolicyDocument", "update_assume_role_policy", RoleName="there", PolicyDocument=document)
    assert server.call("list_roles", PathPrefix="/")["Roles"][0]["RoleName"] == "there"


def test_trust_policy_has_a_quota_without_white_space(server: Any) -> None:
    conditions = {"StringEquals": {"aws:username": ["x" * 100] * 20}}
    big = server.trust({"AWS": ACCOUNT}, Condition=conditions)
    message = server.refused("LimitExceeded", "create_role", RoleName="r", AssumeRolePolicyDocument=big)
    assert message == "Cannot exceed quota for ACLSizePerRole: 2048"
    spacious = server.trust({"AWS": ACCOUNT}).replace(",", "," + " " * 2000)
    server.call("create_role", RoleName="r", AssumeRolePolicyDocument=spacious)


def test_trust_in_a_user_ends_with_the_user(server: Any) -> None:
    alice = server.user("alice")
    role = server.role("deploy", {"AWS": alice.arn})
    server.call("delete_access_key", UserName="alice", AccessKeyId=alice.access_key_id)
    server.call("delete_user", UserName="alice")
    shown = json.loads(unquote(server.call("get_role", RoleName="deploy")["Role"]["AssumeRolePolicyDocument"]))
    assert shown["Statement"][0]["Principal"] == {"AWS": alice.user_id}
    again = server.user("alice", server.allow("sts:*"))
    server.refused("AccessDenied", "assume_role", again, service="sts", RoleArn=role, RoleSessionName="one")
    server.call("update_assume_role_policy", RoleName="deploy", PolicyDocument=server.trust({"AWS": again.arn}))
    assert server.assume(again, role).kind == "role"


def test_trust_follows_a_renamed_user(server: Any) -> None:
    alice = server.user("alice")
    role = server.role("deploy", {"AWS": [alice.arn, ACCOUNT]})
    server.call("update_user", UserName="alice", NewUserName="alicia")
    shown = json.loads(unquote(server.call("get_role", RoleName="deploy")["Role"]["AssumeRolePolicyDocument"]))
    assert shown["Statement"][0]["Principal"] == {"AWS": [f"arn:aws:iam::{ACCOUNT}:user/alicia", ACCOUNT]}
    now = server.identity.credential(alice.access_key_id).caller
    assert server.assume(now, role).kind == "role"


def test_update_role_changes_only_what_is_given(server: Any) -> None:
    server.role("r", BUILD, Description="old")
    server.call("update_role", RoleName="r", MaxSessionDuration=7200)
    role = server.call("get_role", RoleName="r")["Role"]
    assert (role["Description"], role["MaxSessionDuration"]) == ("old", 7200)
    assert server.call("update_role_description", RoleName="r", Description="new")["Role"]["Description"] == "new"
    server.call("update_role", RoleName="r", Description="")
    assert "Description" not in server.call("get_role", RoleName="r")["Role"]
    server.refused("ValidationError", "update_role", RoleName="r", MaxSessionDuration=43201)
    server.refused("NoSuchEntity", "update_role", RoleName="none")


def test_delete_role_refuses_while_it_has_policies(server: Any) -> None:
    server.role("r", BUILD, server.allow("logs:*"))
    server.call("attach_role_policy", RoleName="r", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
    message = server.refused("DeleteConflict", "delete_role", RoleName="r")
    assert message == "Cannot delete entity, must delete policies first."
    server.call("delete_role_policy", RoleName="r", PolicyName="given")
    message = server.refused("DeleteConflict", "delete_role", RoleName="r")
    assert message == "Cannot delete entity, must detach all policies first."
    server.call("detach_role_policy", RoleName="r", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")
    server.call("delete_role", RoleName="r")
    assert server.refused("NoSuchEntity", "get_role", RoleName="r") == "The role with name r cannot be found."


def test_role_names_are_unique_and_reserved_paths_closed(server: Any) -> None:
    server.role("Build", BUILD)
    document = server.trust(BUILD)
    message = server.refused("EntityAlreadyExists", "create_role", RoleName="build", AssumeRolePolicyDocument=document)
    assert message == "Role with name build already exists."
    server.refused(
        "UnmodifiableEntity", "create_role", RoleName="x", Path="/aws-service-role/x/", AssumeRolePolicyDocument=document
    )


def test_role_last_used_is_told(server: Any) -> None:
    alice = server.user("alice")
    session = server.assume(alice, server.role("r", {"AWS": alice.arn}))
    assert server.call("get_role", RoleName="r")["Role"]["RoleLastUsed"] == {}
    server.identity.used(session.access_key_id, "s3", "us-east-1")
    assert server.call("get_role", RoleName="r")["Role"]["RoleLastUsed"] == {
        "LastUsedDate": server.clock.now(),
        "Region": "us-east-1",
    }
