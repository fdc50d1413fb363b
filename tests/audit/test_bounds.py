"""What nobody signed, or signed wrongly, is recorded and cannot fill the disk; a trail that cannot be written loses nothing."""

import json
import urllib.request
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import pytest

from stageline.ports.api import Caller, Context
from stageline.ports.audit.trail import Happening, Nature
from stageline.ports.store import StorageFull
from stageline.store.audit import floods, segments
from stageline.store.audit import trail as trails
from stageline.store.audit.anchor import Anchor
from stageline.store.audit.trail import StoredTrail
from stageline.store.sql import SqlStore
from stageline.testing.clock import FakeClock

NOBODY = Caller("anonymous", "anonymous")
USER = Caller("user", "arn:aws:iam::000000000000:user/ann", "AIDA", "000000000000", "AKIAAAAAAAAAAAAAAAAA")


def happening(caller: Caller, now: int, source: str = "192.0.2.1", **more: Any) -> Happening:
    ctx = Context(caller, "000000000000", "us-east-1", now, "request", "http://127.0.0.1:1", source)
    return Happening(ctx, "codepipeline", "Act", **{"verified": caller is not NOBODY, **more})


def names(store: SqlStore) -> list[str]:
    with store.read() as tx:
        lines = [line for each in segments.segments(tx) for line in segments.lines_of(tx, each.number)]
    return [json.loads(line)["event"]["eventName"] for line in lines]


@pytest.fixture
def store(tmp_path: Path) -> Any:
    made = SqlStore(f"sqlite:///{tmp_path}/stageline.db")
    yield made
    made.close()


def test_a_flood_of_unsigned_requests_leaves_few_records_and_a_count(store: SqlStore, tmp_path: Path, now: int) -> None:
    clock = FakeClock(now)
    trail = StoredTrail(store, clock, Anchor(tmp_path), account="000000000000", region="us-east-1")
    for number in range(20_000):
        trail.record(happening(NOBODY, now, f"192.0.2.{number % 200}", code="SignatureDoesNotMatch"))
    trail.close()
    found = names(store)
    assert found.count("Act") == floods.ALL_BURST
    assert found.count("UnverifiedRequests") == 1
    with store.read() as tx:
        (line,) = [line for line in segments.lines_of(tx, 1) if b"UnverifiedRequests" in line]
    extra = json.loads(line)["event"]["additionalEventData"]
    assert extra["notRecorded"] == 20_000 - floods.ALL_BURST
    assert len(extra["sources"]) == floods.NAMED


def test_a_day_of_flooding_stays_bounded_and_does_not_hide_a_quiet_source(now: int) -> None:
    limit = floods.Floods(now)
    admitted = reports = 0
    for second in range(0, 86_400, 2):
        at = now + second * 1000
        admitted += limit.admit(f"2001:db8::{second:x}", at) + limit.admit("192.0.2.1", at)
        reports += limit.report(at) is not None
    assert admitted < 9_000
    assert reports <= 24 * 60
    assert len(limit._sources) <= floods.SOURCES
    quiet = floods.Floods(now)
    for _ in range(50_000):
        quiet.admit("192.0.2.1", now)
    assert quiet.admit("192.0.2.2", now), "a noisy source has its own share only"


def test_garbage_over_http_is_recorded_as_such(whole: Any) -> None:
    for path, headers in (("/", {"X-Amz-Target": "No.Such"}), ("/a/b?x=%ff", {})):
        with pytest.raises(HTTPError):
            urllib.request.urlopen(
                urllib.request.Request(whole.server.endpoint + path, data=b"{}", headers={**headers, "User-Agent": "garbage"})
            )
    found = whole.events(userAgent="garbage")
    assert [each["userIdentity"] for each in found] == [{"type": "Unknown"}] * 2
    assert found[0]["eventName"] == "UnidentifiedRequest"
    assert found[0]["errorCode"] == "UnknownOperationException"


