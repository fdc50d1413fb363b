"""A real server with CloudWatch Logs and IAM over SQLite, at a time that the tests set, asked through boto3."""

import itertools
import time
from collections.abc import Iterator
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


@pytest.fixture(scope="session")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Behind]:
    folder = tmp_path_factory.mktemp("logs")
    package = ModuleType(services.__name__)
    package.__path__ = [str(folder / "services")]
    (folder / "services").mkdir()
    for name in ("logs", "iam", "sts"):
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
        yield Behind(store, running)
    store.close()


@pytest.fixture
def logs(behind: Behind) -> Iterator[Any]:
    """A client as the administrator; an unexpected exception behind any request fails the test."""
    yield behind.server.client("logs")
    behind.server.assert_no_bugs()


@pytest.fixture
def now() -> int:
    return time.time_ns() // 1_000_000


@pytest.fixture
def group(logs: Any) -> str:
    name = f"/aws/codebuild/p{next(_numbers)}"
    logs.create_log_group(logGroupName=name)
    return name


@pytest.fixture
def stream(logs: Any, group: str) -> tuple[str, str]:
    logs.create_log_stream(logGroupName=group, logStreamName="s")
    return group, "s"
