"""Session tokens, conditions of trust, tags, chains and session policies."""

from typing import Any

import pytest

from stageline.ports.api import ApiError
from stageline.services.iam.identity import StoredIdentity
from stageline.services.iam.secrets import Vault

ACCOUNT = "000000000000"


def asked(role: str, **more: Any) -> dict[str, Any]:
    return {"service": "sts", "RoleArn": role, "RoleSessionName": "one", **more}


def conditional(server: Any, name: str, principal: str, condition: dict[str, Any], *actions: str) -> str:
    document = server.trust({"AWS": principal}, *actions, Condition=condition)
    role = server.call("create_role", RoleName=name, AssumeRolePolicyDocument=document)["Role"]
    return str(role["Arn"])


def test_external_id_is_required_where_the_trust_policy_says_so(server: Any) -> None:
    alice = server.user("alice")
    role = conditional(server, "r", alice.arn, {"StringEquals": {"sts:ExternalId": "42"}})
    server.refused("AccessDenied", "assume_role", alice, **asked(role))
    server.refused("AccessDenied", "assume_role", alice, **asked(role, ExternalId="43"))
    assert server.assume(alice, role, ExternalId="42").kind == "role"


def test_session_name_can_be_bound_to_the_user(server: Any) -> None:
    alice = server.user("alice")
    role = conditional(server, "r", alice.arn, {"StringEquals": {"sts:RoleSessionName": "${aws:username}"}})
    server.refused("AccessDenied", "assume_role", alice, **asked(role))
    assert server.assume(alice, role, "alice").arn.endswith("/r/alice")


def test_duration_is_limited_by_the_role_and_by_chaining(server: Any) -> None:
    alice = server.user("alice")
    role = server.role("r", {"AWS": alice.arn}, server.allow("sts:AssumeRole"), MaxSessionDuration=7200)
    answer = server.call("assume_role", alice, **asked(role, DurationSeconds=7200))
    assert answer["Credentials"]["Expiration"] == server.clock.now() + 7_200_000
    assert "PackedPolicySize" not in answer
    message = server.refused("ValidationError", "assume_role", alice, **asked(role, DurationSeconds=7201))
    assert message == "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
    server.refused("ValidationError", "assume_role", alice, **asked(role, DurationSeconds=899))
    session = server.assume(alice, role)
    second = server.role("second", {"AWS": role}, MaxSessionDuration=7200)
    message = server.refused("ValidationError", "assume_role", session, **asked(second, DurationSeconds=3601))
    assert "1 hour session limit" in message
    assert server.assume(session, second).arn.endswith("/second/session")


def test_session_policy_narrows_and_never_widens(server: Any) -> None:
    alice = server.user("alice")
    role = server.role("r", {"AWS": alice.arn}, server.allow("s3:*", "logs:*"))
    narrow = server.policy(server.allow("s3:GetObject", "iam:*"))
    answer = server.call("assume_role", alice, **asked(role, Policy=narrow))
    assert 0 < answer["PackedPolicySize"] <= 100
    session = server.assume(alice, role, Policy=narrow)
    assert server.may(session, "s3:GetObject")
    assert not server.may(session, "s3:PutObject")
    assert not server.may(session, "iam:GetUser")
    arns = [{"arn": "arn:aws:iam::aws:policy/CloudWatchLogsFullAccess"}]
    both = server.assume(alice, role, Policy=narrow, PolicyArns=arns)
    assert server.may(both, "logs:PutLogEvents")
    assert server.may(both, "s3:GetObject")
    assert not server.may(both, "s3:PutObject")
    server.refused("MalformedPolicyDocument", "assume_role", alice, **asked(role, Policy='{"a":1}'))
    server.refused("ValidationError", "assume_role", alice, **asked(role, Policy=server.policy(server.allow("x:" + "y" * 2048))))
    missing = [{"arn": f"arn:aws:iam::{ACCOUNT}:policy/none"}]
    server.refused("ValidationError", "assume_role", alice, **asked(role, PolicyArns=missing))


