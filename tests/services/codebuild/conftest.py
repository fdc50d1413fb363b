"""A real server with CodeBuild, S3, IAM and STS, a runner and the best sandbox of this machine, asked through boto3."""

import gzip
import io
import json
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from stageline import services
from stageline.engine.announce import KIND as EVENT
from stageline.engine.announce import Announcer
from stageline.gateway.authorize import PolicyAuthorizer
from stageline.gateway.internal import InternalAws
from stageline.runners.local import LocalRunner
from stageline.sandbox.probe import choose
from stageline.services.codebuild import documents
from stageline.services.codebuild.hosting import BUILD, QUEUE, BuildHost
from stageline.services.codecommit.smarthttp import SmartHttp
from stageline.services.iam.bootstrap import ensure_administrator
from stageline.services.iam.identity import StoredIdentity
from stageline.services.iam.secrets import Vault
from stageline.store.blobs import FolderBlobs
from stageline.store.sql import SqlStore
from stageline.testing.harness import Key, Server, server

ACCOUNT, REGION = "000000000000", "us-east-1"
SERVED = ("codebuild", "codecommit", "s3", "iam", "sts", "logs", "secretsmanager", "ssm")
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "codebuild.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
LOGS = {"cloudWatchLogs": {"status": "DISABLED"}, "s3Logs": {"status": "ENABLED", "location": "output/logs"}}
FULL = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": ["s3:*", "logs:*", "codecommit:GitPull"], "Resource": "*"}],
}


class WallClock:
    def now(self) -> int:
        return time.time_ns() // 1_000_000


@dataclass
class World:
    """Everything of one test session."""

    server: Server
    store: SqlStore
    events: Announcer
    seen: list[dict[str, Any]]
    runner: LocalRunner
    host: BuildHost
    aws: InternalAws
    ports: dict[str, Any]
    role: str
    folder: Path
    trust: dict[str, Any]
    hosts: list[BuildHost]
    """The one that runs builds now; a test may put another in its place."""

    def client(self, service: str) -> Any:
        return self.server.client(service)


