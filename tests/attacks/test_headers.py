"""Answers that an attacker would like to write: header injection by stored and asked-for values, pages that run scripts."""

import json
import socket
import time
from contextlib import suppress
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from botocore.exceptions import ClientError

from stageline.gateway.http import RawRequest
from stageline.gateway.identify import scope
from stageline.ports.api import Caller

EVERYBODY = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}
SPLIT = "text/plain\r\nSet-Cookie: stolen=1\r\nX-Evil: yes"


@pytest.fixture(scope="module")
def page(whole: Any) -> str:
    s3 = whole.client("s3")
    s3.create_bucket(Bucket="headers")
    s3.put_object(Bucket="headers", Key="page", Body=b"hello")
    return "headers"


def said(wire: Any, endpoint: str, url: str, host: str = "127.0.0.1") -> bytes:
    parts = urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return bytes(wire(endpoint).say(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()))


@pytest.mark.parametrize(
    "name",
    ["ContentType", "ContentDisposition", "ContentEncoding", "ContentLanguage", "CacheControl", "Expires"],
)
def test_asked_for_headers_cannot_begin_another(whole: Any, wire: Any, page: str, name: str) -> None:
    value: Any = SPLIT if name != "Expires" else "Thu, 01 Dec 2033 16:00:00 GMT"
    url = whole.client("s3").generate_presigned_url("get_object", {"Bucket": page, "Key": "page", f"Response{name}": value})
    answer = said(wire, whole.endpoint, url, urlsplit(url).netloc)
    head = answer.partition(b"\r\n\r\n")[0].lower()
    assert b"\r\nset-cookie:" not in head
    assert b"\r\nx-evil:" not in head
    assert head.startswith(b"http/1.1 200"), answer


def test_headers_of_a_deployed_site_cannot_begin_another(whole: Any, wire: Any) -> None:
    """A pipeline's deploy action stores headers that no HTTP client could send."""
    s3 = whole.client("s3")
    s3.create_bucket(Bucket="split-site")
    s3.put_bucket_website(Bucket="split-site", WebsiteConfiguration={"IndexDocument": {"Suffix": "index.html"}})
    s3.delete_public_access_block(Bucket="split-site")
    rights = {"Version": "2012-10-17", "Statement": [{**EVERYBODY, "Resource": "arn:aws:s3:::split-site/*"}]}
    s3.put_bucket_policy(Bucket="split-site", Policy=json.dumps(rights))
    root = Caller("root", "arn:aws:iam::000000000000:root", "000000000000", "000000000000")
    stored = {"CacheControl": SPLIT, "ContentType": SPLIT, "Metadata": {"note": SPLIT}}
    whole.assembled.aws.as_caller(root).call("s3", "PutObject", Bucket="split-site", Key="index.html", Body=b"<p>", **stored)
    for url in ("/_stageline/website/split-site/", "/split-site/index.html"):
        answer = said(wire, whole.endpoint, url)
        assert answer.startswith(b"HTTP/1.1 200"), answer
        assert b"\r\nset-cookie:" not in answer.lower()
        assert b"\r\nx-evil:" not in answer.lower()


def test_error_pages_show_names_as_text(whole: Any, wire: Any) -> None:
    script = "<script>alert(1)</script>"
    for path in (f"/_stageline/website/{quote(script)}/", f"/_stageline/website/split-site/{quote(script)}"):
        answer = said(wire, whole.endpoint, path)
        assert b"<script" not in answer
        assert b"text/html" in answer


def test_a_site_cannot_leave_its_bucket(whole: Any, wire: Any) -> None:
    for climb in ("..", "%2e%2e", "%252e%252e", "..%2f..", "%2e%2e%5c", "%00", "%ff", "%c0%ae%c0%ae"):
        answer = said(wire, whole.endpoint, f"/_stageline/website/split-site/{climb}/{climb}/etc/passwd")
        assert answer[:12] in (b"HTTP/1.1 404", b"HTTP/1.1 403", b"HTTP/1.1 400"), (climb, answer)
        assert b"root:" not in answer
        assert str(whole.data).encode() not in answer


