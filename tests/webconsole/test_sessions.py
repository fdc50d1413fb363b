"""Sessions: the cookie, how they end, that rights are those of this very moment, and switching to roles."""

import time
from typing import Any

import pytest

from stageline.core.arn import parse
from stageline.gateway.http import BytesStream
from stageline.ports.http import HttpRequest
from stageline.services.iam.signin import records
from stageline.webconsole.sessions import set_cookie

PASSWORD = "Correct-Horse-7"
OTHER = "Battery-Staple-8"


def test_the_cookie_is_for_the_console_alone(house: Any, browser: Any) -> None:
    name = house.person()
    kept = browser.sign_in(name).headers["set-cookie"]
    value, *flags = kept.split("; ")
    assert len(value.removeprefix("stageline-session=")) >= 43
    assert sorted(flags) == ["HttpOnly", "Path=/console", "SameSite=Strict"]
    gone = browser.ask("DELETE", "/console/session").headers["set-cookie"]
    assert gone.startswith("stageline-session=; ")
    assert "Max-Age=0" in gone
    over_tls = HttpRequest("POST", "/console/session/password", "", {}, BytesStream(), "https://example.com", "10.0.0.1", True)
    assert "Secure" in set_cookie("x", over_tls)["Set-Cookie"].split("; ")


def test_the_token_is_nowhere_in_the_store(house: Any) -> None:
    browser, _ = house.inside()
    with house.whole.store.read() as tx:
        rows = tx.scan(records.KIND)
    assert rows
    assert browser.cookie not in repr(rows)


@pytest.mark.parametrize("cookie", ["", "x", "a" * 43, "..", '"quoted', "ä", "a" * 5_000, "x; stageline-session=y"])
def test_cookies_that_were_not_given_are_nobodys(house: Any, cookie: str) -> None:
    browser = house.browser()
    browser.cookie = cookie.encode().decode("latin-1")
    assert browser.who()["signedIn"] is False
    assert (browser.call("iam", "ListUsers").status, browser.call("iam", "ListUsers").code) == (401, "SignedOut")
    for method, path in (
        ("GET", "/console/events"),
        ("GET", "/console/objects?bucket=b&key=k"),
        ("GET", "/console/badges/x.svg"),
    ):
        assert browser.ask(method, path).code == "SignedOut"
    assert browser.ask("POST", "/console/may", {"questions": []}).code == "SignedOut"
    assert browser.ask("POST", "/console/session/role", {}).code == "SignedOut"


def test_signing_out_ends_the_session_not_only_the_cookie(house: Any) -> None:
    browser, name = house.inside()
    stolen, other = house.browser(), house.browser()
    stolen.cookie = browser.cookie
    other.sign_in(name)
    assert browser.ask("DELETE", "/console/session").status == 200
    assert browser.cookie == ""
    assert not stolen.signed_in
    assert other.signed_in
    assert browser.ask("DELETE", "/console/session").status == 200


