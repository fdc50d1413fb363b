"""A server's IAM without its gateway: operation functions over SQLite, called as whoever."""

import json
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from inspect import signature
from pathlib import Path
from pkgutil import walk_packages
from types import ModuleType
from typing import Any

import pytest
from botocore.exceptions import ClientError

from stageline.gateway import constrain, specs
from stageline.gateway.authorize import PolicyAuthorizer
from stageline.gateway.conform import conform
from stageline.gateway.operations import Operation
from stageline.ports.api import ApiError, Caller, Context
from stageline.ports.identity import Check, NoDenials
from stageline.services.iam.bootstrap import ensure_administrator
from stageline.services.iam.identity import StoredIdentity
from stageline.services.iam.secrets import Vault
from stageline.services.sts import messages
from stageline.store.files.denials import FileDenials
from stageline.store.sql import SqlStore
from stageline.testing import harness

ACCOUNT = "000000000000"
NOW = 1_800_000_000_000


@dataclass
class SetClock:
    """Time that a test sets."""

    instant: int = NOW

    def now(self) -> int:
        return self.instant


def functions(service: str) -> dict[str, Callable[..., Any]]:
    package = import_module(f"stageline.services.{service}")
    found: dict[str, Callable[..., Any]] = {}
    for module in walk_packages(package.__path__, f"{package.__name__}."):
        for name, value in vars(import_module(module.name)).items():
            if callable(value) and getattr(value, "__module__", "") == module.name:
                found[name] = value
    return found


@dataclass
class Server:
    """Calls operations as the gateway does: authorization first, then the function."""

    store: SqlStore
    clock: SetClock
    vault: Vault
    identity: StoredIdentity
    authorizer: PolicyAuthorizer
    administrator: Caller
    operations: dict[str, dict[str, Callable[..., Any]]] = field(default_factory=dict)

    def context(self, caller: Caller) -> Context:
        return Context(caller, ACCOUNT, "us-east-1", self.clock.now(), "request", "http://127.0.0.1:4566")

    def call(self, operation: str, caller: Caller | None = None, /, service: str = "iam", **request: Any) -> dict[str, Any]:
        """Call as ``caller``, the administrator by default."""
        found = self.operations.setdefault(service, functions(service))
        ctx = self.context(caller or self.administrator)
        ports = {"store": self.store, "vault": self.vault, "identity": self.identity, "clock": self.clock}
        function, checks = found[operation], found["checks"]
        model = specs.model(service).operation_model(specs.function_names(service)[operation])
        constrain.check(service, model, request)
        self.authorizer.require(ctx, checks(operation, ctx, request, **_named(checks, ports)), service=service)
        answer: dict[str, Any] = function(ctx, request, **_named(function, ports))
        conform(Operation(service, operation, model, function, checks), answer)
        return answer

    def user(self, name: str, *statements: dict[str, Any], **request: Any) -> Caller:
        """Create a user with an inline policy and a key; the user as a caller."""
        self.call("create_user", UserName=name, **request)
        if statements:
            self.call("put_user_policy", UserName=name, PolicyName="given", PolicyDocument=self.policy(*statements))
        key = self.call("create_access_key", UserName=name)["AccessKey"]
        credential = self.identity.credential(key["AccessKeyId"])
        assert credential is not None
        return credential.caller

    @staticmethod
    def policy(*statements: dict[str, Any]) -> str:
        return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})

    @staticmethod
    def allow(*actions: str, resource: str = "*", **more: Any) -> dict[str, Any]:
        return {"Effect": "Allow", "Action": list(actions), "Resource": resource, **more}

    @staticmethod
    def deny(*actions: str, resource: str = "*", **more: Any) -> dict[str, Any]:
        return {"Effect": "Deny", "Action": list(actions), "Resource": resource, **more}

    @staticmethod
    def trust(principal: dict[str, Any] | str, *actions: str, **more: Any) -> str:
        statement = {"Effect": "Allow", "Principal": principal, "Action": list(actions) or "sts:AssumeRole", **more}
        return json.dumps({"Version": "2012-10-17", "Statement": [statement]})

    def role(self, name: str, principal: dict[str, Any] | str, *statements: dict[str, Any], **request: Any) -> str:
        """Create a role that trusts ``principal``, with an inline policy; its ARN."""
        role = self.call("create_role", RoleName=name, AssumeRolePolicyDocument=self.trust(principal), **request)["Role"]
        if statements:
            self.call("put_role_policy", RoleName=name, PolicyName="given", PolicyDocument=self.policy(*statements))
        return str(role["Arn"])

    def assume(self, caller: Caller, role_arn: str, session: str = "session", **request: Any) -> Caller:
        """Assume a role through STS; the session as the gateway finds it again."""
        answer = self.call("assume_role", caller, service="sts", RoleArn=role_arn, RoleSessionName=session, **request)
        given = answer["Credentials"]
        credential = self.identity.credential(given["AccessKeyId"], given["SessionToken"])
        assert credential is not None
        assert credential.secret == given["SecretAccessKey"]
        return credential.caller

    def refused(self, code: str, operation: str, caller: Caller | None = None, /, **request: Any) -> str:
        """Call what must be refused with ``code``; the message."""
        with pytest.raises(ApiError) as caught:
            self.call(operation, caller, **request)
        assert caught.value.code == code, caught.value
        return caught.value.message

    def may(self, caller: Caller, action: str, resource: str = "*") -> bool:
        return self.authorizer.allowed(self.context(caller), Check(action, (resource,)))


