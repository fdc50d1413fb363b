"""What each operation of CloudWatch Logs asks of the caller.

Policies name a log group with or without ``:*``, and AWS itself writes ``:log-stream:`` for reads of a whole group: a grant on
any of these forms counts, and so does a denial.
"""

from collections.abc import Sequence

from stageline.ports.api import Context, Request
from stageline.ports.identity import Check
from stageline.ports.store import Store
from stageline.services.logs.records import GROUP, group_arn, group_of

_OF_GROUPS = {
    "create_log_group": "CreateLogGroup",
    "delete_log_group": "DeleteLogGroup",
    "put_retention_policy": "PutRetentionPolicy",
    "delete_retention_policy": "DeleteRetentionPolicy",
    "describe_log_streams": "DescribeLogStreams",
    "filter_log_events": "FilterLogEvents",
    "tag_log_group": "TagLogGroup",
    "untag_log_group": "UntagLogGroup",
    "list_tags_log_group": "ListTagsLogGroup",
    "tag_resource": "TagResource",
    "untag_resource": "UntagResource",
    "list_tags_for_resource": "ListTagsForResource",
}
_OF_STREAMS = {
    "create_log_stream": "CreateLogStream",
    "delete_log_stream": "DeleteLogStream",
    "put_log_events": "PutLogEvents",
    "get_log_events": "GetLogEvents",
}
_OF_ALL = {"describe_log_groups": "DescribeLogGroups"}


def checks(operation: str, ctx: Context, request: Request, *, store: Store) -> Sequence[Check]:
    """The questions that a request raises."""
    if operation in _OF_ALL:
        return (Check(f"logs:{_OF_ALL[operation]}", (ctx.arn("logs", "log-group:*"), "*"), any_of=True),)
    group = _group(request)
    keys: dict[str, str | tuple[str, ...]] = {}
    with store.read() as tx:
        tags = (tx.get(GROUP, group) or {}).get("tags", {})
    keys |= {f"aws:ResourceTag/{name}": value for name, value in tags.items()}
    given = request.get("tags", request.get("tagKeys", ()))
    if isinstance(given, dict):
        keys |= {f"aws:RequestTag/{name}": value for name, value in given.items()}
    if given:
        keys["aws:TagKeys"] = tuple(given)
    if operation in _OF_STREAMS:
        arn = f"{group_arn(ctx, group)}:log-stream:{request['logStreamName']}"
        return (Check(f"logs:{_OF_STREAMS[operation]}", (arn,), keys),)
    asked = [Check(f"logs:{_OF_GROUPS[operation]}", _forms(ctx, group), keys, any_of=True)]
    if operation == "create_log_group" and given:
        asked.append(Check("logs:TagResource", _forms(ctx, group), keys, any_of=True))
    return asked


def _forms(ctx: Context, group: str) -> tuple[str, ...]:
    arn = group_arn(ctx, group)
    return (f"{arn}:log-stream:", f"{arn}:*", arn)


def _group(request: Request) -> str:
    named = request.get("logGroupName") or request.get("logGroupIdentifier") or request.get("resourceArn", "")
    return group_of(named)
