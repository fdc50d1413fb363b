"""What a request is taken for, told from its outside."""

from urllib.parse import quote

import pytest

from stageline.gateway import identify, specs
from stageline.gateway.http import BytesStream, RawRequest
from stageline.ports.api import ApiError

CATALOG = specs.catalog(["codepipeline", "iam", "lambda", "s3", "sns", "sts"])
FORM = {"content-type": "application/x-www-form-urlencoded"}


def request(
    method: str, target: str, headers: dict[str, str] | list[tuple[str, str]] | None = None, body: bytes = b"", scope: str = ""
) -> RawRequest:
    path, _, query = target.partition("?")
    pairs = list(headers.items() if isinstance(headers, dict) else headers or [])
    if scope:
        pairs.append(("authorization", f"AWS4-HMAC-SHA256 Credential=AK/20260101/us-east-1/{scope}/aws4_request, Signature=x"))
    return RawRequest(method, path, query, tuple(pairs), BytesStream(body))


def told(raw: RawRequest, hosts: identify.Hosts | None = None) -> tuple[str, str, str]:
    spoken = identify.protocol(raw, CATALOG)
    route, _ = identify.route(spoken, raw, CATALOG, hosts or identify.Hosts())
    return spoken, route.service, route.operation.name


def code(raw: RawRequest) -> str:
    with pytest.raises(ApiError) as caught:
        told(raw)
    return caught.value.code


TARGET = ("x-amz-target", "CodePipeline_20150709.GetPipeline")


def test_json_by_target() -> None:
    assert told(request("POST", "/", [TARGET])) == ("json", "codepipeline", "GetPipeline")


@pytest.mark.parametrize(
    "raw",
    [
        request("POST", "/", [TARGET, TARGET]),
        request("POST", "/", [TARGET, ("x-amz-target", "CodePipeline_20150709.DeletePipeline")]),
        request("GET", "/", [TARGET]),
        request("POST", "/b", [TARGET]),
        request("POST", "/?x=y", [TARGET]),
        request("POST", "/", {"content-type": "application/x-amz-json-1.1"}),
        request("POST", "/", [("x-amz-target", "CodePipeline_20150709.getPipeline")]),
        request("POST", "/service/CodePipeline_20150709/operation/GetPipeline", [TARGET, ("smithy-protocol", "rpc-v2-cbor")]),
        request("POST", "/service/CodePipeline_20150709/operation/GetPipeline", {"smithy-protocol": "rpc-v2-json"}),
        request("GET", "/service/CodePipeline_20150709/operation/GetPipeline", {"smithy-protocol": "rpc-v2-cbor"}),
        request("POST", "/service/CodePipeline_20150709/operation/GetPipeline/", {"smithy-protocol": "rpc-v2-cbor"}),
        request("POST", "/service/CodePipeline_20150709/operation/../GetPipeline", {"smithy-protocol": "rpc-v2-cbor"}),
    ],
)
def test_odd_rpc_requests_are_refused(raw: RawRequest) -> None:
    assert code(raw) == "UnknownOperationException"


def test_two_hosts_are_refused() -> None:
    assert code(request("GET", "/b", [("host", "a.s3.localhost"), ("host", "b.s3.localhost")])) == "InvalidRequest"


def test_cbor_by_path_and_header() -> None:
    raw = request("POST", "/service/CodePipeline_20150709/operation/GetPipeline", {"smithy-protocol": "rpc-v2-cbor"})
    assert told(raw) == ("cbor", "codepipeline", "GetPipeline")