@pytest.mark.parametrize("host", ["evil.example", "evil.example:4566", "s3-website.localhost", "..localhost", "a b", "[::1]", ""])
def test_a_page_of_another_site_gets_nothing_from_the_api(whole: Any, wire: Any, host: str) -> None:
    """DNS rebinding: a browser that takes this server for evil.example can send whatever a page asks for, but not sign it."""
    whole.reached.clear()
    for head in ("GET / HTTP/1.1", "OPTIONS / HTTP/1.1", "GET /?Action=ListUsers&Version=2010-05-08 HTTP/1.1"):
        asked = f"{head}\r\nHost: {host}\r\nOrigin: http://evil.example\r\nConnection: close\r\n\r\n"
        answer = wire(whole.endpoint).say(asked.encode())
        assert answer[9:10] == b"4", answer
        assert b"access-control-allow" not in answer.lower()
    body = b"{}"
    posted = (
        f"POST / HTTP/1.1\r\nHost: {host}\r\nOrigin: http://evil.example\r\nContent-Type: text/plain\r\n"
        f"X-Amz-Target: CodePipeline_20150709.ListPipelines\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    assert wire(whole.endpoint).say(posted.encode() + body)[9:10] == b"4"
    assert whole.reached == []


ODD_PATHS = [
    "//",
    "/..;/",
    "/%2e%2e/",
    "/;x",
    "/_stageline/health/../../",
    "/_stageline//health",
    "/v1/repos/../",
    "/v1/repos/x/info/refs;a",
]


@pytest.mark.parametrize("path", ODD_PATHS)
def test_odd_paths_reach_nothing(whole: Any, wire: Any, path: str) -> None:
    whole.reached.clear()
    forwarded = "X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: https\r\nX-Original-URL: /_stageline/health\r\n"
    target = "X-Amz-Target: CodePipeline_20150709.ListPipelines\r\n"
    for extra in (forwarded, target, target * 2, "Authorization: AWS4-HMAC-SHA256 x\r\n" * 2):
        asked = f"POST {path} HTTP/1.1\r\nHost: x\r\n{extra}Content-Length: 2\r\nConnection: close\r\n\r\n{{}}"
        answer = wire(whole.endpoint).say(asked.encode())
        assert answer[9:10] == b"4", answer
    assert whole.reached == []


def test_forwarded_headers_do_not_choose_the_address(whole: Any, new_person: Any) -> None:
    """A right bound to an address is not had by whoever says that the request came from there."""
    somewhere = {"Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.9/32"}}, "Action": "iam:ListUsers", "Resource": "*"}
    iam = whole.client("iam", key=new_person(whole, "elsewhere", somewhere))
    names = ("X-Forwarded-For", "Forwarded", "X-Real-IP")

    def claim(request: Any, **_: Any) -> None:
        for name in names:
            request.headers[name] = "for=203.0.113.9" if name == "Forwarded" else "203.0.113.9"

    iam.meta.events.register("before-sign.iam", claim)
    with pytest.raises(ClientError, match="AccessDenied"):
        iam.list_users()


def test_a_long_authorization_takes_no_long_time() -> None:
    """Nobody has to sign to send one."""
    began = time.perf_counter()
    value = "AWS4-HMAC-SHA256 " + "Credential=" * 20_000
    assert scope(RawRequest("GET", "/", "", (("authorization", value),))) == ""
    assert time.perf_counter() - began < 5


LONG = b"y" * 600_000
HEAD = b"POST / HTTP/1.1\r\nHost: x\r\n"


def read_whole(connection: socket.socket) -> bytes:
    """What comes until the server closes, which it must."""
    got = b""
    with suppress(ConnectionError):
        while part := connection.recv(65_536):
            got += part
    return got


@pytest.mark.parametrize(
    "said",
    [
        b"GET /" + LONG,
        HEAD + b"X-Long: " + LONG,
        HEAD + b"X-Short: y\r\n" * 50_000,
        HEAD + b"X-Long: " + LONG + b"\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\ny\r\n0\r\nX-Trailer: " + LONG,
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n1;" + LONG,
    ],
)
def test_heads_without_end_are_cut_off(process: Any, wire: Any, said: bytes) -> None:
    """What the parser would keep in memory until the head is whole, which it never is."""
    with wire(process.endpoint).open(timeout=4) as connection:  # an idle connection is kept for longer
        with suppress(ConnectionError):
            for at in range(0, len(said), 8192):
                connection.sendall(said[at : at + 8192])
        assert b"200 OK" not in read_whole(connection)


def test_heads_and_bodies_of_any_usual_length_pass(process: Any, wire: Any) -> None:
    body = b"z" * 300_000
    length = b"Content-Length: %d\r\n" % len(body)
    asked = b"GET /_stageline/health HTTP/1.1\r\nHost: x\r\nX-Long: " + b"y" * 60_000 + b"\r\n" + length + b"\r\n" + body
    with wire(process.endpoint).open() as connection:
        for _ in range(2):
            connection.sendall(asked)
            assert wire.answer(connection).startswith(b"HTTP/1.1 200")
