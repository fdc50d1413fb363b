"""Deny by default: every operation that there is, in every protocol that it is spoken in, asked by who may not.

Without credentials, with forged ones, too early, too late, changed on the way, with keys and sessions that count no more, and
without permission: each is refused as AWS refuses it, nothing runs, and what is stored stays as it is.
"""

import hashlib
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from stageline.gateway import specs
from stageline.services.iam.model.sessions import Session, mint
from stageline.services.iam.secrets import Vault
from stageline.testing.generated import least
from stageline.testing.generated.signed import Line, Said, Sent, Signer, everything, written
from stageline.testing.harness import Key

Codes = Mapping[str, str]
MISSING: Codes = {
    "json": "MissingAuthenticationTokenException",
    "query": "MissingAuthenticationToken",
    "rest-xml": "AccessDenied",
}
FORGED: Codes = {"json": "InvalidSignatureException", "query": "SignatureDoesNotMatch", "rest-xml": "SignatureDoesNotMatch"}
LATE: Codes = {**FORGED, "rest-xml": "RequestTimeTooSkewed"}
UNSIGNED: Codes = {**FORGED, "rest-xml": "AccessDenied"}
CHANGED: Codes = {**FORGED, "rest-xml": "XAmzContentSHA256Mismatch"}
UNKNOWN: Codes = {"json": "UnrecognizedClientException", "query": "InvalidClientTokenId", "rest-xml": "InvalidAccessKeyId"}
TOKEN: Codes = {**UNKNOWN, "rest-xml": "InvalidToken"}
EXPIRED: Codes = {"json": "ExpiredTokenException", "query": "ExpiredToken", "rest-xml": "ExpiredToken"}
DENIED: Codes = {"json": "AccessDeniedException", "query": "AccessDenied", "rest-xml": "AccessDenied"}
FREE = {"sts:get_caller_identity", "sts:get_session_token"}
"""Nobody needs a permission to learn who they are, or for a session of their own."""
BEGUN = {"sts:assume_role", "s3:delete_objects"}
"""They begin and ask then: a role's trust policy, and each key by itself."""
STREAMED = {"s3:put_object", "s3:upload_part"}
"""They begin to receive a body, which is only known to be a forged one at its end."""
NOTES = ("iam.key-used", "iam.role-used")
"""What is remembered of keys that were good, whatever was asked for with them."""
AUDITED = "audit%"
SKEW = 16 * 60


def family(protocol: str) -> str:
    return {"cbor": "json", "query-get": "query"}.get(protocol, protocol)


def digest(data: Path) -> str:
    """What the server keeps: every row of its database and every file of its folders, but the notes of who asked."""
    seen = hashlib.sha256()
    with closing(sqlite3.connect(f"file:{data / 'stageline.db'}?mode=ro", uri=True)) as database:
        documents = "SELECT * FROM documents WHERE kind NOT IN (?, ?) AND kind NOT LIKE ? ORDER BY kind, key"
        for row in database.execute(documents, (*NOTES, AUDITED)):
            seen.update(repr(row).encode())
        for row in database.execute("SELECT * FROM journal WHERE stream NOT LIKE ? ORDER BY stream, seq", (AUDITED,)):
            seen.update(repr(row).encode())
        for table in ("log_events", "tasks"):
            for row in database.execute(f"SELECT * FROM {table} ORDER BY 1, 2"):
                seen.update(repr(row).encode())
    for folder in ("blobs", "repositories", "builds"):
        for file in sorted(each for each in (data / folder).rglob("*") if each.is_file()):
            seen.update(str(file).encode() + file.read_bytes())
    return seen.hexdigest()


