"""Requests in every protocol that an operation is spoken in, signed by hand, so that any part of them can be forged after that.

The signer is one of its own (AWS, Signature Version 4): SDKs neither sign for another instant nor send what they have not signed.
"""

import hashlib
import hmac
import http.client
import json
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

import cbor2
from botocore import serialize
from botocore.awsrequest import create_request_object, prepare_request_dict
from botocore.model import OperationModel

from stageline.gateway import specs
from stageline.testing.harness import Key

_ALGORITHM = "AWS4-HMAC-SHA256"
_SERIALIZERS = {"json": "json", "cbor": "smithy-rpc-v2-cbor", "query": "query", "query-get": "query", "rest-xml": "rest-xml"}
_NOWHERE = "http://127.0.0.1"
_CODE = re.compile(rb"<Code>([^<]*)</Code>")


def spoken(operation: OperationModel) -> tuple[str, ...]:
    """The protocols that this server understands for an operation."""
    service = operation.service_model
    if "targetPrefix" in service.metadata:
        return ("json", "cbor")
    return ("query", "query-get") if specs.family(service.service_name) == specs.QUERY else (specs.family(service.service_name),)


@dataclass(frozen=True)
class Sent:
    """A request as it goes over the wire, all but its Host header. ``target`` is the path with the query."""

    service: str
    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def with_headers(self, headers: Mapping[str, str]) -> "Sent":
        """The same with further headers, or with others in their place; names are in lower case."""
        return replace(self, headers={**self.headers, **headers})


def written(operation: OperationModel, protocol: str, request: Mapping[str, Any]) -> Sent:
    """A request to an operation, not signed yet."""
    serializer = serialize.create_serializer(_SERIALIZERS[protocol], include_validation=False)
    made = serializer.serialize_to_request(dict(request), operation)
    prepare_request_dict(made, _NOWHERE)
    found = create_request_object(made).prepare()
    body = found.body or b""
    data = body.read() if hasattr(body, "read") else body.encode() if isinstance(body, str) else bytes(body)
    headers = {name.lower(): value.decode() if isinstance(value, bytes) else str(value) for name, value in found.headers.items()}
    headers.pop("content-length", None)
    sent = Sent(operation.service_model.service_name, found.method, found.url.removeprefix(_NOWHERE), headers, data)
    if protocol != "query-get":
        return sent
    headers.pop("content-type", None)
    return replace(sent, method="GET", target=f"/?{data.decode()}", headers=headers, body=b"")


@dataclass(frozen=True)
class Signer:
    """Signs as a key, for a server."""

    key: Key
    region: str
    host: str

    def sign(self, sent: Sent, instant: float | None = None) -> Sent:
        """The request with its Authorization header; ``instant`` (seconds) is when it says that it was made, now unless given.

        All its headers are signed.
        """
        stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(instant))
        hashed = hashlib.sha256(sent.body).hexdigest()
        headers = {**sent.headers, "x-amz-date": stamp}
        if sent.service == "s3":
            headers["x-amz-content-sha256"] = hashed
        if self.key.session_token:
            headers["x-amz-security-token"] = self.key.session_token
        names = sorted({*headers, "host"})
        lines = "".join(f"{name}:{headers.get(name, self.host)}\n" for name in names)
        path, _, query = sent.target.partition("?")
        pairs = sorted(part if "=" in part else f"{part}=" for part in query.split("&") if part)
        canonical = "\n".join((sent.method, path, "&".join(pairs), lines, ";".join(names), hashed))
        name = specs.signing_name(sent.service)
        scope = f"{stamp[:8]}/{self.region}/{name}/aws4_request"
        text = "\n".join((_ALGORITHM, stamp, scope, hashlib.sha256(canonical.encode()).hexdigest()))
        key = f"AWS4{self.key.secret}".encode()
        for part in (stamp[:8], self.region, name, "aws4_request"):
            key = hmac.digest(key, part.encode(), "sha256")
        signature = hmac.digest(key, text.encode(), "sha256").hex()
        said = f"Credential={self.key.access_key_id}/{scope}, SignedHeaders={';'.join(names)}, Signature={signature}"
        return replace(sent, headers={**headers, "authorization": f"{_ALGORITHM} {said}"})


@dataclass(frozen=True)
class Said:
    """An answer: its status and error code; the code is empty for a result, and where the answer had no body."""

    status: int
    code: str
    body: bytes = field(repr=False)


class Line:
    """One connection to a server that is kept open."""

    def __init__(self, endpoint: str) -> None:
        self.host = urlsplit(endpoint).netloc
        self._connection = http.client.HTTPConnection(self.host, timeout=30)

    def say(self, sent: Sent) -> Said:
        """Send a request as it is."""
        self._connection.request(sent.method, sent.target, sent.body or None, dict(sent.headers))
        answer = self._connection.getresponse()
        body = answer.read()
        return Said(answer.status, _code(answer.status, answer.headers.get("content-type", ""), body), body)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def _code(status: int, media: str, body: bytes) -> str:
    if status < 300 or not body:
        return ""
    if "xml" in media:
        found = _CODE.search(body)
        return found[1].decode() if found else "?"
    if "cbor" not in media and "json" not in media:
        return "?"
    told: Any = cbor2.loads(body) if "cbor" in media else json.loads(body)
    return str(told.get("__type", "?")).rpartition("#")[2]


def everything(operations: Iterator[OperationModel]) -> Iterator[tuple[OperationModel, str]]:
    """Every operation once for each protocol that it is spoken in."""
    return ((operation, protocol) for operation in operations for protocol in spoken(operation))
