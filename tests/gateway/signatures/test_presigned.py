"""URLs that boto3 presigns, in both forms, used in time and out of it, and changed on the way."""

from dataclasses import replace
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import botocore.session
import pytest
from botocore.auth import HmacV1QueryAuth, S3SigV4QueryAuth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

from stageline.gateway.http import BytesStream, RawRequest

KEY = "AKIAIOSFODNN7EXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
TEMPORARY = "ASIAIOSFODNN7EXAMPLE"
TOKEN = "IQoJb3JpZ2luX2VjEHI//////////wEaCXVzLWVhc3QtMSJH+/=="
HOUR = 3_600_000


@cache
def client(version: str | None = None, token: str | None = None) -> Any:
    session = botocore.session.Session()
    session.set_credentials(TEMPORARY if token else KEY, SECRET, token)
    return session.create_client(
        "s3", region_name="us-east-1", endpoint_url="http://127.0.0.1:4566", config=Config(signature_version=version)
    )


def fetch(url: str, method: str = "GET", body: bytes = b"", headers: tuple[tuple[str, str], ...] = ()) -> RawRequest:
    split = urlsplit(url)
    length = (("content-length", str(len(body))),) if body else ()
    return RawRequest(
        method, split.path, split.query, (("host", split.netloc), *headers, *length), BytesStream(body), split.scheme
    )


def changed(url: str, **parameters: str | None) -> str:
    """The URL with parameters set, or taken away (None)."""
    head, _, query = url.partition("?")
    wanted = {name.replace("_", "-"): value for name, value in parameters.items()}
    pairs = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name not in wanted]
    pairs += [(name, value) for name, value in wanted.items() if value is not None]
    return f"{head}?{urlencode(pairs)}"


def is_old(url: str) -> bool:
    return "AWSAccessKeyId=" in url


def test_the_default_of_botocore_is_the_old_form() -> None:
    assert is_old(client().generate_presigned_url("get_object", Params={"Bucket": "b", "Key": "k"}))
    assert not is_old(client("s3v4").generate_presigned_url("get_object", Params={"Bucket": "b", "Key": "k"}))


CALLS = [
    ("get_object", {"Bucket": "b", "Key": "k"}, "GET"),
    ("get_object", {"Bucket": "b", "Key": "a b/ü+(1)/~x'"}, "GET"),
    ("get_object", {"Bucket": "b", "Key": "a//../k"}, "GET"),
    ("get_object", {"Bucket": "b", "Key": "k", "VersionId": "v 1", "ResponseContentType": "text/plain; charset=utf-8"}, "GET"),
    ("head_object", {"Bucket": "b", "Key": "k"}, "HEAD"),
    ("put_object", {"Bucket": "b", "Key": "k"}, "PUT"),
    ("upload_part", {"Bucket": "b", "Key": "k", "UploadId": "u/1", "PartNumber": 2}, "PUT"),
    ("list_objects_v2", {"Bucket": "b", "Prefix": "a/b", "Delimiter": "/"}, "GET"),
    ("list_parts", {"Bucket": "b", "Key": "k", "UploadId": "u"}, "GET"),
    ("delete_object", {"Bucket": "b", "Key": "k"}, "DELETE"),
]


@pytest.mark.parametrize("version", [None, "s3v4"])
@pytest.mark.parametrize("token", [None, TOKEN])
@pytest.mark.parametrize(("operation", "parameters", "method"), CALLS)
def test_what_boto3_presigns_is_accepted(world, version, token, operation, parameters, method) -> None:
    url = client(version, token).generate_presigned_url(operation, Params=parameters)
    assert is_old(url) == (version is None)
    body = b"data" if method == "PUT" else b""
    result = world.authenticate(fetch(url, method, body), "s3")
    assert result.caller.kind == "user"
    assert result.body.read() == body
    assert result.caller.keys["s3:authType"] == "REST-QUERY-STRING"
    assert world.refused(fetch(changed(url, response_content_type="text/html"), method, body), "s3").status == 403
    assert world.refused(fetch(url.replace("/b", "/c", 1), method), "s3").code == "SignatureDoesNotMatch"
    assert world.refused(fetch(url, "DELETE" if method != "DELETE" else "GET"), "s3").code == "SignatureDoesNotMatch"


@pytest.mark.parametrize("version", [None, "s3v4"])
def test_signed_headers_must_be_sent_as_signed(world, version) -> None:
    parameters = {"Bucket": "b", "Key": "k", "ContentType": "text/plain", "Metadata": {"a": "1"}}
    url = client(version).generate_presigned_url("put_object", Params=parameters)
    kind, meta = ("content-type", "text/plain"), ("x-amz-meta-a", "1")
    sent = (kind,) if version is None else (kind, meta)
    assert world.authenticate(fetch(url, "PUT", b"x", sent), "s3")
    other = (("content-type", "text/html"), *sent[1:])
    assert world.refused(fetch(url, "PUT", b"x", other), "s3").code == "SignatureDoesNotMatch"
    further = (*sent, ("x-amz-acl", "public-read"))
    assert world.refused(fetch(url, "PUT", b"x", further), "s3").status == 403


