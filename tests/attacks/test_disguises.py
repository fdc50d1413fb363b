"""Requests that say two things at once: signed by somebody who may do the one, in the hope that the other is done."""

import itertools
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from stageline.gateway import specs
from stageline.testing.generated.signed import Line, Said, Sent, Signer, written
from stageline.testing.harness import Key

LIST, DELETE = "CodePipeline_20150709.ListPipelines", "CodePipeline_20150709.DeletePipeline"
GROUPS, DROP = "Action=ListGroups&Version=2010-05-08", "Action=DeleteGroup&Version=2010-05-08&GroupName=kept"
RIGHTS = (
    {"Action": ["codepipeline:ListPipelines", "iam:ListGroups"], "Resource": "*"},
    {"Action": "s3:*", "Resource": ["arn:aws:s3:::disguise-own", "arn:aws:s3:::disguise-own/*"]},
)
SECRET = b"what is in the other bucket"


class Disguised:
    """A signer with few rights, and what may not come of its requests."""

    def __init__(self, whole: Any, key: Key) -> None:
        self.whole, self.line = whole, Line(whole.endpoint)
        self.signer = Signer(key, whole.running.region, self.line.host)

    def say(self, sent: Sent) -> Said:
        return self.line.say(self.signer.sign(sent))

    def raw(self, wire: Any, sent: Sent, *again: tuple[str, str], before: bool = False) -> bytes:
        """The signed request with further headers, which may repeat those that it has."""
        lines = [(name, value) for name, value in self.signer.sign(sent).headers.items()]
        lines = [*again, *lines] if before else [*lines, *again]
        lines = [("host", self.line.host), ("content-length", str(len(sent.body))), ("connection", "close"), *lines]
        head = "".join(f"{name}: {value}\r\n" for name, value in lines)
        return bytes(wire(self.whole.endpoint).say(f"{sent.method} {sent.target} HTTP/1.1\r\n{head}\r\n".encode() + sent.body))


@pytest.fixture(scope="module")
def disguised(whole: Any, new_person: Callable[..., Key]) -> Iterator[Disguised]:
    s3 = whole.client("s3")
    for bucket in ("disguise-own", "disguise-other"):
        s3.create_bucket(Bucket=bucket)
        s3.put_object(Bucket=bucket, Key="a", Body=SECRET if bucket.endswith("other") else b"own")
    whole.client("iam").create_group(GroupName="kept")
    made = Disguised(whole, new_person(whole, "disguised", *RIGHTS))
    yield made
    made.line.close()
    whole.client("iam").get_group(GroupName="kept")
    assert s3.get_object(Bucket="disguise-own", Key="a")["Body"].read() == b"own"
    assert s3.get_object(Bucket="disguise-other", Key="a")["Body"].read() == SECRET


def json_of(target: str, body: bytes = b"{}") -> Sent:
    return Sent("codepipeline", "POST", "/", {"x-amz-target": target, "content-type": "application/x-amz-json-1.1"}, body)


def form_of(body: str, query: str = "") -> Sent:
    media = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
    return Sent("iam", "POST", f"/?{query}" if query else "/", media, body.encode())


def test_one_meaning_is_done(disguised: Disguised) -> None:
    for sent in (json_of(LIST), form_of(GROUPS), Sent("iam", "GET", f"/?{GROUPS}"), Sent("s3", "GET", "/disguise-own/a")):
        assert disguised.say(sent).status == 200


CBOR = {"smithy-protocol": "rpc-v2-cbor", "content-type": "application/cbor"}
TWO_MEANINGS = [
    json_of(f"{LIST},{DELETE}"),
    json_of(f"{LIST}, {LIST}"),
    json_of(LIST).with_headers(CBOR),
    replace(json_of(LIST), target=f"/?{DROP}"),
    replace(json_of(LIST), target="/?X-Amz-Target=" + DELETE),
    replace(json_of(LIST), target="/service/CodePipeline_20150709/operation/DeletePipeline"),
    replace(json_of(LIST), target="/service/CodePipeline_20150709/operation/ListPipelines"),
    replace(json_of(LIST), target="/service/CodePipeline_20150709/operation/ListPipelines").with_headers(CBOR),
    Sent("codepipeline", "POST", f"/service/CodePipeline_20150709/operation/ListPipelines?X-Amz-Target={LIST}", CBOR, b"\xa0"),
    Sent("codepipeline", "POST", "/service/CodePipeline_20150709/operation/ListPipelines/", CBOR, b"\xa0"),
    Sent("codepipeline", "POST", "/service//CodePipeline_20150709/operation/ListPipelines", CBOR, b"\xa0"),
    Sent("codepipeline", "POST", "/x/../service/CodePipeline_20150709/operation/ListPipelines", CBOR, b"\xa0"),
    Sent("codepipeline", "GET", "/service/CodePipeline_20150709/operation/ListPipelines", CBOR),
    form_of(GROUPS, DROP),
    form_of(DROP, GROUPS),
    form_of(f"{GROUPS}&{DROP}"),
    form_of(f"{DROP}&{GROUPS}"),
    form_of(GROUPS, "%41ction=DeleteGroup"),
    form_of(GROUPS).with_headers({"x-amz-target": DELETE}),
    form_of(GROUPS).with_headers(CBOR),
    form_of(GROUPS).with_headers({"x-amz-target": "AWSIdentityManagementV20100508.DeleteGroup"}),
    replace(form_of(GROUPS), target="//"),
    replace(form_of(GROUPS), target="/victim/../"),
    replace(form_of(GROUPS), method="PUT"),
    replace(form_of(GROUPS), service="sts"),
    replace(json_of(LIST), service="codebuild"),
    replace(json_of(LIST), service="iam"),
    json_of(LIST.lower()),
    json_of(LIST.replace("List", "LIST")),
    json_of(LIST.replace(".", "..")),
    json_of(f" {LIST}.x"),
]


