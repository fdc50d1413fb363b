"""Odd requests over a real socket: none reaches an operation without a good signature."""

import http.client
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from stageline.testing.harness import Server

Headers = list[tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    status: int
    body: str = field(repr=False)


def send(server: Server, method: str, target: str, headers: Headers, body: bytes = b"") -> Answer:
    """Send exactly these bytes; nothing is normalised on the way."""
    where = urlsplit(server.endpoint)
    connection = http.client.HTTPConnection(where.hostname or "", where.port)
    connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
    for name, value in [("Host", where.netloc), ("Content-Length", str(len(body))), *headers]:
        connection.putheader(name, value)
    connection.endheaders(body)
    reply = connection.getresponse()
    answer = Answer(reply.status, reply.read().decode("utf-8", "replace"))
    connection.close()
    return answer


BODY = b'{"name": "none"}'
REACHED = "There is no pipeline"
TARGET = ("X-Amz-Target", "CodePipeline_20150709.GetPipeline")
JSON = ("Content-Type", "application/x-amz-json-1.1")


@pytest.fixture
def quiet(world) -> Iterator[Server]:
    """The server; afterwards, nothing must have been asked of the authorizer for anybody but the nameless."""
    before = len(world.bouncer.asked)
    yield world.server
    assert {who for who, _ in world.bouncer.asked[before:]} <= {"anonymous"}


@pytest.mark.parametrize(
    "target",
    [
        "/",
        "//",
        "/.",
        "/..",
        "/..;/",
        "/;x",
        "/%2e%2e/",
        "/%2F",
        "/?",
        "/?X-Amz-Target=CodePipeline_20150709.GetPipeline",
        "/?Authorization=AWS4-HMAC-SHA256",
        "/?x-amz-signature=0&x-amz-algorithm=AWS4-HMAC-SHA256",
        "/?X%2DAmz-Signature=0",
        "/service/CodePipeline_20150709/operation/GetPipeline",
    ],
)
@pytest.mark.parametrize("method", ["POST", "GET", "PUT", "HEAD", "OPTIONS"])
def test_no_path_leads_past_the_signature(quiet: Server, target: str, method: str) -> None:
    answer = send(quiet, method, target, [JSON, TARGET], BODY)
    assert 400 <= answer.status < 500
    assert REACHED not in answer.body


@pytest.mark.parametrize(
    "headers",
    [
        [("X-Forwarded-For", "127.0.0.1"), ("X-Forwarded-User", "root")],
        [("X-Original-URL", "/"), ("X-Rewrite-URL", "/")],
        [("Authorization", "")],
        [("Authorization", "Basic cm9vdDpyb290")],
        [("Authorization", "Bearer x")],
        [("Authorization", "AWS4-HMAC-SHA256 Credential=x, SignedHeaders=, Signature=")],
        [("Authorization", "AWS4-HMAC-SHA256 Credential=AKIAALICE00000000000/20261123/us-east-1/codepipeline/aws4_request")],
        [("X-Amz-Target", "CodePipeline_20150709.GetPipeline")],
        [("X-Amz-Security-Token", "x"), ("X-Amz-Date", "20261123T081500Z")],
        [("Cookie", "session=admin")],
    ],
)
def test_no_header_stands_for_a_signature(quiet: Server, headers: Headers) -> None:
    answer = send(quiet, "POST", "/", [JSON, TARGET, *headers], BODY)
    assert answer.status in (400, 403)
    assert REACHED not in answer.body


def signed(server: Server, method: str = "POST", path: str = "/", body: bytes = BODY, service: str = "codepipeline") -> Headers:
    signer = S3SigV4Auth if service == "s3" else SigV4Auth
    headers = dict([JSON, TARGET]) if service != "s3" else {}
    request = AWSRequest(method, f"{server.endpoint}{path}", data=body, headers=headers)
    signer(Credentials("AKIAALICE00000000000", "alice-secret"), service, "us-east-1").add_auth(request)
    return [(name, value) for name, value in request.headers.items() if name.lower() not in ("host", "content-length")]


def test_the_signature_alone_is_accepted(world) -> None:
    assert REACHED in send(world.server, "POST", "/", signed(world.server), BODY).body


def flipped(value: str) -> str:
    return value[:-1] + ("0" if value[-1] != "0" else "1")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda headers: [*headers, ("X-Amz-Target", "CodePipeline_20150709.DeletePipeline")],
        lambda headers: [("X-Amz-Target", "CodePipeline_20150709.DeletePipeline"), *headers],
        lambda headers: [*headers, next(pair for pair in headers if pair[0] == "Authorization")],
        lambda headers: [*headers, ("Authorization", "Basic eDp5")],
        lambda headers: [*headers, ("Host", "other")],
        lambda headers: [*headers, ("X-Amz-Date", "20300101T000000Z")],
        lambda headers: [(n, flipped(v) if n == "Authorization" else v) for n, v in headers],
        lambda headers: [(n, v.replace("AKIAALICE", "akiaalice") if n == "Authorization" else v) for n, v in headers],
        lambda headers: [
            (n, v.replace("AKIAALICE00000000000", "AKIAMALLORY000000000") if n == "Authorization" else v) for n, v in headers
        ],
    ],
)
def test_a_spoilt_request_is_refused(quiet: Server, spoil: Callable[[Headers], Headers]) -> None:
    answer = send(quiet, "POST", "/", spoil(signed(quiet)), BODY)
    assert answer.status in (400, 403)
    assert REACHED not in answer.body


@pytest.mark.parametrize("target", ["/?X-Amz-Signature=0", "/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Algorithm=x", "/other"])
def test_a_signature_is_for_one_target(quiet: Server, target: str) -> None:
    assert send(quiet, "POST", target, signed(quiet), BODY).status in (400, 403, 404)


def test_a_signed_body_cannot_be_exchanged(quiet: Server) -> None:
    assert send(quiet, "POST", "/", signed(quiet), b'{"name": "other"}').status == 400
