"""What goes over the wire, byte for byte, where clients or people read it."""

import base64
import hashlib
from typing import Any

import cbor2
import pytest

from stageline.gateway import specs
from stageline.gateway.chain import PROTOCOLS
from stageline.gateway.conform import Nonconforming, conform
from stageline.gateway.http import BytesStream, IteratorStream, RawRequest, Route, read_all
from stageline.gateway.operations import Operation
from stageline.gateway.protocols import instants, xml
from stageline.ports.api import ApiError

ID = "01234567-89ab-4cde-8f01-23456789abcd"
RAW = RawRequest("POST", "/b/k", "", ())


def route(protocol: str, service: str, name: str) -> Route:
    operation = specs.operation(service, name)
    assert operation is not None
    return Route(protocol, service, operation)


def rendered(protocol: str, service: str, name: str, response: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
    reply = PROTOCOLS[protocol].render(route(protocol, service, name), response, ID)
    return reply.status, dict(reply.headers), reply.body


def refused(protocol: str, service: str, name: str, error: ApiError, raw: RawRequest = RAW) -> tuple[int, dict[str, str], bytes]:
    reply = PROTOCOLS[protocol].refuse(route(protocol, service, name), raw, error, ID)
    return reply.status, dict(reply.headers), reply.body


RESULTS = [
    (
        "json",
        "codepipeline",
        "GetPipelineState",
        {"created": 1_586_273_484_137, "pipelineName": None},
        b'{"created":1586273484.137}',
    ),
    ("json", "codepipeline", "GetPipelineState", {"created": 1_586_273_484_000, "unheard": 1}, b'{"created":1586273484}'),
    ("json", "codepipeline", "TagResource", {}, b"{}"),
    ("json", "codepipeline", "DeletePipeline", {}, b""),
    ("json", "codecommit", "GetBlob", {"content": b"\x00\xff"}, b'{"content":"AP8="}'),
    ("json", "codepipeline", "ListPipelines", {"pipelines": []}, b'{"pipelines":[]}'),
    (
        "query",
        "iam",
        "ListUsers",
        {"Users": [], "IsTruncated": False},
        b'<?xml version="1.0" encoding="UTF-8"?>\n<ListUsersResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">'
        b"<ListUsersResult><Users></Users><IsTruncated>false</IsTruncated></ListUsersResult>"
        b"<ResponseMetadata><RequestId>01234567-89ab-4cde-8f01-23456789abcd</RequestId></ResponseMetadata></ListUsersResponse>\n",
    ),
    (
        "query",
        "iam",
        "DeleteUser",
        {},
        b'<?xml version="1.0" encoding="UTF-8"?>\n<DeleteUserResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">'
        b"<ResponseMetadata><RequestId>01234567-89ab-4cde-8f01-23456789abcd</RequestId></ResponseMetadata></DeleteUserResponse>\n",
    ),
    (
        "rest-xml",
        "s3",
        "ListObjectsV2",
        {"Name": "b", "Contents": [{"Key": "a<&>\r\x01", "LastModified": 1_586_273_484_137}], "KeyCount": 1},
        '<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
        "<Contents><Key>a&lt;&amp;&gt;&#13;\ufffd</Key><LastModified>2020-04-07T15:31:24.137Z</LastModified></Contents>"
        "<Name>b</Name><KeyCount>1</KeyCount></ListBucketResult>".encode(),
    ),
    (
        "rest-xml",
        "s3",
        "GetBucketLocation",
        {},
        b'<?xml version="1.0" encoding="UTF-8"?>\n<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
        b"</LocationConstraint>",
    ),
    ("rest-xml", "s3", "GetBucketPolicy", {"Policy": '{"é":1}'}, '{"é":1}'.encode()),
    ("rest-xml", "s3", "PutObject", {"ETag": '"x"'}, b""),
]


@pytest.mark.parametrize(("protocol", "service", "name", "response", "body"), RESULTS)
def test_results(protocol: str, service: str, name: str, response: dict[str, Any], body: bytes) -> None:
    assert rendered(protocol, service, name, response)[2] == body


def test_times_of_query_are_whole_seconds() -> None:
    user = {"Path": "/", "UserName": "u", "UserId": "U", "Arn": "a", "CreateDate": 1_586_273_484_137}
    assert b"<CreateDate>2020-04-07T15:31:24Z</CreateDate>" in rendered("query", "iam", "CreateUser", {"User": user})[2]


def test_cbor_tags_its_instants() -> None:
    _, headers, body = rendered("cbor", "codepipeline", "GetPipelineState", {"created": 1_586_273_484_137})
    assert headers["smithy-protocol"] == "rpc-v2-cbor"
    assert body == cbor2.dumps({"created": cbor2.CBORTag(1, 1586273484.137)})


def test_object_headers() -> None:
    status, headers, body = rendered(
        "rest-xml",
        "s3",
        "GetObject",
        {
            "Body": iter([b"x"]),
            "ContentLength": 1,
            "LastModified": 1_586_273_484_137,
            "Metadata": {"a": "b"},
            "DeleteMarker": False,
        },
    )
    assert (status, headers["Last-Modified"], headers["Content-Length"]) == (200, "Tue, 07 Apr 2020 15:31:24 GMT", "1")
    assert (headers["x-amz-meta-a"], headers["x-amz-delete-marker"]) == ("b", "false")
    assert headers["Content-Type"] == "binary/octet-stream"
    assert (headers["x-amz-request-id"], len(headers["x-amz-id-2"])) == ("0123456789AB4CDE", 48)
    assert b"".join(body) == b"x"


ERRORS = [
    (
        "json",
        "codepipeline",
        "GetPipeline",
        ApiError("PipelineNotFoundException", "No."),
        400,
        b'{"__type":"PipelineNotFoundException","message":"No."}',
    ),
    (
        "json",
        "codepipeline",
        "UpdatePipeline",
        ApiError("ConflictException", "No."),
        409,
        b'{"__type":"ConflictException","message":"No."}',
    ),
    (
        "json",
        "codepipeline",
        "GetPipeline",
        ApiError("ThrottlingException", "No."),
        400,
        b'{"__type":"ThrottlingException","message":"No."}',
    ),
    (
        "query",
        "iam",
        "GetUser",
        ApiError("NoSuchEntity", "No <x>."),
        404,
        b'<?xml version="1.0" encoding="UTF-8"?>\n<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error>'
        b"<Type>Sender</Type><Code>NoSuchEntity</Code><Message>No &lt;x&gt;.</Message></Error>"
        b"<RequestId>01234567-89ab-4cde-8f01-23456789abcd</RequestId></ErrorResponse>\n",
    ),
    (
        "rest-xml",
        "s3",
        "GetObject",
        ApiError("NoSuchKey", "No.", Key="k&"),
        404,
        b'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code><Message>No.</Message><Resource>/b/k</Resource>'
        b"<Key>k&amp;</Key><RequestId>0123456789AB4CDE</RequestId>"
        b"<HostId>MDEyMzQ1NjctODlhYi00Y2RlLThmMDEtMjM0NTY3ODlhYmNk</HostId></Error>",
    ),
    ("rest-json", "lambda", "GetFunction", ApiError("ResourceNotFoundException", "No."), 404, b'{"Message":"No.","Type":"User"}'),
    ("rest-json", "lambda", "GetFunction", ApiError("AccessDeniedException", "No."), 403, b'{"message":"No."}'),
]


@pytest.mark.parametrize(("protocol", "service", "name", "error", "status", "body"), ERRORS)
def test_errors(protocol: str, service: str, name: str, error: ApiError, status: int, body: bytes) -> None:
    got = refused(protocol, service, name, error)
    assert (got[0], got[2]) == (status, body)


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("AccessDenied", 403),
        ("BucketNotEmpty", 409),
        ("InvalidPart", 400),
        ("InvalidRange", 416),
        ("MethodNotAllowed", 405),
        ("NoSuchBucket", 404),
        ("NoSuchTagSet", 404),
        ("NoSuchUpload", 404),
        ("PreconditionFailed", 412),
        ("SlowDown", 503),
    ],
)
def test_s3_codes_have_their_status(code: str, status: int) -> None:
    assert refused("rest-xml", "s3", "GetObject", ApiError(code, "No."))[0] == status