@pytest.mark.parametrize("sent", TWO_MEANINGS, ids=range(len(TWO_MEANINGS)))
def test_two_meanings_are_none(disguised: Disguised, sent: Sent) -> None:
    disguised.whole.reached.clear()
    said = disguised.say(sent)
    assert 400 <= said.status < 500, said
    assert disguised.whole.reached == []


def test_headers_that_come_twice_are_not_what_was_signed(disguised: Disguised, wire: Any) -> None:
    """Every header of a signed request, once more: with the same value, with another one, before it and after it."""
    disguised.whole.reached.clear()
    for sent in (json_of(LIST), form_of(GROUPS), Sent("s3", "GET", "/disguise-own/a")):
        assert disguised.raw(wire, sent).startswith(b"HTTP/1.1 200")
        ran = len(disguised.whole.reached)
        signed = {**disguised.signer.sign(sent).headers, "host": disguised.line.host}
        for (name, value), before in itertools.product(signed.items(), (True, False)):
            other = DELETE if name == "x-amz-target" else f"{value}x"
            for again in (value, other, ""):
                answer = disguised.raw(wire, sent, (name, again), before=before)
                assert answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 403")), (name, again, answer)
        assert len(disguised.whole.reached) == ran


@pytest.mark.parametrize("name", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "X-Original-Method", "_method"])
def test_the_method_is_the_one_of_the_request_line(disguised: Disguised, name: str) -> None:
    disguised.whole.reached.clear()
    get = Sent("s3", "GET", "/disguise-own/a")
    assert disguised.say(get.with_headers({name.lower(): "DELETE"})).body == b"own"
    asked = replace(get, target=f"/disguise-own/a?{name}=DELETE")
    assert disguised.say(asked).status < 500
    assert set(disguised.whole.reached) == {"s3:get_object"}


@pytest.mark.parametrize("method", ["delete", "Delete", "GETDELETE", "PROPFIND", "TRACE", "PATCH"])
def test_odd_methods_do_nothing(disguised: Disguised, wire: Any, method: str) -> None:
    disguised.whole.reached.clear()
    assert disguised.raw(wire, Sent("s3", method, "/disguise-own/a"))[9:10] in (b"4", b"5")
    assert disguised.whole.reached == []


ODD = [
    *("//disguise-other/a", "/disguise-own/../disguise-other/a", "/disguise-own/%2e%2e/disguise-other/a", "/./disguise-other/a"),
    *("/disguise-own/..%2fdisguise-other/a", "/disguise-own/..;/disguise-other/a", "/..;/disguise-other/a"),
    *("/disguise-own%2f..%2fdisguise-other/a", "/DISGUISE-OTHER/a", "/disguise-own;/../disguise-other/a"),
    *("/disguise-own/%252e%252e/disguise-other/a", "/disguise-own%00/disguise-other/a", "/disguise-own\\..\\disguise-other/a"),
    *(
        "http://disguise-other.s3.localhost/a",
        "/disguise-own/a#/../disguise-other/a",
        "/disguise-own/%c0%ae%c0%ae/disguise-other/a",
    ),
    *(
        "/disguise-own/a?bucket=disguise-other",
        "/disguise-own/a?Bucket=disguise-other&Key=a",
        "/disguise-own?prefix=../disguise-other/",
    ),
]


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_odd_paths_lead_to_no_other_bucket(disguised: Disguised, wire: Any, method: str) -> None:
    """The fixture looks at both buckets afterwards; keys with dots in them are names like others."""
    for path in ODD:
        if "?" in path and method in ("PUT", "DELETE"):
            continue
        answer = disguised.raw(wire, Sent("s3", method, path, {}, b"mine" if method == "PUT" else b""))
        assert SECRET not in answer, path
        assert answer[9:10] != b"5", (path, answer)


