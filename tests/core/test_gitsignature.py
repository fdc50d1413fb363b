"""Passwords made by the credential helper of the AWS CLI and by the rule of git-remote-codecommit."""

from dataclasses import dataclass, field, replace

import pytest
from awscli.customizations.codecommit import CodeCommitGetCommand
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from stageline.core import gitsignature, signature

PATH = "/v1/repos/demo"


@dataclass(frozen=True)
class Key:
    access_key_id: str = "AKIAIOSFODNN7EXAMPLE"
    secret: str = field(default="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", repr=False)
    session_token: str = ""
    expires: int | None = None
    active: bool = True


class Session:
    """As much of the CLI's session as its credential helper asks for."""

    def __init__(self, key: Key) -> None:
        self.key = key

    def get_credentials(self) -> Credentials:
        return Credentials(self.key.access_key_id, self.key.secret, self.key.session_token or None)


def by_helper(key: Key, host: str, region: str = "us-east-1", path: str = PATH) -> str:
    return str(CodeCommitGetCommand(Session(key)).sign_request(region, f"http://{host}{path}"))


def with_port(key: Key, host: str, stamp: str = "20261123T081500", path: str = PATH) -> str:
    signer = SigV4Auth(Credentials(key.access_key_id, key.secret), "codecommit", "us-east-1")
    request = AWSRequest(method="GIT", url=f"http://{host}{path}")
    request.context["timestamp"] = stamp
    to_sign = signer.string_to_sign(request, f"GIT\n{path}\n\nhost:{host}\n\nhost\n")
    return f"{stamp}Z{signer.signature(to_sign, request)}"


def verify(
    key: Key,
    password: str,
    user: str = "",
    host: str = "127.0.0.1:4566",
    later: int = 0,
    path: str = PATH,
    regions: tuple[str, ...] = ("us-east-1",),
) -> gitsignature.GitVerdict[Key]:
    now = (signature.instant(password[:16]) or 0) + later

    def credential(access_key_id: str, session_token: str) -> Key | None:
        return key if access_key_id == key.access_key_id else None

    return gitsignature.verify(
        user or key.access_key_id, password, hosts=[host], path=path, now=now, regions=regions, credential=credential
    )


@pytest.mark.parametrize("host", ["127.0.0.1:4566", "localhost", "git.example.com:443"])
def test_a_password_of_the_cli_is_accepted(host: str) -> None:
    assert verify(Key(), by_helper(Key(), host), host=host).credential == Key()


@pytest.mark.parametrize("host", ["127.0.0.1:4566", "localhost", "[::1]:4566"])
def test_a_password_over_the_host_with_its_port_is_accepted(host: str) -> None:
    assert verify(Key(), with_port(Key(), host), host=host).credential == Key()


def test_temporary_credentials_bring_their_token_in_the_user_name() -> None:
    key = Key(access_key_id="ASIAIOSFODNN7EXAMPLE", session_token="IQoJb3JpZ2luX2VjE%2F+/==")
    password = by_helper(key, "localhost:4566")
    assert verify(key, password, f"{key.access_key_id}%{key.session_token}", "localhost:4566").credential == key
    assert verify(key, password, key.access_key_id, "localhost:4566").reason == "unknown"
    assert verify(key, password, f"{key.access_key_id}%{key.session_token}x", "localhost:4566").reason == "unknown"


def test_a_token_with_a_long_lived_key_is_refused() -> None:
    assert verify(Key(), by_helper(Key(), "h"), "AKIAIOSFODNN7EXAMPLE%token", "h").reason == "unknown"


@pytest.mark.parametrize(("minutes", "reason"), [(14, ""), (-14, ""), (16, "clock"), (-16, "clock")])
def test_the_clocks_may_differ_by_a_quarter_of_an_hour(minutes: int, reason: str) -> None:
    assert verify(Key(), by_helper(Key(), "h"), host="h", later=minutes * 60_000).reason == reason


def test_the_region_of_the_client_must_be_one_of_ours() -> None:
    password = by_helper(Key(), "h", region="eu-west-1")
    assert verify(Key(), password, host="h").reason == "mismatch"
    assert verify(Key(), password, host="h", regions=("us-east-1", "eu-west-1")).credential == Key()


def test_a_password_is_good_for_one_repository_and_one_host() -> None:
    password = by_helper(Key(), "h")
    assert verify(Key(), password, host="h", path="/v1/repos/other").reason == "mismatch"
    assert verify(Key(), password, host="other").reason == "mismatch"


def test_an_inactive_key_looks_like_an_unknown_one() -> None:
    key = replace(Key(), active=False)
    assert verify(key, by_helper(key, "h"), host="h").reason == "unknown"
    assert verify(key, by_helper(key, "h"), "AKIAUNKNOWN", host="h").reason == "unknown"


def test_an_ended_session_is_refused_after_its_signature_was_checked() -> None:
    key = Key(access_key_id="ASIAIOSFODNN7EXAMPLE", session_token="t", expires=1)
    user = "ASIAIOSFODNN7EXAMPLE%t"
    assert verify(key, by_helper(key, "h"), user, "h").reason == "expired"
    assert verify(key, by_helper(key, "other"), user, "h").reason == "mismatch"


@pytest.mark.parametrize(
    "password", ["", "hunter2", "20261123T081500Z", "20261399T081500Z" + "0" * 64, "20261123T081500" + "0" * 65, "Z" * 80]
)
def test_what_is_no_signed_password_is_told_apart(password: str) -> None:
    assert verify(Key(), password).reason == "malformed"
    assert verify(Key(), "20261123T081500Z" + "é" * 64).reason == "mismatch"


def test_signed_pairs_are_recognised_by_their_form() -> None:
    assert gitsignature.is_signed("AKIAIOSFODNN7EXAMPLE", by_helper(Key(), "h"))
    assert not gitsignature.is_signed("alice-at-000000000000", by_helper(Key(), "h"))
    assert not gitsignature.is_signed("AKIAIOSFODNN7EXAMPLE", "secret")