@pytest.mark.parametrize("ending", ["time", "user", "password", "profile", "renamed"])
def test_a_session_ends_with_what_it_stands_on(house: Any, ending: str) -> None:
    (browser, name), iam = house.inside({"Action": "iam:GetUser"}), house.client("iam")
    assert browser.call("iam", "GetUser").status == 200
    if ending == "time":
        house.edit(records.KIND, lambda doc: {**doc, "ends": time.time_ns() // 1_000_000 - 1}, key=records.place(browser.cookie))
    elif ending == "user":
        iam.delete_login_profile(UserName=name)
        iam.delete_user_policy(UserName=name, PolicyName="rights")
        iam.delete_user(UserName=name)
    elif ending == "password":
        iam.update_login_profile(UserName=name, Password=OTHER)
    elif ending == "profile":
        iam.delete_login_profile(UserName=name)
    else:
        iam.update_user(UserName=name, NewUserName=f"{name}-renamed")
    if ending == "renamed":
        assert browser.who()["name"] == f"{name}-renamed"
    else:
        assert not browser.signed_in
        assert browser.call("iam", "GetUser").code == "SignedOut"


def test_rights_are_those_of_now(house: Any) -> None:
    (browser, name), iam = house.inside(), house.client("iam")
    assert browser.call("iam", "ListUsers").code == "AccessDenied"
    iam.attach_user_policy(UserName=name, PolicyArn="arn:aws:iam::aws:policy/IAMReadOnlyAccess")
    assert browser.call("iam", "ListUsers").status == 200
    iam.detach_user_policy(UserName=name, PolicyArn="arn:aws:iam::aws:policy/IAMReadOnlyAccess")
    assert browser.call("iam", "ListUsers").code == "AccessDenied"


def test_changing_the_password_ends_all_other_sessions(house: Any) -> None:
    (browser, name), elsewhere = house.inside({"Action": "iam:ChangePassword"}), house.browser()
    elsewhere.sign_in(name)
    path = "/console/session/password/change"
    wrong = browser.ask("POST", path, {"oldPassword": "wrong", "newPassword": OTHER})
    assert (wrong.status, wrong.code) == (403, "SignInFailed")
    assert browser.ask("POST", path, {"oldPassword": PASSWORD, "newPassword": "x"}).code == "PasswordPolicyViolation"
    assert browser.ask("POST", path, {"oldPassword": PASSWORD, "newPassword": "ä" + "€" * 20}).code == "PasswordPolicyViolation"
    assert elsewhere.signed_in
    before = browser.cookie
    assert browser.ask("POST", path, {"oldPassword": PASSWORD, "newPassword": OTHER}).status == 200
    assert browser.signed_in
    assert browser.cookie != before
    assert not elsewhere.signed_in
    assert elsewhere.sign_in(name).status == 401
    assert elsewhere.sign_in(name, OTHER).status == 200


def test_passwords_are_changed_only_by_who_may_and_has_one(house: Any) -> None:
    browser, _ = house.inside()
    path, given = "/console/session/password/change", {"oldPassword": PASSWORD, "newPassword": OTHER}
    assert browser.ask("POST", path, given).code == "AccessDenied"
    assert house.root().ask("POST", path, given).code == "SignInFailed"


def test_somebody_goes_on_as_a_role_and_comes_back(house: Any) -> None:
    browser, name = house.inside({"Action": "iam:GetUser"})
    role = house.role(f"{name}-role", name, {"Action": "codepipeline:ListPipelines"})
    assert browser.call("codepipeline", "ListPipelines").code == "AccessDeniedException"
    assert browser.ask("POST", "/console/session/role", {"roleArn": role}).status == 200
    who = browser.who()
    assert (who["kind"], who["person"], who["role"]) == ("role", name, role)
    assert parse(who["arn"]).resource == f"assumed-role/{name}-role/{name}"
    assert browser.call("codepipeline", "ListPipelines").status == 200
    assert browser.call("iam", "GetUser", UserName=name).code == "AccessDenied"
    assert browser.ask("POST", "/console/session/role", {}).status == 200
    assert (browser.who()["role"], browser.who()["name"]) == (None, name)
    assert browser.call("codepipeline", "ListPipelines").code == "AccessDeniedException"


def test_roles_are_for_those_whom_they_trust(house: Any) -> None:
    (browser, name), (other, other_name) = house.inside(), house.inside()
    role = house.role(f"{name}-mine", name)
    nothing = "arn:aws:iam::000000000000:role/nothing"
    refused = [other.ask("POST", "/console/session/role", {"roleArn": each}) for each in (role, nothing)]
    assert [(each.status, each.code) for each in refused] == [(403, "AccessDenied")] * 2
    assert refused[0].json["message"].replace(role, "R") == refused[1].json["message"].replace(nothing, "R")
    assert other.who()["name"] == other_name
    for odd in ("nothing", "arn:aws:iam::111111111111:role/x", "*", "\x00", "arn:" + "x" * 4_000):
        assert browser.ask("POST", "/console/session/role", {"roleArn": odd}).status in (400, 403), odd
    assert browser.ask("POST", "/console/session/role", {"roleArn": 7}).code == "ValidationError"
    assert house.root().ask("POST", "/console/session/role", {"roleArn": role}).code == "AccessDenied"


def test_from_a_role_one_switches_as_oneself(house: Any) -> None:
    browser, name = house.inside()
    first, second = house.role(f"{name}-one", name), house.role(f"{name}-two", name)
    for role in (first, second):
        assert browser.ask("POST", "/console/session/role", {"roleArn": role}).status == 200
        assert browser.who()["role"] == role


@pytest.mark.parametrize("ending", ["time", "role"])
def test_a_role_that_has_ended_is_left_by_itself(house: Any, ending: str) -> None:
    browser, name = house.inside()
    role = house.role(f"{name}-short", name)
    browser.ask("POST", "/console/session/role", {"roleArn": role})
    assert browser.who()["role"] == role
    if ending == "time":
        past = time.time_ns() // 1_000_000 - 1
        key = records.place(browser.cookie)
        house.edit(records.KIND, lambda doc: {**doc, "role": {**doc["role"], "ends": past}}, key=key)
    else:
        house.client("iam").delete_role(RoleName=f"{name}-short")
    assert (browser.who()["signedIn"], browser.who()["role"], browser.who()["name"]) == (True, None, name)


def test_a_role_ends_with_the_sign_in(house: Any) -> None:
    browser, name = house.inside()
    role = house.role(f"{name}-bound", name, {"Action": "codepipeline:ListPipelines"})
    browser.ask("POST", "/console/session/role", {"roleArn": role})
    assert browser.call("codepipeline", "ListPipelines").status == 200
    house.client("iam").update_login_profile(UserName=name, Password=OTHER)
    assert browser.call("codepipeline", "ListPipelines").code == "SignedOut"
