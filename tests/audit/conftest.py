"""A whole server in this process whose audit trail can be read, people with few rights, and ways to tamper with the trail."""

import json
import sqlite3
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from stageline import app
from stageline.config import Settings
from stageline.store.audit import segments
from stageline.testing.harness import Key, Server, serving


@dataclass
class Whole:
    server: Server
    assembled: app.Server
    data: Path

    def client(self, service: str, *, key: Key | None = None, **config: Any) -> Any:
        return self.server.client(service, key=key, **config)

    def person(self, name: str, *statements: dict[str, Any]) -> Key:
        iam = self.client("iam")
        iam.create_user(UserName=name)
        if statements:
            document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **each} for each in statements]}
            iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=json.dumps(document))
        made = iam.create_access_key(UserName=name)["AccessKey"]
        return Key(made["AccessKeyId"], made["SecretAccessKey"])

    def lines(self) -> list[bytes]:
        self.assembled.trail.flush()
        with self.assembled.store.read() as tx:
            return [line for each in segments.segments(tx) for line in segments.lines_of(tx, each.number)]

    def events(self, **wanted: Any) -> list[dict[str, Any]]:
        found = [json.loads(line)["event"] for line in self.lines()]
        agent = wanted.pop("userAgent", "")
        found = [each for each in found if agent in each["userAgent"]]
        return [each for each in found if all(each.get(name) == value for name, value in wanted.items())]

    def event(self, **wanted: Any) -> dict[str, Any]:
        found = self.events(**wanted)
        assert found, f"no event {wanted}"
        return found[-1]


@pytest.fixture(scope="session")
def serve() -> Callable[..., Any]:
    """Runs a server of one's own on a data folder."""
    return _Running


@dataclass
class _Running:
    data: Path
    settings: dict[str, Any] = field(default_factory=dict)

    def __enter__(self) -> Whole:
        self._assembled = app.assemble(Settings(data=self.data, sandbox="auto", grace=0.5, **self.settings), 0, strict=True)
        self._serving = serving(self._assembled.application)
        endpoint = self._serving.__enter__()
        self._assembled.start()
        saved = app.administrator(self.data)
        key = Key(saved["AccessKeyId"], saved["SecretAccessKey"])
        self._whole = Whole(Server(endpoint, "us-east-1", self._assembled.application, key), self._assembled, self.data)
        return self._whole

    def __exit__(self, *error: Any) -> None:
        self._serving.__exit__(*error)
        self._assembled.close()
        self._whole.server.assert_no_bugs()


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    with _Running(tmp_path_factory.mktemp("audit") / "data") as found:
        yield found


@dataclass
class Tampering:
    """Changes rows behind the server's back, as whoever can write to the database file could."""

    file: Path

    def sql(self, statement: str, *values: Any) -> list[Any]:
        connection = sqlite3.connect(self.file)
        try:
            with connection:
                return connection.execute(statement, values).fetchall()
        finally:
            connection.close()

    def blocks(self) -> list[tuple[str, int, list[bytes]]]:
        rows = self.sql("SELECT stream, seq, entry FROM journal WHERE stream LIKE 'audit/%' ORDER BY stream, seq")
        return [(stream, seq, segments.unpacked(entry)) for stream, seq, entry in rows]

    def put(self, stream: str, seq: int, lines: list[bytes]) -> None:
        self.sql("UPDATE journal SET entry = ? WHERE stream = ? AND seq = ?", b"\n".join(lines), stream, seq)

    def document(self, kind: str, key: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.sql("SELECT body FROM documents WHERE kind = ? AND key = ?", kind, key)[0][0])
        return found

    def set(self, kind: str, key: str, document: dict[str, Any]) -> None:
        self.sql("UPDATE documents SET body = ? WHERE kind = ? AND key = ?", json.dumps(document), kind, key)


@pytest.fixture
def tampering() -> Callable[[Path], Tampering]:
    return Tampering


def everything(folder: Path) -> bytes:
    """All bytes of all files of a folder, and what lies compressed in the trail."""
    parts = [each.read_bytes() for each in sorted(folder.rglob("*")) if each.is_file()]
    rows = Tampering(folder / "stageline.db").sql("SELECT entry FROM journal WHERE stream LIKE 'audit/%'")
    return b"\n".join([*parts, *(zlib.decompress(row[0]) if row[0][:1] != b"{" else row[0] for row in rows)])


@pytest.fixture
def all_bytes() -> Callable[[Path], bytes]:
    return everything


@pytest.fixture
def now() -> int:
    return int(time.time() * 1000)
