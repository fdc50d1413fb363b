"""Tags of repositories."""

from collections.abc import Mapping

from stageline.core import arn
from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.store import Store
from stageline.services.codecommit.records import KIND, find

LIMIT = 50


def tag_resource(ctx: Context, request: Request, *, store: Store) -> Response:
    """Add tags to a repository, or change their values."""
    name = _repository(ctx, request)
    added = check_tags(request["tags"])
    with store.write() as tx:
        doc = find(tx, name)
        tx.put(KIND, name, {**doc, "tags": check_tags({**doc["tags"], **added})})
    return {}


def untag_resource(ctx: Context, request: Request, *, store: Store) -> Response:
    """Take tags off a repository; keys that it does not have are no error."""
    name = _repository(ctx, request)
    keys = request["tagKeys"]
    if not keys:
        raise ApiError("TagKeysListRequiredException", "At least one tag key is required.")
    if any(key.lower().startswith("aws:") for key in keys):
        raise ApiError("InvalidSystemTagUsageException", "Tags that begin with aws: are the system's own.")
    with store.write() as tx:
        doc = find(tx, name)
        tx.put(KIND, name, {**doc, "tags": {key: value for key, value in doc["tags"].items() if key not in keys}})
    return {}


def list_tags_for_resource(ctx: Context, request: Request, *, store: Store) -> Response:
    """All tags of a repository."""
    with store.read() as tx:
        return {"tags": dict(find(tx, _repository(ctx, request))["tags"])}


def check_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """The tags, found good; ApiError otherwise."""
    if len(tags) > LIMIT:
        raise ApiError("TooManyTagsException", f"A repository has at most {LIMIT} tags.")
    for key, value in tags.items():
        if key.lower().startswith("aws:"):
            raise ApiError("InvalidSystemTagUsageException", "Tags that begin with aws: are the system's own.")
        if not 1 <= len(key) <= 128 or len(value) > 256:
            raise ApiError("InvalidTagsMapException", "A tag key has 1 to 128 characters, a tag value at most 256.")
    return dict(tags)


def _repository(ctx: Context, request: Request) -> str:
    parsed = arn.parse(request["resourceArn"])
    if parsed is None or parsed[:4] != ("aws", "codecommit", ctx.region, ctx.account):
        raise ApiError(
            "InvalidResourceArnException", f"The ARN of a repository of this server reads {ctx.arn('codecommit', 'NAME')}."
        )
    return parsed.resource
