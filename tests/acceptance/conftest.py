"""What acceptance tests share: a server process of their own, and the calls by which a user sets things up."""

import importlib.util
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from stageline.testing.cloud import Checkout, Cloud, action, zipped
from stageline.testing.process import ServerProcess, plain_environment


@pytest.fixture(scope="session")
def warm_server() -> Iterator[Callable[..., Any]]:
    """``ServerProcess(launch=…)`` takes it: servers that are quick to start, for tests that start one again and again."""
    program = Path(__file__).parents[1] / "warmserver.py"
    spec = importlib.util.spec_from_file_location("warmserver", program)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with tempfile.TemporaryDirectory(prefix="warm") as folder:
        command = [sys.executable, str(program), folder]
        process = subprocess.Popen(command, env=plain_environment(), stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield partial(module.Started, Path(folder) / "socket")
        finally:
            process.kill()
            process.communicate()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server for the tests of a module; it must have written nothing like a traceback when it ends."""
    with ServerProcess(tmp_path_factory.mktemp("server") / "data") as running:
        yield running
        assert running.running
        assert running.terminate() == 0
    assert "Traceback" not in running.stderr(), running.stderr()


@pytest.fixture(scope="module")
def cloud(server: ServerProcess) -> Cloud:
    return Cloud(server)


@pytest.fixture(scope="session")
def cloud_of() -> Callable[[ServerProcess], Cloud]:
    return Cloud


@pytest.fixture(scope="session")
def checkout_at() -> Callable[[Path, tuple[str, str]], Checkout]:
    return Checkout


@pytest.fixture(scope="session")
def make_action() -> Callable[..., dict[str, Any]]:
    return action


@pytest.fixture(scope="session")
def make_zip() -> Callable[[Mapping[str, str | bytes]], bytes]:
    return zipped


@pytest.fixture(scope="session")
def stageline() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the command line, as a process."""

    def run(*arguments: str, environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "stageline", *arguments]
        settings = {**plain_environment(), **(environment or {})}
        return subprocess.run(command, env=settings, capture_output=True, text=True, timeout=100)

    return run
