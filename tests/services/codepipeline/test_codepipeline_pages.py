"""Pages of what a filter leaves of a long listing: every row once, bounded work for each call."""

import pytest

from stageline.ports.store import Doc
from stageline.services.codepipeline import pages

ROWS = [(f"{number:05d}", {"number": number}) for number in range(950)]


def walk(size: int, every: int, last: int = 10_000) -> tuple[list[int], list[int], int]:
    """The numbers found, the sizes of the pages, and the most rows that one call read."""
    read = most = 0

    def fetch(after: str, limit: int) -> list[tuple[str, Doc]]:
        nonlocal read
        found = [row for row in ROWS if row[0] > after][:limit]
        read += len(found)
        return found

    numbers: list[int] = []
    sizes = []
    token: str | None = None
    while True:
        read = 0
        page, token = pages.sifted(
            "listing",
            token,
            size,
            fetch,
            lambda row: row["number"] % every == every - 1,
            lambda row: row["number"] >= last,
            lambda row: row["number"],
        )
        most = max(most, read)
        numbers += page
        sizes.append(len(page))
        if token is None:
            return numbers, sizes, most


@pytest.mark.parametrize("size", [1, 3, 100])
@pytest.mark.parametrize("every", [1, 7, 150, 949, 10_000])
def test_every_row_once(size: int, every: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PORTION", 20)
    monkeypatch.setattr(pages, "MOST", 100)
    numbers, sizes, most = walk(size, every)
    assert numbers == [number for number in range(950) if number % every == every - 1]
    assert max(sizes) <= size
    assert most <= 100


def test_it_ends_where_no_more_will_follow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PORTION", 20)
    numbers, sizes, most = walk(100, 2, last=30)
    assert numbers == list(range(1, 30, 2))
    assert (len(sizes), most) == (1, 40)
