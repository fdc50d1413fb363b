"""Which permission each operation needs, on which repository."""

from stageline.core import arn as arns
from stageline.ports.api import ApiError, Context, Request
from stageline.ports.identity import Check
from stageline.ports.store import Store
from stageline.services.codecommit.plumbing.refs import HEADS
from stageline.services.codecommit.records import KIND, arn_of

Keys = dict[str, str | tuple[str, ...]]

_ON_BRANCH = frozenset({"create_branch", "delete_branch", "create_commit", "put_file", "delete_file"})
_ON_REPOSITORY = frozenset(
    {
        "get_repository",
        "delete_repository",
        "update_repository_description",
        "get_branch",
        "list_branches",
        "update_default_branch",
        "get_commit",
        "batch_get_commits",
        "get_file",
        "get_folder",
        "get_blob",
        "get_differences",
        "list_file_commit_history",
    }
)


def checks(operation: str, ctx: Context, request: Request, *, store: Store) -> list[Check]:
    """The checks of an operation; one that is not listed here is refused."""
    action = "codecommit:" + "".join(word.capitalize() for word in operation.split("_"))
    if operation in _ON_BRANCH:
        keys: Keys = {"codecommit:References": HEADS + request.get("branchName", "")}
        return [_check(action, ctx, request.get("repositoryName", ""), store, keys)]
    if operation in _ON_REPOSITORY:
        return [_check(action, ctx, request.get("repositoryName", ""), store)]
    if operation == "batch_get_repositories":
        return [_check(action, ctx, name, store) for name in request["repositoryNames"]]
    if operation == "update_repository_name":
        return [_check(action, ctx, request["oldName"], store)]
    if operation == "list_repositories":
        return [Check(action)]
    if operation == "create_repository":
        return _creation(action, ctx, request)
    if operation in ("tag_resource", "untag_resource", "list_tags_for_resource"):
        return [_tagging(action, request, store)]
    raise ApiError("AccessDeniedException", f"No rules say who may call {action}, so nobody may.", 403)


def repository_keys(store: Store, name: str) -> Keys:
    """The condition keys of a repository: its tags."""
    with store.read() as tx:
        doc = tx.get(KIND, name)
    return {f"aws:ResourceTag/{key}": value for key, value in (doc["tags"] if doc else {}).items()}


def _check(action: str, ctx: Context, name: str, store: Store, keys: Keys | None = None) -> Check:
    return Check(action, (arn_of(ctx, name),), {**repository_keys(store, name), **(keys or {})})


def _creation(action: str, ctx: Context, request: Request) -> list[Check]:
    resource = (arn_of(ctx, request["repositoryName"]),)
    tags = request.get("tags") or {}
    if not tags:
        return [Check(action, resource)]
    keys = {**_request_tags(tags), **{f"aws:ResourceTag/{key}": value for key, value in tags.items()}}
    return [Check(action, resource, keys), Check("codecommit:TagResource", resource, keys)]


def _tagging(action: str, request: Request, store: Store) -> Check:
    resource = request["resourceArn"]
    parsed = arns.parse(resource)
    keys = repository_keys(store, parsed.resource) if parsed else {}
    if request.get("tags"):
        keys |= _request_tags(request["tags"])
    if request.get("tagKeys"):
        keys["aws:TagKeys"] = tuple(request["tagKeys"])
    return Check(action, (resource,), keys)


def _request_tags(tags: dict[str, str]) -> Keys:
    return {**{f"aws:RequestTag/{key}": value for key, value in tags.items()}, "aws:TagKeys": tuple(tags)}