def test_sqs_tells_the_code_of_its_former_protocol() -> None:
    _, headers, _ = refused("json", "sqs", "GetQueueUrl", ApiError("OverLimit", "No."))
    assert headers["x-amzn-query-error"] == "OverLimit;Sender"
    former = {"x-amzn-query-error": "AWS.SimpleQueueService.NonExistentQueue;Sender"}
    _, headers, _ = refused("json", "sqs", "GetQueueUrl", ApiError("QueueDoesNotExist", "No.", ResponseHeaders=former))
    assert headers["x-amzn-query-error"] == former["x-amzn-query-error"]


def test_head_and_not_modified_have_no_body() -> None:
    head = RawRequest("HEAD", "/b/k", "", ())
    assert refused("rest-xml", "s3", "HeadObject", ApiError("NoSuchKey", "No."), head)[::2] == (404, b"")
    status, headers, body = refused(
        "rest-xml", "s3", "GetObject", ApiError("NotModified", "", 304, ResponseHeaders={"ETag": '"x"'})
    )
    assert (status, headers["ETag"], body) == (304, '"x"', b"")


def test_a_digest_of_the_body_is_checked() -> None:
    body = b"<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
    target = Route("rest-xml", "s3", route("rest-xml", "s3", "PutBucketVersioning").operation, {"Bucket": "b"})
    for digest, code in (("AAAAAAAAAAAAAAAAAAAAAA==", "BadDigest"), ("AAAA", "InvalidDigest"), ("?", "InvalidDigest")):
        with pytest.raises(ApiError) as caught:
            PROTOCOLS["rest-xml"].parse(target, RawRequest("PUT", "/b", "versioning", (("content-md5", digest),)), body)
        assert caught.value.code == code
    digest = base64.b64encode(hashlib.md5(body).digest()).decode()
    good = RawRequest("PUT", "/b", "versioning", (("content-md5", digest),))
    assert PROTOCOLS["rest-xml"].parse(target, good, body)["VersioningConfiguration"] == {"Status": "Enabled"}


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-23T08:00:00Z", 1_795_420_800_000),
        ("2026-11-23T08:00:00.137Z", 1_795_420_800_137),
        ("20261123T080000Z", 1_795_420_800_000),
        ("2026-11-23T09:00:00+01:00", 1_795_420_800_000),
        ("Mon, 23 Nov 2026 08:00:00 GMT", 1_795_420_800_000),
        ("1795420800", 1_795_420_800_000),
        ("1795420800.5", 1_795_420_800_500),
        ("1969-12-31T23:59:59.999Z", -1),
    ],
)
def test_instants_from_text(text: str, instant: int) -> None:
    assert instants.from_text(text) == instant


