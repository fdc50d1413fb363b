"""Secrets put in everywhere, then looked for everywhere: they are where they have to be and in no other place.

After a server was given every kind of secret, no file of the data folder, no line that the server printed, no answer but those
that exist to give a secret, no report of ``stageline`` and no command line of any process has one of them, plain or in base64.
"""

import base64
import gzip
import io
import sqlite3
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from stageline.app import administrator

GIVES = {
    *("CreateAccessKey", "CreateServiceSpecificCredential", "GetSessionToken", "AssumeRole", "GetSecretValue"),
    *("BatchGetSecretValue", "GetParameter", "PollForJobs", "GetJobDetails"),
}
"""Operations that exist to give a secret to who may have it."""


def forms(secret: str) -> list[bytes]:
    """The secret itself, in hexadecimal, in a URL, and in base64 wherever it stands in what was encoded."""
    raw = secret.encode()
    shifted = [base64.b64encode(b"\0" * shift + raw)[(0, 2, 3)[shift] : -4] for shift in range(3)]
    return [raw, raw.hex().encode(), secret.replace("/", "%2F").encode(), *shifted]


def found_in(watcher: Any, text: bytes) -> list[str]:
    return [what for what, secret in watcher.secrets.items() if any(form in text for form in forms(secret))]


def contents(file: Path) -> Iterator[bytes]:
    """The bytes of a file; of an archive also what is in it, of a database also the packed entries of its journals."""
    data = file.read_bytes()
    yield data
    if file.suffix == ".db":
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
            for (entry,) in database.execute("SELECT entry FROM journal"):
                if entry[:1] == b"\x78":
                    yield zlib.decompress(entry)
    if data[:2] == b"\x1f\x8b":
        yield gzip.decompress(data)
    if data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield archive.read(name)


def test_the_search_finds_what_is_there(watcher: Any, tmp_path: Path) -> None:
    """The secrets did reach the server: the answers that give them have them; and a planted one is found."""
    given = b"".join(text for name, text in watcher.answers if name in GIVES)
    here = {"access key", "session key", "session token", "git password", "secret", "secure", "configuration", "job token"}
    assert here <= set(found_in(watcher, given))
    with gzip.open(tmp_path / "log.gz", "wb") as out:
        out.write(f"x{watcher.secrets['webhook']}x".encode())
    assert [what for text in contents(tmp_path / "log.gz") for what in found_in(watcher, text)] == ["webhook"]
    for before in ("", "a", "ab"):
        assert found_in(watcher, base64.b64encode(f"{before}{watcher.secrets['webhook']} after".encode())) == ["webhook"]


def test_no_file_of_the_data_folder_has_a_secret(watcher: Any) -> None:
    data = watcher.server.data
    key = administrator(data)["SecretAccessKey"].encode()
    told: list[str] = []
    seen = 0
    for file in sorted(each for each in data.rglob("*") if each.is_file()):
        seen += 1
        for text in contents(file):
            told += [f"{file.relative_to(data)}: {what}" for what in found_in(watcher, text)]
            if key in text and file.name != "administrator.json":
                told.append(f"{file.relative_to(data)}: the administrator's key")
    assert told == []
    assert seen > 10
    assert {each.name for each in data.iterdir()} >= {"stageline.db", "stageline.db-wal", "vault.key"}
    for private in ("administrator.json", "vault.key"):
        assert (data / private).stat().st_mode & 0o777 == 0o600


def test_the_server_prints_no_secret(watcher: Any) -> None:
    assert found_in(watcher, watcher.server.stderr().encode()) == []


def test_no_answer_has_a_secret_but_those_that_give_it(watcher: Any) -> None:
    names = {name for name, _ in watcher.answers}
    assert names >= {"ListSecrets", "DescribeParameters", "GetPipelineState", "BatchGetBuilds", "GetLogEvents", "ListWebhooks"}
    assert [(name, found) for name, text in watcher.answers if name not in GIVES and (found := found_in(watcher, text))] == []


def test_no_command_line_has_a_secret(watcher: Any) -> None:
    assert any(b"stageline" in line for line in watcher.lines)
    assert found_in(watcher, b"\n".join(watcher.lines)) == []


REPORTS = ("why shop", "doctor", "history shop --at 2100-01-01T00:00:00Z", "replay shop", "why-denied", "audit", "audit --json")


@pytest.mark.parametrize("command", REPORTS)
def test_no_report_has_a_secret(watcher: Any, command: str) -> None:
    program = [sys.executable, "-m", "stageline", *command.split(), "--data", str(watcher.server.data)]
    said = subprocess.run(program, capture_output=True, check=False, timeout=60)
    assert said.stdout
    assert b"Traceback" not in said.stderr
    assert found_in(watcher, said.stdout + said.stderr) == []
