"""What is posted to a webhook: what starts its pipeline, what is ignored, and every attack on it that is refused."""

import hashlib
import hmac
import http.client
import json
import time
import urllib.parse
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog

from stageline.engine.apply import Engine
from stageline.gateway.http import BytesStream
from stageline.ports.api import ApiError
from stageline.ports.http import HttpRequest, HttpResponse
from stageline.ports.store import Task
from stageline.services.codepipeline import records, unstarted
from stageline.services.codepipeline.upkeep import retention
from stageline.services.codepipeline.upkeep.retention import Retention
from stageline.services.codepipeline.webhooks import authentication, checks, deliveries, door, payload, starting
from stageline.services.codepipeline.webhooks import records as webhooks
from stageline.services.codepipeline.webhooks.pace import Pace
from stageline.services.iam.secrets import Vault
from stageline.testing.pipelines import Pipeline, action, approval, eventually, source, stage
from stageline.testing.process import ServerProcess

SECRET = "s3cr3t-of-the-webhook"
PUSH = json.dumps({"ref": "refs/heads/main", "deleted": False, "size": 3}).encode()
FORBIDDEN = {"message": "This delivery is not allowed."}
LOCAL = "127.0.0.0/8"
OPEN: dict[str, Any] = {"authentication": "UNAUTHENTICATED", "authenticationConfiguration": {}}
SIGNED = {"authentication": "GITHUB_HMAC", "authenticationConfiguration": {"SecretToken": SECRET}}
MAIN = [{"jsonPath": "$.ref", "matchEquals": "refs/heads/{Say}"}]


def ranged(allowed: str) -> dict[str, Any]:
    return {"authentication": "IP", "authenticationConfiguration": {"AllowedIPRange": allowed}}


def sign(body: bytes = PUSH, secret: str = SECRET, algorithm: str = "sha256") -> str:
    return f"{algorithm}={hmac.new(secret.encode(), body, algorithm).hexdigest()}"


def by_256(body: bytes = PUSH, **more: str) -> dict[str, str]:
    return {"X-Hub-Signature-256": sign(body), **more}


def post(url: str, body: bytes | Iterator[bytes] = PUSH, *, method: str = "POST", **headers: str) -> tuple[int, Any]:
    """The status and the answer."""
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=20)
    try:
        sent = {"Content-Type": "application/json", **headers}
        connection.request(method, f"{parts.path}?{parts.query}", body, sent)
        answer = connection.getresponse()
        told = answer.read()
        return answer.status, json.loads(told) if told else None
    finally:
        connection.close()


@dataclass
class Hook:
    """A webhook and its pipeline."""

    client: Any
    pipe: Any
    name: str

    def put(self, **more: Any) -> Any:
        definition = {"name": self.name, "targetPipeline": self.pipe.name, "targetAction": "Fetch", "filters": MAIN, **more}
        return self.client.put_webhook(webhook=definition)["webhook"]

    @property
    def shown(self) -> Any:
        return next(each for each in self.client.list_webhooks()["webhooks"] if each["definition"]["name"] == self.name)

    @property
    def url(self) -> str:
        return str(self.shown["url"])

    def post(self, body: bytes | Iterator[bytes] = PUSH, **headers: str) -> tuple[int, Any]:
        return post(self.url, body, **headers)

    def started(self) -> list[str]:
        """The executions that webhooks have started, newest first."""
        return [each["pipelineExecutionId"] for each in self.pipe.executions() if each["trigger"]["triggerType"] == "Webhook"]


def hooked(client: Any, pipe: Any, **more: Any) -> Hook:
    hook = Hook(client, pipe, f"hook-of-{pipe.name}")
    hook.put(**{**OPEN, **more})
    return hook


@pytest.fixture
def hook(world: Any, make: Any) -> Any:
    """Makes a pipeline with a webhook, open to everybody unless told otherwise."""

    def create(**more: Any) -> Hook:
        return hooked(world.client(), make(source(say="main"), stage("Build", action("A"))), **more)

    return create


def unstarted_of(world: Any, hook: Hook) -> Any:
    with world.whole.store.read() as tx:
        record = tx.get(records.PIPELINE, hook.pipe.name)
        return tx.get(unstarted.KIND, f"{record['uid']}/Fetch")


# What starts.


