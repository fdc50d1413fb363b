"""Header signatures of botocore's signers, and every way of spoiling them."""

from dataclasses import replace
from datetime import timedelta, timezone
from email.utils import format_datetime, parsedate_to_datetime

import pytest
from botocore.auth import S3SigV4Auth, SigV4Auth

from stageline.gateway.http import BytesStream, RawRequest
from stageline.ports.api import ApiError

TEMPORARY = "ASIAIOSFODNN7EXAMPLE"
TOKEN = "IQoJb3JpZ2luX2VjEHI//////////wEaCXVzLWVhc3QtMSJH+/=="
JSON = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "CodePipeline_20150709.ListPipelines"}
MINUTE = 60_000


def codepipeline(credentials):
    return SigV4Auth(credentials, "codepipeline", "us-east-1")


def s3(credentials):
    return S3SigV4Auth(credentials, "s3", "us-east-1")


def scoped(service: str, region: str = "us-east-1"):
    return lambda credentials: SigV4Auth(credentials, service, region)


def with_header(request: RawRequest, name: str, value: str | None) -> RawRequest:
    """The same request with a header replaced, or taken away."""
    kept = [pair for pair in request.headers if pair[0] != name]
    return replace(request, headers=(*kept, *([(name, value)] if value is not None else [])))


def with_authorization(request: RawRequest, old: str, new: str) -> RawRequest:
    value = request.header["authorization"]
    assert old in value
    return with_header(request, "authorization", value.replace(old, new))


@pytest.mark.parametrize(
    ("service", "url", "body", "headers"),
    [
        ("codepipeline", "http://127.0.0.1:4566/", b"{}", JSON),
        ("codepipeline", "http://localhost/", b'{"name":"\xc3\xa9"}', JSON),
        ("iam", "https://[::1]:4566/", b"Action=ListUsers&Version=2010-05-08", {"Content-Type": "x; charset=utf-8"}),
        ("sts", "http://h:1/?Action=GetCallerIdentity&Version=2011-06-15&Empty=&Z=%2F%20~", b"", {}),
        ("lambda", "http://h/2015-03-31/functions/arn%3Aaws%3Alambda/invocations", b"{}", {"X-Amz-Log-Type": "  a   b  "}),
        ("lambda", "http://h//a/./b/../c//d/", b"", {}),
    ],
)
def test_what_botocore_signs_is_accepted(world, signed, service, url, body, headers) -> None:
    request = signed(scoped(service), url=url, body=body, headers=headers)
    result = world.authenticate(request, service)
    assert result.caller.arn.endswith("user/alice")
    assert result.body.read() == body
    assert world.keys.uses == [("AKIAIOSFODNN7EXAMPLE", service, "us-east-1")]


@pytest.mark.parametrize("path", ["/b/k", "/b//a/../b/./k", "/b/sp%20ce%2Bplus", "/b/~tilde'(paren)", "/b/%C3%A9", "/"])
@pytest.mark.parametrize("query", ["", "?list-type=2&prefix=a%2Fb", "?uploads", "?versionId=x&partNumber=1"])
def test_paths_of_s3_are_taken_as_sent(world, signed, path, query) -> None:
    request = signed(s3, "PUT", f"http://127.0.0.1:4566{path}{query}", b"data")
    assert world.authenticate(request, "s3").body.read() == b"data"


def test_odd_characters_are_accepted_in_either_encoding(world, signed) -> None:
    request = signed(s3, "GET", "http://h/b/%28x%29%27%2B?prefix=%28a%29")
    assert world.authenticate(replace(request, raw_path="/b/(x)'+", raw_query="prefix=(a)"), "s3")
    assert world.refused(replace(request, raw_path="/b/(y)'+"), "s3").code == "SignatureDoesNotMatch"