def test_session_policy_of_2008_keeps_its_dollars_literal_when_merged(server: Any) -> None:
    alice = server.user("alice")
    role = server.role("r", {"AWS": alice.arn}, server.allow("s3:*"))
    old = '{"Version":"2008-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b/${aws:userid}"}}'
    session = server.assume(alice, role, Policy=old)
    assert server.may(session, "s3:GetObject", "arn:aws:s3:::b/${aws:userid}")
    assert not server.may(session, "s3:GetObject", f"arn:aws:s3:::b/{session.user_id}")


def test_session_tags_need_their_right_and_override_the_roles(server: Any) -> None:
    alice = server.user("alice")
    role = server.role(
        "r",
        {"AWS": alice.arn},
        server.allow("s3:GetObject", Condition={"StringEquals": {"aws:PrincipalTag/Team": "blue"}}),
        Tags=[{"Key": "team", "Value": "red"}],
    )
    tags = [{"Key": "TEAM", "Value": "blue"}]
    message = server.refused("AccessDenied", "assume_role", alice, **asked(role, Tags=tags))
    assert message == f"User: {alice.arn} is not authorized to perform: sts:TagSession on resource: {role}"
    assert not server.may(server.assume(alice, role), "s3:GetObject")
    both = server.trust({"AWS": alice.arn}, "sts:AssumeRole", "sts:TagSession")
    server.call("update_assume_role_policy", RoleName="r", PolicyDocument=both)
    assert server.may(server.assume(alice, role, Tags=tags), "s3:GetObject")
    twice = [*tags, {"Key": "team", "Value": "x"}]
    server.refused("InvalidParameterValue", "assume_role", alice, **asked(role, Tags=twice))
    server.refused("InvalidParameterValue", "assume_role", alice, **asked(role, TransitiveTagKeys=["team"]))


def test_transitive_tags_travel_and_cannot_be_replaced(server: Any) -> None:
    alice = server.user("alice")
    first = server.role("first", {"AWS": alice.arn})
    document = server.trust({"AWS": alice.arn}, "sts:AssumeRole", "sts:TagSession")
    server.call("update_assume_role_policy", RoleName="first", PolicyDocument=document)
    second = server.role("second", {"AWS": first})
    both = server.trust(
        {"AWS": first}, "sts:AssumeRole", "sts:TagSession", Condition={"StringEquals": {"aws:RequestTag/team": "blue"}}
    )
    server.call("update_assume_role_policy", RoleName="second", PolicyDocument=both)
    tags = [{"Key": "team", "Value": "blue"}, {"Key": "other", "Value": "o"}]
    session = server.assume(alice, first, Tags=tags, TransitiveTagKeys=["team"])
    assert session.keys["aws:PrincipalTag/other"] == "o"
    chained = server.assume(session, second)
    assert chained.keys["aws:PrincipalTag/team"] == "blue"
    assert "aws:PrincipalTag/other" not in chained.keys
    server.refused("AccessDenied", "assume_role", server.assume(alice, first, Tags=tags), **asked(second))
    server.refused("AccessDenied", "assume_role", session, **asked(second, Tags=[{"Key": "Team", "Value": "red"}]))
    open_document = server.trust({"AWS": first}, "sts:AssumeRole", "sts:TagSession")
    server.call("update_assume_role_policy", RoleName="second", PolicyDocument=open_document)
    message = server.refused("ValidationError", "assume_role", session, **asked(second, Tags=[{"Key": "Team", "Value": "red"}]))
    assert "transitive" in message


def test_tags_of_a_chain_are_limited(server: Any) -> None:
    alice = server.user("alice")
    first, second = server.role("first", {"AWS": ACCOUNT}), server.role("second", {"AWS": ACCOUNT})
    document = server.trust({"AWS": [alice.arn, first]}, "sts:AssumeRole", "sts:TagSession")
    for name in ("first", "second"):
        server.call("update_assume_role_policy", RoleName=name, PolicyDocument=document)
    tags = [{"Key": f"k{number}", "Value": "v"} for number in range(50)]
    session = server.assume(alice, first, Tags=tags, TransitiveTagKeys=[tag["Key"] for tag in tags])
    message = server.refused("ValidationError", "assume_role", session, **asked(second, Tags=[{"Key": "more", "Value": "v"}]))
    assert "at most 50 tags" in message
    assert len([key for key in server.assume(session, second).keys if key.startswith("aws:PrincipalTag/")]) == 50