def test_a_trail_that_cannot_be_written_keeps_its_records_until_it_can(
    store: SqlStore, tmp_path: Path, now: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(trails, "PAUSE", 60)
    monkeypatch.setattr(trails, "OVERFLOWING", 5)
    trail = StoredTrail(store, FakeClock(now), Anchor(tmp_path), account="000000000000", region="us-east-1")
    append = segments.append

    def full(*given: Any) -> Any:
        raise StorageFull("no space")

    monkeypatch.setattr(segments, "append", full)
    for _ in range(8):
        trail.record(happening(USER, now))
    assert "cannot be written" in capsys.readouterr().out
    monkeypatch.setattr(segments, "append", append)
    trail.record(happening(USER, now))
    trail.close()
    assert names(store) == ["Act"] * 5 + ["AuditRecordsLost"]


def test_changes_are_durable_at_once_and_reads_soon(store: SqlStore, tmp_path: Path, now: int, monkeypatch: Any) -> None:
    monkeypatch.setattr(trails, "PAUSE", 60)
    trail = StoredTrail(store, FakeClock(now), Anchor(tmp_path), account="000000000000", region="us-east-1")
    trail.record(happening(USER, now, nature=Nature(read_only=True)))
    trail.record(happening(USER, now, code="AccessDenied"))
    assert names(store) == []
    trail.record(happening(USER, now))
    assert names(store) == ["Act"] * 3
    trail.record(happening(USER, now, nature=Nature(read_only=True, issues=True)))
    assert names(store) == ["Act"] * 4, "credentials leave only once that is written down"
    trail.record(happening(USER, now, nature=Nature(read_only=True)))
    trail.close()
    assert names(store) == ["Act"] * 5


def test_two_servers_on_one_store_keep_one_chain(store: SqlStore, tmp_path: Path, now: int) -> None:
    from stageline.store.audit.verify import verify

    anchors = []
    both = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        anchors.append(Anchor(tmp_path / name))
        both.append(StoredTrail(store, FakeClock(now), anchors[-1], account="000000000000", region="us-east-1"))
    for _ in range(5):
        for trail in both:
            trail.record(happening(USER, now))
    for trail in both:
        trail.close()
    with store.read() as tx:
        for anchor in anchors:
            assert verify(tx, anchor.held()).problems == ()
        assert verify(tx, {}).records == 10


@pytest.mark.parametrize(("reads", "expected"), [("none", 0), ("management", 1), ("all", 3)])
def test_which_reads_are_recorded_is_a_setting(store: SqlStore, tmp_path: Path, now: int, reads: Any, expected: int) -> None:
    trail = StoredTrail(store, FakeClock(now), Anchor(tmp_path), account="0" * 12, region="us-east-1", reads=reads)
    kinds = (Nature(read_only=True), Nature(read_only=True, data=True), Nature(read_only=True, polling=True))
    assert sum(trail.wants(kind) for kind in kinds) == expected
    assert trail.wants(Nature(data=True))
    trail.close()


def test_huge_and_hostile_values_stay_small_and_on_one_line(whole: Any, now: int, capsys: pytest.CaptureFixture[str]) -> None:
    from stageline.config import Settings
    from stageline.offline import audit

    nasty = "x\n2026-01-01T00:00:00Z  root  iam:CreateUser\x1b[2J<script>alert(1)</script>"
    agent = "a" * 5000
    client = whole.client("codepipeline", user_agent=agent, parameter_validation=False)
    before = len(whole.lines())
    for name in ("y" * 200_000, nasty):
        with pytest.raises(client.exceptions.ClientError):
            client.get_pipeline(name=name)
    with pytest.raises(client.exceptions.ClientError):
        client.tag_resource(resourceArn=nasty, tags=[{"key": f"k{n}", "value": "v" * 200} for n in range(900)])
    lines = whole.lines()[before:]
    assert len(lines) == 3
    assert all(len(line) < 30_000 and line.isascii() and b"\n" not in line and b"\x1b" not in line for line in lines)
    events = [json.loads(line)["event"] for line in lines]
    assert len(events[0]["userAgent"]) <= 1024
    assert len(events[0]["errorMessage"]) <= 1024
    assert len(events[0]["requestParameters"]["name"]) < 10_100
    assert events[1]["requestParameters"]["name"] == nasty
    assert events[2]["requestParameters"]["omitted"] is True
    told = list(audit.lines(Settings(data=whole.data), audit.Wanted(event="GetPipeline"), as_json=False))
    assert all("\x1b" not in line and "\n" not in line for line in told)
    assert all(len(line) < 4000 for line in told)


def test_a_source_in_a_record_cannot_break_a_line_for_people() -> None:
    from stageline.offline import audit

    event = {
        "eventTime": "2026-01-01T00:00:00Z\n",
        "userIdentity": {"type": "IAMUser", "userName": "a\x1b[31m\u202eb\r\n"},
        "eventSource": "x\n.amazonaws.com",
        "eventName": "E\tf",
        "sourceIPAddress": "\x00",
        "errorCode": "C\u2028D",
    }
    line = audit.told(event)
    assert line.isprintable()
