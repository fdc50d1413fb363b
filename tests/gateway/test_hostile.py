"""Broken and hostile bodies: always an answer of the protocol, never a defect, never slow."""

import dataclasses
import itertools
import random
import time
from collections.abc import Iterator
from typing import Any

import pytest
from botocore import serialize
from botocore.awsrequest import create_request_object, prepare_request_dict

from stageline.gateway import chain, identify, specs
from stageline.gateway.http import BytesStream, RawRequest
from stageline.gateway.operations import Operation, Registry
from stageline.ports.api import ApiError, Caller

SERVICES = ("codebuild", "codecommit", "codepipeline", "iam", "lambda", "logs", "s3", "sqs", "sts")
ANYBODY = Caller(kind="user", arn="arn:aws:iam::000000000000:user/anybody")
BITS = [
    b"null", b"[]", b"{}", b"1e999", b"-1", b'"\\ud800"', b"true", b"NaN", b"[[[[", b"&a;", b"<x>", b"%00", b"%ff", b"&", b"=",
    b".1", b"\xff\xfe", b"99999999999999999999", b"\xd8\x1c\x81\xd8\x1d\x00",
    b"\xc1\xfb\x7f\xf0\x00\x00\x00\x00\x00\x00", b"\x00",
]  # fmt: skip


class Open:
    def require(self, ctx: Any, checks: Any, *, service: str) -> None:
        pass


class Still:
    def now(self) -> int:
        return 1_790_000_000_000


@pytest.fixture(scope="module")
def gateway() -> chain.Gateway:
    """Every operation of every service, each answering nothing."""
    operations = [
        Operation(service, name, specs.model(service).operation_model(name), lambda ctx, request: {}, lambda *_: [])
        for service in SERVICES
        for name in specs.model(service).operation_names
    ]
    return chain.Gateway(
        registry=Registry(operations, SERVICES),
        authenticate=lambda request, route, bucket: (ANYBODY, request.body),
        authorizer=Open(),
        clock=Still(),
        account="000000000000",
        region="us-east-1",
    )


def _value(shape: Any, depth: int = 0) -> Any:
    kind = shape.type_name
    if kind == "structure":
        deep = ("structure", "list", "map")
        return {n: _value(m, depth + 1) for n, m in shape.members.items() if depth < 4 or m.type_name not in deep}
    if kind == "list":
        return [_value(shape.member, depth + 1)]
    if kind == "map":
        return {"key": _value(shape.value, depth + 1)}
    plain = {"integer": 7, "long": 8, "boolean": True, "float": 1.5, "double": 2.5, "timestamp": 1_790_000_000, "blob": b"bytes"}
    return shape.metadata["enum"][0] if shape.metadata.get("enum") else plain.get(kind, "text")


def _seeds() -> Iterator[tuple[RawRequest, bytes]]:
    for service in SERVICES:
        model = specs.model(service)
        declared = (
            ["json", "smithy-rpc-v2-cbor"]
            if "smithy-rpc-v2-cbor" in model.metadata["protocols"]
            else [model.metadata["protocol"]]
        )
        for protocol, name in itertools.product(declared, model.operation_names):
            operation = model.operation_model(name)
            if operation.input_shape is None:
                continue
            serializer = serialize.create_serializer(protocol, include_validation=False)
            sent = serializer.serialize_to_request(_value(operation.input_shape), operation)
            prepare_request_dict(sent, "http://127.0.0.1")
            found = create_request_object(sent).prepare()
            path, _, query = found.url.removeprefix("http://127.0.0.1").partition("?")
            headers = [
                (key.lower(), value.decode() if isinstance(value, bytes) else str(value)) for key, value in found.headers.items()
            ]
            headers.append(("authorization", f"Credential=AK/20260101/us-east-1/{specs.signing_name(service)}/aws4_request"))
            body = found.body or b""
            data = body.read() if hasattr(body, "read") else body.encode() if isinstance(body, str) else bytes(body)
            yield RawRequest(found.method, path, query, tuple(headers)), data


