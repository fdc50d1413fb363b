"""Every operation of the served services, there and back: botocore's client classes on one side, our protocols on the other."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore import parsers, serialize
from botocore.awsrequest import HeadersDict, create_request_object, prepare_request_dict

from stageline.gateway import identify, specs
from stageline.gateway.chain import PROTOCOLS
from stageline.gateway.http import BytesStream, RawRequest, read_all

SERVICES = (
    "codebuild",
    "codecommit",
    "codedeploy",
    "codepipeline",
    "codestar-notifications",
    "events",
    "iam",
    "lambda",
    "logs",
    "s3",
    "sns",
    "sqs",
    "sts",
)
CATALOG = specs.catalog(SERVICES)
SUPERSEDED = {
    "GetBucketLifecycle",
    "GetBucketNotification",
    "ListDirectoryBuckets",
    "PutBucketLifecycle",
    "PutBucketNotification",
    "WriteGetObjectResponse",
}
"""Operations of S3 that share method and path with the one that took their place, or live under another host name."""

BOTOCORE_NAME = {"cbor": "smithy-rpc-v2-cbor"}


def _cases() -> list[tuple[str, str, str]]:
    found = []
    for service in SERVICES:
        model = specs.model(service)
        protocols = ["json", "cbor"] if "smithy-rpc-v2-cbor" in model.metadata.get("protocols", ()) else [specs.family(service)]
        found += [(service, name, protocol) for name in model.operation_names for protocol in protocols]
    return found


def _raw(service: str, protocol: str, serialized: dict[str, Any]) -> RawRequest:
    prepare_request_dict(serialized, "http://127.0.0.1:4566")
    request = create_request_object(serialized).prepare()
    url = urlsplit(request.url)
    headers = [
        (name.lower(), value.decode() if isinstance(value, bytes) else str(value)) for name, value in request.headers.items()
    ]
    headers.append(("host", "127.0.0.1:4566"))
    scope = f"AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/{specs.signing_name(service)}/aws4_request, SignedHeaders=host"
    headers.append(("authorization", scope))
    body = request.body or b""
    body = body.read() if hasattr(body, "read") else body.encode() if isinstance(body, str) else body
    return RawRequest(request.method, url.path, url.query, tuple(headers), BytesStream(bytes(body)))


@pytest.mark.parametrize("service", SERVICES)
def test_requests(service: str, samples: Any) -> None:
    for _, name, protocol in (case for case in _cases() if case[0] == service):
        operation = specs.model(service).operation_model(name)
        if operation.input_shape is None or name in SUPERSEDED:
            continue
        sent = samples.sample(operation.input_shape, moment=samples.moment)
        sent.pop("ContentMD5", None)  # checked against the body
        serializer = serialize.create_serializer(BOTOCORE_NAME.get(protocol, protocol), include_validation=False)
        raw = _raw(service, protocol, serializer.serialize_to_request(sent, operation))
        spoken = identify.protocol(raw, CATALOG)
        assert spoken == protocol, name
        route, raw = identify.route(spoken, raw, CATALOG, identify.Hosts())
        assert (route.service, route.operation.name) == (service, name)
        body = b"" if operation.has_streaming_input else read_all(raw.body, 10_000_000)
        got = PROTOCOLS[protocol].parse(route, raw, body)
        if operation.has_streaming_input:
            got[operation.input_shape.serialization["payload"]] = raw.body
        expected = samples.plainly(operation.input_shape, sent)
        assert samples.plainly(operation.input_shape, got) == expected, name


@pytest.mark.parametrize("service", SERVICES)
def test_results(service: str, samples: Any) -> None:
    for _, name, protocol in (case for case in _cases() if case[0] == service):
        operation = specs.model(service).operation_model(name)
        shape = operation.output_shape
        if shape is None or operation.has_event_stream_output or name in SUPERSEDED:
            continue
        ours = samples.sample(shape)
        route = identify.Route(protocol, service, operation)
        reply = PROTOCOLS[protocol].render(route, ours, "00000000-0000-4000-8000-000000000000")
        body = reply.body if isinstance(reply.body, bytes) else b"".join(reply.body)
        parser = parsers.create_parser(BOTOCORE_NAME.get(protocol, protocol))
        if name == "GetBucketLocation":  # its root is its value, which botocore reads in an event handler
            assert body.endswith(b'xmlns="http://s3.amazonaws.com/doc/2006-03-01/">af-south-1</LocationConstraint>')
            continue
        payload = shape.members.get(shape.serialization.get("payload"))
        streamed = payload is not None and payload.type_name == "blob"
        answer = {
            "status_code": reply.status,
            "headers": HeadersDict(reply.headers),
            "body": samples.stream(body) if streamed else body,
        }
        got = parser.parse(answer, shape)
        assert got["ResponseMetadata"]["HTTPStatusCode"] == reply.status
        got.pop("ResponseMetadata")
        assert samples.plainly(shape, got) == samples.plainly(shape, ours), (name, protocol)


@pytest.mark.parametrize("service", SERVICES)
def test_empty_results(service: str) -> None:
    for _, name, protocol in (case for case in _cases() if case[0] == service):
        operation = specs.model(service).operation_model(name)
        if operation.output_shape is None or operation.has_event_stream_output or operation.has_streaming_output:
            continue
        reply = PROTOCOLS[protocol].render(identify.Route(protocol, service, operation), {}, "id")
        parser = parsers.create_parser(BOTOCORE_NAME.get(protocol, protocol))
        answer = {"status_code": reply.status, "headers": HeadersDict(reply.headers), "body": reply.body}
        got = parser.parse(answer, operation.output_shape)
        assert all(
            value in ("", {}, []) for key, value in got.items() if key not in ("ResponseMetadata", "StatusCode", "Status")
        ), name
