"""Sending requests as any client could, bytes that no SDK would send among them, and holding the answers against the model."""

import http.client
import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import urlsplit

import cbor2
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.model import OperationModel, Shape

from stageline.testing.harness import Key

COMMON = frozenset(
    {
        "AccessDeniedException",
        "NotImplementedException",
        "RequestEntityTooLargeException",
        "SerializationException",
        "ValidationException",
    }
)
"""Errors that every operation of a JSON service may answer with."""
IDLE = 1.0
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Answer:
    """An answer: its status, the error code (empty for a result), the text of the error, and the body as it was decoded."""

    status: int
    code: str
    message: str
    body: Any


@dataclass
class Wire:
    """One kept-open connection to a server, signing as one principal."""

    endpoint: str
    region: str
    key: Key
    timeout: float = 120

    def __post_init__(self) -> None:
        self._host = urlsplit(self.endpoint).netloc
        self._connection = http.client.HTTPConnection(self._host, timeout=self.timeout)
        self._used = time.monotonic()

    def ask(self, protocol: str, operation: OperationModel, body: bytes) -> Answer:
        """Send a body to an operation, by ``json`` or by ``cbor``."""
        url, headers = _address(protocol, operation, self.endpoint)
        request = AWSRequest("POST", url, headers=headers, data=body)
        SigV4Auth(
            Credentials(self.key.access_key_id, self.key.secret), operation.service_model.signing_name, self.region
        ).add_auth(request)
        if time.monotonic() - self._used > IDLE:
            self._connection.close()  # the server may have; the next request opens it again
        self._connection.request("POST", urlsplit(url).path, body, dict(request.headers))
        answer = self._connection.getresponse()
        data = answer.read()
        self._used = time.monotonic()
        return _answer(protocol, answer.status, answer.headers.get("x-amzn-ErrorType", ""), data)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def _address(protocol: str, operation: OperationModel, endpoint: str) -> tuple[str, dict[str, str]]:
    model = operation.service_model
    target = model.metadata["targetPrefix"]
    if protocol == "cbor":
        headers = {"smithy-protocol": "rpc-v2-cbor", "content-type": "application/cbor", "accept": "application/cbor"}
        return f"{endpoint}/service/{target}/operation/{operation.name}", headers
    version = model.metadata.get("jsonVersion", "1.1")
    return f"{endpoint}/", {"x-amz-target": f"{target}.{operation.name}", "content-type": f"application/x-amz-json-{version}"}


def _answer(protocol: str, status: int, header: str, data: bytes) -> Answer:
    body = (cbor2.loads(data) if protocol == "cbor" else json.loads(data)) if data else {}
    if status < 300:
        return Answer(status, "", "", body)
    code = str(body.get("__type", "")).rpartition("#")[2]
    return Answer(
        status, code if code == header else f"{code} in the body, {header} in the header", body.get("message", ""), body
    )


def encoded(rng: Random, protocol: str, request: Any, *, spoil: bool) -> bytes:
    """A request as bytes; ``spoil`` now and then gives a name twice, cuts the end off or changes bytes."""
    data = _cbor(request) if protocol == "cbor" else json.dumps(request).encode()
    if not spoil or rng.random() > 0.12:
        return data
    if isinstance(request, dict) and request and rng.random() < 0.5:
        return _twice(rng, protocol, request, data)
    at = rng.randrange(len(data))
    return rng.choice((data[:at], data[:at] + rng.randbytes(2) + data[at + 2 :], data + data[:1], b"\xff" + data))


def _cbor(request: Any) -> bytes:
    try:
        return cbor2.dumps(request)
    except UnicodeEncodeError:
        return cbor2.dumps(_plain(request))


def _plain(value: Any) -> Any:
    """CBOR has no half characters."""
    if isinstance(value, str):
        return _SURROGATE.sub("?", value)
    if isinstance(value, dict):
        return {_plain(key): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _twice(rng: Random, protocol: str, request: dict[str, Any], data: bytes) -> bytes:
    name = rng.choice(sorted(request))
    if protocol == "json":
        return b"{" + json.dumps(name).encode() + b":" + json.dumps(request[name]).encode() + b"," + data[1:]
    if len(request) > 22:
        return data
    return bytes([0xA1 + len(request)]) + _cbor(name) + _cbor(request[name]) + data[1:]


def wrong(operation: OperationModel, answer: Answer, further: frozenset[str] = frozenset()) -> list[str]:
    """What an answer has that the model does not; ``further`` are error codes that are known to be beside it."""
    if not answer.code:
        shape = operation.output_shape
        return list(_faults(shape, answer.body, operation.name)) if shape is not None else []
    declared = {shape.name for shape in operation.error_shapes} | COMMON | further
    found = []
    if answer.status >= 500 and (answer.status, answer.code) != (501, "NotImplementedException"):
        found.append(f"{operation.name} answered {answer.status} {answer.code}")
    if answer.code not in declared:
        found.append(f"{operation.name} does not declare {answer.code}")
    if not answer.message or not isinstance(answer.message, str):
        found.append(f"{operation.name} says nothing with {answer.code}")
    return found


def _faults(shape: Shape, value: Any, path: str) -> Iterator[str]:
    kind = shape.type_name
    if kind == "structure" and isinstance(value, dict):
        yield from (f"{path}.{name} is missing" for name in shape.required_members if name not in value)
        for name, item in value.items():
            if name in shape.members:
                yield from _faults(shape.members[name], item, f"{path}.{name}")
            else:
                yield f"{path}.{name} is not in the model"
    elif kind == "list" and isinstance(value, list):
        for item in value:
            yield from _faults(shape.member, item, f"{path}[]")
    elif kind == "map" and isinstance(value, dict):
        for item in value.values():
            yield from _faults(shape.value, item, f"{path}{{}}")
    elif kind in ("structure", "list", "map") or not isinstance(value, _PYTHON.get(kind, (object,))):
        yield f"{path} is a {type(value).__name__}, not a {kind}"
    elif "enum" in shape.metadata and value not in shape.metadata["enum"]:
        yield f"{path} is {value!r}, which its enum does not have"


_PYTHON: dict[str, tuple[type, ...]] = {"string": (str,), "integer": (int,), "long": (int,), "boolean": (bool,)}
