"""Tags of pipelines and of custom action types."""

import re
from collections.abc import Mapping

from stageline.core.arn import parse
from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.store import Doc, ReadTx, Store, WriteTx
from stageline.services.codepipeline import pages, records
from stageline.services.codepipeline.custom import definitions

MAX_TAGS = 50
_ACCOUNT = re.compile(r"\d{12}")
_TYPE = "actiontype:"
_SYSTEM = (
    "Not allowed to modify system tags. System tags start with 'aws:'. "
    "msg=[Caller is an end user and not allowed to mutate system tags]"
)


def checked(given: list[Mapping[str, str]]) -> dict[str, str]:
    """Tags by key; InvalidTagsException, TooManyTagsException."""
    keys = [each["key"] for each in given]
    if any(key.lower().startswith("aws:") for key in keys):
        raise ApiError("InvalidTagsException", _SYSTEM)
    if len(set(keys)) != len(keys):
        raise ApiError("InvalidTagsException", "The same tag key is given more than once.")
    limited(dict.fromkeys(keys, ""))
    return {each["key"]: each.get("value", "") for each in given}


def limited(tags: Mapping[str, str]) -> None:
    """TooManyTagsException past the limit."""
    if len(tags) > MAX_TAGS:
        raise ApiError("TooManyTagsException", f"A resource can have {MAX_TAGS} tags; this would make {len(tags)}.")


def listed(tags: Mapping[str, str]) -> list[Doc]:
    """Tags as the API lists them, by key."""
    return [{"key": key, "value": tags[key]} for key in sorted(tags)]


def _resource(tx: ReadTx, ctx: Context, arn: str) -> str:
    """The ARN, when a pipeline or a custom action type has it; InvalidArnException, ResourceNotFoundException."""
    parts = parse(arn)
    named = parts is not None and parts.resource.startswith(_TYPE)
    misplaced = parts is None or (not named and "/" in parts.resource)
    if parts is None or misplaced or parts.service != "codepipeline" or not _ACCOUNT.fullmatch(parts.account):
        raise ApiError("InvalidArnException", f"The ARN '{arn}' is not the ARN of a CodePipeline resource.")
    mine = (parts.account, parts.region) == (ctx.account, ctx.region)
    if named:
        owner, _, rest = parts.resource.removeprefix(_TYPE).partition("/")
        category, _, rest = rest.partition("/")
        stored = tx.get(definitions.KIND, f"{category}/{owner}/{rest}")
        if not mine or stored is None or stored["deleted"]:
            text = f"The account with id '{ctx.account}' does not include an action type with the ARN '{arn}'"
            raise ApiError("ResourceNotFoundException", text)
        return arn
    if arn != records.arn(ctx, parts.resource) or tx.get(records.PIPELINE, parts.resource) is None:
        text = f"The account with id '{ctx.account}' does not include a pipeline with the name '{parts.resource}'"
        raise ApiError("ResourceNotFoundException", text)
    return arn


def _locked(tx: WriteTx, ctx: Context, arn: str) -> str:
    """The same; until the transaction ends nobody deletes the pipeline, and tags do not outlive it."""
    tx.lock(f"pipeline/{arn.rpartition(':')[2]}")
    return _resource(tx, ctx, arn)


def tag_resource(ctx: Context, request: Request, *, store: Store) -> Response:
    """Add tags, or replace the values of those that are there."""
    new = checked(request["tags"])
    with store.write() as tx:
        arn = _locked(tx, ctx, request["resourceArn"])
        tags = {**(tx.get(records.TAGS, arn) or {}), **new}
        limited(tags)
        tx.put(records.TAGS, arn, tags)
    return {}


def untag_resource(ctx: Context, request: Request, *, store: Store) -> Response:
    """Remove tags; keys that are not there do not matter."""
    if any(key.lower().startswith("aws:") for key in request["tagKeys"]):
        raise ApiError("InvalidTagsException", _SYSTEM)
    with store.write() as tx:
        arn = _locked(tx, ctx, request["resourceArn"])
        tags = {key: value for key, value in (tx.get(records.TAGS, arn) or {}).items() if key not in request["tagKeys"]}
        tx.put(records.TAGS, arn, tags)
    return {}


def list_tags_for_resource(ctx: Context, request: Request, *, store: Store) -> Response:
    """All tags of a pipeline or an action type, in one page."""
    with store.read() as tx:
        arn = _resource(tx, ctx, request["resourceArn"])
        pages.position(f"tags/{arn}", request.get("nextToken"))
        return {"tags": listed(tx.get(records.TAGS, arn) or {})}
