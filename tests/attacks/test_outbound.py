"""Where the server can be made to connect to: by addresses in every spelling, names that change, redirects, submodules."""

import functools
import os
import secrets
import socket
import struct
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from botocore.exceptions import ClientError

from stageline.outbound import Gate, Refused, Way, connect
from stageline.testing.process import ServerProcess

METADATA = [
    "169.254.169.254",
    "2852039166",
    "0xa9fea9fe",
    "0251.0376.0251.0376",
    "169.254.43518",
    "169.0xfe.0251.254",
    "::ffff:169.254.169.254",
    "::ffff:a9fe:a9fe",
    "::169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::a9fe:a9fe",
    "2002:a9fe:a9fe::1",
    "::ffff:0:a9fe:a9fe",
    "fe80::1%1",
    "fd00:ec2::254",
    "100.100.100.200",
    "0.0.0.0",
    "0",
    "::",
    "224.0.0.1",
]
LOOPBACK = ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f.1", "017700000001", "::1", "::ffff:127.0.0.1"]
PRIVATE = [*LOOPBACK, "10.0.0.1", "172.16.0.1", "192.168.0.1", "100.64.0.1", "fd00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1"]


@pytest.mark.parametrize("host", METADATA)
def test_a_metadata_address_is_refused_in_every_spelling(host: str) -> None:
    with pytest.raises(Refused):
        connect(host, 80, Way(timeout=1))


@pytest.mark.parametrize("host", PRIVATE)
def test_private_addresses_are_refused_where_they_are_not_allowed(host: str) -> None:
    with pytest.raises(Refused, match="public"):
        connect(host, 80, Way(private=False, timeout=1))


class Names:
    """A DNS server with one zone: ``A-B-C-D.test`` is that address, ``rebound.test`` another one each time."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            query, client = self._socket.recvfrom(512)
            if not query:
                return
            first = query[13 : 13 + query[12]].decode()
            self.asked.append(first)
            turn = "127.0.0.1" if self.asked.count(first) % 2 else "169.254.169.254"
            address = socket.inet_aton(turn if first == "rebound" else first.replace("-", "."))
            answer = query[:2] + b"\x84\x00" + query[4:6] + b"\x00\x01" + bytes(4) + query[12:]
            self._socket.sendto(answer + b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 0, 4) + address, client)

    def resolve(self, host: str, port: int) -> list[tuple[Any, ...]]:
        """As the system's resolver, by this server."""
        question = b"".join(bytes([len(part)]) + part.encode() for part in host.split(".")) + b"\0"
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.settimeout(5)
            asking.connect(self._socket.getsockname())
            asking.send(secrets.token_bytes(2) + b"\x01\x00\x00\x01" + bytes(6) + question + b"\x00\x01\x00\x01")
            return socket.getaddrinfo(socket.inet_ntoa(asking.recv(512)[-4:]), port, type=socket.SOCK_STREAM)

    def close(self) -> None:
        self._socket.sendto(b"", self._socket.getsockname())
        self._thread.join()
        self._socket.close()


@pytest.fixture
def names() -> Iterator[Names]:
    made = Names()
    yield made
    made.close()


def test_a_name_counts_as_what_it_leads_to(names: Names) -> None:
    way = Way(resolve=names.resolve, timeout=2)
    with pytest.raises(Refused, match=r"169\.254\.169\.254"):
        connect("169-254-169-254.test", 80, way)
    with pytest.raises(Refused):
        connect("127-0-0-1.test", 80, Way(private=False, resolve=names.resolve))


def test_a_name_that_changes_is_asked_for_once(names: Names) -> None:
    way = Way(resolve=names.resolve, timeout=2)
    with socket.create_server(("127.0.0.1", 0)) as server:
        with connect("rebound.test", server.getsockname()[1], way) as connection:
            assert connection.getpeername() == server.getsockname()
        assert names.asked == ["rebound"]
        with pytest.raises(Refused):
            connect("rebound.test", server.getsockname()[1], way)


def spoken(url: str, *parts: bytes) -> bytes:
    """What a gate says at last to a client that says all of this."""
    with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), timeout=5) as client:
        said = b""
        for part in parts:
            client.sendall(part)
            said = client.recv(100)
        return said


def test_a_gate_is_for_those_who_know_its_password() -> None:
    with Gate(Way()) as gate:
        password = gate.url.partition("gate:")[2].partition("@")[0].encode()
        login = b"\x01\x04gate" + bytes([len(password)])
        assert spoken(gate.url, b"\x05\x01\x00") == b"\x05\xff"
        assert spoken(gate.url, b"\x04\x01\x00\x50\x7f\x00\x00\x01") == b"\x05\xff"
        assert spoken(gate.url, b"\x05\x01\x02", login + b"x" * len(password)) == b"\x01\x01"
        to = b"\x05\x01\x00\x01\xa9\xfe\xa9\xfe\x00\x50"
        assert spoken(gate.url, b"\x05\x01\x02", login + password, to)[:2] == b"\x05\x02"
        assert gate.refusals
        url = gate.url
    with pytest.raises(ConnectionRefusedError):
        spoken(url, b"\x05")


class Redirecting(BaseHTTPRequestHandler):
    """Sends everybody on to where the first part of the path says, in hexadecimal; remembers who came with what."""

    came: list[str | None]

    def do_GET(self) -> None:
        self.came.append(self.headers.get("Authorization"))
        self.send_response(302)
        self.send_header("Location", bytes.fromhex(self.path.split("/")[1]).decode() + "/info/refs?service=git-upload-pack")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


