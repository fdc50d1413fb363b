"""Signing in: with passwords as they are, wrong, old or to be changed, and with one-time links."""

import base64
import json
import time
from typing import Any

import pytest

from stageline.services.iam.model.entities import KEYS
from stageline.testing.harness import Key
from stageline.webconsole import links

PASSWORD = "Correct-Horse-7"
OTHER = "Battery-Staple-8"
MINUTE = 60_000


def test_a_user_signs_in_and_is_that_user(house: Any, browser: Any) -> None:
    name = house.person({"Action": "iam:GetUser"})
    assert browser.who() == {"signedIn": False, "account": "000000000000", "region": "us-east-1"}
    assert browser.sign_in(name).json == {}
    who = browser.who()
    assert (who["signedIn"], who["kind"], who["name"], who["person"], who["role"]) == (True, "user", name, name, None)
    assert who["arn"] == f"arn:aws:iam::000000000000:user/{name}"
    assert 11.9 * 3_600_000 < who["expires"] - time.time() * 1000 <= 12 * 3_600_000


def test_wrong_passwords_and_unknown_names_are_told_alike(house: Any, browser: Any) -> None:
    name = house.person()
    bare = f"{name}-bare"
    house.client("iam").create_user(UserName=bare)
    answers = [
        browser.sign_in(*given) for given in ((name, "wrong"), ("nobody", PASSWORD), (bare, PASSWORD), (name, ""), ("", ""))
    ]
    assert {(each.status, each.body) for each in answers} == {(401, answers[0].body)}
    assert answers[0].code == "SignInFailed"
    assert not any("set-cookie" in each.headers for each in answers)
    assert PASSWORD.encode() not in b"".join(each.body for each in answers)


def test_guessing_closes_the_door_even_for_the_right_password(house: Any, browser: Any) -> None:
    name, neighbour = house.person(), house.person()
    for number in range(10):
        assert browser.sign_in(name, f"guess-{number}").status == 401
    refused = browser.sign_in(name)
    assert (refused.status, refused.code) == (429, "SignInThrottled")
    assert browser.sign_in(neighbour).status == 200
    earlier = time.time_ns() // 1_000_000 - 6 * MINUTE
    house.login(name, failures=[earlier] * 10)
    assert browser.sign_in(name).status == 200


@pytest.mark.parametrize("why", ["reset", "expired"])
def test_a_password_that_must_be_changed_lets_in_only_with_another_one(house: Any, browser: Any, why: str) -> None:
    name = house.person({"Action": "iam:ChangePassword"}, PasswordResetRequired=why == "reset")
    if why == "expired":
        house.client("iam").update_account_password_policy(MaxPasswordAge=90)
        house.login(name, changed=0)
    try:
        refused = browser.sign_in(name)
        assert (refused.status, refused.code, browser.signed_in) == (409, "PasswordChangeRequired", False)
        assert browser.sign_in(name, "wrong", newPassword=OTHER).status == 401
        simple = browser.sign_in(name, newPassword="short")
        assert (simple.status, simple.code) == (400, "PasswordPolicyViolation")
        assert browser.sign_in(name, newPassword="x" * 129).code == "PasswordPolicyViolation"
        assert browser.sign_in(name, newPassword=OTHER).status == 200
        assert browser.who()["name"] == name
    finally:
        if why == "expired":
            house.client("iam").delete_account_password_policy()
    assert house.browser().sign_in(name, OTHER).status == 200
    assert house.browser().sign_in(name).status == 401


def test_a_password_that_has_expired_for_good_lets_nobody_in(house: Any, browser: Any) -> None:
    name = house.person({"Action": "iam:ChangePassword"})
    house.client("iam").update_account_password_policy(MaxPasswordAge=90, HardExpiry=True)
    try:
        house.login(name, changed=0)
        for more in ({}, {"newPassword": OTHER}):
            refused = browser.sign_in(name, **more)
            assert (refused.status, refused.code) == (403, "PasswordExpired")
    finally:
        house.client("iam").delete_account_password_policy()
    assert not browser.signed_in


def test_who_may_not_change_passwords_cannot_enter_by_changing_one(house: Any, browser: Any) -> None:
    name = house.person(PasswordResetRequired=True)
    refused = browser.sign_in(name, newPassword=OTHER)
    assert (refused.status, refused.code) == (403, "AccessDenied")
    assert not browser.signed_in


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"{", b"[]", b"null", b'"text"', b"[" * 50_000, b'{"userName": 1}', b'{"userName": {"a": 1}}', b" " * 70_000),
        *(json.dumps({"userName": "x" * 5_000, "password": "x"}).encode(), b"\xff\xfe"),
    ],
)
def test_what_is_no_sign_in_is_refused_as_such(browser: Any, body: bytes) -> None:
    for place in ("password", "link"):
        answer = browser.ask("POST", f"/console/session/{place}", body)
        assert answer.status in (400, 401)
        assert answer.code in ("ValidationError", "SignInFailed")


