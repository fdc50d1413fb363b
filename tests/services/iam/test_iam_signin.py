"""Signing in with a password: who is there afterwards, until when, and the roles that one switches to."""

from dataclasses import replace
from typing import Any

import pytest

from stageline.ports.api import ApiError, Caller, Context
from stageline.ports.identity import Check
from stageline.services.iam.passwords import profiles
from stageline.services.iam.signin import entering, presence, records

ACCOUNT = "000000000000"
OLD, NEW = "Correct-Horse-7", "Battery-Staple-8"
HOUR = 3_600_000
DAY = 24 * HOUR


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stageline.services.iam.passwords.hashing._COST", 2)


class Desk:
    """A console's side of a server."""

    def __init__(self, server: Any) -> None:
        self.server = server

    def person(self, name: str, *statements: dict[str, Any], **profile: Any) -> None:
        self.server.user(name, *statements)
        self.server.call("create_login_profile", UserName=name, Password=OLD, **profile)

    def enter(self, name: str, password: str = OLD) -> entering.Entered:
        return entering.enter(self.server.store, name, password, self.server.clock.now())

    def token(self, name: str, password: str = OLD) -> str:
        entered = self.enter(name, password)
        assert entered.outcome == "right"
        return entered.token

    def there(self, token: str) -> presence.Present | None:
        return presence.present(self.server.store, self.server.identity, ACCOUNT, token, self.server.clock.now())

    def caller(self, token: str) -> Caller:
        there = self.there(token)
        assert there is not None
        return there.caller

    def nobody(self) -> Context:
        found: Context = self.server.context(Caller("anonymous", "anonymous"))
        return found

    def change(self, name: str, old: str, new: str) -> entering.Entered:
        server = self.server
        return entering.change_and_enter(self.nobody(), name, old, new, store=server.store, authorizer=server.authorizer)

    def switch(self, token: str, role_arn: str) -> presence.Present | None:
        server = self.server
        return presence.switch_role(self.nobody(), token, role_arn, store=server.store, identity=server.identity)


@pytest.fixture
def desk(server: Any) -> Desk:
    return Desk(server)


def test_whoever_signs_in_is_that_user(desk: Desk) -> None:
    server = desk.server
    desk.person("ida", server.allow("iam:GetUser", resource=f"arn:aws:iam::{ACCOUNT}:user/${{aws:username}}"))
    server.call("tag_user", UserName="ida", Tags=[{"Key": "team", "Value": "shop"}])
    entered = desk.enter("ida")
    assert (entered.user, entered.ends) == ("ida", server.clock.now() + 12 * HOUR)
    assert entered.token not in repr(entered)
    caller = desk.caller(entered.token)
    user = server.call("get_user", UserName="ida")["User"]
    assert (caller.kind, caller.arn, caller.user_id, caller.person) == ("user", user["Arn"], user["UserId"], user["UserId"])
    assert caller.access_key_id.startswith("ASIA")
    expected = {"aws:username": "ida", "aws:PrincipalTag/team": "shop", "aws:MultiFactorAuthPresent": "false"}
    assert expected.items() <= caller.keys.items()
    assert server.call("get_user", caller)["User"]["UserName"] == "ida"
    server.refused("AccessDenied", "list_users", caller)


def test_rights_are_those_of_now(desk: Desk) -> None:
    server = desk.server
    desk.person("ida", server.allow("s3:GetObject"))
    token = desk.token("ida")
    assert server.may(desk.caller(token), "s3:GetObject")
    server.call("tag_user", UserName="ida", Tags=[{"Key": "team", "Value": "new"}])
    assert desk.caller(token).keys["aws:PrincipalTag/team"] == "new"
    boundary = server.call("create_policy", PolicyName="edge", PolicyDocument=server.policy(server.allow("sqs:*")))["Policy"][
        "Arn"
    ]
    server.call("put_user_permissions_boundary", UserName="ida", PermissionsBoundary=boundary)
    assert not server.may(desk.caller(token), "s3:GetObject")
    server.call("delete_user_permissions_boundary", UserName="ida")
    server.call("update_user", UserName="ida", NewUserName="eve")
    assert desk.caller(token).arn == f"arn:aws:iam::{ACCOUNT}:user/eve"
    server.call("delete_user_policy", UserName="eve", PolicyName="given")
    assert not server.may(desk.caller(token), "s3:GetObject")


