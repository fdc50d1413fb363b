"""Tags of pipelines, webhooks and custom action types, by ARN."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from stageline.core.arn import parse
from stageline.core.quotas import Quotas
from stageline.engine.apply import Engine
from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.store import Doc, ReadTx, Store, WriteTx
from stageline.services.codepipeline import pages, records
from stageline.services.codepipeline.stages import demands

NAME = r"\1"
_ACCOUNT = re.compile(r"\d{12}")
_SYSTEM = (
    "Not allowed to modify system tags. System tags start with 'aws:'. "
    "msg=[Caller is an end user and not allowed to mutate system tags]"
)


def checked(given: list[Mapping[str, str]], quotas: Quotas) -> dict[str, str]:
    """Tags by key; InvalidTagsException, TooManyTagsException."""
    keys = [each["key"] for each in given]
    if any(key.lower().startswith("aws:") for key in keys):
        raise ApiError("InvalidTagsException", _SYSTEM)
    if len(set(keys)) != len(keys):
        raise ApiError("InvalidTagsException", "The same tag key is given more than once.")
    limited(dict.fromkeys(keys, ""), quotas)
    tags = {each["key"]: each.get("value", "") for each in given}
    problem = demands.problem(tags)
    if problem:
        raise ApiError("InvalidTagsException", problem)
    return tags


def limited(tags: Mapping[str, str], quotas: Quotas) -> None:
    """TooManyTagsException past the quota."""
    if len(tags) > quotas.tags:
        raise ApiError("TooManyTagsException", f"A resource can have {quotas.tags} tags; this would make {len(tags)}.")


def listed(tags: Mapping[str, str]) -> list[Doc]:
    """Tags as the API lists them, by key."""
    return [{"key": key, "value": tags[key]} for key in sorted(tags)]


@dataclass(frozen=True)
class Taggable:
    """A sort of resource: how the resource part of its ARN looks, and the kind and key under which it is stored."""

    what: str
    pattern: re.Pattern[str]
    kind: str
    key: str = NAME


TAGGABLE = (
    Taggable("webhook", re.compile(r"webhook:([^:/]+)"), records.WEBHOOK),
    Taggable(
        "custom action type",
        re.compile(r"actiontype:([^:/]+)/([^:/]+)/([^:/]+/[^:/]+)"),
        records.ACTION_TYPE,
        r"\2/\1/\3",  # stored by category first
    ),
    Taggable("pipeline", re.compile(r"([^/]+)"), records.PIPELINE),
)


def _resource(tx: ReadTx, ctx: Context, arn: str) -> str:
    """The ARN under which a resource's tags are kept, when there is one; InvalidArnException, ResourceNotFoundException."""
    parts = parse(arn)
    resource = records.canonical(parts.resource) if parts else ""
    found = next(((each, match.expand(each.key)) for each in TAGGABLE if (match := each.pattern.fullmatch(resource))), None)
    if parts is None or found is None or parts.service != "codepipeline" or not _ACCOUNT.fullmatch(parts.account):
        text = f"The ARN '{arn}' is not the ARN of a pipeline, a webhook or a custom action type."
        raise ApiError("InvalidArnException", text)
    each, name = found
    kept = records.arn(ctx, resource)
    stored = tx.get(each.kind, name) if str(parts._replace(resource=resource)) == kept else None
    if stored is None or stored.get("deleted"):
        called = f"the name '{name}'" if each.key == NAME else f"the ARN '{arn}'"
        text = f"The account with id '{ctx.account}' does not include a {each.what} with {called}"
        raise ApiError("ResourceNotFoundException", text)
    return kept


def _locked(tx: WriteTx, ctx: Context, arn: str) -> str:
    """The same; until the transaction ends nobody deletes the resource, and tags do not outlive it."""
    resource = _resource(tx, ctx, arn)
    kind, _, name = resource.split(":", 5)[5].rpartition(":")
    tx.lock({"": f"pipeline/{name}", "webhook": f"webhook/{name}"}.get(kind, "action-types"))
    return _resource(tx, ctx, arn)


def tag_resource(ctx: Context, request: Request, *, store: Store, quotas: Quotas, engine: Engine) -> Response:
    """Add tags, or replace the values of those that are there."""
    new = checked(request["tags"], quotas)
    with store.write() as tx:
        arn = _locked(tx, ctx, request["resourceArn"])
        before = tx.get(records.TAGS, arn) or {}
        tags = {**before, **new}
        limited(tags, quotas)
        demands.changed(tx, engine, arn, before, tags)
        tx.put(records.TAGS, arn, tags)
    return {}


def untag_resource(ctx: Context, request: Request, *, store: Store, engine: Engine) -> Response:
    """Remove tags; keys that are not there do not matter."""
    if any(key.lower().startswith("aws:") for key in request["tagKeys"]):
        raise ApiError("InvalidTagsException", _SYSTEM)
    with store.write() as tx:
        arn = _locked(tx, ctx, request["resourceArn"])
        before = tx.get(records.TAGS, arn) or {}
        tags = {key: value for key, value in before.items() if key not in request["tagKeys"]}
        demands.changed(tx, engine, arn, before, tags)
        tx.put(records.TAGS, arn, tags)
    return {}


def list_tags_for_resource(ctx: Context, request: Request, *, store: Store) -> Response:
    """All tags of a resource, in one page."""
    with store.read() as tx:
        arn = _resource(tx, ctx, request["resourceArn"])
        pages.position(f"tags/{arn}", request.get("nextToken"))
        return {"tags": listed(tx.get(records.TAGS, arn) or {})}