@pytest.mark.parametrize("name", ["a\x00b", "\ud800", "ä" * 100, "../root", "person'--", "\u202e", " "])
def test_odd_names_are_unknown_ones(browser: Any, name: str) -> None:
    answer = browser.sign_in(name, newPassword=name)
    assert answer.code == ("ValidationError" if name == "\ud800" else "SignInFailed")


def test_many_at_once_are_sent_away_rather_than_piled_up(house: Any) -> None:
    turnstile = house.turnstile
    name = house.person()
    held = [turnstile._room.acquire(blocking=False) for _ in range(16)]
    try:
        refused = house.browser().sign_in(name)
        assert (refused.status, refused.code) == (429, "SignInThrottled")
    finally:
        for each in held:
            assert each
            turnstile._room.release()
    assert house.browser().sign_in(name).status == 200


def test_a_link_lets_the_administrator_in_once(house: Any, browser: Any) -> None:
    token = house.token()
    assert browser.ask("POST", "/console/session/link", {"token": token}).status == 200
    assert browser.who()["kind"] == "root"
    assert browser.who()["name"] == "administrator"
    assert browser.who()["password"] is False
    again = house.browser()
    refused = again.ask("POST", "/console/session/link", {"token": token})
    assert (refused.status, refused.code) == (401, "SignInFailed")
    assert not again.signed_in
    assert browser.signed_in


@pytest.mark.parametrize("ago", [15 * MINUTE + 5_000, 24 * 60 * MINUTE, -2 * MINUTE, -(10**15)])
def test_a_link_is_good_for_a_quarter_of_an_hour(house: Any, browser: Any, ago: int) -> None:
    assert browser.ask("POST", "/console/session/link", {"token": house.token(ago=ago)}).code == "SignInFailed"
    assert browser.ask("POST", "/console/session/link", {"token": house.token(ago=14 * MINUTE)}).status == 200


def test_a_link_of_another_key_lets_nobody_in(house: Any, browser: Any) -> None:
    key = house.key(house.person({"Action": "*"}))
    now = time.time_ns() // 1_000_000
    refused = browser.ask("POST", "/console/session/link", {"token": links.token(key.access_key_id, key.secret, now)})
    assert (refused.status, refused.code) == (401, "SignInFailed")
    assert "others sign in with" in refused.json["message"]
    root = house.running.key
    for wrong in (Key(root.access_key_id, key.secret), Key(key.access_key_id, root.secret), Key("AKIANOBODY", root.secret)):
        token = links.token(wrong.access_key_id, wrong.secret, now)
        assert browser.ask("POST", "/console/session/link", {"token": token}).code == "SignInFailed"
    assert not browser.signed_in


def test_a_link_cannot_be_altered(house: Any, browser: Any) -> None:
    said, _, signature = house.token().partition(".")
    key, made, nonce = json.loads(base64.urlsafe_b64decode(said + "=="))

    def written(*what: Any) -> str:
        return base64.urlsafe_b64encode(json.dumps(what, separators=(",", ":")).encode()).decode().rstrip("=")

    other = "A" if signature[0] != "A" else "B"
    wrong = (
        f"{written(key, made + 1, nonce)}.{signature}",
        f"{written(key, made, nonce[:-1])}.{signature}",
        f"{said}.{other}{signature[1:]}",
        f"{said}.{signature[:-4]}",
        f"{said}.",
        said,
        f".{signature}",
        f"{written(key, True, nonce)}.{signature}",
        f"{written([], made, nonce)}.{signature}",
        f"{written(key, made)}.{signature}",
        "ä.ö",
        f"{said}.{signature}" + "x" * 600,
    )
    for token in wrong:
        assert browser.ask("POST", "/console/session/link", {"token": token}).code == "SignInFailed", token
    assert browser.ask("POST", "/console/session/link", {"token": f"{said}.{signature}"}).status == 200


def test_the_link_of_a_key_that_is_not_active_is_not_good(house: Any, browser: Any) -> None:
    identity, signed_in = house.running.key.access_key_id, house.root()
    house.edit(KEYS, lambda doc: {**doc, "status": "Inactive"}, key=identity)
    try:
        assert browser.ask("POST", "/console/session/link", {"token": house.token()}).code == "SignInFailed"
        assert not signed_in.signed_in
    finally:
        house.edit(KEYS, lambda doc: {**doc, "status": "Active"}, key=identity)
    assert browser.ask("POST", "/console/session/link", {"token": house.token()}).status == 200
