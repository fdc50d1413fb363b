"""Who may call IAM: every operation is closed by default, and each asks about the right resource."""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest

from stageline.gateway import specs
from stageline.services.iam.authorization import checks

ACCOUNT = "000000000000"


def operations(service: str) -> list[str]:
    package = import_module(f"stageline.services.{service}")
    names = specs.function_names(service)
    return sorted(
        name
        for module in iter_modules(package.__path__, f"{package.__name__}.")
        for name, value in vars(import_module(module.name)).items()
        if name in names and getattr(value, "__module__", "") == module.name
    )


def minimal(operation: str) -> dict[str, Any]:
    """A request with every required member."""
    samples: dict[str, Any] = {
        "PolicyArn": f"arn:aws:iam::{ACCOUNT}:policy/some",
        "PermissionsBoundary": f"arn:aws:iam::{ACCOUNT}:policy/some",
        "PolicyDocument": '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}',
        "AssumeRolePolicyDocument": '{"Statement":{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}}',
        "Tags": [{"Key": "k", "Value": "v"}],
        "TagKeys": ["k"],
        "Status": "Active",
        "VersionId": "v1",
        "AccessKeyId": "AKIAAAAAAAAAAAAAAAAA",
        "ServiceSpecificCredentialId": "ACCAAAAAAAAAAAAAAAAA",
        "ServiceName": "codecommit.amazonaws.com",
    }
    model = specs.model("iam").operation_model(specs.function_names("iam")[operation])
    required = model.input_shape.required_members if model.input_shape else []
    return {name: samples.get(name, "some") for name in required}


@pytest.mark.parametrize("operation", operations("iam"))
def test_operation_is_closed_by_default_and_open_to_its_action(shared_server: Any, operation: str) -> None:
    server, names = shared_server, specs.function_names("iam")
    nobody = server.user(f"nobody-{operation}")
    request = minimal(operation)
    message = server.refused("AccessDenied", operation, nobody, **request)
    action = f"iam:{names[operation]}"
    assert f"User: {nobody.arn} is not authorized to perform: {action}" in message
    asked = checks(operation, server.context(nobody), request, store=server.store)
    assert asked[0].action == action
    granted = [server.allow(check.action, resource=place) for check in asked for place in check.resources]
    document = server.policy(*granted)
    server.call("put_user_policy", UserName=f"nobody-{operation}", PolicyName="p", PolicyDocument=document)
    server.authorizer.require(server.context(nobody), asked, service="iam")


def test_path_of_the_user_counts(server: Any) -> None:
    server.call("create_user", UserName="bob", Path="/dev/")
    server.call("create_user", UserName="carol")
    dev = f"arn:aws:iam::{ACCOUNT}:user/dev/*"
    lead = server.user("lead", server.allow("iam:*", resource=dev))
    server.call("get_user", lead, UserName="bob")
    server.refused("AccessDenied", "get_user", lead, UserName="carol")
    server.call("create_user", lead, UserName="dan", Path="/dev/")
    server.refused("AccessDenied", "create_user", lead, UserName="dave")
    server.call("update_user", lead, UserName="dan", NewUserName="daniel")
    message = server.refused("AccessDenied", "update_user", lead, UserName="bob", NewPath="/ops/")
    assert f"arn:aws:iam::{ACCOUNT}:user/ops/bob" in message


def test_attachment_can_be_limited_to_a_policy_and_a_boundary(server: Any) -> None:
    allowed = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    boundary = server.call("create_policy", PolicyName="b", PolicyDocument=server.policy(server.allow("s3:*")))["Policy"]["Arn"]
    lead = server.user(
        "lead",
        server.allow("iam:AttachUserPolicy", Condition={"ArnEquals": {"iam:PolicyARN": allowed}}),
        server.allow("iam:CreateUser", Condition={"StringEquals": {"iam:PermissionsBoundary": boundary}}),
        server.allow("iam:PutUserPolicy", Condition={"StringEquals": {"iam:PermissionsBoundary": boundary}}),
    )
    server.refused("AccessDenied", "create_user", lead, UserName="new")
    server.call("create_user", lead, UserName="new", PermissionsBoundary=boundary)
    server.call("attach_user_policy", lead, UserName="new", PolicyArn=allowed)
    other = "arn:aws:iam::aws:policy/AdministratorAccess"
    server.refused("AccessDenied", "attach_user_policy", lead, UserName="new", PolicyArn=other)
    document = server.policy(server.allow("*"))
    server.call("put_user_policy", lead, UserName="new", PolicyName="p", PolicyDocument=document)
    server.call("create_user", UserName="free")
    server.refused("AccessDenied", "put_user_policy", lead, UserName="free", PolicyName="p", PolicyDocument=document)


