"""Putting, reading and searching log events as boto3 sees them."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from stageline.services.logs.groups import sweep_expired
from stageline.services.logs.records import DAY


def put(logs: Any, stream: tuple[str, str], *events: tuple[int, str]) -> Any:
    group, name = stream
    batch = [{"timestamp": when, "message": message} for when, message in events]
    return logs.put_log_events(logGroupName=group, logStreamName=name, logEvents=batch)


def get(logs: Any, stream: tuple[str, str], **more: Any) -> Any:
    return logs.get_log_events(logGroupName=stream[0], logStreamName=stream[1], **more)


def texts(answer: Any) -> list[str]:
    return [event["message"] for event in answer["events"]]


def refused(code: str) -> Any:
    return pytest.raises(ClientError, match=code)


def test_events_come_back_in_order_with_their_times(logs: Any, stream: tuple[str, str], now: int) -> None:
    put(logs, stream, (now - 2, "one\n"), (now - 2, "two"), (now, "gr\u00fc\u00df\x1f\ttab"))
    events = get(logs, stream, startFromHead=True)["events"]
    assert [(event["timestamp"], event["message"]) for event in events] == [
        (now - 2, "one\n"),
        (now - 2, "two"),
        (now, "gr\u00fc\u00df\x1f\ttab"),
    ]
    assert all(abs(event["ingestionTime"] - now) < 60_000 for event in events)


def test_forward_pages_end_with_the_same_token_and_go_on_when_more_comes(logs: Any, stream: tuple[str, str], now: int) -> None:
    put(logs, stream, *((now + n, str(n)) for n in range(5)))
    page = get(logs, stream, startFromHead=True, limit=3)
    assert texts(page) == ["0", "1", "2"]
    page = get(logs, stream, nextToken=page["nextForwardToken"], limit=3)
    assert texts(page) == ["3", "4"]
    end = get(logs, stream, nextToken=page["nextForwardToken"], limit=3)
    assert texts(end) == []
    assert end["nextForwardToken"] == page["nextForwardToken"]
    put(logs, stream, (now + 9, "late"))
    assert texts(get(logs, stream, nextToken=end["nextForwardToken"])) == ["late"]
    assert texts(get(logs, stream, nextToken=page["nextBackwardToken"], limit=2)) == ["1", "2"]


def test_the_tail_comes_first_unless_asked_and_backward_pages_reach_the_head(
    logs: Any, stream: tuple[str, str], now: int
) -> None:
    put(logs, stream, *((now + n, str(n)) for n in range(5)))
    page = get(logs, stream, limit=2)
    assert texts(page) == ["3", "4"]
    page = get(logs, stream, nextToken=page["nextBackwardToken"], limit=2)
    assert texts(page) == ["1", "2"]
    page = get(logs, stream, nextToken=page["nextBackwardToken"], limit=2)
    assert texts(page) == ["0"]
    head = get(logs, stream, nextToken=page["nextBackwardToken"])
    assert texts(head) == []
    assert head["nextBackwardToken"] == page["nextBackwardToken"]


@pytest.mark.parametrize("ordered", [True, False])
def test_a_range_of_time_is_found(logs: Any, stream: tuple[str, str], now: int, ordered: bool) -> None:
    put(logs, stream, *((now + 10 * n, str(n)) for n in range(50)))
    if not ordered:
        put(logs, stream, (now + 101, "straggler"))
    expected = [str(n) for n in range(10, 20)] + ([] if ordered else ["straggler"])
    assert texts(get(logs, stream, startTime=now + 100, endTime=now + 200, startFromHead=True)) == expected
    assert texts(get(logs, stream, startTime=now + 100, endTime=now + 200, limit=2)) == expected[-2:]
    assert texts(get(logs, stream, startTime=now + 9_999)) == []
    found = logs.filter_log_events(logGroupName=stream[0], startTime=now + 100, endTime=now + 120)
    assert texts(found) == (["10", "11"] if ordered else ["10", "straggler", "11"])


def test_a_page_holds_a_mebibyte(logs: Any, stream: tuple[str, str], now: int) -> None:
    for _ in range(3):
        put(logs, stream, (now, "x" * 600_000))
    page = get(logs, stream, startFromHead=True)
    assert len(page["events"]) == 1
    assert len(get(logs, stream, nextToken=page["nextForwardToken"])["events"]) == 1


@pytest.mark.parametrize("token", ["x", "f/12x/s", "b/-1/s", "f//s", "f/\u0663/s", "f/" + "9" * 99 + "/s"])
def test_a_foreign_token_is_refused(logs: Any, stream: tuple[str, str], token: str) -> None:
    with refused("InvalidParameterException"):
        get(logs, stream, nextToken=token)


def test_batches_out_of_bounds_are_refused(logs: Any, stream: tuple[str, str], now: int) -> None:
    for events in (
        [(now, "later"), (now - 1, "earlier")],
        [(now - DAY - 1, "a"), (now, "b")],
        [(now, "x" * 1_048_551)],
        [(now, "x" * 600_000)] * 2,
    ):
        with refused("InvalidParameterException"):
            put(logs, stream, *events)
    put(logs, stream, (now, "x" * 1_048_550))
    with refused("ResourceNotFoundException"):
        put(logs, (stream[0], "missing"), (now, "x"))
    with refused("ResourceNotFoundException"):
        put(logs, ("missing", "missing"), (now, "x"))


def test_old_and_future_events_are_left_out_and_told(logs: Any, stream: tuple[str, str], now: int) -> None:
    answer = put(logs, stream, (now - 15 * DAY, "old"), (now - 15 * DAY, "old"))
    assert answer["rejectedLogEventsInfo"] == {"tooOldLogEventEndIndex": 2}
    answer = put(logs, stream, (now, "fine"), (now + 3 * 3_600_000, "new"), (now + 4 * 3_600_000, "new"))
    assert answer["rejectedLogEventsInfo"] == {"tooNewLogEventStartIndex": 1}
    assert texts(get(logs, stream)) == ["fine"]
    logs.put_retention_policy(logGroupName=stream[0], retentionInDays=1)
    answer = put(logs, stream, (now - DAY - 60_000, "expired"), (now - DAY + 60_000, "kept"))
    assert answer["rejectedLogEventsInfo"] == {"expiredLogEventEndIndex": 1}


def test_what_no_database_keeps_is_replaced(logs: Any, stream: tuple[str, str], now: int) -> None:
    put(logs, stream, (now, "a\0b"))
    assert texts(get(logs, stream)) == ["a\ufffdb"]


def test_expired_events_vanish_and_are_swept(logs: Any, behind: Any, stream: tuple[str, str], now: int) -> None:
    put(logs, stream, (now - 5 * DAY, "old"))
    put(logs, stream, (now, "new"))
    logs.put_retention_policy(logGroupName=stream[0], retentionInDays=3)
    assert texts(get(logs, stream)) == ["new"]
    assert texts(logs.filter_log_events(logGroupName=stream[0])) == ["new"]
    assert sweep_expired(behind.store, now) == 0
    assert sweep_expired(behind.store, now + 4 * DAY) >= 1
    assert sweep_expired(behind.store, now + 4 * DAY) == 0
    (kept,) = logs.describe_log_streams(logGroupName=stream[0])["logStreams"]
    assert "lastEventTimestamp" not in kept
    put(logs, stream, (now, "again"))
    assert texts(get(logs, stream)) == ["again"]
    logs.delete_retention_policy(logGroupName=stream[0])
    assert "retentionInDays" not in logs.describe_log_groups(logGroupNamePrefix=stream[0])["logGroups"][0]
    with refused("InvalidParameterException"):
        logs.put_retention_policy(logGroupName=stream[0], retentionInDays=2)


def test_searching_merges_streams_in_time_and_pages(logs: Any, group: str, now: int) -> None:
    for index, name in enumerate(("a/1", "a/2", "b/1")):
        logs.create_log_stream(logGroupName=group, logStreamName=name)
        put(logs, (group, name), *((now + 3 * n + index, f"{name} {3 * n + index}") for n in range(20)))
    everything = logs.filter_log_events(logGroupName=group)["events"]
    assert [int(event["message"].split()[1]) for event in everything] == list(range(60))
    assert len({event["eventId"] for event in everything}) == 60
    assert {event["logStreamName"] for event in everything} == {"a/1", "a/2", "b/1"}
    paged: list[Any] = []
    more: dict[str, str] = {}
    while True:
        answer = logs.filter_log_events(logGroupName=group, limit=7, **more)
        paged += answer["events"]
        if "nextToken" not in answer:
            break
        more = {"nextToken": answer["nextToken"]}
    assert paged == everything
    assert len(logs.filter_log_events(logGroupName=group, logStreamNamePrefix="a/")["events"]) == 40
    assert len(logs.filter_log_events(logGroupName=group, logStreamNames=["b/1"])["events"]) == 20
    assert len(logs.filter_log_events(logGroupName=group, filterPattern='"a/1 3"')["events"]) == 5
    with refused("ResourceNotFoundException"):
        logs.filter_log_events(logGroupName=group, logStreamNames=["c"])
    with refused("InvalidParameterException"):
        logs.filter_log_events(logGroupName=group, logStreamNames=["b/1"], logStreamNamePrefix="a")
    with refused("InvalidParameterException"):
        logs.filter_log_events(logGroupName=group, nextToken="bm8=")


def test_a_group_may_be_told_by_name_or_arn(logs: Any, stream: tuple[str, str], now: int) -> None:
    put(logs, stream, (now, "x"))
    arn = f"arn:aws:logs:us-east-1:000000000000:log-group:{stream[0]}"
    assert texts(logs.get_log_events(logGroupIdentifier=arn, logStreamName=stream[1])) == ["x"]
    assert texts(logs.filter_log_events(logGroupIdentifier=stream[0])) == ["x"]
    with refused("InvalidParameterException"):
        logs.get_log_events(logGroupIdentifier=arn, logGroupName=stream[0], logStreamName=stream[1])
    with refused("InvalidParameterException"):
        logs.filter_log_events()