@pytest.mark.parametrize("ending", ["out", "everywhere", "password", "profile", "user", "namesake", "time"])
def test_a_sign_in_ends(desk: Desk, ending: str) -> None:
    server = desk.server
    server.call("create_user", UserName="ida")
    server.call("create_login_profile", UserName="ida", Password=OLD)
    desk.person("jon")
    token, other = desk.token("ida"), desk.token("jon")
    assert desk.there(token) is not None
    if ending == "out":
        entering.leave(server.store, token)
    elif ending == "everywhere":
        assert entering.leave_everywhere(server.store, "ida") == 1
        assert entering.leave_everywhere(server.store, "nobody") == 0
    elif ending == "password":
        server.call("update_login_profile", UserName="ida", Password=NEW)
    elif ending == "profile":
        server.call("delete_login_profile", UserName="ida")
    elif ending in ("user", "namesake"):
        server.call("delete_login_profile", UserName="ida")
        server.call("delete_user", UserName="ida")
        if ending == "namesake":
            server.call("create_user", UserName="ida")
            server.call("create_login_profile", UserName="ida", Password=OLD)
    else:
        server.clock.instant += 12 * HOUR - 1
        assert desk.there(token) is not None
        server.clock.instant += 1
    assert desk.there(token) is None
    assert (desk.there(other) is None) == (ending == "time")
    assert desk.switch(token, f"arn:aws:iam::{ACCOUNT}:role/any") is None


def test_a_token_is_needed_and_not_stored(desk: Desk) -> None:
    desk.person("ida")
    token = desk.token("ida")
    assert desk.there("") is None
    assert desk.there(token[:-1]) is None
    with desk.server.store.read() as tx:
        rows = tx.scan(records.KIND)
    assert len(rows) == 1
    assert token not in str(rows)
    assert desk.there(rows[0][0]) is None


def test_a_password_that_must_be_changed_lets_nobody_in(desk: Desk) -> None:
    server = desk.server
    desk.person("ida", server.allow("iam:ChangePassword"), PasswordResetRequired=True)
    entered = desk.enter("ida")
    assert (entered.outcome, entered.token) == ("reset", "")
    assert desk.change("ida", "Wrong-Horse-7", NEW).outcome == "wrong"
    for bad in ("simple", "", OLD, "Euro-\u20ac-Horse-7", "Xx-1" * 33):
        with pytest.raises(ApiError) as caught:
            desk.change("ida", OLD, bad)
        assert caught.value.code == "PasswordPolicyViolation"
        assert desk.enter("ida").outcome == "reset"
    changed = desk.change("ida", OLD, NEW)
    assert (changed.outcome, changed.user) == ("right", "ida")
    assert desk.caller(changed.token).arn.endswith(":user/ida")
    assert desk.enter("ida").outcome == "wrong"
    assert desk.enter("ida", NEW).outcome == "right"


def test_a_password_that_has_expired_can_be_changed_unless_the_account_says_no(desk: Desk) -> None:
    server = desk.server
    desk.person("ida", server.allow("iam:ChangePassword"))
    desk.person("jon", server.allow("iam:ChangePassword"))
    server.call("update_account_password_policy", MaxPasswordAge=10)
    server.clock.instant += 10 * DAY
    assert desk.enter("ida").outcome == "expired"
    changed = desk.change("ida", OLD, NEW)
    assert desk.caller(changed.token).arn.endswith(":user/ida")
    server.call("update_account_password_policy", MaxPasswordAge=10, HardExpiry=True)
    assert desk.change("jon", OLD, NEW).outcome == "locked"
    assert desk.enter("jon").outcome == "locked"
    server.call("update_login_profile", UserName="jon", Password=NEW)
    assert desk.enter("jon", NEW).outcome == "right"


