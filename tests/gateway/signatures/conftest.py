"""Requests signed by botocore's own signers, turned into what the server sees."""

import io
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from stageline.gateway.authenticate import Authenticated, authenticate
from stageline.gateway.http import BytesStream, RawRequest
from stageline.ports.api import ApiError, Caller
from stageline.ports.identity import Credential

KEY = "AKIAIOSFODNN7EXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
TEMPORARY = "ASIAIOSFODNN7EXAMPLE"
TOKEN = "IQoJb3JpZ2luX2VjEHI//////////wEaCXVzLWVhc3QtMSJH+/=="
ALICE = Caller(kind="user", arn="arn:aws:iam::000000000000:user/alice", user_id="AIDAALICE", account="000000000000")


@dataclass
class Keys:
    """The part of the identity port that authentication asks: a table of keys."""

    table: dict[str, Credential]
    uses: list[tuple[str, str, str]] = field(default_factory=list)

    def credential(self, access_key_id: str, session_token: str = "") -> Credential | None:
        found = self.table.get(access_key_id)
        return None if found is None or (found.session_token and found.session_token != session_token) else found

    def used(self, access_key_id: str, service: str, region: str) -> None:
        self.uses.append((access_key_id, service, region))


@dataclass
class FixedClock:
    at: int

    def now(self) -> int:
        return self.at


@dataclass
class World:
    """A server's view: keys and the time. ``offset`` moves the server's clock, in milliseconds."""

    keys: Keys
    offset: int = 0
    region: str = "us-east-1"

    def authenticate(self, request: RawRequest, service: str, bucket: str = "") -> Authenticated:
        clock = FixedClock(int(time.time() * 1000) + self.offset)
        return authenticate(
            request,
            service,
            identity=self.keys,  # type: ignore[arg-type]
            clock=clock,
            region=self.region,
            bucket=bucket,
        )

    def refused(self, request: RawRequest, service: str, *, read: bool = True) -> ApiError:
        def attempt() -> None:
            result = self.authenticate(request, service)
            while read and result.body.read(1000):
                pass

        with pytest.raises(ApiError) as caught:
            attempt()
        return caught.value


@pytest.fixture
def world() -> World:
    return World(
        Keys(
            {
                KEY: Credential(KEY, SECRET, ALICE),
                TEMPORARY: Credential(TEMPORARY, SECRET, ALICE, TOKEN, int(time.time() * 1000) + 3_600_000),
                "AKIAINACTIVE": Credential("AKIAINACTIVE", SECRET, ALICE, active=False),
            }
        )
    )


def raw(
    method: str, url: str, headers: Mapping[str, str] | list[tuple[str, str]], body: bytes = b"", **changes: Any
) -> RawRequest:
    """What arrives at the server when a client sends this."""
    split = urlsplit(url)
    pairs = list(headers.items() if isinstance(headers, Mapping) else headers)
    sent = [(name.lower(), str(value).strip()) for name, value in pairs]
    if not any(name == "host" for name, _ in sent):
        sent.insert(0, ("host", split.netloc))
    if body and not any(name in ("content-length", "transfer-encoding") for name, _ in sent):
        sent.append(("content-length", str(len(body))))
    fields: dict[str, Any] = {
        "method": method,
        "raw_path": split.path,
        "raw_query": split.query,
        "headers": tuple(sent),
        "body": BytesStream(body),
        "scheme": split.scheme,
    }
    return RawRequest(**{**fields, **changes})


Signed = Callable[..., RawRequest]


@pytest.fixture
def signed() -> Signed:
    """Sign with one of botocore's signers and return what the server sees."""

    def sign(
        signer: Callable[[Credentials], Any],
        method: str = "POST",
        url: str = "http://127.0.0.1:4566/",
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        key: str = KEY,
        token: str | None = None,
        context: Mapping[str, Any] | None = None,
    ) -> RawRequest:
        credentials = Credentials(key, SECRET, token)
        request = AWSRequest(method=method, url=url, data=body, headers=dict(headers or {}))
        request.context.update(context or {})
        signer(credentials).add_auth(request)
        prepared = request.prepare()
        names = [(name, value) for name, value in prepared.headers.items() if name.lower() != "content-length"]
        text = [(name, value.decode() if isinstance(value, bytes) else str(value)) for name, value in names]
        return raw(method, prepared.url, text, body)

    return sign


class Drip(io.BytesIO):
    """A body that comes in small pieces, as from a slow network."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(7 if size is None or size < 0 else min(size, 7))


def pieces(data: bytes, size: int) -> Iterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]