def test_query_by_form_and_by_query_string() -> None:
    body = b"Action=CreateUser&Version=2010-05-08&UserName=a"
    assert told(request("POST", "/", FORM, body, scope="iam")) == ("query", "iam", "CreateUser")
    assert told(request("POST", "/", FORM, body)) == ("query", "iam", "CreateUser")
    assert told(request("GET", "/?Action=GetCallerIdentity&Version=2011-06-15")) == ("query", "sts", "GetCallerIdentity")
    assert told(request("GET", "/?Action=ListTopics&Version=2010-03-31", scope="sns")) == ("query", "sns", "ListTopics")
    credential = quote("AK/20260101/us-east-1/sts/aws4_request", safe="")
    raw = request("GET", f"/?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Credential={credential}")
    assert told(raw) == ("query", "sts", "GetCallerIdentity")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (request("POST", "/", FORM, b"Version=2010-05-08", scope="iam"), "MissingAction"),
        (request("POST", "/", FORM, b"Action=A&Version=2010-05-08", scope="iam"), "InvalidAction"),
        (request("POST", "/", FORM, b"Action=ListUsers&Action=DeleteUser", scope="iam"), "InvalidAction"),
        (request("POST", "/?Action=ListUsers", FORM, b"Action=DeleteUser", scope="iam"), "InvalidAction"),
        (request("POST", "/", FORM, b"Action=ListUsers"), "InvalidAction"),
        (request("POST", "/", FORM, b"Action=ListUsers&Version=1999-01-01"), "InvalidAction"),
        (request("POST", "/", FORM, b"Action=Describe&Version=2016-11-15", scope="ec2"), "InvalidAction"),
        (request("POST", "/", FORM, b"%ff=x&Action=ListUsers", scope="iam"), "MalformedQueryString"),
        (request("POST", "/", FORM, b"&".join([b"a=b"] * 30_000), scope="iam"), "MalformedQueryString"),
        (request("POST", "/", FORM, b"a" * 5_000_000, scope="iam"), "RequestEntityTooLarge"),
        (request("DELETE", "/?Action=ListUsers&Version=2010-05-08", scope="iam"), "InvalidAction"),
    ],
)
def test_odd_query_requests_are_refused(raw: RawRequest, expected: str) -> None:
    assert code(raw) == expected


@pytest.mark.parametrize(
    ("method", "target", "operation"),
    [
        ("GET", "/", "ListBuckets"),
        ("GET", "/?x-id=ListBuckets", "ListBuckets"),
        ("PUT", "/b", "CreateBucket"),
        ("PUT", "/b/", "CreateBucket"),
        ("HEAD", "/b", "HeadBucket"),
        ("DELETE", "/b", "DeleteBucket"),
        ("GET", "/b", "ListObjects"),
        ("GET", "/b?prefix=a&delimiter=/", "ListObjects"),
        ("GET", "/b?list-type=2&prefix=a", "ListObjectsV2"),
        ("GET", "/b?versions", "ListObjectVersions"),
        ("GET", "/b?versioning", "GetBucketVersioning"),
        ("GET", "/b?versioning=", "GetBucketVersioning"),
        ("PUT", "/b?versioning", "PutBucketVersioning"),
        ("GET", "/b?lifecycle", "GetBucketLifecycleConfiguration"),
        ("GET", "/b?notification", "GetBucketNotificationConfiguration"),
        ("PUT", "/b?notification", "PutBucketNotificationConfiguration"),
        ("GET", "/b?analytics", "ListBucketAnalyticsConfigurations"),
        ("GET", "/b?analytics&id=x", "GetBucketAnalyticsConfiguration"),
        ("POST", "/b?delete", "DeleteObjects"),
        ("GET", "/b?uploads", "ListMultipartUploads"),
        ("PUT", "/b/k", "PutObject"),
        ("PUT", "/b/k?x-id=PutObject", "PutObject"),
        ("PUT", "/b/k?partNumber=1&uploadId=u", "UploadPart"),
        ("POST", "/b/k?uploads", "CreateMultipartUpload"),
        ("POST", "/b/k?uploads=", "CreateMultipartUpload"),
        ("POST", "/b/k?uploadId=u", "CompleteMultipartUpload"),
        ("DELETE", "/b/k?uploadId=u", "AbortMultipartUpload"),
        ("GET", "/b/k?uploadId=u", "ListParts"),
        ("GET", "/b/k?partNumber=1", "GetObject"),
        ("GET", "/b/k?versionId=v&unheard-of=1", "GetObject"),
        ("GET", "/b/k?response-content-type=text%2Fplain", "GetObject"),
        ("GET", "/b/k?tagging&versionId=v", "GetObjectTagging"),
        ("GET", "/b//k", "GetObject"),
        ("GET", "/b/folder/", "GetObject"),
        ("GET", "/b/../../etc/passwd", "GetObject"),
        ("GET", "/WriteGetObjectResponse", "ListObjects"),
        ("GET", "/service/x/operation/y", "GetObject"),
        ("HEAD", "/b/k", "HeadObject"),
        ("DELETE", "/b/k?versionId=v", "DeleteObject"),
    ],
)
def test_s3_by_method_path_and_query(method: str, target: str, operation: str) -> None:
    assert told(request(method, target, scope="s3")) == ("rest-xml", "s3", operation)
    assert told(request(method, target)) == ("rest-xml", "s3", operation)