@pytest.mark.parametrize("kind", ["V1", "V2"])
def test_a_delivery_starts_the_pipeline_in_the_webhook_s_name(make: Any, world: Any, kind: str) -> None:
    hook = hooked(world.client(), make(source(say="main"), stage("Build", action("A")), pipelineType=kind))
    before = time.time() - 1
    assert "lastTriggered" not in hook.shown
    status, told = hook.post()
    assert (status, told["message"]) == (200, "started")
    assert hook.started() == [told["pipelineExecutionId"]]
    found = hook.pipe.ended(told["pipelineExecutionId"])
    assert found["trigger"] == {"triggerType": "Webhook", "triggerDetail": hook.shown["arn"]}
    assert before < hook.shown["lastTriggered"].timestamp() < time.time() + 1
    assert "errorCode" not in hook.shown


@pytest.mark.parametrize(
    "headers",
    [
        by_256(),
        {"X-Hub-Signature": sign(algorithm="sha1")},
        by_256(**{"X-Hub-Signature": sign(algorithm="sha1")}),
        {"X-Hub-Signature-256": "sha256=" + sign()[7:].upper()},
    ],
)
def test_signatures_that_count(hook: Any, headers: dict[str, str]) -> None:
    assert hook(**SIGNED).post(PUSH, **headers)[0] == 200


def test_github_s_own_example_of_a_signature() -> None:
    secret, body = b"It's a Secret to Everybody", b"Hello, World!"
    definition = {"authentication": "GITHUB_HMAC"}
    old = "sha1=01dc10d0c83e72ed246219cdd91669667fe2ca59"
    new = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    for headers in ({"x-hub-signature": old}, {"x-hub-signature-256": new}, {"x-hub-signature": old, "x-hub-signature-256": new}):
        assert authentication.signed(definition, secret, headers, body) == ""
        assert authentication.signed(definition, secret, headers, body + b" ") != ""
        assert authentication.signed(definition, b"", headers, body) != "", "no secret is not an empty one"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Hub-Signature-256": ""},
        {"X-Hub-Signature-256": sign(secret="another")},
        {"X-Hub-Signature-256": sign(secret="")},
        {"X-Hub-Signature-256": sign(b"another body")},
        {"X-Hub-Signature-256": sign().removeprefix("sha256=")},
        {"X-Hub-Signature-256": sign()[:-2]},
        {"X-Hub-Signature-256": sign() + "00"},
        {"X-Hub-Signature-256": sign().replace("sha256", "SHA256")},
        {"X-Hub-Signature-256": sign(algorithm="sha1")},
        {"X-Hub-Signature-256": "sha1=" + sign()[7:]},
        {"X-Hub-Signature-256": f"{sign(secret='another')},{sign()}"},
        {"X-Hub-Signature-256": "sha256=" + "é" * 64},
        {"X-Hub-Signature": sign()},
        {"X-Hub-Signature": sign(algorithm="md5")},
        {"X-Hub-Signature": sign(algorithm="sha1", secret="another")},
        by_256(**{"X-Hub-Signature": sign(algorithm="sha1", secret="another")}),
        {"X-Hub-Signature-256": sign(secret="another"), "X-Hub-Signature": sign(algorithm="sha1")},
        {"Authorization": SECRET, "X-Gitlab-Token": SECRET},
    ],
)
def test_signatures_that_do_not_count(signed_hook: Hook, world: Any, headers: dict[str, str]) -> None:
    with structlog.testing.capture_logs() as logged:
        assert signed_hook.post(PUSH, **headers) == (403, FORBIDDEN)
    assert signed_hook.started() == []
    shown = signed_hook.shown
    assert shown["errorCode"] == "403"
    assert "SecretToken" in shown["errorMessage"]
    assert "lastTriggered" not in shown
    for told in (json.dumps(logged), json.dumps(shown, default=str), json.dumps(unstarted_of(world, signed_hook))):
        assert SECRET not in told
        assert sign() not in told
    assert urllib.parse.urlsplit(shown["url"]).query not in json.dumps(logged)


@pytest.fixture(scope="module")
def signed_hook(world: Any) -> Hook:
    """A webhook that only takes what is signed, of a pipeline that nothing starts."""
    stages = (source(say="main"), stage("Build", action("A")))
    return hooked(world.client(), Pipeline(world.client(), stages, role=world.role, providers=world.providers).create(), **SIGNED)


# Where from.