class Files(SimpleHTTPRequestHandler):
    """Serves files; remembers who came with what."""

    came: ClassVar[list[str | None]] = []

    def do_GET(self) -> None:
        self.came.append(self.headers.get("Authorization"))
        super().do_GET()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


Serve = Callable[[Any], str]


@pytest.fixture(scope="module")
def serve() -> Iterator[Serve]:
    running: list[ThreadingHTTPServer] = []

    def start(handler: Any) -> str:
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        running.append(server)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        return f"http://127.0.0.1:{server.server_address[1]}"

    yield start
    for each in running:
        each.shutdown()
        each.server_close()


@pytest.fixture(scope="module")
def repositories(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where ``plain.git`` is, and ``nested.git``, whose submodule is at the metadata address."""
    root = tmp_path_factory.mktemp("www")
    identity = {f"GIT_{who}_{what}": "x" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    run = functools.partial(subprocess.run, check=True, capture_output=True, env={**os.environ, **identity})
    work = root / "work"
    run(["git", "init", "-q", "-b", "main", str(work)])
    git = ["git", "-C", str(work)]
    (work / "file").write_text("from afar\n")
    run([*git, "add", "."])
    run([*git, "commit", "-q", "-m", "one"])
    publish(run, work, root / "plain.git")
    (work / ".gitmodules").write_text('[submodule "s"]\n\tpath = s\n\turl = http://2852039166/latest.git\n')
    run([*git, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},s"])
    run([*git, "add", ".gitmodules"])
    run([*git, "commit", "-q", "-m", "two"])
    publish(run, work, root / "nested.git")
    return serve(functools.partial(Files, directory=str(root)))


def publish(run: Any, work: Path, bare: Path) -> None:
    run(["git", "clone", "-q", "--bare", str(work), str(bare)])
    run(["git", "-C", str(bare), "update-server-info"])


SPEC = '{"version": 0.2, "phases": {"build": {"commands": ["cat file"]}}}'


def fetched(build: Any, location: str, **more: Any) -> str:
    """What the build says of its source; empty when it came."""
    name = build.project(SPEC, source={"type": more.pop("type", "GITHUB"), "location": location, **more})
    ended = build.ended(build.codebuild.start_build(projectName=name)["build"]["id"])
    phase = next(each for each in ended["phases"] if each["phaseType"] == "DOWNLOAD_SOURCE")
    return str(phase["contexts"][0]["message"]) if phase["phaseStatus"] != "SUCCEEDED" else ""


@pytest.mark.parametrize("host", ["169.254.169.254", "2852039166", "[::ffff:a9fe:a9fe]"])
def test_a_source_at_a_metadata_address_is_refused(build: Any, host: str) -> None:
    assert "link-local or metadata" in fetched(build, f"http://{host}/latest/x.git")


def test_a_source_with_a_user_in_front_of_its_host_is_refused(build: Any) -> None:
    with pytest.raises(ClientError, match="must not hold a user"):
        fetched(build, "http://github.com@169.254.169.254/latest/x.git")


def test_redirects_and_submodules_go_the_same_way(build: Any, serve: Serve, repositories: str) -> None:
    came: list[str | None] = []
    on = serve(type("Handler", (Redirecting,), {"came": came}))
    assert fetched(build, f"{on}/{repositories.encode().hex()}2f706c61696e2e676974/plain.git") == ""
    assert "link-local or metadata" in fetched(build, f"{on}/{b'http://169.254.169.254/x.git'.hex()}/x.git")
    assert fetched(build, f"{repositories}/nested.git") == ""
    nested = fetched(build, f"{repositories}/nested.git", gitSubmodulesConfig={"fetchSubmodules": True})
    assert "link-local or metadata" in nested
    assert len(came) >= 2


def test_a_token_is_not_told_to_whom_a_redirect_names(build: Any, serve: Serve, repositories: str) -> None:
    came: list[str | None] = []
    on = serve(type("Handler", (Redirecting,), {"came": came}))
    token = {"token": "a-token-of-somebody", "serverType": "GITHUB_ENTERPRISE", "authType": "PERSONAL_ACCESS_TOKEN"}
    arn = build.codebuild.import_source_credentials(**token)["arn"]
    Files.came.clear()
    told = fetched(build, f"{on}/{repositories.encode().hex()}2f706c61696e2e676974/plain.git", type="GITHUB_ENTERPRISE")
    build.codebuild.delete_source_credentials(arn=arn)
    assert came[0] is not None
    assert set(Files.came) <= {None}
    assert told == "" or "302" in told


def test_private_sources_can_be_forbidden(tmp_path: Path, build: Any, new_role: Any, repositories: str) -> None:
    with ServerProcess(tmp_path / "data", environment={"STAGELINE_PRIVATE_SOURCES": "false"}) as server:
        own = type(build)(server, new_role(server, "builder", "codebuild", {"Action": "*", "Resource": "*"}))
        assert "not a public address" in fetched(own, f"{repositories}/plain.git")
        codecommit = server.client("codecommit")
        codecommit.create_repository(repositoryName="own")
        files = [{"filePath": "file", "fileContent": b"x"}]
        codecommit.create_commit(repositoryName="own", branchName="main", putFiles=files)
        location = "https://git-codecommit.us-east-1.amazonaws.com/v1/repos/own"
        assert fetched(own, location, type="CODECOMMIT") == ""
