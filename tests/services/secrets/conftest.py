"""A real server with Secrets Manager, the Parameter Store and IAM over SQLite, asked through boto3."""

import itertools
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from stageline import services
from stageline.gateway.authorize import PolicyAuthorizer
from stageline.services.iam.bootstrap import ensure_administrator
from stageline.services.iam.identity import StoredIdentity
from stageline.services.iam.secrets import Vault
from stageline.store.sql import SqlStore
from stageline.testing.harness import Key, Server, server

_numbers = itertools.count(1)


class WallClock:
    def now(self) -> int:
        return time.time_ns() // 1_000_000


@dataclass
class Behind:
    """What lies behind the server."""

    store: SqlStore
    server: Server
    folder: Path

    def client(self, service: str, **more: Any) -> Any:
        return self.server.client(service, parameter_validation=False, **more)

    def person(self, *statements: dict[str, Any]) -> Key:
        """The key of a new user who may do what the statements say."""
        iam, name = self.client("iam"), f"person-{next(_numbers)}"
        iam.create_user(UserName=name)
        if statements:
            document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **each} for each in statements]}
            iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=json.dumps(document))
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return Key(key["AccessKeyId"], key["SecretAccessKey"])


@pytest.fixture(scope="session")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Behind]:
    folder = tmp_path_factory.mktemp("secrets")
    package = ModuleType(services.__name__)
    package.__path__ = [str(folder / "services")]
    (folder / "services").mkdir()
    for name in ("secretsmanager", "ssm", "iam", "sts"):
        (folder / "services" / name).symlink_to(Path(services.__path__[0]) / name)
    store, clock, vault = SqlStore(f"sqlite:///{folder}/store.db"), WallClock(), Vault(folder / "vault.key")
    access_key, secret = ensure_administrator(store, vault, clock.now())
    identity = StoredIdentity(store, clock, "000000000000", vault)
    ports = {
        "store": store,
        "clock": clock,
        "vault": vault,
        "identity": identity,
        "authorizer": PolicyAuthorizer(identity),
    }
    with server(ports, package=package, key=Key(access_key, secret)) as running:
        yield Behind(store, running, folder)
    store.close()


@pytest.fixture
def keeper(behind: Behind) -> Iterator[Any]:
    """Secrets Manager as the administrator; an unexpected exception behind any request fails the test."""
    yield behind.client("secretsmanager")
    behind.server.assert_no_bugs()


@pytest.fixture
def ssm(behind: Behind) -> Iterator[Any]:
    """The Parameter Store as the administrator."""
    yield behind.client("ssm")
    behind.server.assert_no_bugs()


@pytest.fixture
def name() -> str:
    """A name that no other test uses."""
    return f"team/app-{next(_numbers)}"


@pytest.fixture
def secret(keeper: Any, name: str) -> str:
    """The name of a secret with one version, ``TOKENS[0]``."""
    keeper.create_secret(Name=name, SecretString="first value", ClientRequestToken=TOKENS[0])
    return name


TOKENS = [f"{number:032d}" for number in range(200)]


@pytest.fixture
def tokens() -> list[str]:
    """Version ids; the first one is that of ``secret``."""
    return TOKENS


@pytest.fixture
def spoil(behind: Behind) -> Callable[[str, str], None]:
    """Makes everything sealed of one kind, below a key, unreadable."""

    def spoiled(kind: str, prefix: str) -> None:
        with behind.store.write() as tx:
            for key, doc in tx.scan(kind, prefix):
                member = "sealed" if kind == "secretsmanager.value" else "value"
                tx.put(kind, key, {**doc, member: Vault(behind.folder / "another.key").seal("other")})

    return spoiled
