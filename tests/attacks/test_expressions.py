"""Regular expressions that would take for ever, of buildspecs and of rules: the server goes on, nothing computes for nobody."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from stageline.expressions import fits
from stageline.testing.process import eventually

ENDLESS = r"(\w+\s?)+!"
TEXT = "b" * 60


def test_a_buildspec_cannot_hold_up_the_server(build: Any) -> None:
    spec = f"version: 0.2\nphases:\n  build:\n    on-failure: RETRY-1-{ENDLESS}$\n    commands: ['false {TEXT}']\n"
    started = build.start(spec)
    done = build.ended(started, patience=60)
    assert done["buildStatus"] == "FAILED"
    assert "Not retrying" in build.log(done)


def test_an_expression_of_a_buildspec_still_chooses(build: Any) -> None:
    for status, tries in (("exit status 1", 3), ("exit status 2", 1)):
        spec = f"version: 0.2\nphases:\n  build:\n    on-failure: RETRY-2-{status}\n    commands: ['echo a-try; false']\n"
        log = build.log(build.ended(build.start(spec)))
        assert log.count("\na-try\n") == tries


def children(pid: int) -> set[int]:
    found = set()
    for each in Path("/proc").iterdir():
        if each.name.isdigit():
            try:
                fields = (each / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == pid and fields[0] != "Z":
                found.add(int(each.name))
    return found


def test_an_expression_ends_although_its_server_was_killed() -> None:
    asking = f"from stageline.expressions import fits; fits({ENDLESS!r}, {TEXT!r})"
    server = subprocess.Popen([sys.executable, "-c", asking])
    computing = eventually("the expression computes", lambda: children(server.pid))
    server.kill()
    server.wait()
    try:
        eventually("the expression has ended", lambda: not any(Path(f"/proc/{pid}").exists() for pid in computing), 30)
    finally:
        for pid in computing:
            if Path(f"/proc/{pid}").exists():
                os.kill(pid, 9)


def test_an_expression_has_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stageline.expressions.SECONDS", 1)
    began = time.monotonic()
    with pytest.raises(ValueError, match="more than 1 seconds"):
        fits(ENDLESS, TEXT)
    assert time.monotonic() - began < 30
    with pytest.raises(ValueError, match="recursion"):
        fits("(" * 9_000 + ")" * 9_000, TEXT)
    assert fits("b", TEXT, whole=False)
    assert not fits("b", TEXT)
