"""Senders that are slow, many, or do not stop: nobody else has to wait for them, and they are let go in the end."""

import hashlib
import http.client
import json
import resource
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from stageline.connections import bounded
from stageline.gateway.rim import bodies
from stageline.gateway.rim.bodies import Room
from stageline.testing.harness import serving

PATIENCE = 0.4
HEALTH = b"GET /_stageline/health HTTP/1.1\r\nHost: x\r\n\r\n"
TARGET = b"POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: CodePipeline_20150709.ListPipelines\r\n"
FORGED = (
    "Authorization: AWS4-HMAC-SHA256 Credential={}/{}/us-east-1/codepipeline/aws4_request, SignedHeaders=host, Signature={}\r\n"
)
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"


@dataclass
class Small:
    """The product with two threads for whole requests and two for uploads, little room, and little patience."""

    endpoint: str
    room: Room
    whole: Any
    before: tuple[int, int]

    def open(self) -> socket.socket:
        parts = urlsplit(self.endpoint)
        return socket.create_connection((parts.hostname or "", parts.port or 0), timeout=10)

    def healthy(self) -> None:
        """Somebody else is answered at once."""
        began = time.monotonic()
        with self.open() as connection:
            connection.sendall(HEALTH)
            assert connection.recv(4096).startswith(b"HTTP/1.1 200")
        assert time.monotonic() - began < 2

    def forged(self) -> bytes:
        """A header of somebody who knows the id of a key: the signature is looked at when the body is there."""
        now = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
        head = FORGED.format(self.whole.running.key.access_key_id, now[:8], "0" * 64) + f"X-Amz-Date: {now}\r\n"
        return head.replace("host,", "host;x-amz-date,").encode()

    def signed(self, key: str, length: int) -> bytes:
        """The head of an upload that the administrator signed."""
        url = urlsplit(self.whole.client("s3").generate_presigned_url("put_object", {"Bucket": "slow", "Key": key}))
        return f"PUT {url.path}?{url.query} HTTP/1.1\r\nHost: {url.netloc}\r\nContent-Length: {length}\r\n\r\n".encode()


@contextmanager
def started(
    whole: Any, *, patience: float = PATIENCE, most: int = 1000, memory: int = 4 * 1024**2, files: int = 4
) -> Iterator[Small]:
    room = Room(None, patience, memory, files)
    app = replace(whole.assembled.application, limiters=[], threads=2, room=room)
    with serving(app, http=bounded(most=most, patience=patience)) as endpoint:
        yield Small(endpoint, room, whole, (memory, files))


@pytest.fixture(scope="module", autouse=True)
def bucket(whole: Any) -> None:
    whole.client("s3").create_bucket(Bucket="slow")


@pytest.fixture(scope="module")
def small(whole: Any, bucket: None) -> Iterator[Small]:
    with started(whole) as found:
        yield found
        until(lambda: (found.room.memory, found.room.files) == found.before)
        assert not found.room.arriving


