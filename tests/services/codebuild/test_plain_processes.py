"""Builds where no confinement is to be had: plain processes, the host's own paths."""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stageline.sandbox.process import ProcessSandbox

SPEC = """
version: 0.2
phases:
  build:
    commands:
      - mkdir -p out/sub; cd out; A=1
      - echo "$A" > sub/file; basename "$PWD"
      - sleep 1000 &
      - test "$(cd "$CODEBUILD_SRC_DIR/out" && pwd)" = "$PWD"
artifacts:
  files: ['**/*']
  base-directory: $CODEBUILD_SRC_DIR/out
"""


@pytest.fixture
def plain(world: Any) -> Iterator[None]:
    usual = world.hosts[0]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o711)
        world.hosts[0] = replace(world.host, sandbox=ProcessSandbox(), folder=folder)
        yield
        world.hosts[0] = usual


def test_a_build_runs_and_stores_what_it_made(make: Any, plain: None) -> None:
    artifacts = {"type": "S3", "location": "output", "name": "plain.zip", "packaging": "ZIP"}
    ended = make.run(SPEC, artifacts=artifacts)
    assert ended.status == "SUCCEEDED", ended.log
    assert ended.output() == ["out"]
    assert make.unzipped("output", "plain.zip") == {"sub/file": b"1\n"}


def test_a_folder_that_the_box_cannot_reach_is_a_clear_fault(make: Any, world: Any) -> None:
    usual = world.hosts[0]
    world.hosts[0] = replace(world.host, sandbox=ProcessSandbox())
    try:
        ended = make.run("version: 0.2\nphases: {build: {commands: [echo x]}}")
    finally:
        world.hosts[0] = usual
    if ended.status == "FAULT":
        assert "cannot reach" in ended.context("DOWNLOAD_SOURCE")[1]
    else:
        # A server that is not root runs builds as itself and reaches all its folders.
        assert ended.status == "SUCCEEDED"
