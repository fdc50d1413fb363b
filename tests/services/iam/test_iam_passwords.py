"""Login profiles and the password policy, through boto3; what needs time to pass, through the operations themselves."""

from typing import Any

import pytest

from stageline.services.iam.passwords import profiles
from stageline.services.iam.passwords.hashing import hashed

DAY = 24 * 3_600_000
GOOD = "Correct-Horse-7"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same function with less work, so that the tests are about what is done with it."""
    monkeypatch.setattr("stageline.services.iam.passwords.hashing._COST", 2)


def test_stored_form_is_scrypt_with_its_cost_and_never_the_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    stored = hashed("00" * 16, GOOD)
    assert stored.startswith("scrypt$32768$8$1$")
    assert GOOD not in stored
    assert stored != hashed("11" * 16, GOOD)


def test_login_profile_comes_changes_and_goes(wire: Any) -> None:
    iam = wire.client("iam")
    iam.create_user(UserName="pat")
    made = iam.create_login_profile(UserName="pat", Password=GOOD, PasswordResetRequired=True)["LoginProfile"]
    assert (made["UserName"], made["PasswordResetRequired"]) == ("pat", True)
    assert "Password" not in made
    assert wire.refused("EntityAlreadyExists", 409, iam.create_login_profile, UserName="pat", Password=GOOD) == (
        "Login Profile for user pat already exists."
    )
    iam.update_login_profile(UserName="pat", PasswordResetRequired=False)
    assert iam.get_login_profile(UserName="pat")["LoginProfile"]["PasswordResetRequired"] is False
    assert "login profile first" in wire.refused("DeleteConflict", 409, iam.delete_user, UserName="pat")
    iam.delete_login_profile(UserName="pat")
    for call in (iam.get_login_profile, iam.delete_login_profile):
        assert wire.refused("NoSuchEntity", 404, call, UserName="pat") == "Login Profile for User pat cannot be found."
    wire.refused("NoSuchEntity", 404, iam.update_login_profile, UserName="pat", Password=GOOD)
    iam.delete_user(UserName="pat")


def test_login_profiles_of_nobody(wire: Any) -> None:
    iam = wire.client("iam")
    for call in (iam.get_login_profile, iam.delete_login_profile):
        wire.refused("NoSuchEntity", 404, call, UserName="nobody")
    wire.refused("NoSuchEntity", 404, iam.create_login_profile, UserName="nobody", Password=GOOD)
    wire.refused("NoSuchEntity", 404, iam.update_login_profile, UserName="nobody", Password=GOOD)
    iam.create_user(UserName="bare")
    wire.refused("ValidationError", 400, iam.create_login_profile, UserName="bare")


@pytest.mark.parametrize("password", ["Short-1", "alllowercase", "lower-only!", "000000000000"])
def test_default_policy_refuses_simple_passwords(wire: Any, password: str) -> None:
    iam = wire.client("iam")
    name = f"simple-{password.lower().strip('!')}"
    iam.create_user(UserName=name)
    message = wire.refused("PasswordPolicyViolation", 400, iam.create_login_profile, UserName=name, Password=password)
    assert password not in message
    iam.create_login_profile(UserName=name, Password=GOOD)
    wire.refused("PasswordPolicyViolation", 400, iam.update_login_profile, UserName=name, Password=password)


def test_user_changes_the_own_password_by_knowing_it(wire: Any) -> None:
    key = wire.user("cleo", wire.server.allow("iam:ChangePassword"))
    wire.client("iam").create_login_profile(UserName="cleo", Password=GOOD, PasswordResetRequired=True)
    own = wire.client("iam", key)
    said = wire.refused("AccessDenied", 403, own.change_password, OldPassword="Wrong-Horse-7", NewPassword="Other-Horse-7")
    assert said == "The old password was incorrect."
    wire.refused("PasswordPolicyViolation", 400, own.change_password, OldPassword=GOOD, NewPassword="simple")
    wire.refused("PasswordPolicyViolation", 400, own.change_password, OldPassword=GOOD, NewPassword=GOOD)
    own.change_password(OldPassword=GOOD, NewPassword="Other-Horse-7")
    wire.refused("AccessDenied", 403, own.change_password, OldPassword=GOOD, NewPassword="Third-Horse-7")
    assert not wire.client("iam").get_login_profile(UserName="cleo")["LoginProfile"]["PasswordResetRequired"]


def test_who_cannot_change_a_password(wire: Any) -> None:
    change = {"OldPassword": GOOD, "NewPassword": "Other-Horse-7"}
    said = wire.refused("InvalidUserType", 400, wire.client("iam").change_password, **change)
    assert said == "Only IAM Users can change their own password."
    without = wire.user("dora", wire.server.allow("iam:ChangePassword"))
    wire.refused("NoSuchEntity", 404, wire.client("iam", without).change_password, **change)
    forbidden = wire.client("iam", wire.user("evan"))
    said = wire.refused("AccessDenied", 403, forbidden.change_password, **change)
    assert "because no identity-based policy allows the iam:ChangePassword action" in said


def test_guessing_a_password_stops_after_ten_wrong_ones(wire: Any) -> None:
    own = wire.client("iam", wire.user("gus", wire.server.allow("iam:ChangePassword")))
    wire.client("iam").create_login_profile(UserName="gus", Password=GOOD)
    for number in range(10):
        wire.refused("AccessDenied", 403, own.change_password, OldPassword=f"Guess-{number}", NewPassword="Other-Horse-7")
    change = {"OldPassword": GOOD, "NewPassword": "Other-Horse-7"}
    wire.refused("EntityTemporarilyUnmodifiable", 409, own.change_password, **change)
    wire.server.clock.instant += 300_001
    own.change_password(**change)


def test_password_policy_is_set_as_a_whole_and_deleted(server: Any) -> None:
    missing = "The Password Policy with domain name 000000000000 cannot be found."
    assert server.refused("NoSuchEntity", "get_account_password_policy") == missing
    assert server.refused("NoSuchEntity", "delete_account_password_policy") == missing
    server.call("update_account_password_policy", MinimumPasswordLength=14, MaxPasswordAge=90, PasswordReusePrevention=5)
    policy = server.call("get_account_password_policy")["PasswordPolicy"]
    assert policy["ExpirePasswords"] is True
    assert (policy["MinimumPasswordLength"], policy["MaxPasswordAge"], policy["PasswordReusePrevention"]) == (14, 90, 5)
    server.call("update_account_password_policy", RequireSymbols=True)
    policy = server.call("get_account_password_policy")["PasswordPolicy"]
    assert policy == {
        "MinimumPasswordLength": 6,
        "RequireSymbols": True,
        "RequireNumbers": False,
        "RequireUppercaseCharacters": False,
        "RequireLowercaseCharacters": False,
        "AllowUsersToChangePassword": False,
        "ExpirePasswords": False,
        "HardExpiry": False,
    }
    server.call("delete_account_password_policy")
    server.refused("NoSuchEntity", "get_account_password_policy")


@pytest.mark.parametrize(
    ("rule", "bad"),
    [
        ({"MinimumPasswordLength": 16}, GOOD),
        ({"RequireSymbols": True}, "CorrectHorse7"),
        ({"RequireNumbers": True}, "Correct-Horse"),
        ({"RequireUppercaseCharacters": True}, "correct-horse-7"),
        ({"RequireLowercaseCharacters": True}, "CORRECT-HORSE-7"),
    ],
)
def test_each_rule_of_the_policy_counts(server: Any, rule: dict[str, Any], bad: str) -> None:
    server.call("create_user", UserName="ida")
    server.call("update_account_password_policy", **rule)
    server.refused("PasswordPolicyViolation", "create_login_profile", UserName="ida", Password=bad)
    server.call("create_login_profile", UserName="ida", Password="Correct-Horse-Battery-7")


def test_alias_is_no_password(server: Any) -> None:
    server.call("create_account_alias", AccountAlias="acme-2026-shop")
    server.call("update_account_password_policy")
    server.call("create_user", UserName="ida")
    server.refused("PasswordPolicyViolation", "create_login_profile", UserName="ida", Password="ACME-2026-shop")


def test_latest_passwords_are_not_used_again(server: Any) -> None:
    server.call("create_user", UserName="ida")
    server.call("create_login_profile", UserName="ida", Password="Horse-number-1")
    server.call("update_account_password_policy", PasswordReusePrevention=2)
    for number in (2, 3):
        server.call("update_login_profile", UserName="ida", Password=f"Horse-number-{number}")
    for number in (2, 3):
        server.refused("PasswordPolicyViolation", "update_login_profile", UserName="ida", Password=f"Horse-number-{number}")
    server.call("update_login_profile", UserName="ida", Password="Horse-number-1")


def test_users_may_change_their_own_password_when_the_account_says_so(server: Any) -> None:
    ida, jon = server.user("ida"), server.user("jon", server.deny("iam:ChangePassword"))
    for name in ("ida", "jon"):
        server.call("create_login_profile", UserName=name, Password=GOOD)
    change = {"OldPassword": GOOD, "NewPassword": "Other-Horse-7"}
    server.refused("AccessDenied", "change_password", ida, **change)
    server.call("update_account_password_policy", AllowUsersToChangePassword=True)
    assert server.call("get_account_password_policy", ida)["PasswordPolicy"]["AllowUsersToChangePassword"]
    server.call("change_password", ida, **change)
    assert "explicit deny" in server.refused("AccessDenied", "change_password", jon, **change)
    server.refused("AccessDenied", "get_login_profile", ida, UserName="jon")


def test_a_password_counts_at_sign_in_until_it_expires(server: Any) -> None:
    server.call("create_user", UserName="ida")
    server.call("create_login_profile", UserName="ida", Password=GOOD)
    now = server.clock.now()
    assert profiles.sign_in(server.store, "ida", "Wrong-Horse-7", now).outcome == "wrong"
    assert profiles.sign_in(server.store, "nobody", GOOD, now).outcome == "wrong"
    assert "PasswordLastUsed" not in server.call("get_user", UserName="ida")["User"]
    assert profiles.sign_in(server.store, "ida", GOOD, now) == profiles.SignIn("right", "ida")
    assert server.call("get_user", UserName="ida")["User"]["PasswordLastUsed"] == now
    assert server.call("list_users")["Users"][0]["PasswordLastUsed"] == now
    server.call("update_login_profile", UserName="ida", PasswordResetRequired=True)
    assert profiles.sign_in(server.store, "ida", GOOD, now).outcome == "reset"
    server.call("update_account_password_policy", MaxPasswordAge=10)
    assert profiles.sign_in(server.store, "ida", GOOD, now + 10 * DAY - 1).outcome == "reset"
    assert profiles.sign_in(server.store, "ida", GOOD, now + 10 * DAY).outcome == "expired"
    server.call("update_account_password_policy", MaxPasswordAge=10, HardExpiry=True)
    assert profiles.sign_in(server.store, "ida", GOOD, now + 10 * DAY).outcome == "locked"


def test_sign_in_is_throttled_even_for_the_right_password(server: Any) -> None:
    server.call("create_user", UserName="ida")
    server.call("create_login_profile", UserName="ida", Password=GOOD)
    for number in range(10):
        assert profiles.sign_in(server.store, "ida", f"Guess-{number}", number).outcome == "wrong"
    assert profiles.sign_in(server.store, "ida", GOOD, 11).outcome == "throttled"
    assert profiles.sign_in(server.store, "ida", GOOD, 300_100).outcome == "right"


def test_a_password_survives_a_new_name_and_not_a_new_user(server: Any) -> None:
    server.call("create_user", UserName="ida")
    server.call("create_login_profile", UserName="ida", Password=GOOD)
    server.call("update_user", UserName="ida", NewUserName="eve")
    assert profiles.sign_in(server.store, "eve", GOOD, 1).outcome == "right"
    server.call("create_user", UserName="ida")
    assert profiles.sign_in(server.store, "ida", GOOD, 1).outcome == "wrong"


def test_no_password_lies_in_the_store(server: Any) -> None:
    server.call("create_user", UserName="ida")
    server.call("create_login_profile", UserName="ida", Password=GOOD)
    server.call("update_login_profile", UserName="ida", Password="Other-Horse-7")
    with server.store.read() as tx:
        text = str(tx.scan("iam.login"))
    assert "scrypt$" in text
    assert GOOD not in text
    assert "Other-Horse-7" not in text


def test_two_changes_at_once_do_not_overwrite_each_other(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    server.call("create_user", UserName="ida")
    server.call("create_login_profile", UserName="ida", Password=GOOD)
    real = profiles.hashed

    def overtaken(salt: str, password: str) -> str:
        monkeypatch.setattr(profiles, "hashed", real)
        server.call("update_login_profile", UserName="ida", Password="First-Horse-7")
        return real(salt, password)

    monkeypatch.setattr(profiles, "hashed", overtaken)
    server.refused("EntityTemporarilyUnmodifiable", "update_login_profile", UserName="ida", Password="Second-Horse-7")
    assert profiles.sign_in(server.store, "ida", "First-Horse-7", 1).outcome == "right"

    def renamed(salt: str, password: str) -> str:
        monkeypatch.setattr(profiles, "hashed", real)
        server.call("update_user", UserName="jon", NewUserName="jan")
        server.call("create_user", UserName="jon")
        return real(salt, password)

    server.call("create_user", UserName="jon")
    monkeypatch.setattr(profiles, "hashed", renamed)
    server.refused("NoSuchEntity", "create_login_profile", UserName="jon", Password=GOOD)
    server.refused("NoSuchEntity", "get_login_profile", UserName="jon")


def test_password_is_never_said_back(wire: Any) -> None:
    iam = wire.client("iam")
    iam.create_user(UserName="quiet")
    for password in ("Euro-\u20ac-Horse-7", "x" * 129):
        said = wire.refused("ValidationError", 400, iam.create_login_profile, UserName="quiet", Password=password)
        assert password not in said
