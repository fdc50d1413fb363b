"""The whole server in process with scripted providers beside the real ones, asked through boto3; fresh pipelines per test."""

import copy
import itertools
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from stageline import app
from stageline.config import Settings
from stageline.core.pipeline.actiontype import ActionType
from stageline.engine.announce import Announcer
from stageline.providers.catalog import discover
from stageline.testing import scripted
from stageline.testing.clock import FakeClock
from stageline.testing.harness import Key, Server, serving
from stageline.testing.pipelines import Pipeline
from stageline.testing.workers import Kind

ACCOUNT, REGION = "000000000000", "us-east-1"
counter = itertools.count(1)


@dataclass
class World:
    """The server of a test module."""

    server: Server
    whole: app.Server
    providers: Any
    events: Announcer
    role: str
    clock: FakeClock | None = None
    told: list[dict[str, Any]] = field(default_factory=list)

    def client(self, service: str = "codepipeline", **more: Any) -> Any:
        return self.server.client(service, **{"parameter_validation": False, **more})

    def role_for(self, name: str, trust: dict[str, Any], *statements: dict[str, Any]) -> str:
        """A role with a trust statement and what it may do; its ARN."""
        iam = self.client("iam")
        document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", **trust}]}
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(document))["Role"]["Arn"]
        if statements:
            allowed = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **each} for each in statements]}
            iam.put_role_policy(RoleName=name, PolicyName="work", PolicyDocument=json.dumps(allowed))
        return str(arn)

    def person(self, *statements: dict[str, Any]) -> Any:
        """A CodePipeline client of a new user who may do what the statements say."""
        iam, name = self.client("iam"), f"person-{next(counter)}"
        iam.create_user(UserName=name)
        if statements:
            document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **each} for each in statements]}
            iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=json.dumps(document))
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return self.client(key=Key(key["AccessKeyId"], key["SecretAccessKey"]))


@contextmanager
def running(
    data: Path, *, types: Sequence[ActionType] = (), clock: FakeClock | None = None, sandbox: str = "process", **settings: Any
) -> Iterator[World]:
    """``types`` are further action types to have scripted providers for, ``settings`` those of the server."""
    providers = {**discover(), **scripted.providers(), **{kind.id: scripted.Scripted(kind) for kind in types}}
    announcers: list[Announcer] = []

    def announcer(*given: Any, **more: Any) -> Announcer:
        announcers.append(Announcer(*given, **more))
        return announcers[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "discover", lambda: providers)
        patch.setattr(app, "Announcer", announcer)
        if clock is not None:
            patch.setattr(app, "SystemClock", lambda: clock)
        whole = app.assemble(Settings(data=data, sandbox=sandbox, grace=1.0, **settings), 0, strict=True)
        if clock is not None:
            clock.on_move = whole.runner.wake
    try:
        with serving(whole.application) as endpoint:
            whole.start()
            saved = app.administrator(data)
            server = Server(endpoint, REGION, whole.application, Key(saved["AccessKeyId"], saved["SecretAccessKey"]))
            world = World(server, whole, providers, announcers[0], "", clock)
            announcers[0].subscribe("aws.codepipeline", world.told.append)
            s3 = world.client("s3")
            s3.create_bucket(Bucket="artifacts")
            everything = {"Action": "*", "Resource": "*"}
            world.role = world.role_for("pipeline", {"Principal": {"Service": "codepipeline.amazonaws.com"}}, everything)
            yield world
        server.assert_no_bugs()
    finally:
        whole.close()


@pytest.fixture(scope="session")
def serve() -> Callable[..., Any]:
    """Runs a server of one's own: ``with serve(folder, quota_pipelines=2) as world``."""
    return running


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with running(tmp_path_factory.mktemp("server") / "data") as found:
        yield found


PARTNER = {
    "description": "Load tests by a partner",
    "id": {"category": "Test", "owner": "ThirdParty", "provider": "Loader", "version": "1"},
    "executor": {"type": "JobWorker", "configuration": {"jobWorkerExecutorConfiguration": {}}, "jobTimeout": 600},
    "inputArtifactDetails": {"minimumCount": 0, "maximumCount": 10},
    "outputArtifactDetails": {"minimumCount": 0, "maximumCount": 0},
    "permissions": {"allowedAccounts": ["*"]},
    "properties": [
        {"name": "ClientId", "optional": False, "key": True, "noEcho": False, "description": "d" * 250},
        {"name": "ClientToken", "optional": False, "key": False, "noEcho": True},
        {"name": "Scenario", "optional": True, "key": False, "noEcho": False, "queryable": False},
    ],
    "urls": {"configurationUrl": "https://loader.example/", "entityUrlTemplate": "https://loader.example/c/{Config:ClientId}"},
}
"""A third-party action type that the server of ``clocked`` has registered."""


@pytest.fixture(scope="module")
def clocked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A server whose time stands still at the present until a test moves it (15 minutes at most, then signatures are too old)."""
    folder = tmp_path_factory.mktemp("clocked")
    (folder / "types").mkdir()
    (folder / "types" / "loader.json").write_text(json.dumps(PARTNER))
    with running(folder / "data", clock=FakeClock(int(time.time() * 1000)), action_types=str(folder / "types")) as found:
        yield found


@pytest.fixture
def partner() -> dict[str, Any]:
    """The declaration of the registered third-party type."""
    return copy.deepcopy(PARTNER)


@pytest.fixture
def make(world: World) -> Callable[..., Pipeline]:
    """Creates a pipeline of stages."""

    def create(*stages: dict[str, Any], **more: Any) -> Pipeline:
        return Pipeline(world.client(), stages, role=world.role, providers=world.providers, **more).create()

    return create


@pytest.fixture
def declare(world: World) -> Callable[..., Pipeline]:
    """Describes a pipeline without creating it."""
    return lambda *stages, **more: Pipeline(world.client(), stages, role=world.role, providers=world.providers, **more)


@pytest.fixture
def kind(world: World) -> Callable[..., Kind]:
    """Creates a custom action type."""
    return lambda category="Build", **more: Kind(world.client(), category, **more).create()