def test_changing_needs_the_permission_or_the_account_s_leave(desk: Desk) -> None:
    server = desk.server
    desk.person("ida", PasswordResetRequired=True)
    desk.person("jon", server.deny("iam:ChangePassword"), PasswordResetRequired=True)
    with pytest.raises(ApiError, match="is not authorized to perform: iam:ChangePassword"):
        desk.change("ida", OLD, NEW)
    assert desk.enter("ida").outcome == "reset"
    server.call("update_account_password_policy", AllowUsersToChangePassword=True)
    assert desk.change("ida", OLD, NEW).outcome == "right"
    with pytest.raises(ApiError, match="explicit deny"):
        desk.change("jon", OLD, NEW)


def test_guessing_at_the_change_is_throttled_as_at_the_door(desk: Desk) -> None:
    desk.person("ida", desk.server.allow("iam:ChangePassword"), PasswordResetRequired=True)
    for number in range(10):
        assert desk.change("ida", f"Guess-Horse-{number}", NEW).outcome == "wrong"
    assert desk.change("ida", OLD, NEW).outcome == "throttled"
    assert desk.enter("ida").outcome == "throttled"
    assert desk.change("nobody", OLD, NEW).outcome == "wrong"
    desk.server.clock.instant += 5 * 60_000
    assert desk.change("ida", OLD, NEW).outcome == "right"