@pytest.mark.parametrize("host", ["disguise-other.s3.localhost", "disguise-other.s3.amazonaws.com", "disguise-other.localhost:1"])
def test_another_host_is_another_signature(disguised: Disguised, wire: Any, host: str) -> None:
    signed = disguised.signer.sign(Sent("s3", "GET", "/a"))
    lines = "".join(f"{name}: {value}\r\n" for name, value in signed.headers.items())
    asked = f"GET /a HTTP/1.1\r\nHost: {host}\r\nX-Forwarded-Host: {disguised.line.host}\r\n{lines}Connection: close\r\n\r\n"
    answer = wire(disguised.whole.endpoint).say(asked.encode())
    assert b"SignatureDoesNotMatch" in answer
    own = Signer(disguised.signer.key, "us-east-1", host).sign(Sent("s3", "GET", "/a"))
    lines = "".join(f"{name}: {value}\r\n" for name, value in own.headers.items())
    answer = wire(disguised.whole.endpoint).say(f"GET /a HTTP/1.1\r\nHost: {host}\r\n{lines}Connection: close\r\n\r\n".encode())
    assert b"AccessDenied" in answer


def test_a_plus_is_what_was_signed(disguised: Disguised) -> None:
    """Readers of queries take a plus for a space: whoever signed for a plus has not signed for a space."""
    for signed, sent in (("a%2Bb", "a+b"), ("a%20b", "a%2Bb"), ("a+b", "a%2Bb")):
        for before, after, service in (
            (f"/disguise-own?prefix={signed}", f"/disguise-own?prefix={sent}", "s3"),
            (f"/?{GROUPS}&PathPrefix={signed}", f"/?{GROUPS}&PathPrefix={sent}", "iam"),
        ):
            request = disguised.signer.sign(Sent(service, "GET", before))
            assert disguised.line.say(replace(request, target=after)).code == "SignatureDoesNotMatch", (before, after)


SMUGGLED = b"GET /_stageline/health HTTP/1.1\r\nHost: x\r\n\r\n"
LENGTH = b"Content-Length: %d\r\n" % len(SMUGGLED)
FRAMING = [
    LENGTH + b"Transfer-Encoding: chunked\r\n",
    b"Transfer-Encoding: chunked\r\n" + LENGTH,
    LENGTH + b"Content-Length: 0\r\n",
    b"Content-Length: 0\r\n" + LENGTH,
    b"Content-Length: 0, %d\r\n" % len(SMUGGLED),
    b"Content-Length: +0\r\n",
    b"Content-Length: -1\r\n",
    b"Content-Length: 0x0\r\n",
    b"Content-Length: 0 1\r\n",
    b"Content-Length : 0\r\n",
    b"Content-Length\r\n",
    b"Content-Length:\r\n",
    b"Transfer-Encoding: xchunked\r\n",
    b"Transfer-Encoding: chunked, identity\r\n",
    b"Transfer-Encoding: identity\r\n",
    b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
    b"Transfer-Encoding : chunked\r\n",
    b"Transfer-Encoding:\x0bchunked\r\n",
    b"X: y\r\n Transfer-Encoding: chunked\r\n",
    b"X: y\nTransfer-Encoding: chunked\r\n",
    b"Transfer-Encoding: chunked\r\n\r\n0x0\r\n",
    b"Transfer-Encoding: chunked\r\n\r\n-1\r\n",
    b"Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 9\r\n",
]


@pytest.mark.parametrize("framing", FRAMING, ids=range(len(FRAMING)))
def test_a_body_does_not_become_a_request(process: Any, wire: Any, framing: bytes) -> None:
    """Whoever stands between may have read another length: what follows must not be answered as a request of its own."""
    with wire(process.endpoint).open(timeout=3) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\n" + framing + b"\r\n" + SMUGGLED)
        got = b""
        try:
            while b'{"status":"ok"}' not in got and (part := connection.recv(65_536)):
                got += part
        except (TimeoutError, ConnectionError):
            pass
    assert b"200 OK" not in got, got


def test_a_request_after_another_is_answered(process: Any, wire: Any) -> None:
    """The same bytes where they are a request."""
    with wire(process.endpoint).open() as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n" + SMUGGLED)
        got = b""
        while b'{"status":"ok"}' not in got and (part := connection.recv(65_536)):
            got += part
    assert got.count(b"HTTP/1.1 ") == 2


def test_operations_of_the_least_request_are_written_in_each_protocol() -> None:
    """The signer writes as SDKs do: a form for query, a path for REST."""
    users = written(specs.model("iam").operation_model("ListUsers"), "query", {"PathPrefix": "/a b/"})
    assert urllib.parse.parse_qs(users.body.decode())["PathPrefix"] == ["/a b/"]