def test_s3_copies_by_header() -> None:
    source = {"x-amz-copy-source": "b/k"}
    assert told(request("PUT", "/b/k", source))[2] == "CopyObject"
    assert told(request("PUT", "/b/k?partNumber=1&uploadId=u", source))[2] == "UploadPartCopy"


@pytest.mark.parametrize(
    ("method", "target", "expected"),
    [
        ("PUT", "/b/k?uploadId=u", "InvalidArgument"),
        ("PUT", "/b/k?partNumber=1", "InvalidArgument"),
        ("DELETE", "/b/k?uploads", "InvalidArgument"),
        ("DELETE", "/b?versioning", "InvalidArgument"),
        ("GET", "/b?versioning&versions", "InvalidArgument"),
        ("GET", "/b?list-type=3", "InvalidArgument"),
        ("POST", "/b", "InvalidArgument"),
        ("PATCH", "/b", "MethodNotAllowed"),
        ("POST", "/", "MethodNotAllowed"),
        ("GET", "//k", "InvalidURI"),
        ("GET", "/b/%ff", "InvalidURI"),
        ("GET", "/b/%00", "InvalidURI"),
        ("GET", "/%2Fb/k", "InvalidBucketName"),
        ("GET", "/b/k?versionId=%ff", "InvalidURI"),
        ("GET", "*", "InvalidURI"),
    ],
)
def test_odd_s3_requests_are_refused(method: str, target: str, expected: str) -> None:
    assert code(request(method, target, scope="s3")) == expected


@pytest.mark.parametrize(
    ("host", "bucket"),
    [
        ("b.s3.localhost:4566", "b"),
        ("a.b.s3.localhost", "a.b"),
        ("b.localhost:4566", "b"),
        ("localhost:4566", ""),
        ("s3.localhost:4566", ""),
        ("127.0.0.1:4566", ""),
        ("[::1]:4566", ""),
        ("b.s3.us-east-1.amazonaws.com", "b"),
        ("b.s3-eu-west-1.amazonaws.com", "b"),
        ("b.s3.amazonaws.com", "b"),
        ("B.S3.LOCALHOST.", "b"),
        ("s3.us-east-1.amazonaws.com", ""),
        ("s3.amazonaws.com", ""),
        ("example.com", ""),
        ("evil-s3.localhost", "evil-s3"),
        ("", ""),
    ],
)
def test_buckets_in_host_names(host: str, bucket: str) -> None:
    assert identify.Hosts().bucket(host) == bucket


def test_a_bucket_in_front_of_the_host_takes_the_path_as_key() -> None:
    raw = request("GET", "/x/y", {"host": "b.s3.localhost"})
    route, _ = identify.route("rest-xml", raw, CATALOG, identify.Hosts())
    assert (route.operation.name, route.labels) == ("GetObject", {"Bucket": "b", "Key": "x/y"})
    assert told(request("GET", "/", {"host": "b.s3.localhost"}))[2] == "ListObjects"
    route, _ = identify.route("rest-xml", request("GET", "//y", {"host": "b.s3.localhost"}), CATALOG, identify.Hosts())
    assert route.labels["Key"] == "/y"


def test_rest_json_by_scope_and_path() -> None:
    assert told(request("GET", "/2015-03-31/functions/", scope="lambda")) == ("rest-json", "lambda", "ListFunctions")
    assert told(request("GET", "/2015-03-31/functions/f", scope="lambda"))[2] == "GetFunction"
    assert told(request("POST", "/2015-03-31/functions/f/invocations", scope="lambda"))[2] == "Invoke"
    assert code(request("POST", "/nothing", scope="lambda")) == "UnknownOperationException"