def test_the_path_of_s3_is_not_normalised(world, signed) -> None:
    request = signed(s3, "GET", "http://h/b/a/../k")
    assert world.refused(replace(request, raw_path="/b/k"), "s3").code == "SignatureDoesNotMatch"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda r: replace(r, method="PUT"),
        lambda r: replace(r, raw_path="/other"),
        lambda r: replace(r, raw_query="a=b"),
        lambda r: replace(r, body=BytesStream(b'{"a": 1}')),
        lambda r: replace(r, body=BytesStream(b"")),
        lambda r: with_header(r, "x-amz-target", "CodePipeline_20150709.DeletePipeline"),
        lambda r: replace(r, headers=(*r.headers, ("x-amz-target", "CodePipeline_20150709.DeletePipeline"))),
        lambda r: replace(r, headers=(*r.headers, ("x-amz-extra", "1"))),
        lambda r: with_header(r, "host", "other"),
        lambda r: with_header(r, "host", None),
        lambda r: with_header(r, "x-amz-content-sha256", "UNSIGNED-PAYLOAD"),
        lambda r: with_authorization(r, "Signature=", "Signature=0"),
        lambda r: with_header(r, "authorization", r.header["authorization"][:-64] + r.header["authorization"][-64:].upper()),
        lambda r: with_authorization(r, ";host", ";Host"),
        lambda r: with_authorization(r, ";host", ";host;host"),
    ],
)
def test_a_changed_request_is_refused(world, signed, spoil) -> None:
    request = signed(codepipeline, body=b"{}", headers=JSON)
    error = world.refused(spoil(request), "codepipeline")
    assert (error.code, error.status) == ("InvalidSignatureException", 400)
    assert error.message.startswith("The request signature we calculated does not match")
    assert world.keys.uses == []


@pytest.mark.parametrize(
    ("service", "code", "status"),
    [
        ("sts", "SignatureDoesNotMatch", 403),
        ("lambda", "InvalidSignatureException", 403),
        ("logs", "InvalidSignatureException", 400),
    ],
)
def test_each_family_words_a_mismatch_its_way(world, signed, service, code, status) -> None:
    request = signed(scoped(service), body=b"x")
    error = world.refused(replace(request, body=BytesStream(b"y")), service)
    assert (error.code, error.status) == (code, status)
    assert "Canonical String" in error.message
    assert "wJalr" not in error.message


def test_s3_tells_what_should_have_been_signed(world, signed) -> None:
    request = signed(s3, "GET", "http://h/b/k")
    error = world.refused(replace(request, raw_path="/b/other"), "s3")
    assert (error.code, error.status) == ("SignatureDoesNotMatch", 403)
    assert error.details["AWSAccessKeyId"] == "AKIAIOSFODNN7EXAMPLE"
    assert error.details["CanonicalRequest"].startswith("GET\n/b/other\n")
    assert error.details["StringToSign"].startswith("AWS4-HMAC-SHA256\n")


@pytest.mark.parametrize(
    ("service", "code", "status"),
    [
        ("codepipeline", "MissingAuthenticationTokenException", 400),
        ("lambda", "MissingAuthenticationTokenException", 403),
        ("iam", "MissingAuthenticationToken", 403),
    ],
)
def test_nobody_is_refused(world, signed, service, code, status) -> None:
    request = with_header(signed(scoped(service)), "authorization", None)
    error = world.refused(request, service)
    assert (error.code, error.status) == (code, status)


def test_s3_knows_anonymous_callers(world, signed) -> None:
    request = with_header(signed(s3, "GET", "http://h/b/k"), "authorization", None)
    assert world.authenticate(request, "s3").caller.kind == "anonymous"


@pytest.mark.parametrize(
    ("service", "code", "status"),
    [
        ("codepipeline", "UnrecognizedClientException", 400),
        ("sts", "InvalidClientTokenId", 403),
        ("s3", "InvalidAccessKeyId", 403),
    ],
)
@pytest.mark.parametrize("key", ["AKIANOBODY", "AKIAINACTIVE"])
def test_unknown_and_inactive_keys_look_alike(world, signed, service, code, status, key) -> None:
    error = world.refused(signed(s3 if service == "s3" else scoped(service), key=key), service)
    assert (error.code, error.status) == (code, status)


def test_temporary_keys_need_their_token(world, signed) -> None:
    good = signed(codepipeline, key=TEMPORARY, token=TOKEN)
    assert world.authenticate(good, "codepipeline").caller.kind == "user"
    assert world.refused(signed(codepipeline, key=TEMPORARY), "codepipeline").code == "UnrecognizedClientException"
    wrong = signed(codepipeline, key=TEMPORARY, token=TOKEN[:-1])
    assert world.refused(wrong, "codepipeline").code == "UnrecognizedClientException"
    assert world.refused(signed(s3, key=TEMPORARY, token="x"), "s3").code == "InvalidToken"
    assert world.refused(signed(codepipeline, token="x"), "codepipeline").code == "UnrecognizedClientException"
    assert world.refused(signed(s3, token="x"), "s3").code == "InvalidToken"


@pytest.mark.parametrize(
    ("service", "code", "status"),
    [("codepipeline", "ExpiredTokenException", 400), ("sts", "ExpiredToken", 403), ("s3", "ExpiredToken", 400)],
)
def test_an_ended_session_is_told_only_to_who_can_sign(world, signed, service, code, status) -> None:
    world.keys.table[TEMPORARY] = replace(world.keys.table[TEMPORARY], expires=1000)
    request = signed(s3 if service == "s3" else scoped(service), key=TEMPORARY, token=TOKEN)
    error = world.refused(request, service)
    assert (error.code, error.status) == (code, status)
    assert world.refused(with_authorization(request, "Signature=", "Signature=0"), service).code != code