@pytest.mark.parametrize(
    "text", ["", "soon", "2026-13-01T00:00:00Z", "1e9", "999999999999999", "Mon, 99 Nov 2026 08:00:00 GMT", "nan"]
)
def test_what_is_no_instant(text: str) -> None:
    with pytest.raises(ValueError):
        instants.from_text(text)


def test_instants_to_text() -> None:
    assert instants.to_http(1_795_420_800_999) == "Mon, 23 Nov 2026 08:00:00 GMT"
    assert instants.to_iso(-1, fraction=True) == "1969-12-31T23:59:59.999Z"
    assert instants.to_iso(-62_135_596_800_000, fraction=False) == "0001-01-01T00:00:00Z"


def test_xml_has_no_entities_of_its_own() -> None:
    for text in (
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b"<a>&b;</a>",
        b"<a></b>",
        b"",
        b"<a/><b/>",
        b"<a>" * 100 + b"</a>" * 100,
    ):
        with pytest.raises(xml.Malformed):
            xml.decode(text)
    assert xml.decode(b"<x:a xmlns:x='u' k='v'>1&#50;<![CDATA[<3>]]></x:a>") == xml.Node(
        "a", {"xmlns:x": "u", "k": "v"}, [], "12<3>"
    )


def test_streams() -> None:
    for stream in (BytesStream(b"abcdef"), IteratorStream(iter([b"ab", b"", b"cdef"]))):
        assert stream.read(1) == b"a"
        assert read_all(stream, 5) == b"bcdef"
        assert stream.read() == b""
    with pytest.raises(OverflowError):
        read_all(IteratorStream(iter([b"ab"] * 4)), 7)
    assert BytesStream(b"abc").read() == b"abc"


@pytest.mark.parametrize(
    ("service", "name", "result", "fault"),
    [
        ("codepipeline", "ListPipelines", {"pipelines": [{"name": "a", "colour": 1}]}, "colour is not a member"),
        ("codepipeline", "ListPipelines", {"pipelines": {}}, "should be a list"),
        ("codepipeline", "ListPipelines", {"pipelines": [{"name": 1}]}, "should be str, not int"),
        ("codepipeline", "ListPipelines", {"pipelines": [{"created": 1.5}]}, "should be int, not float"),
        ("codepipeline", "ListPipelines", {"pipelines": [{"version": True}]}, "should be int, not bool"),
        ("codepipeline", "ListPipelines", {"pipelines": [{"executionMode": "FAST"}]}, "not one of"),
        ("codepipeline", "CreatePipeline", {"pipeline": {"name": "a"}}, "roleArn is required"),
        ("codepipeline", "DeletePipeline", {"name": "a"}, "has no result"),
        ("codecommit", "GetBlob", {"content": 7}, "should be bytes"),
    ],
)
def test_results_are_held_against_the_model(service: str, name: str, result: dict[str, Any], fault: str) -> None:
    model = specs.operation(service, name)
    assert model is not None
    operation = Operation(service, name, model, lambda *_: {}, lambda *_: [])
    with pytest.raises(Nonconforming, match=fault):
        conform(operation, result)


def test_conforming_results_pass() -> None:
    model = specs.operation("s3", "GetObject")
    assert model is not None
    operation = Operation("s3", "get_object", model, lambda *_: {}, lambda *_: [])
    conform(operation, {"Body": iter([b""]), "ContentLength": 1, "Metadata": {}, "ETag": None, "ResponseStatus": 206})
