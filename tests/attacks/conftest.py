"""A server to attack: a whole one in this process, one as a process of its own, people with few rights, and raw sockets."""

import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from stageline import app
from stageline.app import administrator, assemble
from stageline.cli import settings_from
from stageline.gateway.operations import Operation, Registry
from stageline.testing.harness import Key, serving
from stageline.testing.harness import Server as Running
from stageline.testing.process import ServerProcess


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **each} for each in statements]})


def person(server: Any, name: str, *statements: dict[str, Any]) -> Key:
    """A new user with these rights and no more; the key to sign with."""
    iam = server.client("iam")
    iam.create_user(UserName=name)
    if statements:
        iam.put_user_policy(UserName=name, PolicyName="rights", PolicyDocument=policy(*statements))
    made = iam.create_access_key(UserName=name)["AccessKey"]
    return Key(made["AccessKeyId"], made["SecretAccessKey"])


def role(server: Any, name: str, service: str, *statements: dict[str, Any]) -> str:
    """A role that a service may take; its ARN."""
    iam = server.client("iam")
    trust = policy({"Principal": {"Service": f"{service}.amazonaws.com"}, "Action": "sts:AssumeRole"})
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    if statements:
        iam.put_role_policy(RoleName=name, PolicyName="rights", PolicyDocument=policy(*statements))
    return str(arn)


@dataclass
class Whole:
    """The product as ``assemble`` puts it together, served in this process; ``reached`` names the operations that ran."""

    running: Running
    assembled: app.Server
    reached: list[str]
    data: Path

    @property
    def endpoint(self) -> str:
        return self.running.endpoint

    @property
    def operations(self) -> list[Operation]:
        return list(self.assembled.application.gateway.registry)

    def client(self, service: str, *, key: Key | None = None, **config: Any) -> Any:
        return self.running.client(service, key=key, **config)


def _recorded(found: Operation, reached: list[str]) -> Operation:
    def invoke(ctx: Any, request: Any) -> Any:
        reached.append(f"{found.service}:{found.name}")
        return found.invoke(ctx, request)

    return replace(found, invoke=invoke)


@contextmanager
def wholly(data: Path, *, working: bool) -> Iterator[Whole]:
    """``working``: actions and builds run as well; otherwise what is stored changes by requests alone."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    made = assemble(settings_from(data=data), port)
    reached: list[str] = []
    gateway = made.application.gateway
    registry = Registry([_recorded(each, reached) for each in gateway.registry], list(gateway.registry.catalog.services))
    watched = replace(made.application, gateway=replace(gateway, registry=registry))
    known = administrator(data)
    with serving(watched) as endpoint:
        if working:
            made.start()
        key = Key(known["AccessKeyId"], known["SecretAccessKey"])
        yield Whole(Running(endpoint, "us-east-1", watched, key), made, reached, data)
    made.close()


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    with wholly(tmp_path_factory.mktemp("whole") / "data", working=False) as found:
        yield found


@pytest.fixture(scope="session")
def working(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    """Another one, whose pipelines and builds run."""
    with wholly(tmp_path_factory.mktemp("working") / "data", working=True) as found:
        yield found
        found.running.assert_no_bugs()


@pytest.fixture(scope="session")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """``stageline up`` for attacks on what only a process of its own has: descriptors, environment, children."""
    secret = {"SECRET_OF_THE_SERVER": "in-its-environment"}
    with ServerProcess(tmp_path_factory.mktemp("process") / "data", environment=secret) as running:
        yield running
        assert running.running
        assert running.terminate() == 0
    assert "Traceback" not in running.stderr(), running.stderr()


@pytest.fixture(scope="session")
def new_person() -> Callable[..., Key]:
    return person


@pytest.fixture(scope="session")
def new_role() -> Callable[..., str]:
    return role


class Wire:
    """Bytes to a server and back, with nothing in between that would tidy them."""

    def __init__(self, endpoint: str) -> None:
        parts = urlsplit(endpoint)
        self.address = (parts.hostname or "", parts.port or 0)

    def open(self, timeout: float = 10) -> socket.socket:
        return socket.create_connection(self.address, timeout)

    def say(self, data: bytes, timeout: float = 10) -> bytes:
        """Send, and read until the server closes or has answered one request whole."""
        with self.open(timeout) as connection:
            connection.sendall(data)
            return self.answer(connection)

    @staticmethod
    def answer(connection: socket.socket) -> bytes:
        got = b""
        while b"\r\n\r\n" not in got and (part := connection.recv(65_536)):
            got += part
        head, _, body = got.partition(b"\r\n\r\n")
        length = next((int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
        while len(body) < length and (part := connection.recv(65_536)):
            body += part
        return head + b"\r\n\r\n" + body


@pytest.fixture(scope="session")
def wire() -> type[Wire]:
    return Wire


class Builder:
    """Runs builds on a server, as its administrator."""

    def __init__(self, server: Any, role_arn: str) -> None:
        self.server = server
        self.role = role_arn
        self.codebuild, self.logs, self.s3 = (server.client(name) for name in ("codebuild", "logs", "s3"))
        self._count = 0

    def project(self, buildspec: str, **members: Any) -> str:
        self._count += 1
        name = members.pop("name", f"attack-{self._count}")
        source = {"type": "NO_SOURCE", **members.pop("source", {}), "buildspec": buildspec}
        environment = {"type": "LINUX_CONTAINER", "image": "aws/codebuild/standard:7.0", "computeType": "BUILD_GENERAL1_SMALL"}
        self.codebuild.create_project(
            name=name,
            source=source,
            artifacts=members.pop("artifacts", {"type": "NO_ARTIFACTS"}),
            environment=environment,
            serviceRole=members.pop("role", self.role),
            **members,
        )
        return str(name)

    def start(self, buildspec: str, **members: Any) -> str:
        return str(self.codebuild.start_build(projectName=self.project(buildspec, **members))["build"]["id"])

    def ended(self, build: str, patience: float = 30) -> dict[str, Any]:
        end = time.monotonic() + patience
        while time.monotonic() < end:
            found = self.codebuild.batch_get_builds(ids=[build])["builds"][0]
            if found["buildComplete"]:
                return dict(found)
            time.sleep(0.03)
        raise AssertionError(f"{build} did not end")

    def log(self, build: dict[str, Any]) -> str:
        found = build["logs"]
        request = {"logGroupName": found["groupName"], "logStreamName": found["streamName"], "startFromHead": True}
        events = self.logs.get_log_events(**request)["events"]
        return "".join(each["message"] for each in events)

    def run(self, *commands: str, **members: Any) -> tuple[str, str]:
        """Run commands; the build's status and what its log says."""
        spec = json.dumps({"version": 0.2, "phases": {"build": {"commands": list(commands)}}, **members.pop("spec", {})})
        done = self.ended(self.start(spec, **members))
        return str(done["buildStatus"]), self.log(done)


@pytest.fixture(scope="session")
def build(process: ServerProcess) -> Builder:
    rights = {"Action": ["s3:*", "logs:*"], "Resource": "*"}
    arn = role(process, "builder", "codebuild", rights)
    for name in ("input", "output"):
        process.client("s3").create_bucket(Bucket=f"attack-{name}")
    return Builder(process, arn)
