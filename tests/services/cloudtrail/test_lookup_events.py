"""LookupEvents over HTTP with boto3: every attribute, times, pages, every error that can be reached."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from stageline import app
from stageline.config import Settings
from stageline.testing.harness import Key, Server, serving


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("cloudtrail") / "data"
    whole = app.assemble(Settings(data=data, sandbox="process", grace=0.5), 0, strict=True)
    try:
        with serving(whole.application) as endpoint:
            whole.start()
            saved = app.administrator(data)
            running = Server(endpoint, "us-east-1", whole.application, Key(saved["AccessKeyId"], saved["SecretAccessKey"]))
            _happen(running)
            yield running
            running.assert_no_bugs()
    finally:
        whole.close()


def _happen(server: Server) -> None:
    iam = server.client("iam")
    iam.create_user(UserName="ann")
    allowed = {"Effect": "Allow", "Action": ["iam:*", "s3:*"], "Resource": "*"}
    iam.put_user_policy(
        UserName="ann", PolicyName="p", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    )
    made = iam.create_access_key(UserName="ann")["AccessKey"]
    ann = Key(made["AccessKeyId"], made["SecretAccessKey"])
    for number in range(7):
        server.client("iam", key=ann).create_group(GroupName=f"g{number}")
    server.client("s3", key=ann).create_bucket(Bucket="anns")
    server.client("s3", key=ann).put_object(Bucket="anns", Key="k", Body=b"x")
    server.client("iam", key=ann).list_users()


@pytest.fixture
def client(server: Server) -> Any:
    return server.client("cloudtrail", parameter_validation=False)


def look(client: Any, key: str, value: str, **more: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.lookup_events(LookupAttributes=[{"AttributeKey": key, "AttributeValue": value}], **more)[
        "Events"
    ]
    return found


def refused(code: str, client: Any, **request: Any) -> str:
    with pytest.raises(ClientError) as caught:
        client.lookup_events(**request)
    error = caught.value.response["Error"]
    assert error["Code"] == code, error
    return str(error["Message"])


def test_an_event_has_the_members_of_the_api(client: Any) -> None:
    event = look(client, "EventName", "CreateBucket")[0]
    record = json.loads(event["CloudTrailEvent"])
    assert event["EventId"] == record["eventID"]
    assert event["EventName"] == record["eventName"] == "CreateBucket"
    assert event["EventSource"] == record["eventSource"] == "s3.amazonaws.com"
    assert event["ReadOnly"] == "false"
    assert event["Username"] == "ann"
    assert event["AccessKeyId"] == record["userIdentity"]["accessKeyId"]
    assert event["EventTime"] == datetime.fromisoformat(record["eventTime"])
    assert event["Resources"] == [{"ResourceType": "AWS::S3::Bucket", "ResourceName": "arn:aws:s3:::anns"}]


def test_every_attribute_finds_what_has_it_and_nothing_else(client: Any) -> None:
    bucket = look(client, "EventName", "CreateBucket")[0]
    assert [each["EventId"] for each in look(client, "EventId", bucket["EventId"])] == [bucket["EventId"]]
    assert {each["EventName"] for each in look(client, "EventSource", "s3.amazonaws.com")} == {"CreateBucket"}
    by_user = {each["EventName"] for each in look(client, "Username", "ann")}
    assert by_user == {"CreateGroup", "CreateBucket", "ListUsers"}
    assert {each["EventName"] for each in look(client, "AccessKeyId", bucket["AccessKeyId"])} == by_user
    assert {each["ReadOnly"] for each in look(client, "ReadOnly", "true")} == {"true"}
    assert {each["ReadOnly"] for each in look(client, "ReadOnly", "false")} == {"false"}
    assert {each["EventName"] for each in look(client, "ResourceType", "AWS::S3::Bucket")} == {"CreateBucket"}
    for name in ("arn:aws:iam::000000000000:group/g3", "g3"):
        assert [each["EventName"] for each in look(client, "ResourceName", name)] == ["CreateGroup"]
    assert {each["Username"] for each in look(client, "Username", "root")} == {"root"}
    for key in ("EventId", "EventName", "Username", "ResourceType", "ResourceName", "EventSource", "AccessKeyId"):
        assert look(client, key, "nothing-has-this") == []


def test_data_events_are_not_found(client: Any) -> None:
    assert look(client, "EventName", "PutObject") == []


def test_pages_go_from_the_newest_to_the_oldest(client: Any) -> None:
    asked = {"LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": "CreateGroup"}], "MaxResults": 3}
    names: list[str] = []
    sizes = []
    for page in client.get_paginator("lookup_events").paginate(**asked):
        sizes.append(len(page["Events"]))
        names += [json.loads(each["CloudTrailEvent"])["requestParameters"]["groupName"] for each in page["Events"]]
    assert names == [f"g{number}" for number in reversed(range(7))]
    assert sizes == [3, 3, 1]


def test_times_are_included_at_both_ends(client: Any) -> None:
    at = look(client, "EventName", "CreateBucket")[0]["EventTime"]
    second = timedelta(seconds=1)
    assert look(client, "EventName", "CreateBucket", StartTime=at, EndTime=at)
    assert not look(client, "EventName", "CreateBucket", StartTime=at + second)
    assert not look(client, "EventName", "CreateBucket", EndTime=at - second)


def test_records_older_than_they_are_kept_are_not_found(client: Any) -> None:
    long_ago = datetime(2001, 1, 1, tzinfo=UTC)
    assert client.lookup_events(StartTime=long_ago, EndTime=long_ago + timedelta(days=1))["Events"] == []


def test_invalid_lookup_attributes(client: Any) -> None:
    one = {"AttributeKey": "EventName", "AttributeValue": "x"}
    assert "One lookup attribute" in refused("InvalidLookupAttributesException", client, LookupAttributes=[one, one])
    wrong = {"AttributeKey": "ReadOnly", "AttributeValue": "maybe"}
    refused("InvalidLookupAttributesException", client, LookupAttributes=[wrong])
    refused("InvalidLookupAttributesException", client, LookupAttributes=[{"AttributeKey": "Colour", "AttributeValue": "x"}])
    refused("InvalidLookupAttributesException", client, LookupAttributes=[{**one, "AttributeValue": "x" * 2001}])


def test_invalid_time_range(client: Any) -> None:
    now = datetime.now(UTC)
    refused("InvalidTimeRangeException", client, StartTime=now, EndTime=now - timedelta(hours=1))


@pytest.mark.parametrize("most", [0, 51])
def test_invalid_max_results(client: Any, most: int) -> None:
    refused("InvalidMaxResultsException", client, MaxResults=most)


def test_invalid_next_token(client: Any) -> None:
    for token in ("x", "W10=", "WzEsMl0=", "é"):
        refused("InvalidNextTokenException", client, NextToken=token)
    token = client.lookup_events(MaxResults=1)["NextToken"]
    assert client.lookup_events(MaxResults=2, NextToken=token)["Events"]
    one = {"AttributeKey": "EventName", "AttributeValue": "CreateGroup"}
    refused("InvalidNextTokenException", client, NextToken=token, LookupAttributes=[one])


def test_invalid_event_category(client: Any) -> None:
    refused("InvalidEventCategoryException", client, EventCategory="management")
    refused("NotImplementedException", client, EventCategory="insight")


def test_who_may_not_look_up_is_refused_and_that_is_recorded(server: Server, client: Any) -> None:
    iam = server.client("iam")
    iam.create_user(UserName="stranger")
    made = iam.create_access_key(UserName="stranger")["AccessKey"]
    stranger = server.client("cloudtrail", key=Key(made["AccessKeyId"], made["SecretAccessKey"]))
    message = refused("AccessDeniedException", stranger)
    assert "cloudtrail:LookupEvents" in message
    record = json.loads(look(client, "Username", "stranger")[0]["CloudTrailEvent"])
    assert record["errorCode"] == "AccessDeniedException"


def test_other_operations_are_not_implemented(client: Any) -> None:
    with pytest.raises(ClientError) as caught:
        client.describe_trails()
    assert caught.value.response["Error"]["Code"] == "NotImplementedException"


def test_pages_go_on_where_much_was_looked_at_in_vain(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from stageline.store.audit import lookup, segments

    monkeypatch.setattr(lookup, "EXAMINED", 1)
    monkeypatch.setattr(segments, "LINES", 1)
    for number in range(3):
        client.lookup_events(MaxResults=1, LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": f"none-{number}"}])
    first = client.lookup_events(LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "CreateUser"}])
    assert first["Events"] == []
    found: list[Any] = []
    page = first
    while "NextToken" in page:
        page = client.lookup_events(
            LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "CreateUser"}], NextToken=page["NextToken"]
        )
        found += page["Events"]
    assert {json.loads(each["CloudTrailEvent"])["requestParameters"]["userName"] for each in found} == {"ann", "stranger"}
