"""Rows of the trail that are edited, removed, moved or cut off behind the server's back are found, and stay found."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from stageline.config import Settings
from stageline.core.audit.chain import canonical, digest
from stageline.offline import audit
from stageline.offline.doctor import examine
from stageline.ports.api import Caller, Context
from stageline.ports.audit.trail import Happening, Nature
from stageline.runners.systemclock import SystemClock
from stageline.store.audit import segments
from stageline.store.audit.anchor import Anchor
from stageline.store.audit.segments import KIND, SEGMENT, key
from stageline.store.audit.trail import StoredTrail
from stageline.store.sql import SqlStore

RECORDS = 25


def context(now: int) -> Context:
    caller = Caller("user", "arn:aws:iam::000000000000:user/eve", "AIDA", "000000000000", "AKIAAAAAAAAAAAAAAAAA")
    return Context(caller, "000000000000", "us-east-1", now, "request", "http://127.0.0.1:1")


def opened(folder: Path, **more: Any) -> tuple[SqlStore, StoredTrail]:
    store = SqlStore(f"sqlite:///{folder}/stageline.db")
    clock = more.pop("clock", SystemClock())
    return store, StoredTrail(store, clock, Anchor(folder), account="000000000000", region="us-east-1", **more)


def act(trail: StoredTrail, count: int, now: int, name: str = "Act") -> None:
    for number in range(count):
        trail.record(Happening(context(now), "codepipeline", name, Nature(), {"number": number}))


@pytest.fixture
def data(tmp_path: Path, now: int, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A trail of three segments, in blocks of one record each."""
    monkeypatch.setattr(segments, "LINES", 10)
    store, trail = opened(tmp_path)
    act(trail, RECORDS, now)
    trail.close()
    store.close()
    return tmp_path


@pytest.fixture(autouse=True)
def quiet(capsys: pytest.CaptureFixture[str]) -> Iterator[None]:
    yield
    capsys.readouterr()


def verdict(data: Path) -> tuple[bool, str]:
    return audit.check(Settings(data=data))


def test_a_trail_that_nobody_touched_holds(data: Path) -> None:
    good, text = verdict(data)
    assert good, text
    assert f"{RECORDS} records" in text
    assert Anchor(data).current().keys() == {RECORDS}
    assert (data / "audit.anchor").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("at", [0, 12, RECORDS - 1])
def test_an_edited_record_is_found(data: Path, tampering: Callable[[Path], Any], at: int) -> None:
    rows = tampering(data / "stageline.db")
    stream, seq, (line,) = rows.blocks()[at]
    found = json.loads(line)
    found["event"]["userIdentity"]["userName"] = "mallory"
    rows.put(stream, seq, [canonical(found)])
    good, text = verdict(data)
    assert not good
    assert "was changed" in text or "not as it does" in text


@pytest.mark.parametrize("at", [0, 12, RECORDS - 1])
def test_a_removed_record_is_found(data: Path, tampering: Callable[[Path], Any], at: int) -> None:
    rows = tampering(data / "stageline.db")
    stream, seq, _ = rows.blocks()[at]
    rows.sql("DELETE FROM journal WHERE stream = ? AND seq = ?", stream, seq)
    assert not verdict(data)[0]


def test_records_that_changed_places_are_found(data: Path, tampering: Callable[[Path], Any]) -> None:
    rows = tampering(data / "stageline.db")
    first, second = rows.blocks()[3:5]
    rows.put(first[0], first[1], second[2])
    rows.put(second[0], second[1], first[2])
    good, text = verdict(data)
    assert not good
    assert "were moved" in text


def test_a_removed_segment_is_found(data: Path, tampering: Callable[[Path], Any]) -> None:
    rows = tampering(data / "stageline.db")
    rows.sql("DELETE FROM journal WHERE stream = ?", segments.stream(2))
    rows.sql("DELETE FROM documents WHERE kind = ? AND key = ?", SEGMENT, key(2))
    good, text = verdict(data)
    assert not good
    assert "segment 2 is missing" in text


def cut(rows: Any, last: int) -> None:
    """Cut everything behind a record off, and make all heads fit: what a careful intruder would do."""
    number = (last - 1) // 10 + 1
    keep: bytes = b""
    for stream, seq, (line,) in rows.blocks():
        if json.loads(line)["sequence"] > last:
            rows.sql("DELETE FROM journal WHERE stream = ? AND seq = ?", stream, seq)
        else:
            keep = line
    rows.sql("DELETE FROM documents WHERE kind = ? AND key > ?", SEGMENT, key(number))
    rows.set(SEGMENT, key(number), {**rows.document(SEGMENT, key(number)), "last": last, "head": digest(keep)})
    rows.set(KIND, segments.HEAD, {"sequence": last, "hash": digest(keep), "segment": number})