def until(found: Any, patience: float = 5) -> None:
    deadline = time.monotonic() + patience
    while not found():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def dribble(connections: list[socket.socket], piece: bytes, seconds: float) -> None:
    """Send a piece on each connection now and then, also when the other side has had enough."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for connection in connections:
            with suppress(OSError):
                connection.send(piece)
        time.sleep(PATIENCE / 5)


def rest(connection: socket.socket, patience: float = 8) -> bytes:
    """What is answered until the connection ends, which it must."""
    connection.settimeout(patience)
    got = b""
    with suppress(ConnectionError):
        while part := connection.recv(65_536):
            got += part
    return got


BODIES = [
    (TARGET + b"Content-Length: 1000\r\n\r\n", b"x"),
    (TARGET + b"Content-Length: 5000000\r\n\r\n", b"x"),
    (TARGET + b"Expect: 100-continue\r\nContent-Length: 1000\r\n\r\n", b"x"),
    (TARGET + CHUNKED, b"1\r\nx\r\n"),
    (TARGET + CHUNKED + b"0\r\n", b"X-A: b\r\n"),
    (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 900\r\n\r\n", b"A"),
    (b"PUT /slow/x HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\n", b"x"),
    (b"PUT /slow?policy HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 9000\r\n\r\n", b"x"),
    (b"POST /webhooks/trigger?t=x HTTP/1.1\r\nHost: x\r\n" + CHUNKED, b"1\r\nx\r\n"),
    (b"POST /v1/repos/x/git-upload-pack HTTP/1.1\r\nHost: x\r\n" + CHUNKED, b"1\r\nx\r\n"),
]


def test_bodies_that_dribble_take_no_thread_and_end(small: Small) -> None:
    """More of each kind than there are threads."""
    with ExitStack() as stack:
        opened = [stack.enter_context(small.open()) for _ in BODIES for _ in range(3)]
        for place, connection in enumerate(opened):
            connection.sendall(BODIES[place // 3][0])
        for place in range(len(BODIES)):
            dribble(opened[place * 3 : place * 3 + 3], BODIES[place][1], 0.01)
        small.healthy()
        end = time.monotonic() + 2 * PATIENCE
        while time.monotonic() < end:
            for place in range(len(BODIES)):
                dribble(opened[place * 3 : place * 3 + 3], BODIES[place][1], 0.001)
        small.healthy()
        for connection in opened:
            answer = rest(connection)
            assert b"HTTP/1.1 2" not in answer


def test_uploads_that_dribble_are_given_up(small: Small) -> None:
    with ExitStack() as stack:
        opened = [stack.enter_context(small.open()) for _ in range(4)]
        for connection in opened:
            connection.sendall(small.signed("dribbled", 500_000_000) + b"x" * 100)
        dribble(opened, b"x", 2 * PATIENCE)
        told = [rest(connection) for connection in opened]
        assert sum(b"RequestTimeout" in each for each in told) >= 2
    with small.open() as connection:
        connection.sendall(small.signed("quick", 3) + b"abc")
        assert connection.recv(4096).startswith(b"HTTP/1.1 200")


def test_who_is_slow_keeps_none_but_the_slow_waiting(whole: Any) -> None:
    """While nobody's patience ends: bodies take no thread, so large uploads come through; uploads take none of the others'."""
    with started(whole, patience=30) as found, ExitStack() as stack:
        for head, piece in BODIES:
            for _ in range(3):
                connection = stack.enter_context(found.open())
                connection.sendall(head.replace(b"X-Amz-T", found.forged() + b"X-Amz-T") + piece)
        with found.open() as connection:
            connection.sendall(found.signed("large", 12_000_000) + bytes(12_000_000))
            assert connection.recv(4096).startswith(b"HTTP/1.1 200")
        for _ in range(3):
            connection = stack.enter_context(found.open())
            connection.sendall(found.signed("dribbled", 500_000_000) + b"x" * 100)
        found.healthy()


def test_a_body_that_is_too_long_is_refused_unread(small: Small) -> None:
    for head in (TARGET, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"):
        with small.open() as connection:
            connection.sendall(head + b"Content-Length: 99000000\r\n\r\n")
            assert connection.recv(4096)[9:12] in (b"413", b"403", b"400")
    with small.open() as connection:  # and what is sent nevertheless, by and by, is not listened to for ever
        connection.sendall(TARGET + b"Content-Length: 99000000\r\n\r\n")
        connection.recv(4096)
        dribble([connection], b"x", 4 * PATIENCE)
        assert rest(connection) == b""


def test_heads_that_dribble_are_cut_off(small: Small) -> None:
    with ExitStack() as stack:
        opened = [stack.enter_context(small.open()) for _ in range(3)]
        opened[1].sendall(b"GET / HTTP/1.1\r\n")
        opened[2].sendall(HEALTH)
        assert opened[2].recv(4096).startswith(b"HTTP/1.1 200")
        opened[2].sendall(b"GET / HTTP/1.1\r\n")
        dribble(opened[1:], b"X-Y: z\r\n", 1.5 * PATIENCE)
        for connection in opened:
            assert rest(connection, 4 * PATIENCE) == b""


def test_the_slowest_gives_way_when_there_is_no_room(whole: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with started(whole, patience=30, memory=0, files=2) as found, ExitStack() as stack:
        opened = [stack.enter_context(found.open()) for _ in range(3)]
        for connection in opened:
            connection.sendall(TARGET + b"Content-Length: 1000\r\n\r\n{")
            time.sleep(0.05)
        opened[0].settimeout(3)
        assert opened[0].recv(4096).startswith(b"HTTP/1.1 408")
        found.healthy()
        opened[2].sendall(b" " * 998 + b"}")
        assert opened[2].recv(4096)[9:12] == b"400"  # it came through, to be found without a signature
        opened[1].close()
        until(lambda: found.room.files == 2)


@pytest.mark.parametrize("size", [10, 300_000, bodies.IN_MEMORY + 1, bodies.AHEAD - 1, bodies.AHEAD, bodies.AHEAD + 2_000_000])
@pytest.mark.parametrize("chunked", [True, False])
def test_bodies_of_every_length_arrive_as_they_are(small: Small, size: int, chunked: bool) -> None:
    data = hashlib.shake_128(b"x").digest(997) * (size // 997 + 1)
    data = data[:size]
    signer = small.whole.client("s3", request_checksum_calculation="when_required")
    url = signer.generate_presigned_url("put_object", {"Bucket": "slow", "Key": "length"})
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(urlsplit(small.endpoint).netloc, timeout=10)
    pieces = (data[at : at + 100_000] for at in range(0, size, 100_000))
    headers = {"Host": parts.netloc, **({"Transfer-Encoding": "chunked"} if chunked else {})}
    connection.request("PUT", f"{parts.path}?{parts.query}", pieces if chunked else data, headers, encode_chunked=chunked)
    answer = connection.getresponse()
    assert answer.status == 200, answer.read()
    answer.read()
    connection.close()
    found = small.whole.client("s3").get_object(Bucket="slow", Key="length")["Body"].read()
    assert hashlib.sha256(found).digest() == hashlib.sha256(data).digest()


def test_too_many_connections_give_way_to_new_ones(whole: Any) -> None:
    with started(whole, most=20) as found, ExitStack() as stack:
        opened = [stack.enter_context(found.open()) for _ in range(20)]
        for _ in range(5):
            found.healthy()
        assert rest(opened[0], 3) == b""


def test_who_does_not_read_is_let_go(whole: Any) -> None:
    whole.client("s3").put_object(Bucket="slow", Key="long", Body=bytes(30_000_000))
    url = urlsplit(whole.client("s3").generate_presigned_url("get_object", {"Bucket": "slow", "Key": "long"}))
    app = replace(whole.assembled.application, limiters=[], threads=2)
    with serving(app, http=bounded(patience=0.1)) as endpoint:
        parts = urlsplit(endpoint)
        with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=10) as connection:
            connection.sendall(f"GET {url.path}?{url.query} HTTP/1.1\r\nHost: {url.netloc}\r\n\r\n".encode())
            assert connection.recv(12) == b"HTTP/1.1 200"
            time.sleep(1.5)
            assert len(rest(connection)) < 30_000_000


def memory(pid: int) -> int:
    """Megabytes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmRSS:"))


def test_thousands_of_idle_connections(process: Any, wire: Any) -> None:
    """A server of its own: it answers, and does not grow beyond bounds."""
    count = min(10_000, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 500)
    before = memory(process.pid)
    with ExitStack() as stack:
        for _ in range(count):
            stack.enter_context(wire(process.endpoint).open())
        began = time.monotonic()
        assert wire(process.endpoint).say(HEALTH).startswith(b"HTTP/1.1 200")
        assert time.monotonic() - began < 3
        assert memory(process.pid) - before < 100
    assert wire(process.endpoint).say(HEALTH).startswith(b"HTTP/1.1 200")


def test_half_bodies_do_not_fill_the_memory(process: Any, wire: Any) -> None:
    before = memory(process.pid)
    half = json.dumps("x" * 900_000).encode()
    with ExitStack() as stack:
        for _ in range(150):
            connection = stack.enter_context(wire(process.endpoint).open())
            connection.sendall(TARGET + b"Content-Length: 1000000\r\n\r\n" + half)
        assert wire(process.endpoint).say(HEALTH).startswith(b"HTTP/1.1 200")
        assert memory(process.pid) - before < 120
    assert wire(process.endpoint).say(HEALTH).startswith(b"HTTP/1.1 200")