def test_a_password_set_meanwhile_lets_nobody_in_with_the_old_one(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.person("ida")
    real = profiles.sign_in

    def overtaken(*given: Any) -> profiles.SignIn:
        checked = real(*given)
        desk.server.call("update_login_profile", UserName="ida", Password=NEW)
        return checked

    monkeypatch.setattr(profiles, "sign_in", overtaken)
    assert desk.enter("ida") == entering.Entered("wrong")


def test_the_administrator_signs_in_with_the_root_s_key(desk: Desk) -> None:
    server = desk.server
    store, identity, now = server.store, server.identity, server.clock.now()
    root = identity.credential(server.administrator.access_key_id)
    assert entering.enter_as_root(store, identity, root.access_key_id, "wrong", now).outcome == "wrong"
    assert entering.enter_as_root(store, identity, "AKIANOBODY", "", now).outcome == "wrong"
    user = identity.credential(server.user("ida", server.allow("*")).access_key_id)
    assert entering.enter_as_root(store, identity, user.access_key_id, user.secret, now).outcome == "wrong"
    token = entering.enter_as_root(store, identity, root.access_key_id, root.secret, now).token
    caller = desk.caller(token)
    assert (caller.kind, caller.arn) == ("root", f"arn:aws:iam::{ACCOUNT}:root")
    assert server.call("list_users", caller)["Users"][0]["UserName"] == "ida"
    with pytest.raises(ApiError, match="Roles may not be assumed by root accounts"):
        desk.switch(token, server.role("R", {"AWS": ACCOUNT}))
    server.call("create_access_key")
    server.call("update_access_key", AccessKeyId=root.access_key_id, Status="Inactive")
    assert desk.there(token) is None


def test_switching_to_a_role_asks_as_assume_role_does(desk: Desk) -> None:
    server = desk.server
    desk.person("ida", server.allow("sts:AssumeRole", "s3:*"))
    desk.person("jon")
    role = server.role("Deployer", {"AWS": ACCOUNT}, server.allow("sqs:SendMessage"), Path="/team/", MaxSessionDuration=4 * 3600)
    shut = server.role("Shut", {"Service": "codepipeline.amazonaws.com"})
    ida, jon = desk.token("ida"), desk.token("jon")
    for token, arn in ((jon, role), (ida, shut), (ida, f"arn:aws:iam::{ACCOUNT}:role/none"), (ida, "nonsense")):
        with pytest.raises(ApiError, match="is not authorized to perform: sts:AssumeRole") as caught:
            desk.switch(token, arn)
        assert caught.value.code == "AccessDenied"
        assert desk.there(token).role == ""  # type: ignore[union-attr]
    there = desk.switch(ida, role)
    assert there is not None
    assert there == desk.there(ida)
    assert (there.role, there.role_ends) == (role, server.clock.now() + 4 * HOUR)
    assert there.caller.arn == f"arn:aws:sts::{ACCOUNT}:assumed-role/Deployer/ida"
    assert there.caller.person == there.own.person == there.own.user_id
    assert server.may(there.caller, "sqs:SendMessage")
    assert not server.may(there.caller, "s3:GetObject")
    presence.leave_role(server.store, ida, server.clock.now())
    assert desk.caller(ida) == there.own


def test_a_role_lasts_no_longer_than_it_may_nor_than_the_sign_in(desk: Desk) -> None:
    server = desk.server
    desk.person("ida", server.allow("sts:AssumeRole"))
    short = server.role("Short", {"AWS": ACCOUNT})
    long = server.role("Long", {"AWS": ACCOUNT}, MaxSessionDuration=12 * 3600)
    entered = desk.enter("ida")
    server.clock.instant += HOUR
    assert desk.switch(entered.token, long).role_ends == entered.ends  # type: ignore[union-attr]
    assert desk.switch(entered.token, short).role == short  # type: ignore[union-attr]
    server.clock.instant += HOUR
    assert desk.caller(entered.token).kind == "user"
    server.call("delete_role", RoleName="Long")
    assert desk.there(entered.token) is not None


@pytest.mark.parametrize("ending", ["out", "password", "role"])
def test_sessions_of_a_sign_in_end_with_it(desk: Desk, ending: str) -> None:
    server = desk.server
    desk.person("ida", server.allow("sts:AssumeRole"))
    role = server.role("Deployer", {"AWS": ACCOUNT}, server.allow("sts:AssumeRole"))
    token = desk.token("ida")
    there = desk.switch(token, role)
    assert there is not None
    obtained = []
    for caller in (there.own, there.caller):
        answer = server.call("assume_role", caller, service="sts", RoleArn=role, RoleSessionName="more")["Credentials"]
        obtained.append((answer["AccessKeyId"], answer["SessionToken"]))
    assert all(server.identity.credential(*each) for each in obtained)
    if ending == "out":
        entering.leave(server.store, token)
    elif ending == "password":
        server.call("update_login_profile", UserName="ida", Password=NEW)
    else:
        server.call("delete_role_policy", RoleName="Deployer", PolicyName="given")
        server.call("delete_role", RoleName="Deployer")
    assert not any(server.identity.credential(*each) for each in obtained)
    if ending == "role":
        assert desk.caller(token) == there.own
    else:
        assert desk.there(token) is None


def test_a_sign_in_gives_no_session_token_of_its_own(desk: Desk) -> None:
    desk.person("ida", desk.server.allow("sts:*"))
    caller = desk.caller(desk.token("ida"))
    desk.server.refused("AccessDenied", "get_session_token", caller, service="sts")
    assert desk.server.call("get_caller_identity", caller, service="sts")["Arn"] == caller.arn
    long = replace(caller, keys={})
    desk.server.refused("InvalidClientTokenId", "get_user", long)


def test_what_does_not_go_on_is_cleared_away(desk: Desk) -> None:
    server = desk.server
    for name in ("ida", "jon", "kim"):
        desk.person(name)
    gone, stays = desk.token("ida"), desk.token("jon")
    server.call("update_login_profile", UserName="ida", Password=NEW)
    records.sweep(server.store, server.clock.now())
    with server.store.read() as tx:
        assert tx.get(records.KIND, records.place(gone)) is None
        assert tx.count(records.KIND) == 1
    assert desk.there(stays) is not None
    assert server.authorizer.allowed(server.context(desk.caller(stays)), Check("sts:GetCallerIdentity"))