@pytest.mark.parametrize("minutes", [-14, 14])
def test_the_clocks_may_differ_a_little(world, signed, minutes) -> None:
    world.offset = minutes * MINUTE
    assert world.authenticate(signed(codepipeline), "codepipeline")


@pytest.mark.parametrize(("minutes", "begin"), [(16, "Signature expired: "), (-16, "Signature not yet current: ")])
def test_a_signature_of_another_time_is_refused(world, signed, minutes, begin) -> None:
    world.offset = minutes * MINUTE
    error = world.refused(signed(codepipeline), "codepipeline")
    assert error.code == "InvalidSignatureException"
    assert error.message.startswith(begin)
    skewed = world.refused(signed(s3, "GET", "http://h/b/k"), "s3")
    assert (skewed.code, skewed.status, skewed.details["MaxAllowedSkewMilliseconds"]) == ("RequestTimeTooSkewed", 403, "900000")


@pytest.mark.parametrize(
    ("signer", "text"),
    [
        (scoped("codepipeline", "eu-west-1"), "Credential should be scoped to a valid region."),
        (scoped("codebuild"), "Credential should be scoped to correct service: 'codepipeline'."),
    ],
)
def test_a_signature_for_elsewhere_is_refused(world, signed, signer, text) -> None:
    assert world.refused(signed(signer), "codepipeline").message == text


def test_the_scope_must_be_whole(world, signed) -> None:
    request = signed(codepipeline)
    wrong = world.refused(with_authorization(request, "/aws4_request", "/aws5_request"), "codepipeline")
    assert "valid terminator" in wrong.message
    day = request.header["x-amz-date"][:8]
    other = world.refused(with_authorization(request, f"/{day}/", "/20200101/"), "codepipeline")
    assert other.message.startswith(
        f"Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20200101' != '{day}'"
    )
    short = world.refused(with_authorization(request, f"/{day}/us-east-1", ""), "codepipeline")
    assert short.code == "IncompleteSignatureException"


def test_iam_and_sts_also_answer_for_the_global_region(world, signed) -> None:
    world.region = "eu-west-1"
    for service in ("iam", "sts"):
        assert world.authenticate(signed(scoped(service)), service)
        assert world.authenticate(signed(scoped(service, "eu-west-1")), service)
    assert world.refused(signed(codepipeline), "codepipeline").code == "InvalidSignatureException"


def test_s3_sends_clients_to_its_region(world, signed) -> None:
    world.region = "eu-central-1"
    error = world.refused(signed(s3, "GET", "http://h/b/k"), "s3")
    assert (error.code, error.status) == ("AuthorizationHeaderMalformed", 400)
    assert error.message == "The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-central-1'"
    assert error.details == {"Region": "eu-central-1", "ResponseHeaders": {"x-amz-bucket-region": "eu-central-1"}}


@pytest.mark.parametrize(
    "value",
    [
        "",
        "Basic YWxpY2U6c2VjcmV0",
        "Bearer abc",
        "AWS4-HMAC-SHA256",
        "AWS4-HMAC-SHA256 ",
        "AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request",
        "AWS4-HMAC-SHA256 Credential=, SignedHeaders=host, Signature=0",
        "AWS4-HMAC-SHA256 Credential=a, SignedHeaders=host, Signature=0",
        "AWS4-HMAC-SHA256 Credential=a/b/c/d/e, Credential=a/b/c/d/e, SignedHeaders=host, Signature=0",
        "AWS4-HMAC-SHA256 whatever",
        "aws4-hmac-sha256 Credential=a/b/c/d/aws4_request, SignedHeaders=host, Signature=0",
        "AWS4-ECDSA-P256-SHA256 Credential=a/b/c/aws4_request, SignedHeaders=host, Signature=0",
        "AWS AKID:signature",
        "\u00e9",
    ],
)
def test_a_malformed_header_is_incomplete(world, signed, value) -> None:
    request = with_header(signed(codepipeline), "authorization", value)
    error = world.refused(request, "codepipeline")
    assert (error.code, error.status) == ("IncompleteSignatureException", 400)
    assert "YWxpY2U6c2VjcmV0" not in error.message
    again = world.refused(with_header(signed(s3, "GET", "http://h/b/k"), "authorization", value), "s3")
    assert again.status == 400
    assert again.code in ("AuthorizationHeaderMalformed", "InvalidArgument", "InvalidRequest")


