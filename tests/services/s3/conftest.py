"""A real server with S3 and IAM over SQLite and a folder of blobs, asked through boto3."""

import itertools
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from botocore.exceptions import ClientError

from stageline import services
from stageline.engine.announce import Announcer
from stageline.gateway.authorize import PolicyAuthorizer
from stageline.services.iam.bootstrap import ensure_administrator
from stageline.services.iam.identity import StoredIdentity
from stageline.services.iam.secrets import Vault
from stageline.services.s3.website import Website
from stageline.store.blobs import FolderBlobs
from stageline.store.sql import SqlStore
from stageline.testing.harness import Key, Server, server

ACCOUNT, REGION = "000000000000", "us-east-1"
_numbers = itertools.count(1)


class WallClock:
    def now(self) -> int:
        return time.time_ns() // 1_000_000


@dataclass
class Backend:
    """What lies behind the server, for tests that look at it or start a server of their own."""

    store: SqlStore
    blobs: FolderBlobs
    ports: dict[str, Any]
    key: Key
    website: Website
    folder: Path


def only(folder: Path, *names: str) -> ModuleType:
    """The package of services with these alone, so that tests of one do not need the ports of all."""
    (folder / "services").mkdir(exist_ok=True)
    for name in names:
        link = folder / "services" / name
        if not link.is_symlink():
            link.symlink_to(Path(services.__path__[0]) / name)
    package = ModuleType(services.__name__)
    package.__path__ = [str(folder / "services")]
    return package


def backend(folder: Path) -> Backend:
    store, blobs = SqlStore(f"sqlite:///{folder}/store.db"), FolderBlobs(folder / "blobs")
    clock, vault = WallClock(), Vault(folder / "vault.key")
    access_key, secret = ensure_administrator(store, vault, clock.now())
    identity = StoredIdentity(store, clock, ACCOUNT, vault)
    authorizer = PolicyAuthorizer(identity)
    events = Announcer(clock, account=ACCOUNT, region=REGION)
    events.subscribe("aws.s3", lambda event: None)
    ports: dict[str, Any] = {
        "store": store,
        "blobs": blobs,
        "clock": clock,
        "vault": vault,
        "identity": identity,
        "authorizer": authorizer,
        "events": events,
    }
    website = Website(store, blobs, authorizer, clock, account=ACCOUNT, region=REGION)
    return Backend(store, blobs, ports, Key(access_key, secret), website, folder)


@pytest.fixture(scope="session")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    made = backend(tmp_path_factory.mktemp("s3"))
    yield made
    made.store.close()


@pytest.fixture(scope="session")
def running(behind: Backend) -> Iterator[Server]:
    package = only(behind.folder, "s3", "iam", "sts")
    with server(behind.ports, doors=[behind.website], package=package, key=behind.key) as made:
        yield made


@pytest.fixture(scope="session")
def session_s3(running: Server) -> Any:
    return running.client("s3")


@pytest.fixture
def s3(session_s3: Any, running: Server) -> Iterator[Any]:
    """A client as the administrator; an unexpected exception behind any request fails the test."""
    running.app.gateway.bugs.clear()
    yield session_s3
    running.assert_no_bugs()


@pytest.fixture
def bucket(s3: Any) -> str:
    """A fresh bucket without versioning."""
    name = f"bucket-{next(_numbers)}"
    s3.create_bucket(Bucket=name)
    return name


@pytest.fixture
def versioned(s3: Any, bucket: str) -> str:
    """A fresh bucket with versioning."""
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    return bucket


class Refused:
    """Holds the error of a refused call: ``with refused("NoSuchKey", 404) as error: …``."""

    def __init__(self, code: str, status: int | None = None) -> None:
        self.code, self.status = code, status
        self.response: dict[str, Any] = {}

    def __enter__(self) -> "Refused":
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        assert isinstance(error, ClientError), f"expected {self.code}, got {error!r}"
        self.response = error.response
        assert self.response["Error"]["Code"] == self.code, self.response
        if self.status is not None:
            assert self.response["ResponseMetadata"]["HTTPStatusCode"] == self.status
        return True

    @property
    def headers(self) -> dict[str, str]:
        found: dict[str, str] = self.response["ResponseMetadata"]["HTTPHeaders"]
        return found


@pytest.fixture
def refused() -> type[Refused]:
    return Refused


@pytest.fixture
def user(running: Server) -> Any:
    """Makes IAM users with statements: ``user({"Effect": "Allow", …})`` is an S3 client that signs as one."""
    iam = running.client("iam")

    def make(*statements: dict[str, Any], service: str = "s3") -> Any:
        name = f"user-{next(_numbers)}"
        iam.create_user(UserName=name)
        if statements:
            document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
            iam.put_user_policy(UserName=name, PolicyName="given", PolicyDocument=document)
        made = iam.create_access_key(UserName=name)["AccessKey"]
        return running.client(service, key=Key(made["AccessKeyId"], made["SecretAccessKey"]))

    return make
