"""Managed policies: versions, attachment, boundaries, who uses them; inline policies."""

import json
from typing import Any
from urllib.parse import unquote

import pytest

ACCOUNT = "000000000000"
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"


def made(server: Any, name: str, *statements: dict[str, Any], **request: Any) -> str:
    policy = server.call("create_policy", PolicyName=name, PolicyDocument=server.policy(*statements), **request)["Policy"]
    return str(policy["Arn"])


def test_create_policy_describes_and_lists_it(server: Any) -> None:
    arn = made(server, "deploy", server.allow("s3:*"), Path="/x/", Description="d", Tags=[{"Key": "k", "Value": "v"}])
    assert arn == f"arn:aws:iam::{ACCOUNT}:policy/x/deploy"
    policy = server.call("get_policy", PolicyArn=arn)["Policy"]
    assert policy["PolicyId"].startswith("ANPA")
    assert (policy["DefaultVersionId"], policy["AttachmentCount"], policy["Description"]) == ("v1", 0, "d")
    listed = server.call("list_policies", Scope="Local")["Policies"]
    assert [entry["Arn"] for entry in listed] == [arn]
    assert "Description" not in listed[0]
    assert server.call("list_policies", Scope="Local", OnlyAttached=True)["Policies"] == []
    assert ADMINISTRATOR in [entry["Arn"] for entry in server.call("list_policies", Scope="AWS")["Policies"]]
    message = server.refused(
        "EntityAlreadyExists", "create_policy", PolicyName="Deploy", PolicyDocument=server.policy(server.allow("s3:*"))
    )
    assert message == "A policy called Deploy already exists. Duplicate names are not allowed."


def test_list_policies_pages_through_all(server: Any) -> None:
    made(server, "aaa", server.allow("s3:*"))
    names: list[str] = []
    request: dict[str, Any] = {"MaxItems": 7}
    while True:
        page = server.call("list_policies", **request)
        names += [entry["PolicyName"] for entry in page["Policies"]]
        if not page["IsTruncated"]:
            break
        assert len(page["Policies"]) == 7
        request["Marker"] = page["Marker"]
    assert names[0] == "aaa"
    assert len(names) == len(set(names))
    assert {"AdministratorAccess", "AWSCodePipeline_FullAccess", "IAMFullAccess", "AmazonS3ReadOnlyAccess"} <= set(names)


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ('{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}', "must be version 2012-10-17"),
        ('{"Version":"2012-10-17","Statement":{"Effect":"allow","Action":"s3:*","Resource":"*"}}', "legacy parsing"),
        ('{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"ListBucket","Resource":"*"}}', "prefaced by a vendor"),
        (
            '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}}',
            "should not specify a principal",
        ),
        ("[]", "Syntax errors"),
    ],
)
def test_policy_documents_are_refused_when_malformed(server: Any, document: str, said: str) -> None:
    assert said in server.refused("MalformedPolicyDocument", "create_policy", PolicyName="p", PolicyDocument=document)
    arn = made(server, "there", server.allow("s3:*"))
    server.refused("MalformedPolicyDocument", "create_policy_version", PolicyArn=arn, PolicyDocument=document)


def test_policy_has_a_size_quota(server: Any) -> None:
    big = server.policy(server.allow(*(f"s3:Get{'x' * 60}{number}" for number in range(100))))
    message = server.refused("LimitExceeded", "create_policy", PolicyName="p", PolicyDocument=big)
    assert message == "Cannot exceed quota for PolicySize: 6144"


def test_versions_take_effect_when_they_become_the_default(server: Any) -> None:
    arn = made(server, "p", server.allow("s3:GetObject"))
    alice = server.user("alice")
    server.call("attach_user_policy", UserName="alice", PolicyArn=arn)
    wider = server.policy(server.allow("s3:*"))
    version = server.call("create_policy_version", PolicyArn=arn, PolicyDocument=wider)["PolicyVersion"]
    assert version == {"VersionId": "v2", "IsDefaultVersion": False, "CreateDate": server.clock.now()}
    assert not server.may(alice, "s3:PutObject")
    server.call("set_default_policy_version", PolicyArn=arn, VersionId="v2")
    assert server.may(alice, "s3:PutObject")
    assert unquote(server.call("get_policy_version", PolicyArn=arn, VersionId="v2")["PolicyVersion"]["Document"]) == wider
    message = server.refused("DeleteConflict", "delete_policy_version", PolicyArn=arn, VersionId="v2")
    assert message == "Cannot delete the default version of a policy."
    server.call("delete_policy_version", PolicyArn=arn, VersionId="v1")
    assert server.call("create_policy_version", PolicyArn=arn, PolicyDocument=wider)["PolicyVersion"]["VersionId"] == "v3"
    server.refused("NoSuchEntity", "get_policy_version", PolicyArn=arn, VersionId="v1")
    server.refused("NoSuchEntity", "set_default_policy_version", PolicyArn=arn, VersionId="v9")
    for _ in range(3):
        server.call("create_policy_version", PolicyArn=arn, PolicyDocument=wider, SetAsDefault=True)
    assert "up to 5 versions" in server.refused("LimitExceeded", "create_policy_version", PolicyArn=arn, PolicyDocument=wider)
    listed = server.call("list_policy_versions", PolicyArn=arn)["Versions"]
    assert [(entry["VersionId"], entry["IsDefaultVersion"]) for entry in listed] == [
        ("v6", True),
        ("v5", False),
        ("v4", False),
        ("v3", False),
        ("v2", False),
    ]


