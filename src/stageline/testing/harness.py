"""A real server on a free port of this machine, for tests: boto3 clients in, and every result held against its model."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import boto3
import uvicorn
from botocore.config import Config

from stageline import services
from stageline.gateway.asgi import Application, build_app
from stageline.ports.http import FrontDoor


@dataclass(frozen=True)
class Key:
    """An access key."""

    access_key_id: str
    secret: str
    session_token: str | None = None


@dataclass(frozen=True)
class Server:
    """A running server: where it is, and the application behind it."""

    endpoint: str
    region: str
    app: Application
    key: Key | None = None

    def client(self, service: str, *, key: Key | None = None, endpoint: str = "", **config: Any) -> Any:
        """A boto3 client of a service, signing with ``key`` or else the server's own one; it does not retry. ``config`` goes
        into botocore's Config."""
        signer = key or self.key
        if signer is None:
            raise ValueError("no key to sign with")
        return boto3.client(
            service,
            region_name=self.region,
            endpoint_url=endpoint or self.endpoint,
            aws_access_key_id=signer.access_key_id,
            aws_secret_access_key=signer.secret,
            aws_session_token=signer.session_token,
            config=Config(retries={"total_max_attempts": 1}, **config),
        )

    def assert_no_bugs(self) -> None:
        """Raise the first unexpected exception that a request has met, if any."""
        if self.app.gateway.bugs:
            raise AssertionError("a request failed unexpectedly") from self.app.gateway.bugs[0]


@contextmanager
def serving(app: Callable[..., Any], *, http: Any = "auto") -> Iterator[str]:
    """Run an ASGI application in a thread; yields its endpoint. ``http`` is uvicorn's protocol class."""
    config = uvicorn.Config(
        app,
        http=http,
        host="127.0.0.1",
        port=0,
        log_level="error",
        lifespan="on",
        server_header=False,
        proxy_headers=False,
        ws="none",
        timeout_graceful_shutdown=5,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, name="harness", daemon=True)
    thread.start()
    try:
        deadline = time.monotonic() + 10
        while not server.started:
            if not thread.is_alive() or time.monotonic() > deadline:
                raise RuntimeError("the server did not start")
            time.sleep(0.005)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)


@contextmanager
def server(
    ports: Mapping[str, object],
    *,
    account: str = "000000000000",
    region: str = "us-east-1",
    doors: Sequence[FrontDoor] = (),
    package: ModuleType = services,
    key: Key | None = None,
    strict: bool = True,
) -> Iterator[Server]:
    """A server over ``ports``; when it ends, an unexpected exception of any request is raised."""
    app = build_app(account=account, region=region, ports=ports, doors=doors, package=package, strict=strict)
    with serving(app) as endpoint:
        running = Server(endpoint, region, app, key)
        yield running
    running.assert_no_bugs()
