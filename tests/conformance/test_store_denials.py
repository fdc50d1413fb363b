"""The memory of denials: durable without waiting for the disk, bounded in every way, and never in the way of a refusal."""

import json
from pathlib import Path
from typing import Any

import pytest

from stageline.ports.identity import Denial
from stageline.store.files.denials import BURST, CURRENT, EARLIER, RATE, FileDenials, latest


def denial(number: int, **changes: Any) -> Denial:
    principal = changes.pop("principal", f"arn:aws:iam::000000000000:user/u{number % 7}")
    given = {"resource": "*", "reason": "because", "source": "identity", "explicit": False, **changes}
    return Denial(f"request-{number}", number, "s3", principal, "AIDA", "s3:GetObject", **given)


def ids(folder: Path) -> list[str]:
    return [each.request_id for each in latest(folder)]


def test_latest_comes_first_and_is_what_was_noted(tmp_path: Path) -> None:
    memory = FileDenials(tmp_path, 10)
    told = denial(1, explicit=True, policy="p", statement="S", index=2, keys={"aws:username": "ä", "aws:tagkeys": ("a", "b")})
    memory.note(told)
    memory.note(denial(2, lacking=("identity", "boundary")))
    assert ids(tmp_path) == ["request-2", "request-1"]
    assert list(latest(tmp_path))[1] == told


def test_at_least_the_latest_are_kept_and_at_most_twice_as_many(tmp_path: Path) -> None:
    memory = FileDenials(tmp_path, 10)
    for number in range(57):
        memory.note(denial(number))
        found = ids(tmp_path)
        assert found[:10] == [f"request-{each}" for each in range(number, max(-1, number - 10), -1)]
        assert len(found) <= 20
    assert {file.name for file in tmp_path.iterdir()} == {CURRENT, EARLIER}


def test_another_start_goes_on_counting(tmp_path: Path) -> None:
    for number in range(30):
        FileDenials(tmp_path, 10).note(denial(number))
    assert ids(tmp_path)[:10] == [f"request-{each}" for each in range(29, 19, -1)]
    assert len(ids(tmp_path)) <= 20


def test_line_that_a_crash_cut_short_costs_itself_only(tmp_path: Path) -> None:
    FileDenials(tmp_path, 10).note(denial(1))
    with (tmp_path / CURRENT).open("a") as out:
        out.write('{"request_id":"cut')
    FileDenials(tmp_path, 10).note(denial(2))
    assert ids(tmp_path) == ["request-2", "request-1"]


def test_none_are_kept_when_told_so(tmp_path: Path) -> None:
    FileDenials(tmp_path, 0).note(denial(1))
    assert list(tmp_path.iterdir()) == []


def test_only_the_owner_may_read(tmp_path: Path) -> None:
    FileDenials(tmp_path, 10).note(denial(1))
    assert (tmp_path / CURRENT).stat().st_mode & 0o777 == 0o600


def test_flood_of_one_principal_is_cut_and_leaves_room_for_others(tmp_path: Path) -> None:
    seconds = [0.0]
    memory = FileDenials(tmp_path, 10_000, lambda: seconds[0])
    for number in range(1000):
        memory.note(denial(number, principal="flood"))
    assert len(ids(tmp_path)) == BURST
    memory.note(denial(2000, principal="other"))
    assert ids(tmp_path)[0] == "request-2000"
    seconds[0] = 3.0
    for number in range(1000):
        memory.note(denial(number, principal="flood"))
    assert len(ids(tmp_path)) == BURST + 1 + 3 * RATE


@pytest.mark.parametrize("keys", [{f"aws:requesttag/{number}": "x" * 5000 for number in range(50)}, {"k": ("y" * 900,) * 900}])
def test_line_has_a_most_length(tmp_path: Path, keys: dict[str, Any]) -> None:
    FileDenials(tmp_path, 10).note(denial(1, keys=keys, resource="r" * 100_000, reason="w" * 100_000))
    line = (tmp_path / CURRENT).read_bytes()
    assert len(line) <= 4096
    assert json.loads(line)["request_id"] == "request-1"


def test_disk_that_cannot_be_written_to_hinders_nobody(tmp_path: Path) -> None:
    memory = FileDenials(tmp_path, 10)
    (tmp_path / CURRENT).mkdir()
    memory.note(denial(1))
    (tmp_path / CURRENT).rmdir()
    memory.note(denial(2))
    assert ids(tmp_path) == ["request-2"]