def test_delete_policy_refuses_while_it_is_used_or_has_versions(server: Any) -> None:
    arn = made(server, "p", server.allow("s3:*"))
    server.user("alice")
    server.call("attach_user_policy", UserName="alice", PolicyArn=arn)
    message = server.refused("DeleteConflict", "delete_policy", PolicyArn=arn)
    assert message == "Cannot delete a policy attached to entities."
    server.call("detach_user_policy", UserName="alice", PolicyArn=arn)
    server.call("put_user_permissions_boundary", UserName="alice", PermissionsBoundary=arn)
    server.refused("DeleteConflict", "delete_policy", PolicyArn=arn)
    server.call("delete_user_permissions_boundary", UserName="alice")
    server.refused("NoSuchEntity", "delete_user_permissions_boundary", UserName="alice")
    server.call("create_policy_version", PolicyArn=arn, PolicyDocument=server.policy(server.allow("s3:*")))
    assert "more than one version" in server.refused("DeleteConflict", "delete_policy", PolicyArn=arn)
    server.call("delete_policy_version", PolicyArn=arn, VersionId="v2")
    server.call("delete_policy", PolicyArn=arn)
    assert server.refused("NoSuchEntity", "get_policy", PolicyArn=arn) == f"Policy {arn} was not found."


@pytest.mark.parametrize("word", ["user", "group", "role"])
def test_attach_and_detach_for_each_kind_of_entity(server: Any, word: str) -> None:
    name = {f"{word.capitalize()}Name": "one"}
    more = {"AssumeRolePolicyDocument": server.trust({"AWS": ACCOUNT})} if word == "role" else {}
    server.call(f"create_{word}", **name, **more)
    arn = made(server, "p", server.allow("s3:*"), Path="/x/")
    for policy_arn in (arn, ADMINISTRATOR, ADMINISTRATOR):
        server.call(f"attach_{word}_policy", PolicyArn=policy_arn, **name)
    listed = server.call(f"list_attached_{word}_policies", **name)["AttachedPolicies"]
    assert listed == [
        {"PolicyName": "AdministratorAccess", "PolicyArn": ADMINISTRATOR},
        {"PolicyName": "p", "PolicyArn": arn},
    ]
    filtered = server.call(f"list_attached_{word}_policies", PathPrefix="/x/", **name)["AttachedPolicies"]
    assert [entry["PolicyArn"] for entry in filtered] == [arn]
    assert server.call("get_policy", PolicyArn=ADMINISTRATOR)["Policy"]["AttachmentCount"] == 1
    entities = server.call("list_entities_for_policy", PolicyArn=arn)
    assert [len(entities[key]) for key in ("PolicyUsers", "PolicyGroups", "PolicyRoles")] == [
        int(word == other) for other in ("user", "group", "role")
    ]
    assert server.call("list_entities_for_policy", PolicyArn=arn, PathPrefix="/none/")["PolicyUsers"] == []
    server.call(f"detach_{word}_policy", PolicyArn=arn, **name)
    server.refused("NoSuchEntity", f"detach_{word}_policy", PolicyArn=arn, **name)
    missing = f"arn:aws:iam::{ACCOUNT}:policy/none"
    message = server.refused("NoSuchEntity", f"attach_{word}_policy", PolicyArn=missing, **name)
    assert message == f"Policy {missing} does not exist or is not attachable."
    server.refused("InvalidInput", f"attach_{word}_policy", PolicyArn="arn:aws:s3:::bucket-name-here", **name)
    for number in range(9):
        server.call(f"attach_{word}_policy", PolicyArn=made(server, f"n{number}", server.allow("s3:*")), **name)
    message = server.refused("LimitExceeded", f"attach_{word}_policy", PolicyArn=arn, **name)
    assert message == f"Cannot exceed quota for PoliciesPer{word.capitalize()}: 10"