@pytest.mark.parametrize("version", [None, "s3v4"])
def test_a_url_ends(world, version) -> None:
    url = client(version).generate_presigned_url("get_object", Params={"Bucket": "b", "Key": "k"}, ExpiresIn=60)
    world.offset = 50_000
    assert world.authenticate(fetch(url), "s3")
    world.offset = 61_000
    error = world.refused(fetch(url), "s3")
    assert (error.code, error.status, error.message) == ("AccessDenied", 403, "Request has expired")
    assert set(error.details) >= {"Expires", "ServerTime"}


def test_a_url_of_the_future_is_refused(world) -> None:
    url = client("s3v4").generate_presigned_url("get_object", Params={"Bucket": "b", "Key": "k"})
    world.offset = -HOUR
    assert world.refused(fetch(url), "s3").message == "Request is not yet valid"


@pytest.mark.parametrize("version", [None, "s3v4"])
def test_a_url_cannot_be_made_to_live_longer(world, version) -> None:
    url = client(version).generate_presigned_url("get_object", Params={"Bucket": "b", "Key": "k"}, ExpiresIn=60)
    longer = changed(url, Expires="9999999999") if version is None else changed(url, X_Amz_Expires="604800")
    assert world.refused(fetch(longer), "s3").code == "SignatureDoesNotMatch"


@pytest.mark.parametrize("version", [None, "s3v4"])
def test_a_url_ends_with_its_session(world, version) -> None:
    url = client(version, TOKEN).generate_presigned_url("get_object", Params={"Bucket": "b", "Key": "k"})
    assert world.authenticate(fetch(url), "s3")
    name = "x-amz-security-token" if version is None else "X-Amz-Security-Token"
    assert world.refused(fetch(changed(url, **{name: "other"})), "s3").code == "InvalidToken"
    assert world.refused(fetch(changed(url, **{name: None})), "s3").code == "InvalidAccessKeyId"
    world.keys.table[TEMPORARY] = replace(world.keys.table[TEMPORARY], expires=1)
    assert world.refused(fetch(url), "s3").code == "ExpiredToken"


@pytest.mark.parametrize(
    ("expires", "text"),
    [
        (
            "604801",
            "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800",
        ),
        ("-1", "X-Amz-Expires must be non-negative"),
        ("soon", "X-Amz-Expires should be a number"),
        ("", "Query-string authentication version 4 requires"),
        ("٣", "X-Amz-Expires should be a number"),
    ],
)
def test_the_time_of_a_url_is_a_number_of_seconds_up_to_a_week(world, expires, text) -> None:
    url = client("s3v4").generate_presigned_url("get_object", Params={"Bucket": "b", "Key": "k"})
    error = world.refused(fetch(changed(url, X_Amz_Expires=expires)), "s3")
    assert (error.code, error.status) == ("AuthorizationQueryParametersError", 400)
    assert error.message.startswith(text)


@pytest.mark.parametrize(
    "name", ["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature", "X-Amz-Date", "X-Amz-SignedHeaders", "X-Amz-Expires"]
)
def test_every_parameter_comes_once(world, name) -> None:
    url = client("s3v4").generate_presigned_url("get_object", Params={"Bucket": "b", "Key": "k"})
    assert world.refused(fetch(changed(url, **{name: None})), "s3").code == "AuthorizationQueryParametersError"
    twice = f"{url}&{name}=x"
    assert world.refused(fetch(twice), "s3").code == "AuthorizationQueryParametersError"
    spelled = f"{url}&{name.replace('X-', 'X%2D', 1)}=x"
    assert world.refused(fetch(spelled), "s3").code == "AuthorizationQueryParametersError"


def test_odd_values_are_refused(world) -> None:
    url = client("s3v4").generate_presigned_url("get_object", Params={"Bucket": "b", "Key": "k"})
    for name, value in (("X-Amz-Algorithm", "AWS4-ECDSA-P256-SHA256"), ("X-Amz-Date", "yesterday")):
        assert world.refused(fetch(changed(url, **{name: value})), "s3").code == "AuthorizationQueryParametersError"
    assert world.refused(fetch(changed(url, **{"X-Amz-Credential": "a/b"})), "s3").status == 400
    elsewhere = client("s3v4").generate_presigned_url("get_object", Params={"Bucket": "b", "Key": "k"})
    assert world.refused(fetch(changed(elsewhere, **{"X-Amz-SignedHeaders": "date"})), "s3").code == "AccessDenied"
    assert world.refused(fetch(changed(url, **{"X-Amz-Signature": "é"})), "s3").code == "SignatureDoesNotMatch"


