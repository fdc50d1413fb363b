"""Groups: membership, rights by group, rename, delete."""

from typing import Any


def test_group_gives_its_members_rights_at_once(server: Any) -> None:
    alice = server.user("alice")
    group = server.call("create_group", GroupName="devs", Path="/t/")["Group"]
    assert group["Arn"] == "arn:aws:iam::000000000000:group/t/devs"
    assert group["GroupId"].startswith("AGPA")
    server.call("put_group_policy", GroupName="devs", PolicyName="p", PolicyDocument=server.policy(server.allow("s3:*")))
    assert not server.may(alice, "s3:GetObject")
    server.call("add_user_to_group", GroupName="devs", UserName="alice")
    server.call("add_user_to_group", GroupName="devs", UserName="alice")
    assert server.may(alice, "s3:GetObject")
    assert [entry["GroupName"] for entry in server.call("list_groups_for_user", UserName="alice")["Groups"]] == ["devs"]
    server.call("remove_user_from_group", GroupName="devs", UserName="alice")
    assert not server.may(alice, "s3:GetObject")
    assert server.call("get_group", GroupName="devs")["Users"] == []


def test_group_rename_keeps_members_and_rights(server: Any) -> None:
    alice = server.user("alice")
    server.call("create_group", GroupName="devs")
    server.call("create_group", GroupName="ops")
    server.call("attach_group_policy", GroupName="devs", PolicyArn="arn:aws:iam::aws:policy/AmazonS3FullAccess")
    server.call("add_user_to_group", GroupName="devs", UserName="alice")
    server.call("update_group", GroupName="devs", NewGroupName="developers", NewPath="/d/")
    assert server.may(alice, "s3:PutObject")
    assert [user["UserName"] for user in server.call("get_group", GroupName="developers")["Users"]] == ["alice"]
    assert [group["Path"] for group in server.call("list_groups_for_user", UserName="alice")["Groups"]] == ["/d/"]
    server.refused("EntityAlreadyExists", "update_group", GroupName="developers", NewGroupName="OPS")


def test_group_is_deleted_only_when_empty(server: Any) -> None:
    server.user("alice")
    server.call("create_group", GroupName="devs")
    server.call("add_user_to_group", GroupName="devs", UserName="alice")
    server.call("put_group_policy", GroupName="devs", PolicyName="p", PolicyDocument=server.policy(server.allow("s3:*")))
    message = server.refused("DeleteConflict", "delete_group", GroupName="devs")
    assert message == "Cannot delete entity, must remove users from group first."
    server.call("remove_user_from_group", GroupName="devs", UserName="alice")
    assert server.refused("DeleteConflict", "delete_group", GroupName="devs").endswith("must delete policies first.")
    server.call("delete_group_policy", GroupName="devs", PolicyName="p")
    server.call("delete_group", GroupName="devs")
    assert server.refused("NoSuchEntity", "get_group", GroupName="devs") == "The group with name devs cannot be found."


def test_group_membership_needs_both_and_has_a_limit(server: Any) -> None:
    server.user("alice")
    server.refused("NoSuchEntity", "add_user_to_group", GroupName="none", UserName="alice")
    for number in range(11):
        server.call("create_group", GroupName=f"g{number}")
    server.refused("NoSuchEntity", "add_user_to_group", GroupName="g0", UserName="none")
    for number in range(10):
        server.call("add_user_to_group", GroupName=f"g{number}", UserName="alice")
    message = server.refused("LimitExceeded", "add_user_to_group", GroupName="g10", UserName="alice")
    assert message == "Cannot exceed quota for GroupsPerUser: 10"


def test_groups_and_members_are_paged(server: Any) -> None:
    for name in ("a", "b", "c"):
        server.call("create_group", GroupName=name)
        server.call("create_user", UserName=name)
        server.call("add_user_to_group", GroupName="a", UserName=name)
    page = server.call("list_groups", MaxItems=2)
    assert [group["GroupName"] for group in page["Groups"]] == ["a", "b"]
    assert [group["GroupName"] for group in server.call("list_groups", Marker=page["Marker"])["Groups"]] == ["c"]
    members = server.call("get_group", GroupName="a", MaxItems=1)
    assert [user["UserName"] for user in members["Users"]] == ["a"]
    rest = server.call("get_group", GroupName="a", Marker=members["Marker"])
    assert [user["UserName"] for user in rest["Users"]] == ["b", "c"]