def test_source_identity_sticks(server: Any) -> None:
    alice = server.user("alice")
    first = server.role("first", {"AWS": alice.arn})
    server.refused("AccessDenied", "assume_role", alice, **asked(first, SourceIdentity="alice@example.com"))
    document = server.trust({"AWS": [alice.arn]}, "sts:AssumeRole", "sts:SetSourceIdentity")
    server.call("update_assume_role_policy", RoleName="first", PolicyDocument=document)
    answer = server.call("assume_role", alice, **asked(first, SourceIdentity="alice@example.com"))
    assert answer["SourceIdentity"] == "alice@example.com"
    session = server.assume(alice, first, SourceIdentity="alice@example.com")
    second = server.role("second", {"AWS": first})
    server.refused("AccessDenied", "assume_role", session, **asked(second))
    document = server.trust({"AWS": first}, "sts:AssumeRole", "sts:SetSourceIdentity")
    server.call("update_assume_role_policy", RoleName="second", PolicyDocument=document)
    assert server.assume(session, second).keys["aws:SourceIdentity"] == "alice@example.com"
    server.refused("AccessDenied", "assume_role", session, **asked(second, SourceIdentity="bob@example.com"))


def test_explicit_denies_of_the_caller_count_even_when_trusted_by_name(server: Any) -> None:
    alice = server.user("alice", server.deny("sts:AssumeRole"))
    role = server.role("r", {"AWS": alice.arn})
    server.refused("AccessDenied", "assume_role", alice, **asked(role))


def test_boundary_of_a_calling_role_counts_when_the_role_is_trusted(server: Any) -> None:
    alice = server.user("alice")
    first = server.role("first", {"AWS": alice.arn})
    second = server.role("second", {"AWS": first})
    session = server.assume(alice, first)
    assert server.assume(session, second).kind == "role"
    boundary = server.call("create_policy", PolicyName="b", PolicyDocument=server.policy(server.allow("s3:*")))["Policy"]["Arn"]
    server.call("put_role_permissions_boundary", RoleName="first", PermissionsBoundary=boundary)
    server.refused("AccessDenied", "assume_role", session, **asked(second))


def test_root_assumes_no_roles(server: Any) -> None:
    role = server.role("r", {"AWS": ACCOUNT})
    message = server.refused("AccessDenied", "assume_role", None, **asked(role))
    assert message == "Roles may not be assumed by root accounts."


def test_sessions_revoked_by_their_age(server: Any) -> None:
    alice = server.user("alice")
    role = server.role("r", {"AWS": alice.arn}, server.allow("s3:*"))
    session = server.assume(alice, role)
    server.clock.instant += 60_000
    older = {"DateLessThan": {"aws:TokenIssueTime": "2027-01-15T08:00:30Z"}}
    server.call(
        "put_role_policy",
        RoleName="r",
        PolicyName="AWSRevokeOlderSessions",
        PolicyDocument=server.policy(server.deny("*", Condition=older)),
    )
    assert not server.may(session, "s3:GetObject")
    assert server.may(server.assume(alice, role), "s3:GetObject")


def test_token_belongs_to_its_key_and_its_server(server: Any, tmp_path: Any) -> None:
    alice = server.user("alice")
    role = server.role("r", {"AWS": alice.arn})
    given, other = (server.call("assume_role", alice, **asked(role))["Credentials"] for _ in range(2))
    credential = server.identity.credential(given["AccessKeyId"], given["SessionToken"])
    assert credential.session_token == given["SessionToken"]
    assert credential.expires == given["Expiration"]
    assert server.identity.credential(given["AccessKeyId"]) is None
    assert server.identity.credential(given["AccessKeyId"], other["SessionToken"]) is None
    assert server.identity.credential(given["AccessKeyId"], given["SessionToken"][:-2]) is None
    restarted = StoredIdentity(server.store, server.clock, ACCOUNT, Vault(tmp_path / "vault.key"))
    assert restarted.credential(given["AccessKeyId"], given["SessionToken"]).caller == credential.caller
    stranger = StoredIdentity(server.store, server.clock, ACCOUNT, Vault(tmp_path / "other.key"))
    assert stranger.credential(given["AccessKeyId"], given["SessionToken"]) is None


