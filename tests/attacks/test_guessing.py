"""Passwords and session codes tried out: ten wrong ones in five minutes, however many are tried at once and by whatever way."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

from stageline.services.iam.passwords import profiles
from stageline.testing.harness import Key

MANY = 24
GOOD, OTHER = "Correct-Horse-7", "Other-Horse-7"
CHANGE = {"Action": "iam:ChangePassword", "Resource": "*"}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same function with less work, still enough for attempts to overlap."""
    monkeypatch.setattr("stageline.services.iam.passwords.hashing._COST", 2**11)


def together(call: Callable[[int], str]) -> Counter[str]:
    """What as many calls say that begin at the same instant."""
    gate = threading.Barrier(MANY)

    def one(number: int) -> str:
        gate.wait()
        return call(number)

    with ThreadPoolExecutor(MANY) as pool:
        return Counter(pool.map(one, range(MANY)))


def said(call: Callable[..., Any], **request: Any) -> str:
    try:
        call(**request)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return ""


def with_password(whole: Any, person: Any, name: str) -> Key:
    key: Key = person(whole, name, CHANGE)
    whole.client("iam").create_login_profile(UserName=name, Password=GOOD)
    return key


def test_many_guesses_at_once_are_no_more_than_one_after_another(whole: Any, new_person: Any) -> None:
    key = with_password(whole, new_person, "guessed")
    clients = [whole.client("iam", key=key) for _ in range(MANY)]
    found = together(lambda at: said(clients[at].change_password, OldPassword=f"Guess-{at}", NewPassword=OTHER))
    assert found == {"AccessDenied": 10, "EntityTemporarilyUnmodifiable": MANY - 10}
    assert said(clients[0].change_password, OldPassword=GOOD, NewPassword=OTHER) == "EntityTemporarilyUnmodifiable"


def test_another_key_of_the_same_user_guesses_no_more(whole: Any, new_person: Any) -> None:
    with_password(whole, new_person, "two-keys")
    key = whole.client("iam").create_access_key(UserName="two-keys")["AccessKey"]
    second = whole.client("iam", key=Key(key["AccessKeyId"], key["SecretAccessKey"]))
    now = whole.assembled.engine.clock.now()
    for number in range(9):
        assert profiles.sign_in(whole.assembled.store, "two-keys", f"Guess-{number}", now).outcome == "wrong"
    assert said(second.change_password, OldPassword="Guess-9", NewPassword=OTHER) == "AccessDenied"
    assert said(second.change_password, OldPassword=GOOD, NewPassword=OTHER) == "EntityTemporarilyUnmodifiable"
    assert profiles.sign_in(whole.assembled.store, "two-keys", GOOD, now).outcome == "throttled"


def test_guesses_at_once_to_sign_in(whole: Any, new_person: Any) -> None:
    with_password(whole, new_person, "signed-in")
    store, now = whole.assembled.store, whole.assembled.engine.clock.now()
    found = together(lambda at: profiles.sign_in(store, "signed-in", f"Guess-{at}", now).outcome)
    assert found == {"wrong": 10, "throttled": MANY - 10}


@pytest.mark.parametrize("name", ["no-such-user", "has-no-password"])
def test_being_sent_away_tells_not_who_has_a_password(whole: Any, name: str) -> None:
    if name == "has-no-password":
        whole.client("iam").create_user(UserName=name)
    store, now = whole.assembled.store, whole.assembled.engine.clock.now()
    outcomes = [profiles.sign_in(store, name, GOOD, now).outcome for _ in range(12)]
    assert outcomes == ["wrong"] * 10 + ["throttled"] * 2


def test_counts_of_made_up_names_are_cleared_away(whole: Any) -> None:
    store = whole.assembled.store
    for number in range(30):
        profiles.sign_in(store, f"made-up-{number}", GOOD, 1_000)
    for number in range(30):
        profiles.sign_in(store, f"later-{number}", GOOD, 1_000_000)
    with store.read() as tx:
        assert sum(1 for _, doc in tx.scan("iam.guess") if doc["failures"][-1] == 1_000) < 15


def test_right_passwords_do_not_count(whole: Any, new_person: Any) -> None:
    key = with_password(whole, new_person, "careful")
    own = whole.client("iam", key=key)
    for _ in range(12):
        assert said(own.change_password, OldPassword=GOOD, NewPassword="simple") == "PasswordPolicyViolation"
    assert said(own.change_password, OldPassword=GOOD, NewPassword=OTHER) == ""


def test_an_administrator_lets_somebody_in_again(whole: Any, new_person: Any) -> None:
    key = with_password(whole, new_person, "forgetful")
    own = whole.client("iam", key=key)
    for number in range(10):
        assert said(own.change_password, OldPassword=f"Guess-{number}", NewPassword=OTHER) == "AccessDenied"
    assert said(own.change_password, OldPassword=GOOD, NewPassword=OTHER) == "EntityTemporarilyUnmodifiable"
    whole.client("iam").update_login_profile(UserName="forgetful", Password=OTHER)
    assert said(own.change_password, OldPassword=OTHER, NewPassword=GOOD) == ""


def test_codes_of_devices_are_never_right(whole: Any, new_person: Any) -> None:
    """Nobody has a device here, so no number of guesses opens a session that counts as one with a second factor."""
    sts = whole.client("sts", key=new_person(whole, "coded"))
    serial = "arn:aws:iam::000000000000:mfa/coded"
    found = {said(sts.get_session_token, SerialNumber=serial, TokenCode=f"{code:06}") for code in range(0, 1_000_000, 50_000)}
    assert found == {"AccessDenied"}