def test_addresses(hook: Any) -> None:
    inside, outside = hook(**ranged(LOCAL)), hook(**ranged("192.0.2.0/24"))
    assert inside.post()[0] == 200
    forged = {"X-Forwarded-For": "192.0.2.1", "Forwarded": "for=192.0.2.1", "X-Real-IP": "192.0.2.1", "Client-IP": "192.0.2.1"}
    assert outside.post(**forged) == (403, FORBIDDEN)
    assert outside.post() == (403, FORBIDDEN)
    assert outside.started() == []
    assert "127.0.0.1, which is not in the AllowedIPRange 192.0.2.0/24" in outside.shown["errorMessage"]


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "found"),
    [
        ("192.0.2.1", "", "", "192.0.2.1"),
        ("192.0.2.1", "10.0.0.1", "", "192.0.2.1"),
        ("192.0.2.1", "10.0.0.1", "127.0.0.0/8", "192.0.2.1"),
        ("127.0.0.1", "10.0.0.1", "127.0.0.0/8", "10.0.0.1"),
        ("127.0.0.1", "203.0.113.9, 10.0.0.1", "127.0.0.0/8", "10.0.0.1"),
        ("127.0.0.1", "203.0.113.9, 10.0.0.1", "127.0.0.0/8, 10.0.0.0/8", "203.0.113.9"),
        ("127.0.0.1", "evil, 10.0.0.1", "127.0.0.0/8,10.0.0.0/8", None),
        ("127.0.0.1", "", "127.0.0.0/8", "127.0.0.1"),
        ("::ffff:192.0.2.1", "", "", "192.0.2.1"),
        ("2001:db8::1", "192.0.2.1", "2001:db8::/32", "192.0.2.1"),
        ("", "192.0.2.1", "0.0.0.0/0,::/0", None),
        ("unix", "", "", None),
    ],
)
def test_who_the_sender_is(peer: str, forwarded: str, proxies: str, found: str | None) -> None:
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    request = HttpRequest("POST", "/", "", headers, BytesStream(), "http://127.0.0.1", peer)
    told = authentication.sender(request, authentication.networks(proxies))
    assert (str(told) if told else None) == found
    reason = authentication.from_where(ranged("192.0.2.0/24"), request, authentication.networks(proxies))
    assert (reason == "") == (found == "192.0.2.1")


def test_settings_for_proxies_and_repeats(serve: Any, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="webhook_proxies"), serve(tmp_path / "no", webhook_proxies="everybody"):
        pass
    with serve(tmp_path / "data", webhook_proxies=LOCAL, webhook_repeats=True) as world:
        stages = (source(say="main"), stage("Build", action("A")))
        pipe = Pipeline(world.client(), stages, role=world.role, providers=world.providers).create()
        hook = hooked(world.client(), pipe, **ranged("192.0.2.0/24"))
        assert hook.post() == (403, FORBIDDEN)
        for _ in range(2):
            assert hook.post(**{"X-Forwarded-For": "10.9.9.9, 192.0.2.1", "X-GitHub-Delivery": "one"})[0] == 200
        assert len(hook.started()) == 2


# Which address.


def test_addresses_that_lead_nowhere_answer_alike(hook: Any, world: Any) -> None:
    gone, there = hook(), hook(**SIGNED)
    url, path = gone.url, f"{world.server.endpoint}{webhooks.PATH}"
    gone.client.delete_webhook(name=gone.name)
    token = urllib.parse.parse_qs(urllib.parse.urlsplit(there.url).query)["t"][0]
    told = [
        post(each)
        for each in (
            url,
            url[:-1] + "2",
            path,
            f"{path}?t=",
            f"{path}?t=nothing",
            f"{path}?t={token[:-1]}",
            f"{path}?t={token}&t={token}",
            f"{path}?t={token}%00",
            f"{path}?T={token}",
            f"{path}?t={hashlib.sha256(token.encode()).hexdigest()}",
            f"{path}?t={there.name}",
            f"{path}?t=%ff",
        )
    ]
    assert {json.dumps(each) for each in told} == {json.dumps((404, {"message": "There is no webhook at this address."}))}
    for method in ("GET", "PUT", "DELETE", "HEAD", "OPTIONS"):
        assert post(there.url, method=method)[0] == post(url, method=method)[0] == 405
    assert gone.started() == there.started() == []


