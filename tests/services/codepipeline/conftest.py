"""The whole server in process with scripted providers beside the real ones, asked through boto3; fresh pipelines per test."""

import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from stageline import app
from stageline.config import Settings
from stageline.engine.announce import Announcer
from stageline.providers.catalog import discover
from stageline.testing import scripted
from stageline.testing.harness import Key, Server, serving
from stageline.testing.pipelines import Pipeline

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
def running(data: Path, sandbox: str = "process") -> Iterator[World]:
    providers = {**discover(), **scripted.providers()}
    announcers: list[Announcer] = []

    def announcer(*given: Any, **more: Any) -> Announcer:
        announcers.append(Announcer(*given, **more))
        return announcers[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "discover", lambda: providers)
        patch.setattr(app, "Announcer", announcer)
        whole = app.assemble(Settings(data=data, sandbox=sandbox, grace=1.0), 0, strict=True)
    try:
        with serving(whole.application) as endpoint:
            whole.start()
            saved = app.administrator(data)
            server = Server(endpoint, REGION, whole.application, Key(saved["AccessKeyId"], saved["SecretAccessKey"]))
            world = World(server, whole, providers, announcers[0], "")
            announcers[0].subscribe("aws.codepipeline", world.told.append)
            s3 = world.client("s3")
            s3.create_bucket(Bucket="artifacts")
            everything = {"Action": "*", "Resource": "*"}
            world.role = world.role_for("pipeline", {"Principal": {"Service": "codepipeline.amazonaws.com"}}, everything)
            yield world
        server.assert_no_bugs()
    finally:
        whole.close()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with running(tmp_path_factory.mktemp("server") / "data") as found:
        yield found


@pytest.fixture(scope="session")
def serve() -> Callable[..., Any]:
    """Runs a whole server on a data folder."""
    return running


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