def _named(function: Callable[..., Any], ports: dict[str, Any]) -> dict[str, Any]:
    return {name: ports[name] for name in signature(function).parameters if name in ports}


def started(folder: Path, denials: FileDenials | None = None) -> Server:
    """The server of a data folder."""
    store, clock = SqlStore(f"sqlite:///{folder}/store.db"), SetClock()
    vault = Vault(folder / "vault.key")
    key, _ = ensure_administrator(store, vault, clock.now())
    identity = StoredIdentity(store, clock, ACCOUNT, vault)
    credential = identity.credential(key)
    assert credential is not None
    authorizer = PolicyAuthorizer(identity, denials, partial(messages.sealed, vault))
    identity.denials = denials or NoDenials()
    return Server(store, clock, vault, identity, authorizer, credential.caller)


@dataclass
class Wire:
    """The same server over HTTP, for boto3."""

    server: Server
    http: harness.Server

    def client(self, service: str, key: harness.Key | None = None) -> Any:
        return self.http.client(service, key=key)

    def user(self, name: str, *statements: dict[str, Any], **request: Any) -> harness.Key:
        """Create a user with an inline policy; its key."""
        caller = self.server.user(name, *statements, **request)
        found = self.server.identity.credential(caller.access_key_id)
        assert found is not None
        return harness.Key(found.access_key_id, found.secret)

    def refused(self, code: str, status: int, call: Callable[..., Any], **request: Any) -> str:
        """Call what must be refused with a code and an HTTP status; the message."""
        with pytest.raises(ClientError) as caught:
            call(**request)
        answer = caught.value.response
        said = (answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"])
        assert said == (code, status), answer["Error"]
        return str(answer["Error"]["Message"])


@pytest.fixture(scope="module")
def wire(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    """One server over HTTP for all tests of a module, each with names of its own."""
    folder = tmp_path_factory.mktemp("wire")
    denials = FileDenials(folder, 100)
    running = started(folder, denials)
    running.clock.instant = time.time_ns() // 1_000_000
    only = ModuleType("stageline.services")
    only.__path__ = [str(folder / "services")]
    for service in ("iam", "sts"):
        (folder / "services" / service).mkdir(parents=True)
        (folder / "services" / service / "__init__.py").touch()
    root = running.identity.credential(running.administrator.access_key_id)
    assert root is not None
    ports = {
        "store": running.store,
        "clock": running.clock,
        "vault": running.vault,
        "identity": running.identity,
        "authorizer": running.authorizer,
    }
    with harness.server(ports, package=only, key=harness.Key(root.access_key_id, root.secret)) as found:
        yield Wire(running, found)
        found.assert_no_bugs()
    running.store.close()


@pytest.fixture(scope="session")
def first_start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder after the first start, to copy."""
    folder = tmp_path_factory.mktemp("first-start")
    started(folder).store.close()
    return folder


@pytest.fixture
def server(tmp_path: Path, first_start: Path) -> Iterator[Server]:
    shutil.copytree(first_start, tmp_path, dirs_exist_ok=True)
    running = started(tmp_path)
    yield running
    running.store.close()


@pytest.fixture(scope="module")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests of a module, each with names of its own."""
    running = started(tmp_path_factory.mktemp("shared"))
    yield running
    running.store.close()
