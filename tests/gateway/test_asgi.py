"""Bodies and connections at the rim, spoken to through bare sockets."""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest

from stageline.gateway.asgi import build_app
from stageline.ports.api import ApiError
from stageline.ports.http import HttpRequest, HttpResponse
from stageline.testing.harness import serving


@contextmanager
def connected(endpoint: str) -> Iterator[socket.socket]:
    url = urlsplit(endpoint)
    with socket.create_connection((url.hostname or "", url.port or 0), timeout=10) as connection:
        yield connection


def answer(connection: socket.socket) -> tuple[int, dict[str, str], bytes]:
    file = connection.makefile("rb")
    status = int(file.readline().split()[1])
    headers: dict[str, str] = {}
    while (line := file.readline().strip()) != b"":
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.lower()] = value.strip()
    return status, headers, file.read(int(headers.get("content-length", 0)))


def broken() -> Iterator[bytes]:
    yield b"half"
    raise RuntimeError("torn")


class Echo:
    """A front door that counts and returns what it is sent."""

    def takes(self, request: HttpRequest) -> bool:
        return request.path.startswith("/echo")

    def handle(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/echo/refuse":
            raise ApiError("No", "not today", 418)
        if request.path == "/echo/break":
            return HttpResponse(200, {"Content-Length": "10"}, broken())
        if request.path == "/echo/fail":
            raise RuntimeError("oops")
        size = 0
        while part := request.body.read(100_000):
            size += len(part)
        facts = {
            "size": size,
            "path": request.path,
            "query": request.query,
            "endpoint": request.endpoint,
            "ip": request.source_ip,
        }
        return HttpResponse(200, {"Content-Type": "application/json"}, iter([json.dumps(facts).encode()]))


@contextmanager
def door(world: Any, standin_services: Any) -> Iterator[tuple[str, Any]]:
    ports = {"identity": world.people, "clock": world.clock, "authorizer": world.bouncer, "shelf": {}, "aws": None}
    app = build_app(account="000000000000", region="us-east-1", ports=ports, package=standin_services, doors=[Echo()])
    with serving(app) as endpoint:
        yield endpoint, app


def test_front_doors_get_what_was_sent(world: Any, standin_services: Any) -> None:
    with door(world, standin_services) as (endpoint, app), connected(endpoint) as connection:
        host = endpoint.removeprefix("http://")
        connection.sendall(f"POST /echo/a%2Fb?x=%20y HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
        for _ in range(30):
            connection.sendall(b"20000\r\n" + b"x" * 0x20000 + b"\r\n")
        connection.sendall(b"0\r\n\r\n")
        file = connection.makefile("rb")
        head = b"".join(iter(file.readline, b"\r\n"))
        assert head.startswith(b"HTTP/1.1 200")
        facts = json.loads(file.read(int(file.readline(), 16)))
        assert facts == {
            "size": 30 * 0x20000,
            "path": "/echo/a%2Fb",
            "query": "x=%20y",
            "endpoint": endpoint,
            "ip": "127.0.0.1",
        }
        assert not app.gateway.bugs


def test_front_doors_that_refuse_or_fail(world: Any, standin_services: Any) -> None:
    with door(world, standin_services) as (endpoint, app):
        for path, status, body in (("refuse", 418, b"not today\n"), ("fail", 500, b"internal error\n")):
            with connected(endpoint) as connection:
                connection.sendall(f"GET /echo/{path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
                assert answer(connection)[::2] == (status, body)
        assert [str(bug) for bug in app.gateway.bugs] == ["oops"]


def test_an_answer_that_breaks_off_is_cut_and_remembered(
    world: Any, standin_services: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with door(world, standin_services) as (endpoint, app), connected(endpoint) as connection:
        connection.sendall(b"GET /echo/break HTTP/1.1\r\nHost: x\r\n\r\n")
        data = b""
        while part := connection.recv(65536):
            data += part
        assert data.endswith(b"\r\n\r\nhalf")
        assert "torn" in repr(app.gateway.bugs)


def test_a_sender_that_waits_for_a_go_ahead_gets_the_refusal_instead(world: Any) -> None:
    with connected(world.server.endpoint) as connection:
        connection.sendall(b"PUT /b/k HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
        status, headers, body = answer(connection)
        assert (status, headers["content-type"]) == (403, "application/xml")
        assert b"AccessDenied" in body


def test_a_connection_goes_on_after_a_refusal_that_left_the_body_unread(world: Any) -> None:
    with connected(world.server.endpoint) as connection:
        connection.sendall(b"PUT /b/k HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n")
        connection.sendall(b"x" * 3_000_000)
        assert answer(connection)[0] == 403
        try:
            connection.sendall(b"GET /_stageline/health HTTP/1.1\r\nHost: x\r\n\r\n")
            assert answer(connection)[0] == 200
        except (ConnectionError, IndexError):
            pass  # closing is the other proper end


def test_a_sender_that_leaves_in_the_middle_is_no_defect(world: Any) -> None:
    for length in (1_000, 5_000_000):
        with connected(world.server.endpoint) as connection:
            connection.sendall(f"PUT /b/gone HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\nabc".encode())
            time.sleep(0.05)
    with connected(world.server.endpoint) as connection:
        connection.sendall(b"GET /_stageline/health HTTP/1.1\r\nHost: x\r\n\r\n")
        assert answer(connection)[0] == 200
    assert "b/gone" not in world.shelf
    world.server.assert_no_bugs()


def test_head_has_the_length_and_no_body(world: Any) -> None:
    client = world.server.client("s3")
    client.put_object(Bucket="b", Key="headed", Body=b"12345")
    assert client.head_object(Bucket="b", Key="headed")["ContentLength"] == 5
    with connected(world.server.endpoint) as connection:
        connection.sendall(b"HEAD /_stageline/health HTTP/1.1\r\nHost: x\r\n\r\n")
        connection.settimeout(1)
        head = connection.recv(4096)
        assert head.endswith(b"\r\n\r\n")
        assert b"content-length: 15" in head.lower()


def test_pipelined_requests_are_answered_in_order(world: Any) -> None:
    with connected(world.server.endpoint) as connection:
        connection.sendall(
            b"GET /_stageline/health HTTP/1.1\r\nHost: x\r\n\r\nGET /b/k HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        )
        data = b""
        while part := connection.recv(65536):
            data += part
        assert data.startswith(b"HTTP/1.1 200 OK")
        assert b"HTTP/1.1 403" in data


def test_a_body_that_is_refused_unread_ends_the_connection(world: Any, standin_services: Any) -> None:
    """Whoever waits for "100 Continue" never sends that body: what comes next would be taken for it."""
    with door(world, standin_services) as (endpoint, _), connected(endpoint) as connection:
        connection.sendall(b"PUT /echo/refuse HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
        status, headers, _ = answer(connection)
        assert (status, headers.get("connection")) == (418, "close")
        assert connection.recv(1) == b""