def _only(folder: Path, *names: str) -> ModuleType:
    links = folder / "services"
    links.mkdir()
    for name in names:
        (links / name).symlink_to(Path(services.__path__[0]) / name)
    package = ModuleType(services.__name__)
    package.__path__ = [str(links)]
    return package


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("codebuild")
    store, blobs, clock = SqlStore(f"sqlite:///{folder}/store.db"), FolderBlobs(folder / "blobs"), WallClock()
    vault = Vault(folder / "vault.key")
    key = Key(*ensure_administrator(store, vault, clock.now()))
    identity = StoredIdentity(store, clock, ACCOUNT, vault)
    identity.bonds[documents.BOND] = documents.stands
    events = Announcer(clock, account=ACCOUNT, region=REGION)
    seen: list[dict[str, Any]] = []
    events.subscribe("aws.codebuild", seen.append)
    aws = InternalAws(identity=identity, clock=clock, endpoint="http://127.0.0.1:1")
    ports: dict[str, Any] = {
        "store": store,
        "blobs": blobs,
        "clock": clock,
        "vault": vault,
        "identity": identity,
        "authorizer": PolicyAuthorizer(identity),
        "events": events,
        "aws": aws,
        "git_dir": folder / "git",
    }
    door = SmartHttp(store, folder / "git", identity, ports["authorizer"], events, clock, ACCOUNT, REGION)
    runner = LocalRunner(store, clock, events, "test", True)
    builds = folder / "builds"
    builds.mkdir(mode=0o700)
    sandbox, _ = choose((folder,), work=builds)
    (folder / "git").mkdir()
    with server(ports, doors=[door], package=_only(folder, *SERVED), key=key) as made:
        aws.connect(made.app.gateway)
        host = BuildHost(store, clock, events, aws, sandbox, builds, ACCOUNT, REGION, made.endpoint, vault)
        hosts = [host]
        runner.register(BUILD, lambda task: hosts[0].run(task), slots=4)
        runner.register(QUEUE, host.expire, slots=1)
        runner.register(EVENT, events.deliver, slots=1)
        runner.start()
        iam = made.client("iam")
        role = iam.create_role(RoleName="builder", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
        iam.put_role_policy(RoleName="builder", PolicyName="full", PolicyDocument=json.dumps(FULL))
        made.client("s3").create_bucket(Bucket="source")
        made.client("s3").put_bucket_versioning(Bucket="source", VersioningConfiguration={"Status": "Enabled"})
        made.client("s3").create_bucket(Bucket="output")
        yield World(made, store, events, seen, runner, host, aws, ports, role, folder, TRUST, hosts)
        runner.stop(5)
    store.close()


@dataclass
class Ended:
    """A build that is over."""

    build: dict[str, Any]
    log: str

    @property
    def status(self) -> str:
        return str(self.build["buildStatus"])

    def phase(self, name: str) -> dict[str, Any]:
        return next(phase for phase in self.build["phases"] if phase["phaseType"] == name)

    def statuses(self) -> dict[str, str]:
        return {phase["phaseType"]: phase.get("phaseStatus", "") for phase in self.build["phases"]}

    def context(self, name: str) -> tuple[str, str]:
        first = self.phase(name)["contexts"][0]
        return first["statusCode"], first["message"]

    def output(self) -> list[str]:
        """What the commands printed."""
        return [line for line in self.log.splitlines() if line and not line.startswith("[Container] ")]


class Maker:
    """Makes projects and runs builds to their end."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.codebuild = world.client("codebuild")
        self.s3 = world.client("s3")
        self._number = 0

    def project(self, buildspec: str = "", **members: Any) -> str:
        self._number += 1
        name = members.pop("name", f"project-{self._number}")
        source = members.pop("source", {"type": "NO_SOURCE"})
        if buildspec:
            source = {**source, "buildspec": buildspec}
        environment = {"type": "LINUX_CONTAINER", "image": "aws/codebuild/standard:7.0", "computeType": "BUILD_GENERAL1_SMALL"}
        self.codebuild.create_project(
            name=name,
            source=source,
            artifacts=members.pop("artifacts", {"type": "NO_ARTIFACTS"}),
            environment={**environment, **members.pop("environment", {})},
            serviceRole=members.pop("serviceRole", self.world.role),
            **{"logsConfig": LOGS, **members},
        )
        return str(name)

    def wait(self, build_id: str, seconds: float = 30) -> Ended:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            build = self.codebuild.batch_get_builds(ids=[build_id])["builds"][0]
            if build["buildComplete"]:
                return Ended(build, self.log(build))
            time.sleep(0.01)
        raise AssertionError(f"{build_id} did not end: {build['currentPhase']}")

    def log(self, build: dict[str, Any]) -> str:
        arn = build["logs"].get("s3LogsArn", "")
        bucket, _, key = arn.removeprefix("arn:aws:s3:::").partition("/")
        try:
            return gzip.decompress(self.stored(bucket, key)).decode() if arn else ""
        except self.s3.exceptions.NoSuchKey:
            return ""

    def start(self, project: str, **overrides: Any) -> str:
        return str(self.codebuild.start_build(projectName=project, **overrides)["build"]["id"])

    def run(self, buildspec: str, **members: Any) -> Ended:
        return self.wait(self.start(self.project(buildspec, **members)))

    def zip(self, key: str, files: dict[str, str | bytes]) -> str:
        """Store a zip archive as a source; returns its location."""
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w") as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        self.s3.put_object(Bucket="source", Key=key, Body=data.getvalue())
        return f"source/{key}"

    def stored(self, bucket: str, key: str) -> bytes:
        return bytes(self.s3.get_object(Bucket=bucket, Key=key)["Body"].read())

    def unzipped(self, bucket: str, key: str) -> dict[str, bytes]:
        with zipfile.ZipFile(io.BytesIO(self.stored(bucket, key))) as archive:
            return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="session")
def session_maker(world: World) -> Maker:
    return Maker(world)


@pytest.fixture
def make(session_maker: Maker, world: World) -> Iterator[Maker]:
    """Projects and builds; an unexpected exception behind any request fails the test."""
    world.server.app.gateway.bugs.clear()
    yield session_maker
    world.server.assert_no_bugs()
