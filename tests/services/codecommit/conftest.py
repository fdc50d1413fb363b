"""A server's CodeCommit without its gateway: operations called as whoever, and a real git client against the front door."""

import json
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from inspect import signature
from pathlib import Path
from pkgutil import walk_packages
from types import ModuleType
from typing import Any
from urllib.parse import quote

import pytest

from stageline.gateway import constrain, specs
from stageline.gateway.authorize import PolicyAuthorizer
from stageline.gateway.conform import conform
from stageline.gateway.operations import Operation
from stageline.ports.api import ApiError, Caller, Context
from stageline.ports.http import FrontDoor, HttpRequest
from stageline.ports.store import Doc, WriteTx
from stageline.services.codecommit.smarthttp import SmartHttp
from stageline.services.iam.bootstrap import ensure_administrator
from stageline.services.iam.identity import StoredIdentity
from stageline.services.iam.secrets import Vault
from stageline.store.sql import SqlStore
from stageline.testing import harness

ACCOUNT = "000000000000"
REGION = "us-east-1"


class WallClock:
    """Real time: git clients and the credential helper sign with it."""

    def now(self) -> int:
        return int(time.time() * 1000)


@dataclass
class Journal:
    """Events kept in the store, within the transaction that published them."""

    store: SqlStore

    def publish(self, tx: WriteTx, event: Doc) -> None:
        tx.append("published", json.dumps(event).encode())

    def subscribe(self, source: str, handler: Callable[[Doc], None]) -> None:
        raise NotImplementedError

    def signal(self, name: str) -> None:
        raise NotImplementedError

    def wait(self, name: str, handler: Callable[[], None]) -> Callable[[], None]:
        raise NotImplementedError

    def watch(self, prefix: str, handler: Callable[[str], None]) -> Callable[[], None]:
        raise NotImplementedError

    def all(self) -> list[Doc]:
        with self.store.read() as tx:
            return [json.loads(entry) for _, entry in tx.journal("published")]

    def details(self) -> list[Doc]:
        return [event["detail"] for event in self.all()]


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
    """Calls operations as the gateway does: constraints and authorization first, then the function."""

    store: SqlStore
    clock: WallClock
    vault: Vault
    identity: StoredIdentity
    authorizer: PolicyAuthorizer
    git_dir: Path
    events: Journal
    administrator: Caller
    keys: tuple[str, str]
    operations: dict[str, dict[str, Callable[..., Any]]] = field(default_factory=dict)
    endpoint: str = "http://127.0.0.1:4566"

    def context(self, caller: Caller | None = None) -> Context:
        return Context(caller or self.administrator, ACCOUNT, REGION, self.clock.now(), "request", self.endpoint)

    def ports(self) -> dict[str, Any]:
        names = ("store", "clock", "vault", "identity", "authorizer", "git_dir", "events")
        return {name: getattr(self, name) for name in names}

    def call(
        self, operation: str, caller: Caller | None = None, /, service: str = "codecommit", **request: Any
    ) -> dict[str, Any]:
        """Call as ``caller``, the administrator by default."""
        found = self.operations.setdefault(service, functions(service))
        ctx = self.context(caller)
        function, checks = found[operation], found["checks"]
        model = specs.model(service).operation_model(specs.function_names(service)[operation])
        constrain.check(service, model, request)
        self.authorizer.require(ctx, checks(operation, ctx, request, **_named(checks, self.ports())), service=service)
        answer: dict[str, Any] = function(ctx, request, **_named(function, self.ports()))
        conform(Operation(service, operation, model, function, checks), answer)
        return answer

    def refused(self, code: str, operation: str, caller: Caller | None = None, /, **request: Any) -> str:
        """Call what must be refused with ``code``, one that the model declares; the message."""
        with pytest.raises(ApiError) as caught:
            self.call(operation, caller, **request)
        assert caught.value.code == code, caught.value
        model = specs.model("codecommit").operation_model(specs.function_names("codecommit")[operation])
        assert code in {shape.name for shape in model.error_shapes} | {"AccessDeniedException", "NotImplementedException"}
        return caught.value.message

    def user(self, name: str, *statements: dict[str, Any]) -> Caller:
        """Create a user with an inline policy and a key; the user as a caller."""
        self.call("create_user", service="iam", UserName=name)
        if statements:
            document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
            self.call("put_user_policy", service="iam", UserName=name, PolicyName="given", PolicyDocument=document)
        key = self.call("create_access_key", service="iam", UserName=name)["AccessKey"]
        credential = self.identity.credential(key["AccessKeyId"])
        assert credential is not None
        return credential.caller

    def git_password(self, name: str) -> tuple[str, str]:
        """A service-specific credential of a user: user name and password."""
        made = self.call(
            "create_service_specific_credential", service="iam", UserName=name, ServiceName="codecommit.amazonaws.com"
        )["ServiceSpecificCredential"]
        return made["ServiceUserName"], made["ServicePassword"]


def allow(*actions: str, resource: str = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource, **more}