def test_a_declared_hash_binds_the_body(world, signed) -> None:
    digest = "9" * 64
    request = signed(
        lambda credentials: S3SigV4QueryAuth(credentials, "s3", "us-east-1"), "PUT", f"http://h/b/k?X-Amz-Content-Sha256={digest}"
    )
    sent = replace(request, body=BytesStream(b"data"), headers=(*request.headers, ("content-length", "4")))
    # botocore signs UNSIGNED-PAYLOAD whatever the parameter says, so the claim itself is already false.
    assert world.refused(sent, "s3").code == "SignatureDoesNotMatch"


def sts(parameters: str = "Action=GetCallerIdentity&Version=2011-06-15", headers: dict[str, str] | None = None) -> str:
    request = AWSRequest(method="GET", url=f"http://127.0.0.1:4566/?{parameters}", headers=headers or {})
    SigV4QueryAuth(Credentials(KEY, SECRET), "sts", "us-east-1", expires=86_400).add_auth(request)
    return str(request.url)


def test_other_services_give_a_quarter_of_an_hour(world) -> None:
    url = sts()
    assert world.authenticate(fetch(url), "sts").caller.kind == "user"
    world.offset = 14 * 60_000
    assert world.authenticate(fetch(url), "sts")
    world.offset = 16 * 60_000
    error = world.refused(fetch(url), "sts")
    assert (error.code, error.status) == ("SignatureDoesNotMatch", 403)
    assert error.message.startswith("Signature expired")


def test_further_signed_headers_count(world) -> None:
    url = sts(headers={"x-k8s-aws-id": "cluster"})
    assert world.authenticate(fetch(url, headers=(("x-k8s-aws-id", "cluster"),)), "sts")
    assert world.refused(fetch(url, headers=(("x-k8s-aws-id", "other"),)), "sts").code == "SignatureDoesNotMatch"


def test_an_empty_body_was_signed_for_other_services(world) -> None:
    assert world.refused(fetch(sts(), "GET", b"Action=AssumeRole"), "sts").code == "SignatureDoesNotMatch"


def test_other_services_refuse_odd_parameters(world) -> None:
    assert world.refused(fetch(f"{sts()}&X-Amz-Date=x"), "sts").code == "IncompleteSignature"
    assert world.refused(fetch(changed(sts(), **{"X-Amz-Credential": None})), "sts").code == "IncompleteSignature"
    lower = sts().replace("X-Amz-", "x-amz-")
    assert world.refused(fetch(lower), "sts").code == "MissingAuthenticationToken"


# The old form of S3.


def old(parameters: str = "", path: str = "/b/k", method: str = "GET", auth_path: str | None = None) -> str:
    request = AWSRequest(method=method, url=f"http://127.0.0.1:4566{path}{parameters}", auth_path=auth_path)
    HmacV1QueryAuth(Credentials(KEY, SECRET), expires=60).add_auth(request)
    return str(request.url)


def test_the_old_form_names_the_bucket_of_the_host(world) -> None:
    url = old(path="/k", auth_path="/b/k")
    assert world.authenticate(fetch(url), "s3", bucket="b")
    assert world.refused(fetch(url), "s3").code == "SignatureDoesNotMatch"


@pytest.mark.parametrize("name", ["acl", "policy", "tagging", "encryption", "publicAccessBlock", "anything", "ACL"])
def test_a_parameter_cannot_be_added_to_the_old_form(world, name) -> None:
    assert world.refused(fetch(f"{old()}&{name}"), "s3").code == "SignatureDoesNotMatch"
    assert world.refused(fetch(f"{old()}&{name}=x"), "s3").code == "SignatureDoesNotMatch"


def test_the_old_form_wants_its_parameters_once(world) -> None:
    url = old()
    for name in ("AWSAccessKeyId", "Expires", "Signature"):
        assert world.refused(fetch(f"{url}&{name}=1"), "s3").code == "InvalidArgument"
    assert world.refused(fetch(changed(url, Signature=None)), "s3").code == "AccessDenied"
    assert world.refused(fetch(changed(url, Expires=None)), "s3").code == "AccessDenied"
    assert world.refused(fetch(changed(url, Expires="never")), "s3").code == "AccessDenied"
    assert world.refused(fetch(changed(url, AWSAccessKeyId="AKIANOBODY")), "s3").code == "InvalidAccessKeyId"
    assert world.refused(fetch(changed(url, AWSAccessKeyId="AKIAINACTIVE")), "s3").code == "InvalidAccessKeyId"


def test_the_old_form_is_for_s3_alone(world) -> None:
    url = old("?Action=ListUsers&Version=2010-05-08", "/")
    assert world.refused(fetch(url), "iam").code == "MissingAuthenticationToken"
