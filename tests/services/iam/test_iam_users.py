"""Users: create, describe, list, rename, delete."""

from typing import Any

ACCOUNT = "000000000000"
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"


def test_create_user_gives_arn_id_and_tags(server: Any) -> None:
    user = server.call("create_user", UserName="alice", Path="/dev/", Tags=[{"Key": "team", "Value": "x"}])["User"]
    assert user["Arn"] == f"arn:aws:iam::{ACCOUNT}:user/dev/alice"
    assert user["UserId"].startswith("AIDA")
    assert len(user["UserId"]) == 21
    assert server.call("get_user", UserName="alice")["User"] == user
    assert user["Tags"] == [{"Key": "team", "Value": "x"}]
    listed = server.call("list_users")["Users"]
    assert [sorted(entry) for entry in listed] == [["Arn", "CreateDate", "Path", "UserId", "UserName"]]


def test_create_user_refuses_a_name_that_is_taken_ignoring_case(server: Any) -> None:
    server.call("create_user", UserName="Bob")
    assert server.refused("EntityAlreadyExists", "create_user", UserName="bob") == "User with name bob already exists."


def test_create_user_refuses_bad_names_paths_tags_and_boundaries(server: Any) -> None:
    server.refused("ValidationError", "create_user", UserName="a b")
    server.refused("ValidationError", "create_user", UserName="a" * 65)
    server.refused("ValidationError", "create_user", UserName="a", Path="dev")
    twice = [{"Key": "A", "Value": ""}, {"Key": "a", "Value": ""}]
    assert server.refused("InvalidInput", "create_user", UserName="a", Tags=twice).startswith("Duplicate tag keys found.")
    server.refused("InvalidInput", "create_user", UserName="a", Tags=[{"Key": "aws:x", "Value": ""}])
    missing = f"arn:aws:iam::{ACCOUNT}:policy/none"
    server.refused("NoSuchEntity", "create_user", UserName="a", PermissionsBoundary=missing)
    assert server.call("list_users")["Users"] == []


def test_get_user_matches_case_and_falls_back_to_the_caller(server: Any) -> None:
    alice = server.user("alice", server.allow("iam:GetUser"))
    assert server.call("get_user", alice)["User"]["UserName"] == "alice"
    message = server.refused("NoSuchEntity", "get_user", UserName="Alice")
    assert message == "The user with name Alice cannot be found."
    assert server.call("get_user")["User"]["Arn"] == f"arn:aws:iam::{ACCOUNT}:root"
    session = server.assume(alice, server.role("r", {"AWS": alice.arn}, server.allow("iam:*")))
    server.refused("ValidationError", "get_user", session)


def test_list_users_pages_by_name_and_filters_by_path(server: Any) -> None:
    for name in ("delta", "Alpha", "charlie", "bravo"):
        server.call("create_user", UserName=name, Path="/x/" if name != "charlie" else "/y/")
    first = server.call("list_users", MaxItems=2)
    assert [user["UserName"] for user in first["Users"]] == ["Alpha", "bravo"]
    assert first["IsTruncated"] is True
    rest = server.call("list_users", MaxItems=2, Marker=first["Marker"])
    assert [user["UserName"] for user in rest["Users"]] == ["charlie", "delta"]
    assert rest["IsTruncated"] is False
    assert "Marker" not in rest
    assert [user["UserName"] for user in server.call("list_users", PathPrefix="/y/")["Users"]] == ["charlie"]
    server.refused("ValidationError", "list_users", Marker="%%%")


def test_update_user_keeps_id_keys_groups_and_rights(server: Any) -> None:
    alice = server.user("alice", server.allow("s3:GetObject"))
    server.call("create_group", GroupName="devs")
    server.call("add_user_to_group", GroupName="devs", UserName="alice")
    server.call("attach_user_policy", UserName="alice", PolicyArn=READ_ONLY)
    server.call("create_service_specific_credential", UserName="alice", ServiceName="codecommit.amazonaws.com")
    server.call("update_user", UserName="alice", NewUserName="alicia", NewPath="/ops/")
    user = server.call("get_user", UserName="alicia")["User"]
    assert user["Arn"] == f"arn:aws:iam::{ACCOUNT}:user/ops/alicia"
    assert user["UserId"] == alice.user_id
    now = server.identity.credential(alice.access_key_id).caller
    assert now.arn == user["Arn"]
    assert server.may(now, "s3:GetObject")
    assert [member["UserName"] for member in server.call("get_group", GroupName="devs")["Users"]] == ["alicia"]
    assert server.call("list_entities_for_policy", PolicyArn=READ_ONLY)["PolicyUsers"] == [
        {"UserName": "alicia", "UserId": alice.user_id}
    ]
    listed = server.call("list_service_specific_credentials", UserName="alicia")["ServiceSpecificCredentials"]
    assert [entry["UserName"] for entry in listed] == ["alicia"]
    server.refused("NoSuchEntity", "get_user", UserName="alice")
    server.call("update_user", UserName="alicia", NewUserName="ALICIA")
    server.call("create_user", UserName="bob")
    server.refused("EntityAlreadyExists", "update_user", UserName="ALICIA", NewUserName="Bob")


def test_delete_user_refuses_until_it_holds_nothing(server: Any) -> None:
    alice = server.user("alice", server.allow("*"))
    server.call("create_group", GroupName="devs")
    server.call("add_user_to_group", GroupName="devs", UserName="alice")
    server.call("attach_user_policy", UserName="alice", PolicyArn=READ_ONLY)
    made = server.call("create_service_specific_credential", UserName="alice", ServiceName="codecommit.amazonaws.com")
    unique = made["ServiceSpecificCredential"]["ServiceSpecificCredentialId"]
    steps: list[tuple[str, dict[str, str]]] = [
        ("delete_access_key", {"AccessKeyId": alice.access_key_id}),
        ("delete_service_specific_credential", {"ServiceSpecificCredentialId": unique}),
        ("remove_user_from_group", {"GroupName": "devs"}),
        ("delete_user_policy", {"PolicyName": "given"}),
        ("detach_user_policy", {"PolicyArn": READ_ONLY}),
    ]
    for operation, request in steps:
        assert server.refused("DeleteConflict", "delete_user", UserName="alice").startswith("Cannot delete entity, must")
        server.call(operation, UserName="alice", **request)
    server.call("delete_user", UserName="alice")
    server.refused("NoSuchEntity", "delete_user", UserName="alice")
    assert server.identity.credential(alice.access_key_id) is None
    assert not server.may(alice, "s3:GetObject")


def test_user_made_again_is_another_user(server: Any) -> None:
    alice = server.user("alice", server.allow("*"))
    server.call("delete_access_key", UserName="alice", AccessKeyId=alice.access_key_id)
    server.call("delete_user_policy", UserName="alice", PolicyName="given")
    server.call("delete_user", UserName="alice")
    again = server.user("alice", server.allow("*"))
    assert again.user_id != alice.user_id
    assert server.may(again, "s3:GetObject")
    assert not server.may(alice, "s3:GetObject")