def deny(*actions: str, resource: str = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": list(actions), "Resource": resource, **more}


def _named(function: Callable[..., Any], ports: dict[str, Any]) -> dict[str, Any]:
    return {name: ports[name] for name in signature(function).parameters if name in ports}


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder after its first start, to be copied: making one takes longer than most tests."""
    folder = tmp_path_factory.mktemp("blank")
    store = SqlStore(f"sqlite:///{folder}/store.db")
    ensure_administrator(store, Vault(folder / "vault.key"), WallClock().now())
    store.close()
    return folder


@pytest.fixture
def server(blank: Path, tmp_path: Path) -> Iterator[Server]:
    shutil.copytree(blank, tmp_path, dirs_exist_ok=True)
    store, clock = SqlStore(f"sqlite:///{tmp_path}/store.db"), WallClock()
    vault = Vault(tmp_path / "vault.key")
    keys = ensure_administrator(store, vault, clock.now())
    identity = StoredIdentity(store, clock, ACCOUNT, vault)
    credential = identity.credential(keys[0])
    assert credential is not None
    git_dir = tmp_path / "git"
    git_dir.mkdir()
    yield Server(store, clock, vault, identity, PolicyAuthorizer(identity), git_dir, Journal(store), credential.caller, keys)
    store.close()


class _Body:
    """A request body, with a length or in chunks."""

    def __init__(self, handler: BaseHTTPRequestHandler) -> None:
        self._file = handler.rfile
        self._chunked = "chunked" in handler.headers.get("transfer-encoding", "")
        self._left = int(handler.headers.get("content-length", "0"))

    def read(self, size: int = -1) -> bytes:
        if self._left == 0 and self._chunked:
            self._left = int(self._file.readline(), 16)
            if self._left == 0:
                self._file.readline()
                self._chunked = False
        data = self._file.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(data)
        if self._left == 0 and self._chunked:
            self._file.readline()
        return data


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "_Http"

    def _serve(self) -> None:
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.seen.append(f"{self.command} {self.path} {headers.get('transfer-encoding', '')}".strip())
        endpoint = f"http://127.0.0.1:{self.server.server_port}"
        body = _Body(self)
        request = HttpRequest(self.command, path, query, headers, body, endpoint, "127.0.0.1")
        assert self.server.door.takes(request)
        answer = self.server.door.handle(request)
        while body.read(65_536):
            self.close_connection = True
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            for chunk in (answer.body,) if isinstance(answer.body, bytes) else answer.body:
                if chunk:
                    self.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
            self.wfile.write(b"0\r\n\r\n")
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        finally:
            close = getattr(answer.body, "close", None)
            if close is not None:
                close()

    do_GET = do_POST = _serve

    def log_message(self, format: str, *args: object) -> None:
        return


class _Http(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, door: FrontDoor) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.door = door
        self.seen: list[str] = []


@dataclass
class Client:
    """A git client with a home of its own, and the address of the server."""

    home: Path
    url: str
    seen: list[str]
    door: SmartHttp
    user: str = ""
    password: str = ""

    def environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "LC_ALL": "C.UTF-8",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_AUTHOR_NAME": "Ann",
            "GIT_AUTHOR_EMAIL": "ann@example.com",
            "GIT_COMMITTER_NAME": "Ann",
            "GIT_COMMITTER_EMAIL": "ann@example.com",
        }

    def try_git(self, *args: str, cwd: Path | None = None, **more: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["git", *args], cwd=cwd or self.home, env=self.environment(), capture_output=True, text=True, timeout=60, **more
        )

    def git(self, *args: str, cwd: Path | None = None, **more: Any) -> str:
        done = self.try_git(*args, cwd=cwd, **more)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def remote(self, name: str) -> str:
        scheme, _, rest = self.url.partition("://")
        who = f"{quote(self.user, safe='')}:{quote(self.password, safe='')}@" if self.user else ""
        return f"{scheme}://{who}{rest}/v1/repos/{name}"

    def work(self, name: str, *, branch: str = "main") -> Path:
        """A new local repository with the server's as its remote."""
        folder = self.home / f"work-{name}-{len(list(self.home.iterdir()))}"
        self.git("init", "-q", "-b", branch, str(folder))
        self.git("remote", "add", "origin", self.remote(name), cwd=folder)
        return folder

    def commit(self, folder: Path, files: dict[str, str], message: str = "change") -> str:
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        self.git("add", "-A", cwd=folder)
        self.git("commit", "-q", "-m", message, cwd=folder)
        return self.git("rev-parse", "HEAD", cwd=folder)


@pytest.fixture
def door(server: Server) -> SmartHttp:
    return SmartHttp(
        store=server.store,
        git_dir=server.git_dir,
        identity=server.identity,
        authorizer=server.authorizer,
        events=server.events,
        clock=server.clock,
        account=ACCOUNT,
        region=REGION,
    )


@pytest.fixture
def client(server: Server, door: SmartHttp, tmp_path: Path) -> Iterator[Client]:
    """A git client that knows the credentials of a user who may do everything with git."""
    server.user("ann", allow("codecommit:*"))
    user, password = server.git_password("ann")
    http = _Http(door)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    home = tmp_path / "home"
    home.mkdir()
    server.endpoint = f"http://127.0.0.1:{http.server_port}"
    yield Client(home, server.endpoint, http.seen, door, user, password)
    http.shutdown()
    http.server_close()
    thread.join()


@pytest.fixture
def wire(server: Server, door: SmartHttp, tmp_path: Path) -> Iterator[harness.Server]:
    """The real HTTP server with CodeCommit alone, and the administrator's keys."""
    only = ModuleType("stageline.services")
    only.__path__ = [str(tmp_path / "services")]
    (tmp_path / "services" / "codecommit").mkdir(parents=True)
    (tmp_path / "services" / "codecommit" / "__init__.py").touch()
    with harness.server(server.ports(), doors=(door,), package=only, key=harness.Key(*server.keys)) as found:
        yield found
