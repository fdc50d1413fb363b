"""``stageline audit`` and ``check-export`` as they are called: what is printed, filtered, refused, and with which exit code."""

import json
import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner

from stageline.app import assemble
from stageline.cli import app
from stageline.config import Settings
from stageline.ports.api import ApiError

run = CliRunner()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which the server itself has done a little."""
    folder = tmp_path_factory.mktemp("cli") / "data"
    server = assemble(Settings(data=folder), 0)
    with pytest.raises(ApiError):
        server.aws.call("iam", "CreateUser", UserName="ann\x1b[31m")
    with pytest.raises(ApiError):
        server.aws.call("iam", "CreateGroup", GroupName="group")
    server.close()
    return folder


def told(data: Path, *words: str, code: int = 0) -> list[str]:
    result = run.invoke(app, ["audit", "--data", str(data), *words])
    assert result.exit_code == code, result.output
    return result.output.splitlines()


def test_it_prints_a_line_for_each_record(data: Path) -> None:
    lines = told(data)
    assert len(lines) == 2
    assert "stageline.amazonaws.com  iam:CreateGroup" in lines[1]
    assert "refused: AccessDenied" in lines[1]
    assert all(line.isprintable() for line in lines)


def test_it_filters(data: Path) -> None:
    assert len(told(data, "--event", "CreateUser")) == 1
    assert told(data, "--user", "nobody") == []
    assert told(data, "--since", "2999-01-01") == []
    assert len(told(data, "--since", "2001-01-01T00:00:00+02:00", "--until", "2999-01-01")) == 2
    assert told(data, "--until", "2001-01-01") == []
    assert "is not a time" in told(data, "--since", "yesterday", code=2)[0]


def test_json_is_what_is_kept_and_an_export_can_be_checked(data: Path, tmp_path: Path) -> None:
    lines = told(data, "--json")
    assert [json.loads(line)["sequence"] for line in lines] == [1, 2]
    export = tmp_path / "export.jsonl"
    export.write_text("\n".join(lines) + "\n")
    good = run.invoke(app, ["check-export", str(export)])
    assert good.exit_code == 0
    end = good.output.split()[-1]
    assert run.invoke(app, ["check-export", str(export), "--anchor", end]).exit_code == 0
    export.write_text(lines[0].replace("CreateUser", "DeleteUser") + "\n" + lines[1] + "\n")
    assert run.invoke(app, ["check-export", str(export)]).exit_code == 1
    assert run.invoke(app, ["check-export", str(tmp_path / "none")]).exit_code == 1
    assert run.invoke(app, ["check-export", str(export), "--anchor", "1"]).exit_code == 2


def test_verify_says_the_end_of_the_chain_and_fails_when_a_record_is_gone(data: Path) -> None:
    lines = told(data, "--verify")
    assert lines[0] == "The chain holds: 2 records."
    assert told(data, "--verify", "--anchor", lines[1].split()[-1])[0] == lines[0]
    assert told(data, "--verify", "--anchor", f"2:{'0' * 64}", code=1)
    with sqlite3.connect(data / "stageline.db") as connection:
        connection.execute("DELETE FROM journal WHERE stream LIKE 'audit/%'")
    connection.close()
    lines = told(data, "--verify", code=1)
    assert lines[0].startswith("BAD")
    assert lines[-1] == "The audit trail was tampered with or damaged."


def test_without_a_database_it_says_what_to_do(tmp_path: Path) -> None:
    assert "there is no database" in told(tmp_path / "none", code=1)[0]