def test_a_large_body_for_nobody_is_not_waited_for(world: Any) -> None:
    connection = http.client.HTTPConnection(world.server.endpoint.removeprefix("http://"), timeout=5)
    connection.putrequest("POST", f"{webhooks.PATH}?t=nobody")
    connection.putheader("Content-Length", str(20 * 1024**2))
    connection.endheaders()
    assert connection.getresponse().status == 404
    connection.close()


# What the filters say.


@pytest.mark.parametrize(
    ("filters", "body", "starts"),
    [
        ([], b"{}", True),
        ([], b"0", True),
        (MAIN, {"ref": "refs/heads/main"}, True),
        (MAIN, {"ref": "refs/heads/mai"}, False),
        (MAIN, {"ref": "refs/heads/main2"}, False),
        (MAIN, {"ref": "refs/heads/Main"}, False),
        (MAIN, {"ref": "refs/heads/{Say}"}, False),
        (MAIN, {"ref": ["refs/heads/main"]}, False),
        (MAIN, {"head": {"ref": "refs/heads/main"}}, False),
        (MAIN, {"ref": None}, False),
        ([*MAIN, {"jsonPath": "$.to", "matchEquals": "live"}], {"ref": "refs/heads/main", "to": "live"}, True),
        ([*MAIN, {"jsonPath": "$.to", "matchEquals": "live"}], {"ref": "refs/heads/main", "to": "test"}, False),
        ([*MAIN, {"jsonPath": "$.to", "matchEquals": "live"}], {"ref": "refs/heads/main"}, False),
        ([{"jsonPath": "$.to", "matchEquals": "{Say}-{Script}"}], {"to": "main-done"}, True),
        ([{"jsonPath": "$.to"}], {"to": None}, True),
        ([{"jsonPath": "$.to"}], {"too": 1}, False),
        ([{"jsonPath": "$.n", "matchEquals": "1.50"}], b'{"n": 1.50}', True),
        ([{"jsonPath": "$.n", "matchEquals": "1.5"}], b'{"n": 1.50}', False),
        ([{"jsonPath": "$.n", "matchEquals": "7"}], b'{"n": ' + b"7" * 10_000 + b"}", False),
        ([{"jsonPath": "$.b", "matchEquals": "true"}], b'{"b": true}', True),
        ([{"jsonPath": "$.b", "matchEquals": "True"}], b'{"b": true}', False),
        ([{"jsonPath": "$.labels[*].name", "matchEquals": "go"}], {"labels": [{"name": "no"}, {"name": "go"}]}, True),
        ([{"jsonPath": "$..name", "matchEquals": "go"}], {"labels": [{"name": "no"}]}, False),
        ([{"jsonPath": "$.o", "matchEquals": "{"}], {"o": {}}, False),
    ],
)
def test_filters(filters: list[dict[str, str]], body: Any, starts: bool) -> None:
    read = payload.read(body if isinstance(body, bytes) else json.dumps(body).encode(), "application/json")
    assert payload.passes(filters, {"Say": "main", "Script": "done"}, read) is starts


def test_what_does_not_match_is_ignored(hook: Any) -> None:
    found = hook()
    assert found.post(b'{"ref": "refs/heads/other"}') == (200, {"message": "ignored"})
    assert found.started() == []
    assert "errorCode" not in found.shown
    assert "lastTriggered" not in found.shown


def test_placeholders_follow_the_pipeline(hook: Any) -> None:
    found = hook()
    first, second = found.pipe.document["stages"]
    fetch = {**first["actions"][0], "configuration": {"Say": "next"}}
    found.pipe.update(stages=[{**first, "actions": [fetch]}, second])
    assert found.post()[1] == {"message": "ignored"}
    assert found.post(b'{"ref": "refs/heads/next"}')[1]["message"] == "started"
    found.pipe.update(stages=[{**first, "actions": [{**fetch, "configuration": {}}]}, second])
    assert found.post()[0] == 409
    assert "{Say}" in found.shown["errorMessage"]


def test_forms(hook: Any) -> None:
    found = hook(**SIGNED)
    form = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    body = urllib.parse.urlencode({"payload": PUSH.decode()}).encode()
    assert found.post(body, **by_256(PUSH), **form)[0] == 403, "it is the raw body that is signed"
    assert found.post(body, **by_256(body), **form)[1]["message"] == "started"
    for wrong in (b"", b"payload=", b"payload=1&payload=1", PUSH, b"x=1&" * 101 + b"payload=1", b"payload=%ff"):
        assert found.post(wrong, **by_256(wrong), **form)[0] == 400
    assert len(found.started()) == 1