@dataclass
class Attacker:
    """Asks for everything, and looks at what came of it."""

    whole: Any
    requests: list[tuple[str, str, Sent]]
    line: Line

    def signer(self, key: Key | None = None) -> Signer:
        return Signer(key or self.whole.running.key, self.whole.running.region, self.line.host)

    def ask(self, forge: Callable[[Sent], Sent | None]) -> dict[str, tuple[str, Said]]:
        """The answers to all requests as ``forge`` makes them (None: no such attack), by service, operation and protocol."""
        self.whole.reached.clear()
        forged = {f"{name} {protocol}": (protocol, forge(sent)) for name, protocol, sent in self.requests}
        return {name: (family(protocol), self.line.say(sent)) for name, (protocol, sent) in forged.items() if sent is not None}

    def refused(self, forge: Callable[[Sent], Sent | None], codes: Codes, most: int = 400) -> None:
        """All requests are refused with these codes, none runs, and nothing changes."""
        before = digest(self.whole.data)
        found = self.ask(forge)
        assert {name: said for name, (kind, said) in found.items() if not right(name, said, codes[kind])} == {}
        assert set(self.whole.reached) <= (STREAMED if codes is CHANGED else set())
        assert digest(self.whole.data) == before
        assert len(found) >= most


def right(name: str, said: Said, code: str) -> bool:
    """Whether an answer is that refusal; one to HEAD has no body to tell."""
    return said.status in (400, 403) and (said.code == code or (name.startswith("s3:head_") and not said.body))


@pytest.fixture(scope="module")
def attacker(whole: Any) -> Iterator[Attacker]:
    whole.client("s3").create_bucket(Bucket="victim")
    whole.client("iam").create_role(RoleName="victim", AssumeRolePolicyDocument=least.DOCUMENT)
    named = {each.model.service_model.service_name + each.model.name: f"{each.service}:{each.name}" for each in whole.operations}
    requests = [
        (
            named[operation.service_model.service_name + operation.name],
            protocol,
            written(operation, protocol, least.request(operation)),
        )
        for operation, protocol in everything(each.model for each in whole.operations)
    ]
    line = Line(whole.endpoint)
    yield Attacker(whole, requests, line)
    line.close()


@pytest.fixture(scope="module")
def gone(whole: Any, new_person: Callable[..., Key]) -> dict[str, Key]:
    """Keys of people with every right that count no more."""
    rights = {"Action": "*", "Resource": "*"}
    iam = whole.client("iam")
    keys = {name: new_person(whole, name, rights) for name in ("resting", "deleted", "visitor", "parent")}
    iam.update_access_key(UserName="resting", AccessKeyId=keys["resting"].access_key_id, Status="Inactive")
    iam.delete_access_key(UserName="deleted", AccessKeyId=keys["deleted"].access_key_id)
    user = iam.get_user(UserName="visitor")["User"]["UserId"]
    now = int(time.time() * 1000)
    past = Session("user", user, now - 7_200_000, now - 3_600_000, parent=keys["visitor"].access_key_id)
    token = mint(Vault(whole.data / "vault.key"), past)
    keys["expired"] = Key(token.access_key_id, token.secret, token.text)
    one, other = (session(whole, keys["visitor"]) for _ in range(2))
    keys["swapped"] = Key(one.access_key_id, one.secret, other.session_token)
    keys["cut"] = Key(one.access_key_id, one.secret, (one.session_token or "")[:-4])
    keys["alone"] = Key(one.access_key_id, one.secret)
    keys["orphaned"] = session(whole, keys["parent"])
    iam.delete_access_key(UserName="parent", AccessKeyId=keys["parent"].access_key_id)
    return keys


