"""What ``stageline doctor`` finds, on folders that are new, sound, loose, tampered with, or in use."""

import json
import socket
from pathlib import Path

import pytest

from stageline.app import assemble
from stageline.config import Settings
from stageline.core.pipeline.declaration import Action, Declaration, Stage
from stageline.core.pipeline.events import ExecutionRequested, PipelineDeclared
from stageline.engine.apply import STATE
from stageline.offline.doctor import Finding, examine, report
from stageline.store.sql import SqlStore


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with a pipeline that has run a little."""
    folder = tmp_path / "data"
    server = assemble(Settings(data=folder), 0)
    stages = (
        Stage("Source", (Action("Fetch", ("Source", "AWS", "S3", "1")),)),
        Stage("Deploy", (Action("Copy", ("Deploy", "AWS", "S3", "1")),)),
    )
    with server.store.write() as tx:
        server.engine.create(tx, "shop", "uid")
        server.engine.apply_in(tx, "shop", PipelineDeclared(Declaration("shop", 1, "SUPERSEDED", "role", stages)))
        server.engine.apply_in(tx, "shop", ExecutionRequested("StartPipelineExecution", "me"))
    server.close()
    return folder


def found(settings: Settings, subject: str) -> list[Finding]:
    return [each for each in examine(settings) if each.subject == subject]


def settings(data: Path) -> Settings:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return Settings(data=data, port=probe.getsockname()[1])


def test_a_folder_that_is_not_there_yet_is_fine(tmp_path: Path) -> None:
    findings = examine(settings(tmp_path / "none"))
    assert not any(each.bad for each in findings)
    assert not (tmp_path / "none").exists()


def test_a_sound_folder_is_fine(data: Path) -> None:
    findings = examine(settings(data))
    assert not any(each.bad for each in findings), report(findings)
    assert "every pipeline's journal gives its stored state" in report(findings)


def test_a_loose_folder_is_told(data: Path) -> None:
    data.chmod(0o755)
    assert [each.bad for each in found(settings(data), "data folder")] == [True]


def test_a_state_that_was_tampered_with_is_told(data: Path) -> None:
    store = SqlStore(f"sqlite:///{data / 'stageline.db'}")
    with store.write() as tx:
        state = tx.get(STATE, "uid")
        assert state is not None
        tx.put(STATE, "uid", json.loads(json.dumps(state).replace("StartPipelineExecution", "Webhook")))
    store.close()
    (journal,) = found(settings(data), "journal")
    assert journal.bad
    assert "pipeline shop" in journal.text


def test_a_port_in_use_is_told(data: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        (port,) = found(Settings(data=data, port=other.getsockname()[1]), "port")
    assert port.bad
    assert "--port" in port.text


def test_a_database_that_cannot_be_opened_is_told(data: Path) -> None:
    (data / "stageline.db").write_bytes(b"not a database" * 1000)
    (database,) = found(settings(data), "database")
    assert database.bad
