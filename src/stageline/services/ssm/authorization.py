"""What each operation of the Parameter Store asks of the caller: its permission on ``parameter/NAME``, without the first slash.

A path is asked about once; what lies below it is not asked about one by one, as it is in AWS.
"""

from collections.abc import Sequence

from stageline.ports.api import Context, Request
from stageline.ports.identity import Check
from stageline.ports.store import Store
from stageline.services.ssm import names, records

_OF_ONE = {
    "delete_parameter": "DeleteParameter",
    "get_parameter": "GetParameter",
    "get_parameter_history": "GetParameterHistory",
    "label_parameter_version": "LabelParameterVersion",
    "put_parameter": "PutParameter",
    "unlabel_parameter_version": "UnlabelParameterVersion",
}
_OF_SEVERAL = {"delete_parameters": "DeleteParameters", "get_parameters": "GetParameters"}
_OF_TAGS = {
    "add_tags_to_resource": "AddTagsToResource",
    "list_tags_for_resource": "ListTagsForResource",
    "remove_tags_from_resource": "RemoveTagsFromResource",
}

Keys = dict[str, str | tuple[str, ...]]


def checks(operation: str, ctx: Context, request: Request, *, store: Store) -> Sequence[Check]:
    """The questions that a request raises."""
    if operation == "describe_parameters":
        return (Check("ssm:DescribeParameters", (ctx.arn("ssm", "*"), "*"), any_of=True),)
    if operation == "get_parameters_by_path":
        keys: Keys = {"ssm:Recursive": str(bool(request.get("Recursive"))).lower()}
        return (Check("ssm:GetParametersByPath", (names.arn(ctx, request["Path"].rstrip("/") or "/"),), keys),)
    if operation in _OF_SEVERAL:
        return [_check(ctx, f"ssm:{_OF_SEVERAL[operation]}", name, {}, store) for name in request["Names"]]
    if operation in _OF_TAGS:
        return (_check(ctx, f"ssm:{_OF_TAGS[operation]}", request["ResourceId"], _tags(request), store),)
    name, extra = request["Name"], _tags(request)
    if operation == "put_parameter":
        extra["ssm:Overwrite"] = str(bool(request.get("Overwrite"))).lower()
    asked = [_check(ctx, f"ssm:{_OF_ONE[operation]}", name, extra, store)]
    if operation == "put_parameter" and request.get("Tags"):
        asked.append(_check(ctx, "ssm:AddTagsToResource", name, extra, store))
    return asked


def _check(ctx: Context, action: str, name: str, extra: Keys, store: Store) -> Check:
    with store.read() as tx:
        found = records.find(tx, name)
    keys = dict(extra)
    for tag, value in (found["tags"] if found else {}).items():
        keys[f"aws:ResourceTag/{tag}"] = keys[f"ssm:resourceTag/{tag}"] = value
    named = found["name"] if found else names.wanted(name).names[0]
    return Check(action, (names.arn(ctx, named),), keys)


def _tags(request: Request) -> Keys:
    given = {each["Key"]: each["Value"] for each in request.get("Tags", ())}
    keys: Keys = {f"aws:RequestTag/{tag}": value for tag, value in given.items()}
    named = tuple(given) or tuple(request.get("TagKeys", ()))
    return keys | ({"aws:TagKeys": named} if named else {})