def test_the_missing_parts_are_named(world, signed) -> None:
    request = with_header(signed(codepipeline), "authorization", "AWS4-HMAC-SHA256 Credential=a/b/c/d/e")
    message = world.refused(with_header(request, "x-amz-date", None), "codepipeline").message
    assert "requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter." in message
    assert "existence of either a 'X-Amz-Date' or a 'Date' header." in message


@pytest.mark.parametrize("stamp", ["", "yesterday", "20261301T000000Z", "20261123T081500", "2026-11-23T08:15:00Z"])
def test_a_request_without_a_readable_date_is_refused(world, signed, stamp) -> None:
    request = with_header(signed(codepipeline), "x-amz-date", stamp)
    assert world.refused(request, "codepipeline").code == "IncompleteSignatureException"
    error = world.refused(with_header(signed(s3, "GET", "http://h/b/k"), "x-amz-date", stamp), "s3")
    assert (error.code, error.status) == ("AccessDenied", 403)


def test_a_date_header_will_do(world, signed) -> None:
    request = signed(codepipeline, headers={"Date": "Mon, 01 Jan 2001 00:00:00 GMT"})
    assert "x-amz-date" not in request.header
    assert world.authenticate(request, "codepipeline")


def test_one_way_of_signing_only(world, signed) -> None:
    request = signed(codepipeline)
    twice = replace(request, headers=(*request.headers, ("authorization", request.header["authorization"])))
    assert world.refused(twice, "codepipeline").code == "IncompleteSignatureException"
    both = replace(request, raw_query="X-Amz-Algorithm=AWS4-HMAC-SHA256")
    assert world.refused(both, "codepipeline").code == "IncompleteSignatureException"
    of_s3 = signed(s3, "GET", "http://h/b/k")
    for query in ("X-Amz-Signature=0", "Signature=0", "AWSAccessKeyId=x"):
        error = world.refused(replace(of_s3, raw_query=query), "s3")
        assert (error.code, error.status) == ("InvalidArgument", 400)


def test_s3_wants_every_amz_header_signed(world, signed) -> None:
    request = signed(s3, "PUT", "http://h/b/k", b"x")
    error = world.refused(replace(request, headers=(*request.headers, ("x-amz-acl", "public-read"))), "s3")
    assert (error.code, error.status, error.details["HeadersNotSigned"]) == ("AccessDenied", 403, "x-amz-acl")


def test_s3_wants_a_payload_hash(world, signed) -> None:
    request = signed(scoped("s3"), "GET", "http://h/b/k")
    error = world.refused(request, "s3")
    assert (error.code, error.message) == ("InvalidRequest", "Missing required header for this request: x-amz-content-sha256")
    odd = signed(scoped("s3"), "GET", "http://h/b/k", headers={"X-Amz-Content-SHA256": "nonsense"})
    assert world.refused(odd, "s3").code == "InvalidArgument"


def test_a_body_other_than_declared_never_ends(world, signed) -> None:
    request = signed(s3, "PUT", "http://h/b/k", b"a" * 100_000)
    forged = replace(request, body=BytesStream(b"a" * 99_999 + b"b"))
    body = world.authenticate(forged, "s3").body
    parts: list[bytes] = []
    with pytest.raises(ApiError) as caught:
        parts.extend(iter(lambda: body.read(50_000), b""))
    assert sum(map(len, parts)) < 100_000
    assert (caught.value.code, caught.value.status) == ("XAmzContentSHA256Mismatch", 400)


def test_a_declared_body_that_did_not_come_is_noticed_at_once(world, signed) -> None:
    request = signed(s3, "PUT", "http://h/b/k", b"data")
    missing = replace(with_header(request, "content-length", "0"), body=BytesStream(b""))
    assert world.refused(missing, "s3", read=False).code == "XAmzContentSHA256Mismatch"


def test_a_body_of_another_service_has_an_end(world, signed, monkeypatch) -> None:
    monkeypatch.setattr("stageline.gateway.authenticate.MAX_BODY", 1000)
    assert world.refused(signed(codepipeline, body=b"x" * 1001), "codepipeline").status == 413


def test_a_date_of_another_zone_is_in_time_but_was_not_signed_so(world, signed) -> None:
    request = signed(codepipeline, headers={"Date": "Mon, 01 Jan 2001 00:00:00 GMT"})
    there = parsedate_to_datetime(request.header["date"]).astimezone(timezone(timedelta(hours=2)))
    moved = with_header(request, "date", format_datetime(there))
    assert world.refused(moved, "codepipeline").message.startswith("The request signature we calculated")
