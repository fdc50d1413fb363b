"""Groups, streams, tags and permissions as boto3 sees them."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from stageline.testing.harness import Key


def refused(code: str) -> Any:
    return pytest.raises(ClientError, match=code)


def test_a_group_lives_and_dies(logs: Any, now: int) -> None:
    logs.create_log_group(logGroupName="/life", tags={"team": "a"})
    with refused("ResourceAlreadyExistsException"):
        logs.create_log_group(logGroupName="/life")
    logs.create_log_stream(logGroupName="/life", logStreamName="s")
    logs.put_log_events(logGroupName="/life", logStreamName="s", logEvents=[{"timestamp": now, "message": "1234"}])
    (found,) = logs.describe_log_groups(logGroupNamePrefix="/life")["logGroups"]
    assert found["arn"] == "arn:aws:logs:us-east-1:000000000000:log-group:/life:*"
    assert found["logGroupArn"] == "arn:aws:logs:us-east-1:000000000000:log-group:/life"
    assert found["storedBytes"] == 30
    logs.delete_log_group(logGroupName="/life")
    with refused("ResourceNotFoundException"):
        logs.delete_log_group(logGroupName="/life")
    logs.create_log_group(logGroupName="/life")
    assert logs.describe_log_streams(logGroupName="/life")["logStreams"] == []
    logs.create_log_stream(logGroupName="/life", logStreamName="s")
    assert logs.get_log_events(logGroupName="/life", logStreamName="s")["events"] == []


def test_a_protected_group_stays_and_a_foreign_key_is_refused(logs: Any) -> None:
    logs.create_log_group(logGroupName="/protected", deletionProtectionEnabled=True)
    with refused("ValidationException"):
        logs.delete_log_group(logGroupName="/protected")
    with refused("NotImplemented"):
        logs.create_log_group(logGroupName="/k", kmsKeyId="arn:aws:kms:us-east-1:000000000000:key/x")


def test_groups_are_listed_by_prefix_and_pattern_in_pages(logs: Any) -> None:
    names = [f"/list/g{n:02}" for n in range(12)] + ["/list2/Other"]
    for name in names:
        logs.create_log_group(logGroupName=name)
    pages = logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix="/list/", PaginationConfig={"PageSize": 5})
    found = [[group["logGroupName"] for group in page["logGroups"]] for page in pages]
    assert [len(page) for page in found] == [5, 5, 2]
    assert [name for page in found for name in page] == names[:12]
    assert [g["logGroupName"] for g in logs.describe_log_groups(logGroupNamePattern="2/other")["logGroups"]] == ["/list2/Other"]
    with refused("InvalidParameterException"):
        logs.describe_log_groups(logGroupNamePattern="a", logGroupNamePrefix="b")
    with refused("InvalidParameterException"):
        logs.describe_log_groups(nextToken="nonsense")


def test_streams_are_listed_by_name_and_by_last_event(logs: Any, group: str, now: int) -> None:
    for index, name in enumerate(("c", "a", "d", "b")):
        logs.create_log_stream(logGroupName=group, logStreamName=name)
        logs.put_log_events(logGroupName=group, logStreamName=name, logEvents=[{"timestamp": now + index, "message": "x"}])
    logs.create_log_stream(logGroupName=group, logStreamName="silent")

    def listed(**more: Any) -> list[str]:
        pages = logs.get_paginator("describe_log_streams").paginate(logGroupName=group, PaginationConfig={"PageSize": 2}, **more)
        return [stream["logStreamName"] for page in pages for stream in page["logStreams"]]

    assert listed() == ["a", "b", "c", "d", "silent"]
    assert listed(descending=True) == ["silent", "d", "c", "b", "a"]
    assert listed(orderBy="LastEventTime") == ["silent", "c", "a", "d", "b"]
    assert listed(orderBy="LastEventTime", descending=True) == ["b", "d", "a", "c", "silent"]
    assert listed(logStreamNamePrefix="s") == ["silent"]
    with refused("InvalidParameterException"):
        listed(logStreamNamePrefix="s", orderBy="LastEventTime")
    (silent,) = logs.describe_log_streams(logGroupName=group, logStreamNamePrefix="s")["logStreams"]
    assert silent["arn"].endswith(f"{group}:log-stream:silent")
    logs.delete_log_stream(logGroupName=group, logStreamName="silent")
    with refused("ResourceNotFoundException"):
        logs.delete_log_stream(logGroupName=group, logStreamName="silent")
    with refused("ResourceAlreadyExistsException"):
        logs.create_log_stream(logGroupName=group, logStreamName="a")
    with refused("InvalidParameterException"):
        logs.create_log_stream(logGroupName=group, logStreamName="a\0b")


def test_tags_by_name_and_by_arn_are_the_same(logs: Any, group: str) -> None:
    arn = f"arn:aws:logs:us-east-1:000000000000:log-group:{group}"
    logs.tag_log_group(logGroupName=group, tags={"a": "1", "b": "2"})
    logs.tag_resource(resourceArn=arn, tags={"b": "3", "c": "4"})
    logs.untag_resource(resourceArn=arn, tagKeys=["a", "missing"])
    assert logs.list_tags_for_resource(resourceArn=arn)["tags"] == {"b": "3", "c": "4"}
    logs.untag_log_group(logGroupName=group, tags=["c"])
    assert logs.list_tags_log_group(logGroupName=group)["tags"] == {"b": "3"}
    with refused("InvalidParameterException"):
        logs.tag_resource(resourceArn=arn, tags={"aws:x": "1"})
    with refused("ResourceNotFoundException"):
        logs.list_tags_for_resource(resourceArn=arn + "-missing")


@pytest.mark.parametrize("suffix", ["", ":*", ":log-stream:"])
def test_policies_may_name_a_group_in_any_form(logs: Any, behind: Any, group: str, suffix: str) -> None:
    arn = f"arn:aws:logs:us-east-1:000000000000:log-group:{group}"
    iam = behind.server.client("iam")
    user = f"reader-{group.rpartition('/')[2]}"
    iam.create_user(UserName=user)
    key = iam.create_access_key(UserName=user)["AccessKey"]
    reader = behind.server.client("logs", key=Key(key["AccessKeyId"], key["SecretAccessKey"]))
    for call in (
        lambda: reader.describe_log_streams(logGroupName=group),
        lambda: reader.filter_log_events(logGroupName=group),
        lambda: reader.describe_log_groups(),
        lambda: reader.create_log_stream(logGroupName=group, logStreamName="mine"),
    ):
        with refused("AccessDeniedException"):
            call()
    allow = {"Effect": "Allow", "Action": ["logs:DescribeLogStreams", "logs:FilterLogEvents"], "Resource": arn + suffix}
    write = {"Effect": "Allow", "Action": "logs:*", "Resource": f"{arn}:log-stream:mine"}
    iam.put_user_policy(
        UserName=user, PolicyName="p", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [allow, write]})
    )
    reader.describe_log_streams(logGroupName=group)
    reader.filter_log_events(logGroupName=group)
    reader.create_log_stream(logGroupName=group, logStreamName="mine")
    assert reader.get_log_events(logGroupName=group, logStreamName="mine")["events"] == []
    for call in (
        lambda: reader.filter_log_events(logGroupName=group + "x"),
        lambda: reader.create_log_stream(logGroupName=group, logStreamName="other"),
    ):
        with refused("AccessDeniedException"):
            call()
    deny = {"Effect": "Deny", "Action": "logs:FilterLogEvents", "Resource": arn + suffix}
    everything = {"Effect": "Allow", "Action": "logs:*", "Resource": "*"}
    iam.put_user_policy(
        UserName=user, PolicyName="p", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [everything, deny]})
    )
    reader.describe_log_groups()
    with refused("AccessDeniedException"):
        reader.filter_log_events(logGroupName=group)