def _broken(data: bytes, dice: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(dice.randint(1, 5)):
        at = dice.randrange(len(changed) + 1)
        match dice.randint(0, 4):
            case 0:
                del changed[at : at + dice.randint(1, 20)]
            case 1:
                changed[at:at] = bytes(dice.randrange(256) for _ in range(dice.randint(1, 5)))
            case 2:
                changed[at:at] = dice.choice(BITS)
            case 3:
                start = dice.randrange(len(changed) + 1)
                changed[at:at] = changed[start : start + 50]
            case _:
                changed[at : at + 1] = dice.choice([b'"', b"{", b"}", b"[", b"]", b":", b",", b"0"])
    return bytes(changed)


def test_mutated_requests_are_refused_not_stumbled_over(gateway: chain.Gateway) -> None:
    dice = random.Random(7)
    seeds = [(raw, body) for raw, body in _seeds() for _ in range(12)]
    statuses = set()
    for raw, body in seeds:
        request = dataclasses.replace(raw, body=BytesStream(_broken(body, dice)))
        if dice.random() < 0.3:
            request = dataclasses.replace(request, raw_path=_broken(raw.raw_path.encode(), dice).decode("latin-1"))
        if dice.random() < 0.3:
            request = dataclasses.replace(request, raw_query=_broken(raw.raw_query.encode(), dice).decode("latin-1"))
        statuses.add(chain.answer(gateway, request).status)
        assert not gateway.bugs, (raw, gateway.bugs)
    assert {200, 400, 404} <= statuses


def _json(body: bytes, target: str = "CodePipeline_20150709.ListPipelines") -> RawRequest:
    return RawRequest("POST", "/", "", (("x-amz-target", target),), BytesStream(body))


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"maxResults":' * 50_000,
        b'{"x":' + b"[" * 500 + b"]" * 500 + b"}",
        b'{"maxResults":1,"maxResults":2}',
        b'{"maxResults":NaN}',
        b'{"maxResults":Infinity}',
        b'{"maxResults":1e999}',
        b'{"maxResults":true}',
        b'{"maxResults":"1"}',
        b'{"maxResults":' + b"9" * 5_000 + b"}",
        b'{"nextToken":"\\ud800"}',
        b'{"nextToken":7}',
        b'{"nextToken":{"a":1}}',
        b'{"nextToken":"\xff"}',
        b"[]",
        b'"x"',
        b"{",
        b"\xef\xbb\xbf{}",
        "{}".encode("utf-16"),
    ],
)
def test_bad_json(gateway: chain.Gateway, body: bytes) -> None:
    began = time.monotonic()
    reply = chain.answer(gateway, _json(body))
    assert (reply.status, reply.headers["x-amzn-ErrorType"]) == (400, "SerializationException")
    assert time.monotonic() - began < 2


def test_empty_requests_to_every_operation(gateway: chain.Gateway) -> None:
    for operation in gateway.registry:
        metadata = operation.model.service_model.metadata
        if "targetPrefix" in metadata:
            reply = chain.answer(gateway, _json(b"{}", f"{metadata['targetPrefix']}.{operation.model.name}"))
        elif metadata["protocol"] == "query":
            query = f"Action={operation.model.name}&Version={metadata['apiVersion']}"
            reply = chain.answer(gateway, RawRequest("GET", "/", query, ()))
        else:
            continue
        needed = operation.model.input_shape is not None and operation.model.input_shape.required_members
        assert reply.status == (400 if needed else 200), operation.model.name


def test_good_json_in_odd_dress(gateway: chain.Gateway) -> None:
    for body in (
        b"",
        b" {} ",
        b'{"maxResults":null}',
        b'{"unheard":[[1]]}',
        b'{"maxResults":5.0}',
        b'{"nextToken":"\\u00e9\\ud83d\\ude00"}',
    ):
        assert chain.answer(gateway, _json(body)).status == 200


def test_bad_cbor(gateway: chain.Gateway) -> None:
    headers = (("smithy-protocol", "rpc-v2-cbor"), ("content-type", "application/cbor"))
    for text in (
        "a1",
        "81" * 50_000 + "01",
        "a26161016161 02",
        "d81c81d81d00",
        "80",
        "a1616161ff",
        "a16a6d6178526573756c7473c249" + "ff" * 9,
    ):
        body = BytesStream(bytes.fromhex(text))
        raw = RawRequest("POST", "/service/CodePipeline_20150709/operation/ListPipelines", "", headers, body)
        reply = chain.answer(gateway, raw)
        assert (reply.status, reply.headers["x-amzn-ErrorType"]) == (400, "SerializationException"), text


@pytest.mark.parametrize(
    "body",
    [
        "UserName=a&UserName=b",
        "Tags.member.x.Key=a",
        "Tags.member.1.Key.deeper.than.the.shape.goes=1" + ".x" * 40 + "=1",
        "MaxItems=x",
        "MaxItems=99999999999999999999",
    ],
)
def test_bad_forms(gateway: chain.Gateway, body: str) -> None:
    text = f"Action=ListUsers&Version=2010-05-08&{body}" if "MaxItems" in body else f"Action=CreateUser&Version=2010-05-08&{body}"
    headers = (("content-type", "application/x-www-form-urlencoded"),)
    reply = chain.answer(gateway, RawRequest("POST", "/", "", headers, BytesStream(text.encode())))
    assert reply.status == 400
    assert isinstance(reply.body, bytes)
    assert b"<Code>Malformed" in reply.body


def test_a_header_cannot_be_split(gateway: chain.Gateway) -> None:
    found = dataclasses.replace(
        gateway,
        registry=Registry(
            [
                dataclasses.replace(
                    operation, invoke=lambda ctx, request: {"Metadata": {"a": "x\r\nSet-Cookie: y"}, "ETag": "\n"}
                )
                for operation in gateway.registry
                if operation.name == "HeadObject"
            ],
            SERVICES,
        ),
    )
    reply = chain.answer(found, RawRequest("HEAD", "/b/k", "", (), BytesStream()))
    assert all("\n" not in value and "\r" not in value for value in reply.headers.values())


def test_errors_in_services_that_are_not_served(gateway: chain.Gateway) -> None:
    catalog = specs.catalog(["sts"])
    with pytest.raises(ApiError) as caught:
        identify.route("rest-xml", RawRequest("GET", "/b", "", ()), catalog, identify.Hosts())
    assert caught.value.code == "NotImplemented"