def test_pings_and_deletions_start_nothing(hook: Any) -> None:
    found = hook(**SIGNED, filters=[])
    assert found.post(PUSH, **by_256(), **{"X-GitHub-Event": "ping"}) == (200, {"message": "pong"})
    assert found.post(PUSH, **{"X-GitHub-Event": "ping"}) == (403, FORBIDDEN), "a ping is signed as well"
    gone = json.dumps({"ref": "refs/heads/main", "deleted": True}).encode()
    assert found.post(gone, **by_256(gone), **{"X-GitHub-Event": "push"}) == (200, {"message": "ignored"})
    assert found.started() == []
    about = b'{"deleted": true}'
    assert found.post(about, **by_256(about))[1]["message"] == "started", "that is no push"


# Bodies.


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"ref=main",
        b"{",
        b'{"ref": NaN}',
        b'{"ref": -Infinity}',
        b"\xff\xfe{\x00}\x00",
        b'{"ref": "\xe9"}',
        b"[" * 200_000,
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    ],
)
def test_bodies_that_cannot_be_read(hook_for_bodies: Hook, body: bytes) -> None:
    assert hook_for_bodies.post(body) == (400, {"message": "The body cannot be read."})
    assert hook_for_bodies.started() == []
    assert hook_for_bodies.shown["errorCode"] == "400"


@pytest.fixture(scope="module")
def hook_for_bodies(world: Any) -> Hook:
    stages = (source(say="main"), stage("Build", action("A")))
    return hooked(world.client(), Pipeline(world.client(), stages, role=world.role, providers=world.providers).create())


def test_an_unsigned_body_is_not_parsed(hook: Any) -> None:
    assert hook(**SIGNED).post(b"[" * 200_000) == (403, FORBIDDEN)


def test_work_for_filters_has_an_end(hook: Any) -> None:
    deep = [{"jsonPath": "$" + "..*" * 49, "matchEquals": "no"}] * 5
    body = b"[" + b"[0]," * 200_000 + b"0]"
    found = hook(filters=deep)
    began = time.monotonic()
    assert found.post(body)[0] == 400
    assert time.monotonic() - began < 8
    assert "too much" in found.shown["errorMessage"]


def test_bodies_that_are_too_long(hook: Any) -> None:
    found = hook(filters=[])
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(found.url).netloc, timeout=5)
    connection.putrequest("POST", found.url[found.url.index("/_") :])
    connection.putheader("Content-Length", str(door.LIMIT + 1))
    connection.endheaders()
    assert connection.getresponse().status == 413, "told at once"
    connection.close()
    body = b'"' + b"x" * (door.LIMIT - 2) + b'"'
    assert found.post(body)[1]["message"] == "started"


@dataclass
class Drip:
    """A body that comes in drops."""

    clock: Any
    drop: bytes = b" "
    pause: int = 0
    error: ApiError | None = None

    def read(self, size: int = -1) -> bytes:
        if self.error:
            raise self.error
        self.clock.advance(self.pause)
        return self.drop


def inside(world: Any, url: str, body: Any, **receiver: Any) -> HttpResponse:
    """Answered by a front door of the test's own, over the server's engine."""
    engine: Engine = world.whole.engine
    own = door.Receiver(engine, Vault(world.whole.folder.path / "vault.key"), **receiver)
    parts = urllib.parse.urlsplit(url)
    return own.handle(HttpRequest("POST", parts.path, parts.query, {}, body, world.server.endpoint, "127.0.0.1"))


def test_senders_that_take_their_time(clocked: Any) -> None:
    found = held(clocked)
    assert inside(clocked, found.url, Drip(clocked.clock, pause=3_000)).status == 408
    silent = ApiError("RequestTimeout", "The sender was silent for too long in the middle of the body.", 400)
    assert inside(clocked, found.url, Drip(clocked.clock, error=silent)).status == 408
    assert inside(clocked, found.url, Drip(clocked.clock, drop=b"x" * 1024**2)).status == 413
    assert found.started() == []


def held(world: Any, **more: Any) -> Hook:
    """A webhook on a server whose clock stands still."""
    stages = (source(say="main"), stage("Build", action("A")))
    return hooked(world.client(), Pipeline(world.client(), stages, role=world.role, providers=world.providers).create(), **more)


# How often.


