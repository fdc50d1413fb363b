"""A server as a process of its own on a data folder: started, waited for, asked, ended kindly or killed; for tests."""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import boto3
import botocore.loaders
import botocore.session
from botocore.config import Config

from stageline.remembered import administrator
from stageline.testing.harness import Key

PATIENCE = 60.0


Launch = Callable[[Sequence[str], Mapping[str, str], IO[str]], Any]
"""Starts the command line with arguments, variables and a file for standard error; gives what ``subprocess.Popen`` would."""


def _launch(arguments: Sequence[str], environment: Mapping[str, str], errors: IO[str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "stageline", *arguments]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True)


class NotStarted(Exception):
    """The server ended, or said nothing, before it was ready; the text has its standard error."""


class ServerProcess:
    """``stageline up`` on a data folder. Use it as a context manager: what still runs at the end is killed."""

    def __init__(
        self,
        data: Path,
        *,
        port: int = 0,
        environment: Mapping[str, str] | None = None,
        log: Path | None = None,
        launch: Launch | None = None,
    ) -> None:
        self.data = data
        self.log = log or data.with_name(f"{data.name}.stderr")
        self.endpoint = ""
        self._port = port
        self._environment = dict(environment or {})
        self._launch = launch or _launch
        self._process: Any = None

    def start(self, *, fault: str = "") -> "ServerProcess":
        """Start it and wait until it is ready; may be called again once it has ended. ``fault`` is a STAGELINE_FAULT."""
        if self._process is not None and self._process.poll() is None:
            raise RuntimeError("the server runs already")
        command = ["up", "--data", str(self.data), "--port", str(self._port)]
        environment = {**plain_environment(), **self._environment}
        if fault:
            environment["STAGELINE_FAULT"] = fault
        with self.log.open("a") as errors:
            self._process = self._launch(command, environment, errors)
        self._await_ready(self._process)
        return self

    def _await_ready(self, process: Any) -> None:
        assert process.stdout is not None
        readable, _, _ = select.select([process.stdout], [], [], PATIENCE)
        line = process.stdout.readline() if readable else ""
        if not line.startswith("ready http"):
            self.kill()
            raise NotStarted(f"the server ended with {process.returncode}: {self.stderr()}")
        self.endpoint = line.split()[1]

    @property
    def pid(self) -> int:
        """The process id."""
        if self._process is None:
            raise RuntimeError("the server was never started")
        return int(self._process.pid)

    @property
    def running(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """End it at once (SIGKILL) and wait until it is gone."""
        self._end(signal.SIGKILL, PATIENCE)

    def terminate(self, patience: float = PATIENCE) -> int:
        """Ask it to end (SIGTERM); its exit code. TimeoutExpired when it does not obey."""
        return self._end(signal.SIGTERM, patience)

    def wait(self, patience: float = PATIENCE) -> int:
        """Wait until it has ended by itself; its exit code."""
        return self._end(None, patience)

    def _end(self, number: signal.Signals | None, patience: float) -> int:
        process = self._process
        if process is None:
            return 0
        if number is not None and process.poll() is None:
            process.send_signal(number)
        code = int(process.wait(patience))
        if process.stdout is not None:
            process.stdout.close()
        return code

    def __enter__(self) -> "ServerProcess":
        return self if self.running else self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.kill()

    def stderr(self) -> str:
        """Everything that it wrote to standard error, over all its starts."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def client(self, service: str, *, key: Key | None = None, region: str = "us-east-1", **config: Any) -> Any:
        """A boto3 client, signing as ``key`` or as the administrator; it does not retry."""
        if key is None:
            known = administrator(self.data)
            key = Key(known["AccessKeyId"], known["SecretAccessKey"])
        session = botocore.session.Session()
        session.register_component("data_loader", _loader())
        return boto3.Session(botocore_session=session).client(
            service,
            region_name=region,
            endpoint_url=self.endpoint,
            aws_access_key_id=key.access_key_id,
            aws_secret_access_key=key.secret,
            aws_session_token=key.session_token,
            config=Config(retries={"total_max_attempts": 1}, connect_timeout=5, **{"read_timeout": 30, **config}),
        )


@cache
def _loader() -> botocore.loaders.Loader:
    """One loader for all clients: reading the models is most of what a client costs."""
    return botocore.loaders.create_loader()


def plain_environment() -> dict[str, str]:
    """This process's environment without what would steer Stageline, the AWS clients or git."""
    steering = ("STAGELINE_", "AWS_", "GIT_", "BOTO_")
    return {name: value for name, value in os.environ.items() if not name.startswith(steering)}


def eventually(what: str, found: Any, patience: float = PATIENCE, pause: float = 0.05) -> Any:
    """The first answer of ``found()`` that is true; AssertionError naming ``what`` when there is none in time."""
    deadline = time.monotonic() + patience
    while True:
        answer = found()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"not seen within {patience:.0f} seconds: {what}")
        time.sleep(pause)