def test_tags_at_creation_need_their_own_right(server: Any) -> None:
    lead = server.user("lead", server.allow("iam:CreateUser"))
    tags = [{"Key": "team", "Value": "x"}]
    message = server.refused("AccessDenied", "create_user", lead, UserName="new", Tags=tags)
    assert "iam:TagUser" in message
    server.call(
        "put_user_policy",
        UserName="lead",
        PolicyName="tag",
        PolicyDocument=server.policy(server.allow("iam:TagUser", Condition={"StringEquals": {"aws:RequestTag/team": "x"}})),
    )
    server.call("create_user", lead, UserName="new", Tags=tags)
    server.refused("AccessDenied", "create_user", lead, UserName="newer", Tags=[{"Key": "team", "Value": "y"}])


def test_group_operations_are_about_the_group(server: Any) -> None:
    server.call("create_group", GroupName="devs")
    server.call("create_group", GroupName="admins")
    server.call("create_user", UserName="bob")
    lead = server.user("lead", server.allow("iam:AddUserToGroup", resource=f"arn:aws:iam::{ACCOUNT}:group/devs"))
    server.call("add_user_to_group", lead, GroupName="devs", UserName="bob")
    server.refused("AccessDenied", "add_user_to_group", lead, GroupName="admins", UserName="bob")


def test_tags_of_the_resource_count(server: Any) -> None:
    server.call("create_user", UserName="bob", Tags=[{"Key": "team", "Value": "x"}])
    server.call("create_user", UserName="carol")
    lead = server.user("lead", server.allow("iam:DeleteUser", Condition={"StringEquals": {"iam:ResourceTag/team": "x"}}))
    server.refused("AccessDenied", "delete_user", lead, UserName="carol")
    server.call("delete_user", lead, UserName="bob")


def test_tags_are_added_replaced_and_removed(server: Any) -> None:
    server.call("create_user", UserName="bob", Tags=[{"Key": "Team", "Value": "x"}])
    server.call("tag_user", UserName="bob", Tags=[{"Key": "team", "Value": "y"}, {"Key": "a", "Value": ""}])
    listed = server.call("list_user_tags", UserName="bob")
    assert listed["Tags"] == [{"Key": "a", "Value": ""}, {"Key": "team", "Value": "y"}]
    server.call("untag_user", UserName="bob", TagKeys=["TEAM", "none"])
    assert server.call("list_user_tags", UserName="bob")["Tags"] == [{"Key": "a", "Value": ""}]
    server.call("tag_user", UserName="bob", Tags=[{"Key": f"k{number}", "Value": ""} for number in range(49)])
    server.refused("LimitExceeded", "tag_user", UserName="bob", Tags=[{"Key": "more", "Value": ""}])
    server.role("r", {"AWS": ACCOUNT})
    server.call("tag_role", RoleName="r", Tags=[{"Key": "a", "Value": "b"}])
    assert server.call("list_role_tags", RoleName="r")["Tags"] == [{"Key": "a", "Value": "b"}]
    server.call("untag_role", RoleName="r", TagKeys=["a"])
    assert server.call("list_role_tags", RoleName="r")["Tags"] == []
    arn = server.call("create_policy", PolicyName="p", PolicyDocument=server.policy(server.allow("s3:*")))["Policy"]["Arn"]
    server.call("tag_policy", PolicyArn=arn, Tags=[{"Key": "a", "Value": "b"}])
    assert server.call("list_policy_tags", PolicyArn=arn)["Tags"] == [{"Key": "a", "Value": "b"}]
    server.call("untag_policy", PolicyArn=arn, TagKeys=["a"])
    assert server.call("get_policy", PolicyArn=arn)["Policy"]["Tags"] == []


def test_account_summary_counts(server: Any) -> None:
    server.user("alice")
    server.role("r", {"AWS": ACCOUNT})
    summary = server.call("get_account_summary")["SummaryMap"]
    assert (summary["Users"], summary["Roles"], summary["Groups"]) == (1, 1, 0)
    assert summary["AccountAccessKeysPresent"] == 1


def test_what_nobody_has_is_answered_as_none(server: Any) -> None:
    server.call("create_user", UserName="bob")
    server.role("r", {"AWS": ACCOUNT})
    assert server.call("list_account_aliases")["AccountAliases"] == []
    assert server.call("list_instance_profiles")["InstanceProfiles"] == []
    assert server.call("list_instance_profiles_for_role", RoleName="r")["InstanceProfiles"] == []
    server.refused("NoSuchEntity", "list_instance_profiles_for_role", RoleName="none")
    for operation, member in (
        ("list_mfa_devices", "MFADevices"),
        ("list_ssh_public_keys", "SSHPublicKeys"),
        ("list_signing_certificates", "Certificates"),
    ):
        assert server.call(operation, UserName="bob")[member] == []
        assert server.call(operation)[member] == []
        server.refused("NoSuchEntity", operation, UserName="none")
    for operation in ("get_login_profile", "delete_login_profile"):
        message = server.refused("NoSuchEntity", operation, UserName="bob")
        assert message == "Login Profile for User bob cannot be found."
    server.refused("NoSuchEntity", "get_account_password_policy")