def test_changes_by_another_server_are_seen_at_once(server: Any, tmp_path: Any) -> None:
    alice = server.user("alice", server.allow("s3:*"))
    other = StoredIdentity(server.store, server.clock, ACCOUNT, Vault(tmp_path / "vault.key"))
    assert len(other.policies(alice).identity) == 1
    server.call("delete_user_policy", UserName="alice", PolicyName="given")
    assert len(other.policies(alice).identity) == 0


def test_session_token_of_a_user_has_its_rights_but_not_iam(server: Any) -> None:
    alice = server.user("alice", server.allow("*"))
    given = server.call("get_session_token", alice, service="sts")["Credentials"]
    assert given["Expiration"] == server.clock.now() + 43_200_000
    caller = server.identity.credential(given["AccessKeyId"], given["SessionToken"]).caller
    assert (caller.kind, caller.arn, caller.user_id) == ("user", alice.arn, alice.user_id)
    assert caller.keys["aws:MultiFactorAuthPresent"] == "false"
    assert server.may(caller, "s3:GetObject")
    server.refused("InvalidClientTokenId", "list_users", caller)
    server.refused("AccessDenied", "get_session_token", caller, service="sts")
    server.refused("AccessDenied", "get_access_key_info", caller, service="sts", AccessKeyId=alice.access_key_id)
    assert server.call("get_caller_identity", caller, service="sts")["Arn"] == alice.arn
    role = server.role("r", {"AWS": alice.arn})
    session = server.assume(caller, role)
    server.refused("AccessDenied", "get_session_token", session, service="sts")
    server.call("delete_access_key", UserName="alice", AccessKeyId=alice.access_key_id)
    assert server.identity.credential(given["AccessKeyId"], given["SessionToken"]) is None
    assert server.may(session, "s3:GetObject") is False


def test_session_token_of_the_root_lasts_an_hour(server: Any) -> None:
    given = server.call("get_session_token", service="sts", DurationSeconds=7200)["Credentials"]
    assert given["Expiration"] == server.clock.now() + 3_600_000
    caller = server.identity.credential(given["AccessKeyId"], given["SessionToken"]).caller
    assert (caller.kind, caller.arn) == ("root", f"arn:aws:iam::{ACCOUNT}:root")
    assert server.may(caller, "s3:GetObject")


def test_caller_identity_cannot_be_denied(server: Any) -> None:
    alice = server.user("alice", server.deny("*"))
    answer = server.call("get_caller_identity", alice, service="sts")
    assert answer == {"UserId": alice.user_id, "Account": ACCOUNT, "Arn": alice.arn}
    assert "SessionToken" in server.call("get_session_token", alice, service="sts")["Credentials"]
    server.refused("AccessDenied", "get_access_key_info", alice, service="sts", AccessKeyId=alice.access_key_id)


def test_key_info_and_decoding(server: Any) -> None:
    found = server.call("get_access_key_info", service="sts", AccessKeyId=server.administrator.access_key_id)
    assert found == {"Account": ACCOUNT}
    server.refused("InvalidAuthorizationMessageException", "decode_authorization_message", service="sts", EncodedMessage="x")


def test_service_brings_its_source(server: Any) -> None:
    source = f"arn:aws:codebuild:us-east-1:{ACCOUNT}:project/p"
    document = server.trust(
        {"Service": "codebuild.amazonaws.com"},
        Condition={"ArnLike": {"aws:SourceArn": source}, "StringEquals": {"aws:SourceAccount": ACCOUNT}},
    )
    role = server.call("create_role", RoleName="build", AssumeRolePolicyDocument=document)["Role"]["Arn"]

    def assume(arn: str) -> Any:
        return server.identity.assume_as_service(
            role, "build-1", service="codebuild.amazonaws.com", policy="", duration=43_200_000, source_arn=arn
        )

    assert assume(source).expires == server.clock.now() + 3_600_000
    with pytest.raises(ApiError, match=r"User: codebuild.amazonaws.com is not authorized to perform: sts:AssumeRole"):
        assume(source + "2")
