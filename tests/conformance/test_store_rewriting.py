"""Stored text is changed portion by portion on both databases, whatever the size of a portion."""

from collections.abc import Callable

import pytest

from stageline.ports.store import Task
from stageline.store.sql import SqlStore
from stageline.store.upkeep.rewriting import Place, rewrite


@pytest.fixture
def store(url: str):
    opened = SqlStore(url)
    with opened.write() as tx:
        for kind in ("b", "a"):
            for number in range(3):
                tx.put(kind, f"k{number}", {"text": f"old é {kind}{number}"})
        for stream in ("s", "t"):
            for number in range(3):
                tx.append(stream, f"old {stream}{number}".encode())
        tx.append("packed", b"\x78\x01\xffold")
        for number in range(3):
            tx.schedule(Task(f"task{number}", "e", {"text": f"old {number}"}, due=7))
    yield opened
    opened.close()


def walk(store: SqlStore, most: int, change: Callable[[str, str, str], str]) -> list[int]:
    place: Place | None = Place()
    counts = []
    while place is not None:
        place, changed = rewrite(store, place, most, change)
        counts.append(changed)
    return counts


@pytest.mark.parametrize("most", [1, 2, 3, 6, 100])
def test_every_row_is_seen_once_and_changed_in_its_place(store: SqlStore, most: int) -> None:
    seen: list[tuple[str, str]] = []

    def change(kind: str, key: str, text: str) -> str:
        seen.append((kind, key))
        return text.replace("old", "new")

    assert sum(walk(store, most, change)) == 15
    documents = [(kind, f"k{number}") for kind in "ab" for number in range(3)]
    journals = [("journal", stream) for stream in "st" for _ in range(3)]
    assert seen == [*documents, *journals, *(("tasks", f"task{number}") for number in range(3))]
    with store.read() as tx:
        assert [doc["text"] for _, doc in tx.scan("a")] == ["new é a0", "new é a1", "new é a2"]
        assert tx.journal("packed") == [(0, b"\x78\x01\xffold")]
        assert tx.journal("t") == [(0, b"new t0"), (1, b"new t1"), (2, b"new t2")]
        assert [(task.payload["text"], task.due) for task in tx.tasks()] == [(f"new {number}", 7) for number in range(3)]
    assert store.check() == []
    assert sum(walk(store, most, lambda kind, key, text: text)) == 0


def test_a_portion_that_fails_changes_nothing(store: SqlStore) -> None:
    def change(kind: str, key: str, text: str) -> str:
        if (kind, key) == ("b", "k1"):
            raise ValueError("no")
        return text.replace("old", "new")

    with pytest.raises(ValueError, match="no"):
        rewrite(store, Place(), 5, change)
    with store.read() as tx:
        assert all(doc["text"].startswith("old") for _, doc in tx.scan("a"))