def test_a_flood_is_held_back(clocked: Any) -> None:
    found, other = held(clocked), held(clocked)
    url, nothing = found.url, b"{}"
    assert {post(url, nothing)[0] for _ in range(100)} == {200}
    assert post(url) == (429, {"message": "Too many deliveries."})
    assert found.shown["errorCode"] == "429"
    assert other.post(nothing)[0] == 200, "each webhook by itself"
    clocked.clock.advance(100)
    assert [post(url, nothing)[0] for _ in range(2)] == [200, 429]
    clocked.clock.advance(1_000)
    assert post(url)[1]["message"] == "started"
    assert "errorCode" not in found.shown


def test_refusals_do_not_keep_the_database_busy(clocked: Any) -> None:
    found = held(clocked, **SIGNED)
    url = found.url
    for _ in range(10):
        assert post(url)[0] == 403
    first = found.shown["errorMessage"]
    assert post(url, **{"X-Hub-Signature-256": "no"})[0] == 403
    assert found.shown["errorMessage"] == first
    assert post(url, **by_256())[0] == 200, "whoever signs is not held up by those who do not"
    clocked.clock.advance(1_000)
    assert post(url, **{"X-Hub-Signature-256": "no"})[0] == 403
    assert "over this body" in found.shown["errorMessage"]


def test_pace() -> None:
    pace = Pace(2, 0.5)
    assert [pace.allows("a", 0) for _ in range(3)] == [True, True, False]
    assert pace.allows("b", 0)
    assert [pace.allows("a", at) for at in (1_999, 2_000, 2_001)] == [False, True, False]
    assert [pace.allows("a", 100_000) for _ in range(3)] == [True, True, False]
    assert not pace.allows("a", 50_000), "a clock that goes back gives nothing"


# Again.


def test_a_delivery_that_comes_again_starts_nothing_again(hook: Any, world: Any) -> None:
    found, other = hook(), hook()
    first = found.post(**{"X-GitHub-Delivery": "one"})[1]
    assert found.post(b'{"ref":"refs/heads/main","other":1}', **{"X-GitHub-Delivery": "one"}) == (
        200,
        {"message": "known", "pipelineExecutionId": first["pipelineExecutionId"]},
    )
    assert found.started() == [first["pipelineExecutionId"]]
    assert other.post(**{"X-GitHub-Delivery": "one"})[1]["message"] == "started", "each webhook by itself"
    for headers in ({"X-GitHub-Delivery": "two"}, {"Idempotency-Key": "one"}, {"X-Request-UUID": "one"}, {}, {}):
        assert found.post(**headers)[1]["message"] == "started"
    with world.whole.store.write() as tx:
        rows = [key for key, _ in tx.scan(deliveries.KIND)]
        assert len(rows) == len(set(rows)) >= 5
        assert not any("one" in key for key in rows)
        for key in rows:
            row = tx.get(deliveries.KIND, key)
            tx.put(deliveries.KIND, key, {**row, "at": row["at"] - deliveries.LASTS - 1})
    assert found.post(**{"X-GitHub-Delivery": "one"})[1]["message"] == "started", "after three days it is forgotten"
    Retention(world.whole.store, world.whole.engine, 1 << 40).work(Task(retention.TASK, retention.TASK, {}))
    with world.whole.store.read() as tx:
        assert tx.count(deliveries.KIND) == 1
    found.client.delete_webhook(name=found.name)
    with world.whole.store.read() as tx:
        assert tx.count(deliveries.KIND) == 0


def test_a_delivery_that_comes_many_times_at_once_starts_one_execution(hook: Any) -> None:
    found = hook(**SIGNED)
    url = found.url
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _: post(url, PUSH, **by_256(**{"X-GitHub-Delivery": "one"})), range(16)))
    assert {status for status, _ in told} == {200}
    assert sorted(answer["message"] for _, answer in told) == ["known"] * 15 + ["started"]
    assert len({answer["pipelineExecutionId"] for _, answer in told}) == len(found.started()) == 1


