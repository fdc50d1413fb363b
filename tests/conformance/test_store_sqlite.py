"""What only a file can show: a full disk, a damaged sequence, cost that does not grow, and the schema's history."""

import re
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from stageline.core import faultpoints
from stageline.ports.store import DataFolderBusy, StorageFull, Task
from stageline.store import leases, reading, writing
from stageline.store.folder import open_data_folder
from stageline.store.ranges import after_prefix
from stageline.store.reading import SCANS, TASK_SCANS
from stageline.store.sql import SqlStore
from stageline.testing.store_conformance import refused


@pytest.fixture
def store(tmp_path: Path):
    store = SqlStore(f"sqlite:///{tmp_path / 'store.db'}")
    yield store
    store.close()


def test_a_full_disk_undoes_the_transaction_and_the_store_works_on(store: SqlStore) -> None:
    with store.write() as tx:
        tx.put("k", "before", {})
    writer = store._database._writer  # type: ignore[attr-defined]
    pages = writer.execute("PRAGMA page_count").fetchone()[0]
    writer.execute(f"PRAGMA max_page_count={pages + 5}").fetchone()
    with refused(StorageFull), store.write() as tx:
        tx.put("k", "small", {})
        tx.put("k", "large", {"text": "x" * 100_000})
    with store.read() as tx:
        assert [key for key, _ in tx.scan("k")] == ["before"]
    writer.execute("PRAGMA max_page_count=1000000").fetchone()
    with store.write() as tx:
        tx.put("k", "large", {"text": "x" * 100_000})
    assert store.check() == []


def test_a_file_system_without_space_undoes_the_transaction(tmp_path: Path) -> None:
    mount = tmp_path / "small"
    mount.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(mount)], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("needs the right to mount")
    try:
        store = SqlStore(f"sqlite:///{mount / 'store.db'}")
        written = 0
        with refused(StorageFull):
            while True:
                with store.write() as tx:
                    tx.put("k", f"{written:06}", {"text": "x" * 20_000})
                written += 1
        with store.read() as tx:
            assert len(tx.scan("k")) == written > 5
        subprocess.run(["mount", "-o", "remount,size=8m", str(mount)], check=True)
        with store.write() as tx:
            tx.put("k", "after", {})
        assert store.check() == []
        store.close()
    finally:
        subprocess.run(["umount", str(mount)], check=True)


def test_a_gap_in_a_journal_and_a_broken_document_are_found(store: SqlStore) -> None:
    with store.write() as tx:
        for entry in (b"0", b"1", b"2"):
            tx.append("s", entry)
        tx.append_log("l", [(1, "x"), (2, "y")])
        tx.put("k", "a", {})
        tx.put("k", "b", {})
        tx.schedule(Task("t", "e", {}, due=5))
    assert store.check() == []
    writer = store._database._writer  # type: ignore[attr-defined]
    writer.execute("DELETE FROM journal WHERE seq = 1")
    writer.execute("DELETE FROM log_events WHERE position = 0")
    writer.execute("UPDATE documents SET body = '[1' WHERE key = 'b'")
    writer.execute("UPDATE tasks SET available = 99")
    found = store.check()
    assert len(found) == 4
    assert found[0].startswith("journal 's' has gaps: 2 entries numbered 0 to 2")
    assert found[1].startswith("log stream 'l' has gaps")
    assert found[2] == "document 'b' of kind 'k' is not a JSON object"
    assert "task 't'" in found[3]


def test_a_damaged_file_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    store = SqlStore(f"sqlite:///{path}")
    with store.write() as tx:
        for n in range(500):
            tx.put("k", f"{n}", {"text": "x" * 100})
    store.close()
    content = bytearray(path.read_bytes())
    content[20_000:24_000] = b"\xff" * 4_000
    path.write_bytes(content)
    store = SqlStore(f"sqlite:///{path}")
    assert any("damaged" in problem for problem in store.check())
    store.close()


