"""Sessions as boto3 sees them: their end to the second, chains, and what a refusal tells to those who may know."""

import json
import time
from typing import Any

import pytest

ACCOUNT = "000000000000"
SEALED = "x-stageline-authorization-message"


def key_of(answer: dict[str, Any], wire: Any) -> Any:
    given = answer["Credentials"]
    return type(wire.http.key)(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])


def test_session_ends_to_the_second(wire: Any) -> None:
    ann = wire.user("ann")
    role = wire.server.role("brief", {"AWS": f"arn:aws:iam::{ACCOUNT}:user/ann"})
    begun = wire.server.clock.instant = (time.time_ns() // 1_000_000_000 - 600) * 1000
    sts = wire.client("sts", ann)
    assumed = key_of(sts.assume_role(RoleArn=role, RoleSessionName="se", DurationSeconds=900), wire)
    token = key_of(sts.get_session_token(DurationSeconds=900), wire)
    for key in (assumed, token):
        wire.server.clock.instant = begun + 900_000 - 1
        wire.client("sts", key).get_caller_identity()
        wire.server.clock.instant = begun + 900_000
        said = wire.refused("ExpiredToken", 403, wire.client("sts", key).get_caller_identity)
        assert said == "The security token included in the request is expired"
    wire.server.clock.instant = time.time_ns() // 1_000_000


def test_answer_tells_when_the_session_ends_and_who_it_is(wire: Any) -> None:
    bob = wire.user("bob")
    role = wire.server.role("named", {"AWS": f"arn:aws:iam::{ACCOUNT}:user/bob"}, MaxSessionDuration=7200, Path="/ci/")
    answer = wire.client("sts", bob).assume_role(RoleArn=role, RoleSessionName="one", DurationSeconds=7200)
    left = answer["Credentials"]["Expiration"].timestamp() * 1000 - wire.server.clock.instant
    assert 7_199_000 <= left <= 7_200_000
    assert answer["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/named/one"
    who = wire.client("sts", key_of(answer, wire)).get_caller_identity()
    assert (who["Arn"], who["UserId"]) == (answer["AssumedRoleUser"]["Arn"], answer["AssumedRoleUser"]["AssumedRoleId"])


def test_chain_lasts_an_hour_at_most(wire: Any) -> None:
    cid = wire.user("cid")
    first = wire.server.role("first", {"AWS": f"arn:aws:iam::{ACCOUNT}:user/cid"}, MaxSessionDuration=43200)
    second = wire.server.role("second", {"AWS": first}, MaxSessionDuration=43200)
    sts = wire.client("sts", cid)
    long = key_of(sts.assume_role(RoleArn=first, RoleSessionName="se", DurationSeconds=43200), wire)
    chained = wire.client("sts", long)
    given = {"RoleArn": second, "RoleSessionName": "se"}
    said = wire.refused("ValidationError", 400, chained.assume_role, DurationSeconds=3601, **given)
    assert said == "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining."
    chained.assume_role(DurationSeconds=3600, **given)
    token = key_of(sts.get_session_token(), wire)
    given["RoleArn"] = first
    wire.refused("ValidationError", 400, wire.client("sts", token).assume_role, DurationSeconds=3601, **given)
    wire.refused("AccessDenied", 403, chained.get_session_token)


@pytest.mark.parametrize("seconds", [899, 43201])
def test_durations_that_no_session_has(wire: Any, seconds: int) -> None:
    request = {"RoleArn": f"arn:aws:iam::{ACCOUNT}:role/none", "RoleSessionName": "se", "DurationSeconds": seconds}
    sts = wire.http.client("sts", parameter_validation=False)
    wire.refused("ValidationError", 400, sts.assume_role, **request)


def test_refusal_carries_a_message_that_only_the_permitted_can_open(wire: Any) -> None:
    server = wire.server
    deny = {**server.deny("iam:CreateUser"), "Sid": "NoUsers"}
    dot = wire.client("iam", wire.user("dot", server.allow("iam:Get*"), deny, Tags=[{"Key": "team", "Value": "a"}]))
    with pytest.raises(dot.exceptions.ClientError) as caught:
        dot.create_user(UserName="eve")
    sealed = caught.value.response["ResponseMetadata"]["HTTPHeaders"][SEALED]
    assert "NoUsers" not in sealed
    found = json.loads(wire.client("sts").decode_authorization_message(EncodedMessage=sealed)["DecodedMessage"])
    assert (found["allowed"], found["explicitDeny"]) == (False, True)
    (deciding,) = found["matchedStatements"]["items"]
    assert deciding == {"statementId": "NoUsers", "effect": "DENY", "policy": "the inline policy given of user dot", "index": 1}
    context = found["context"]
    assert context["principal"]["arn"] == f"arn:aws:iam::{ACCOUNT}:user/dot"
    assert (context["action"], context["resource"]) == ("iam:CreateUser", f"arn:aws:iam::{ACCOUNT}:user/eve")
    keys = {each["key"]: [value["value"] for value in each["values"]["items"]] for each in context["conditions"]["items"]}
    assert keys["aws:principaltag/team"] == ["a"]
    assert keys["aws:sourceip"] == ["127.0.0.1"]
    sts = wire.client("sts", wire.user("fay"))
    wire.refused("AccessDenied", 403, sts.decode_authorization_message, EncodedMessage=sealed)
    code = "InvalidAuthorizationMessageException"
    for wrong in ("nonsense", sealed[:-2] + ("A" if sealed[-2] != "A" else "B") + sealed[-1]):
        wire.refused(code, 400, wire.client("sts").decode_authorization_message, EncodedMessage=wrong)
    token = wire.client("sts").get_session_token()["Credentials"]["SessionToken"]
    wire.refused(code, 400, wire.client("sts").decode_authorization_message, EncodedMessage=token)


def test_refusal_without_a_deny_names_the_policies_that_lack_an_allow(wire: Any) -> None:
    gus = wire.client("iam", wire.user("gus", PermissionsBoundary="arn:aws:iam::aws:policy/AmazonSQSFullAccess"))
    with pytest.raises(gus.exceptions.ClientError) as caught:
        gus.list_users()
    sealed = caught.value.response["ResponseMetadata"]["HTTPHeaders"][SEALED]
    found = json.loads(wire.client("sts").decode_authorization_message(EncodedMessage=sealed)["DecodedMessage"])
    assert found["failures"]["items"] == [{"policyType": "identity"}, {"policyType": "boundary"}]


def test_account_of_a_key(wire: Any) -> None:
    key = wire.user("hal", wire.server.allow("sts:GetAccessKeyInfo"))
    sts = wire.client("sts", key)
    assert sts.get_access_key_info(AccessKeyId=key.access_key_id)["Account"] == ACCOUNT
    nobody = wire.client("sts", wire.user("ian"))
    wire.refused("AccessDenied", 403, nobody.get_access_key_info, AccessKeyId=key.access_key_id)