def session(whole: Any, key: Key) -> Key:
    made = whole.client("sts", key=key).get_session_token()["Credentials"]
    return Key(made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"])


def test_the_signer_is_believed_and_changes_are_seen(attacker: Attacker) -> None:
    """Signed rightly, every request is let in; the digest differs once something was done."""
    whole, signer, before = attacker.whole, attacker.signer(), digest(attacker.whole.data)
    harmless = [(name, how, sent) for name, how, sent in attacker.requests if ":get_" in name or ":list_" in name]
    found = replace(attacker, requests=harmless).ask(signer.sign)
    refusals = {code for codes in (MISSING, FORGED, UNKNOWN, TOKEN, EXPIRED, DENIED) for code in codes.values()}
    assert {name for name, (_, said) in found.items() if said.code in refusals} == {
        "iam:get_access_key_last_used query",
        "iam:get_access_key_last_used query-get",
    }
    assert len(set(whole.reached)) > 80
    whole.client("iam").create_group(GroupName="seen")
    assert digest(whole.data) != before


def test_without_credentials_nothing_runs(attacker: Attacker) -> None:
    attacker.refused(lambda sent: sent, MISSING)


def test_what_this_server_lacks_is_not_told_to_strangers(attacker: Attacker) -> None:
    """Every operation of the models, with or without a function behind it."""
    served = {each.service for each in attacker.whole.operations} - {"s3"}
    models = [specs.model(name).operation_model(each) for name in sorted(served) for each in specs.model(name).operation_names]
    for operation, protocol in everything(iter(models)):
        said = attacker.line.say(written(operation, protocol, least.request(operation)))
        assert said.code == MISSING[family(protocol)], (operation.name, protocol, said)
    assert len(models) > 600


def test_with_a_forged_signature_nothing_runs(attacker: Attacker) -> None:
    signer = attacker.signer(Key(attacker.whole.running.key.access_key_id, "0" * 40))
    attacker.refused(signer.sign, FORGED)


@pytest.mark.parametrize("when", [-SKEW, SKEW])
def test_at_another_time_nothing_runs(attacker: Attacker, when: int) -> None:
    signer = attacker.signer()
    attacker.refused(lambda sent: signer.sign(sent, time.time() + when), LATE)


def test_with_a_changed_body_nothing_runs(attacker: Attacker) -> None:
    signer = attacker.signer()

    def forge(sent: Sent) -> Sent | None:
        signed = signer.sign(sent)
        return replace(signed, body=sent.body + b" ") if sent.body else None

    attacker.refused(forge, CHANGED, most=300)


def test_with_a_changed_query_nothing_runs(attacker: Attacker) -> None:
    signer = attacker.signer()

    def forge(sent: Sent) -> Sent | None:
        signed = signer.sign(sent)
        return replace(signed, target=f"{sent.target}&x-id=Other") if "?" in sent.target else None

    attacker.refused(forge, FORGED, most=100)


def test_with_a_changed_header_nothing_runs(attacker: Attacker) -> None:
    signer = attacker.signer()
    attacker.refused(lambda sent: signer.sign(sent.with_headers({"x-amz-of": "a"})).with_headers({"x-amz-of": "b"}), FORGED)


def test_with_an_added_header_nothing_runs(attacker: Attacker) -> None:
    signer = attacker.signer()
    attacker.refused(lambda sent: signer.sign(sent).with_headers({"x-amz-added": "a"}), UNSIGNED)


@pytest.mark.parametrize("which", ["resting", "deleted", "alone"])
def test_with_a_key_that_counts_no_more_nothing_runs(attacker: Attacker, gone: dict[str, Key], which: str) -> None:
    attacker.refused(attacker.signer(gone[which]).sign, UNKNOWN)


@pytest.mark.parametrize("which", ["swapped", "cut", "orphaned"])
def test_with_a_token_that_is_not_the_keys_nothing_runs(attacker: Attacker, gone: dict[str, Key], which: str) -> None:
    attacker.refused(attacker.signer(gone[which]).sign, TOKEN)


def test_after_the_end_of_a_session_nothing_runs(attacker: Attacker, gone: dict[str, Key]) -> None:
    attacker.refused(attacker.signer(gone["expired"]).sign, EXPIRED)


def allowed_nothing(attacker: Attacker, key: Key) -> None:
    before = digest(attacker.whole.data)
    found = attacker.ask(attacker.signer(key).sign)
    wrong = {name: said for name, (kind, said) in found.items() if not right(name, said, DENIED[kind])}
    assert {name.partition(" ")[0] for name in wrong} == FREE | {"s3:delete_objects"}
    assert b"<Code>AccessDenied</Code>" in wrong["s3:delete_objects rest-xml"].body
    assert set(attacker.whole.reached) == FREE | BEGUN
    assert digest(attacker.whole.data) == before


def test_without_a_permission_nothing_runs(attacker: Attacker, new_person: Callable[..., Key]) -> None:
    allowed_nothing(attacker, new_person(attacker.whole, "nobody"))


def test_an_explicit_deny_beats_the_right_to_everything(attacker: Attacker, new_person: Callable[..., Key]) -> None:
    rights = {"Action": "*", "Resource": "*"}
    allowed_nothing(attacker, new_person(attacker.whole, "barred", rights, {**rights, "Effect": "Deny"}))