HOT = [*SCANS.values(), *TASK_SCANS.values(), reading.GET, reading.JOURNAL, *reading.LOGS.values()]
HOT += [writing.NEXT_SEQ, writing.NEXT_POSITION, writing.DELETE, writing.CANCEL, writing.FORGET_LOG]
HOT += [leases.ANY, leases.DUE, leases.EARLIEST, leases.NEXT_KIND, leases.LEASE, leases.FINISH, leases.AGAIN, leases.HASTEN]


@pytest.mark.parametrize("sql", HOT)
def test_a_statement_walks_one_range_of_an_index(store: SqlStore, sql: str) -> None:
    """So that its cost does not grow with rows that have nothing to do with it."""
    parameters = dict.fromkeys(re.findall(r":(\w+)", sql), 1)
    with store.read() as tx:
        plan = tx.connection.execute(f"EXPLAIN QUERY PLAN {sql}", parameters).fetchall()  # type: ignore[attr-defined]
    steps = [row[3] for row in plan]
    assert len(steps) == 1, steps
    assert steps[0].startswith("SEARCH"), steps


@pytest.mark.parametrize(
    ("prefix", "bound"),
    [("", None), ("a", "b"), ("a\U0010ffff", "b"), ("\U0010ffff", None), ("a\ud7ff", "a\ue000"), ("\x7f", "\x80"), ("é", "ê")],
)
def test_the_bound_of_a_prefix_is_the_least_string_beyond_it(prefix: str, bound: str | None) -> None:
    assert after_prefix(prefix) == bound


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://h/n"])
def test_a_database_that_is_not_supported_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="unsupported database"):
        SqlStore(url)


def test_writers_do_not_wait_for_readers(store: SqlStore) -> None:
    with store.write() as tx:
        tx.put("k", "a", {})
    reading, done = threading.Event(), threading.Event()

    def read() -> None:
        with store.read() as tx:
            tx.get("k", "a")
            reading.set()
            done.wait(10)

    thread = threading.Thread(target=read)
    thread.start()
    reading.wait(10)
    with store.write() as tx:
        tx.put("k", "a", {"n": 1})
    done.set()
    thread.join()


def test_the_files_are_their_owners_alone(store: SqlStore, tmp_path: Path) -> None:
    with store.write() as tx:
        tx.put("k", "a", {})
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert modes == dict.fromkeys(["store.db", "store.db-wal", "store.db-shm"], 0o600)


def test_each_commit_passes_the_fault_points(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    reached: list[str] = []

    def hook(name: str) -> None:
        with store.read() as tx:
            reached.append(f"{name} {tx.get('k', 'a')}")

    monkeypatch.setattr(faultpoints, "HOOK", hook)
    with store.write() as tx:
        tx.put("k", "a", {})
    assert reached == ["store.before-commit None", "store.after-commit {}"]


def test_a_data_folder_is_private_and_used_by_one_process(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "data"
    script = (
        "import sys; from pathlib import Path; from stageline.store.folder import open_data_folder;"
        "folder = open_data_folder(Path(sys.argv[1])); print('open', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"open\n"
        assert path.stat().st_mode & 0o777 == 0o700
        with pytest.raises(DataFolderBusy, match=f"in use by process {process.pid}"):
            open_data_folder(path)
        process.kill()
    deadline = time.monotonic() + 5
    while True:
        try:
            folder = open_data_folder(path)
            break
        except DataFolderBusy:
            assert time.monotonic() < deadline
            time.sleep(0.01)
    with pytest.raises(DataFolderBusy):
        open_data_folder(path)
    folder.close()
    with open_data_folder(path) as again:
        SqlStore(again.database_url).close()


def test_commits_are_synced_and_leases_are_not(store: SqlStore) -> None:
    """SQLite names the levels by number: 2 syncs each commit, 1 only checkpoints."""
    levels: list[int] = []
    writer = store._database._writer  # type: ignore[attr-defined]

    def level() -> None:
        levels.append(writer.execute("PRAGMA synchronous").fetchone()[0])

    for _ in range(2):
        with store.write() as tx:
            tx.schedule(Task("t", "e", {}, due=0))
            level()
        store.claim("me", 1, lease=100, limit=1)
        level()
    assert levels == [2, 1, 2, 1]
    assert writer.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