def test_what_was_answered_survives_a_kill(tmp_path: Path) -> None:
    with ServerProcess(tmp_path / "data") as running:
        client, iam = running.client("codepipeline"), running.client("iam")
        running.client("s3").create_bucket(Bucket="artifacts")
        trust = {"Effect": "Allow", "Principal": {"Service": "codepipeline.amazonaws.com"}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        role = iam.create_role(RoleName="pipeline", AssumeRolePolicyDocument=document)["Role"]["Arn"]
        settings = {"S3Bucket": "artifacts", "S3ObjectKey": "app.zip", "PollForSourceChanges": "false"}
        fetch = action("Fetch", "Source", "S3", configuration=settings, outputs=["Src"])
        stages = (stage("Source", fetch), stage("Gate", approval()))
        hook = hooked(client, Pipeline(client, stages, role=role, providers={}).create(), filters=[])
        url = hook.url
        told = post(url, **{"X-GitHub-Delivery": "one"})[1]
        running.kill()
        running.start()
        hook.client = hook.pipe.client = running.client("codepipeline")
        again = urllib.parse.urlsplit(running.endpoint).netloc.join(url.split(urllib.parse.urlsplit(url).netloc))
        assert post(again, **{"X-GitHub-Delivery": "one"})[1] == {**told, "message": "known"}
        assert hook.started() == [told["pipelineExecutionId"]]
    assert "Traceback" not in running.stderr()


# What is in the way.


def test_a_full_pipeline_is_told_and_starts_later(make: Any, world: Any) -> None:
    pipe = make(source(say="main"), stage("Gate", approval()), executionMode="QUEUED")
    found = hooked(world.client(), pipe)
    for _ in range(49):
        pipe.start()
    one = {"X-GitHub-Delivery": "one"}
    assert found.post(**one) == (503, {"message": "The pipeline cannot be started now."})
    assert found.shown["errorCode"] == "503"
    assert "50 executions in progress" in found.shown["errorMessage"]
    assert found.shown["errorMessage"] in unstarted_of(world, found)["reason"]
    pipe.approve("Gate", "Approve")
    pipe.ended()
    assert found.post(**one)[1]["message"] == "started", "what was refused is not known"
    assert "errorCode" not in found.shown
    assert unstarted_of(world, found) is None


def test_targets_that_are_gone(hook: Any) -> None:
    renamed, deleted = hook(), hook()
    first, second = renamed.pipe.document["stages"]
    renamed.pipe.update(stages=[{**first, "actions": [{**first["actions"][0], "name": "Get"}]}, second])
    deleted.pipe.client.delete_pipeline(name=deleted.pipe.name)
    for found, name in (renamed, "'Fetch'"), (deleted, f"'{deleted.pipe.name}'"):
        assert found.post() == (409, {"message": "The target of this webhook is gone."})
        assert found.shown["errorCode"] == "409"
        assert name in found.shown["errorMessage"]
        assert found.post(**{"X-GitHub-Event": "ping"})[0] == 200
    renamed.put(**OPEN, targetAction="Get")
    assert "errorCode" not in renamed.shown, "a webhook that is put anew has met no error yet"
    assert renamed.post()[1]["message"] == "started"


def test_a_webhook_that_changes_meanwhile_is_looked_at_again(hook: Any, world: Any) -> None:
    """What was held against an older definition, secret or target starts nothing."""
    found = hook(**SIGNED)
    token = urllib.parse.parse_qs(urllib.parse.urlsplit(found.url).query)["t"][0]
    store, engine = world.whole.store, world.whole.engine
    context = door.Receiver(engine, Vault(world.whole.folder.path / "vault.key"))._context(
        HttpRequest("POST", "", "", {}, BytesStream(), world.server.endpoint, "127.0.0.1")
    )

    def start(old: Any, action: Any) -> None:
        with store.write() as tx:
            starting.start(tx, context, engine, starting.Delivery(webhooks.digest(token), "", old, action))

    def present() -> tuple[Any, Any]:
        with store.read() as tx:
            old = webhooks.addressed(tx, token)
            return old, checks.target(tx, context, old["definition"])

    old = present()
    found.put(authentication="GITHUB_HMAC", authenticationConfiguration={"SecretToken": "another"})
    with pytest.raises(starting.Changed):
        start(*old)
    old = present()
    found.put(authentication="GITHUB_HMAC", authenticationConfiguration={"SecretToken": "****"}, filters=[])
    with pytest.raises(starting.Changed):
        start(*old)
    old = present()
    first, second = found.pipe.document["stages"]
    fetch = {**first["actions"][0], "configuration": {"Say": "next"}}
    found.pipe.update(stages=[{**first, "actions": [fetch]}, second])
    with pytest.raises(starting.Changed):
        start(*old)
    start(*present())
    found.client.delete_webhook(name=found.name)
    with pytest.raises(starting.Changed):
        start(*old)
    assert len(eventually(found.started)) == 1