@pytest.mark.parametrize("word", ["user", "group", "role"])
def test_inline_policies_for_each_kind_of_entity(server: Any, word: str) -> None:
    name = {f"{word.capitalize()}Name": "one"}
    more = {"AssumeRolePolicyDocument": server.trust({"AWS": ACCOUNT})} if word == "role" else {}
    server.call(f"create_{word}", **name, **more)
    document = json.dumps({"Statement": [server.allow("s3:*")]}, indent=3)
    server.call(f"put_{word}_policy", PolicyName="b", PolicyDocument=server.policy(server.allow("logs:*")), **name)
    server.call(f"put_{word}_policy", PolicyName="a", PolicyDocument=document, **name)
    found = server.call(f"get_{word}_policy", PolicyName="a", **name)
    assert unquote(found["PolicyDocument"]) == document
    first = server.call(f"list_{word}_policies", MaxItems=1, **name)
    assert (first["PolicyNames"], first["IsTruncated"]) == (["a"], True)
    assert server.call(f"list_{word}_policies", Marker=first["Marker"], **name)["PolicyNames"] == ["b"]
    server.call(f"delete_{word}_policy", PolicyName="a", **name)
    message = server.refused("NoSuchEntity", f"get_{word}_policy", PolicyName="a", **name)
    assert message == f"The {word} policy with name a cannot be found."
    server.refused("NoSuchEntity", f"delete_{word}_policy", PolicyName="a", **name)
    server.refused("MalformedPolicyDocument", f"put_{word}_policy", PolicyName="a", PolicyDocument="{}", **name)
    most = {"user": 2048, "group": 5120, "role": 10240}[word]
    big = server.policy(server.allow("s3:Get" + "x" * most))
    message = server.refused("LimitExceeded", f"put_{word}_policy", PolicyName="a", PolicyDocument=big, **name)
    assert message == f"Maximum policy size of {most} bytes exceeded for {word} one"


def test_boundary_bounds_at_once_and_is_counted(server: Any) -> None:
    alice = server.user("alice", server.allow("*"))
    arn = made(server, "only-s3", server.allow("s3:*"))
    server.call("put_user_permissions_boundary", UserName="alice", PermissionsBoundary=arn)
    assert server.may(alice, "s3:GetObject")
    assert not server.may(alice, "logs:GetLogEvents")
    assert server.call("get_user", UserName="alice")["User"]["PermissionsBoundary"]["PermissionsBoundaryArn"] == arn
    assert server.call("get_policy", PolicyArn=arn)["Policy"]["PermissionsBoundaryUsageCount"] == 1
    used = server.call("list_entities_for_policy", PolicyArn=arn, PolicyUsageFilter="PermissionsBoundary")
    assert [user["UserName"] for user in used["PolicyUsers"]] == ["alice"]
    assert server.call("list_entities_for_policy", PolicyArn=arn)["PolicyUsers"] == []
    only = server.call("list_policies", PolicyUsageFilter="PermissionsBoundary")["Policies"]
    assert [entry["Arn"] for entry in only] == [arn]
    server.call("delete_user_permissions_boundary", UserName="alice")
    assert server.may(alice, "logs:GetLogEvents")


def test_policies_of_aws_cannot_be_changed(server: Any) -> None:
    document = server.policy(server.allow("s3:*"))
    server.refused("AccessDenied", "create_policy_version", PolicyArn=ADMINISTRATOR, PolicyDocument=document)
    server.refused("AccessDenied", "delete_policy", PolicyArn=ADMINISTRATOR)
    server.refused("AccessDenied", "tag_policy", PolicyArn=ADMINISTRATOR, Tags=[{"Key": "k", "Value": "v"}])
    old = "arn:aws:iam::aws:policy/AWSCodePipelineFullAccess"
    server.call("create_user", UserName="alice")
    server.refused("NoSuchEntity", "attach_user_policy", UserName="alice", PolicyArn=old)


def test_policies_of_aws_grant_what_they_promise(server: Any) -> None:
    alice = server.user("alice")
    pipeline = f"arn:aws:codepipeline:us-east-1:{ACCOUNT}:p"

    def only(name: str) -> None:
        for entry in server.call("list_attached_user_policies", UserName="alice")["AttachedPolicies"]:
            server.call("detach_user_policy", UserName="alice", PolicyArn=entry["PolicyArn"])
        server.call("attach_user_policy", UserName="alice", PolicyArn=f"arn:aws:iam::aws:policy/{name}")

    only("AWSCodePipeline_FullAccess")
    assert server.may(alice, "codepipeline:CreatePipeline", pipeline)
    assert server.may(alice, "s3:GetObject", "arn:aws:s3:::codepipeline-us-east-1-1/key")
    assert not server.may(alice, "s3:GetObject", "arn:aws:s3:::other/key")
    assert not server.may(alice, "codebuild:StartBuild")
    only("AWSCodePipelineApproverAccess")
    assert server.may(alice, "codepipeline:PutApprovalResult", f"{pipeline}/Stage/Action")
    assert not server.may(alice, "codepipeline:StartPipelineExecution", pipeline)
    only("AWSCodeCommitPowerUser")
    repository = f"arn:aws:codecommit:us-east-1:{ACCOUNT}:r"
    assert server.may(alice, "codecommit:GitPush", repository)
    assert not server.may(alice, "codecommit:DeleteRepository", repository)
    only("ReadOnlyAccess")
    assert server.may(alice, "codecommit:GitPull", repository)
    assert server.may(alice, "iam:ListUsers")
    assert not server.may(alice, "codecommit:GitPush", repository)
    only("PowerUserAccess")
    assert server.may(alice, "s3:DeleteBucket")
    assert not server.may(alice, "iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/r")