def test_a_trail_that_was_cut_off_at_its_end_is_found_and_stays_found(
    data: Path, tampering: Callable[[Path], Any], now: int
) -> None:
    cut(tampering(data / "stageline.db"), 17)
    good, text = verdict(data)
    assert not good
    assert "it was cut" in text
    # Going on, beyond where it was cut, does not wash it away.
    for _ in range(2):
        store, trail = opened(data)
        act(trail, 20, now, "Later")
        trail.close()
        store.close()
    good, text = verdict(data)
    assert not good
    assert f"record {RECORDS} is not the one that an anchor holds" in text
    names = [
        json.loads(line)["event"]["eventName"] for _, _, block in tampering(data / "stageline.db").blocks() for line in block
    ]
    assert names.count("AuditChainDisputed") == 1


def test_a_trail_that_was_computed_anew_is_found(data: Path, tampering: Callable[[Path], Any]) -> None:
    rows = tampering(data / "stageline.db")
    previous = "0" * 64
    for stream, seq, (line,) in rows.blocks():
        found = json.loads(line)
        found["previous"] = previous
        found["event"]["requestParameters"] = {"forged": True}
        text = canonical(found)
        rows.put(stream, seq, [text])
        number = int(stream.rsplit("/", 1)[-1])
        document = rows.document(SEGMENT, key(number))
        if found["sequence"] == document["first"]:
            document["previous"] = previous
        previous = digest(text)
        rows.set(SEGMENT, key(number), document | {"head": previous})
    rows.set(KIND, segments.HEAD, {**rows.document(KIND, segments.HEAD), "hash": previous})
    good, text = verdict(data)
    assert not good
    assert "is not the one that an anchor holds" in text
    assert "segment" not in text, "all but the anchor was made to fit"


def test_without_its_anchor_a_trail_says_what_it_cannot_tell(data: Path) -> None:
    (data / "audit.anchor").unlink()
    good, text = verdict(data)
    assert good
    assert "cannot be told" in text


def test_an_anchor_that_is_none_is_told_of_and_kept(data: Path, now: int) -> None:
    (data / "audit.anchor").write_text("{}")
    assert not verdict(data)[0]
    store, trail = opened(data)
    act(trail, 1, now)
    trail.close()
    store.close()
    good, text = verdict(data)
    assert not good
    assert "audit.anchor.damaged" in text


def test_anchors_kept_elsewhere_are_compared(data: Path) -> None:
    line = verdict(data)[1].splitlines()[1].split()[-1]
    assert audit.check(Settings(data=data), [line])[0]
    assert not audit.check(Settings(data=data), [f"{RECORDS}:{'a' * 64}"])[0]
    assert not audit.check(Settings(data=data), [f"99:{'a' * 64}"])[0]


def test_the_doctor_looks_at_the_end_of_the_chain(data: Path, tampering: Callable[[Path], Any]) -> None:
    def finding() -> Any:
        return next(each for each in examine(Settings(data=data, port=0)) if each.subject == "audit")

    assert not finding().bad
    cut(tampering(data / "stageline.db"), 24)
    assert finding().bad


def test_old_segments_go_and_their_heads_stay(data: Path, now: int, tampering: Callable[[Path], Any]) -> None:
    store, trail = opened(data)
    assert segments.drop(store, now + 1) == 2, "the segment that is written to stays"
    act(trail, 1, now)
    trail.close()
    store.close()
    good, text = verdict(data)
    assert good, text
    assert "20 older ones were dropped" in text
    rows = tampering(data / "stageline.db")
    rows.set(SEGMENT, key(1), {**rows.document(SEGMENT, key(1)), "head": "f" * 64})
    assert not verdict(data)[0], "a head that was changed no longer fits"


def test_an_exported_part_is_checked_by_itself(data: Path, tmp_path: Path) -> None:
    wanted = audit.Wanted()
    lines = list(audit.lines(Settings(data=data), wanted, as_json=True))
    part = tmp_path / "part.jsonl"
    part.write_text("\n".join(lines[7:19]) + "\n")
    good, text = audit.check_file(part)
    assert good, text
    assert "records 8 to 19" in text
    end = text.rsplit(" ", 1)[-1]
    assert audit.check_file(part, [end])[0]
    part.write_text("\n".join(lines[7:12] + lines[13:19]) + "\n")
    assert not audit.check_file(part)[0]
    part.write_text("\n".join(lines[7:18]) + "\n")
    assert not audit.check_file(part, [end])[0], "the last line is missing"
    part.write_text("")
    with pytest.raises(audit.CannotTell):
        audit.check_file(part)
