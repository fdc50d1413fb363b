"""Versions of managed policies: at most five, numbers are never used again, one is the default."""

from typing import Any

from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.store import Doc, Store
from stageline.services.iam.model import managed
from stageline.services.iam.model.documents import encoded, validate, within
from stageline.services.iam.model.entities import POLICIES, changing, conflict
from stageline.services.iam.model.paging import page
from stageline.services.iam.policies import SIZE_MOST

VERSIONS_MOST = 5


def create_policy_version(ctx: Context, request: Request, *, store: Store) -> Response:
    """Add a version to a managed policy, as its default when asked."""
    document = request["PolicyDocument"]
    validate(document, "managed")
    within(document, SIZE_MOST, "PolicySize")
    with changing(store) as tx:
        doc = managed.own(tx, ctx.account, request["PolicyArn"])
        if len(doc["versions"]) >= VERSIONS_MOST:
            raise ApiError(
                "LimitExceeded",
                f"A managed policy can have up to {VERSIONS_MOST} versions. Before you create a new version, you must delete "
                "an existing version.",
                409,
            )
        version = f"v{doc['next']}"
        default = version if request.get("SetAsDefault") else doc["default"]
        after = {
            **doc,
            "next": doc["next"] + 1,
            "updated": ctx.now,
            "default": default,
            "versions": {**doc["versions"], version: {"document": document, "created": ctx.now}},
        }
        tx.put(POLICIES, doc["name"].lower(), after)
    return {"PolicyVersion": _describe(after, version, document=False)}


def get_policy_version(ctx: Context, request: Request, *, store: Store) -> Response:
    """A version with its document."""
    with store.read() as tx:
        doc = managed.need(tx, ctx.account, request["PolicyArn"])
    return {"PolicyVersion": _describe(doc, _need(doc, request), document=True)}


def list_policy_versions(ctx: Context, request: Request, *, store: Store) -> Response:
    """List the versions of a managed policy, newest first."""
    with store.read() as tx:
        doc = managed.need(tx, ctx.account, request["PolicyArn"])
    rows = [(f"{10**9 - int(version[1:]):010}", version) for version in doc["versions"]]
    versions, more = page(request, rows)
    return {"Versions": [_describe(doc, version, document=False) for version in versions], **more}


def delete_policy_version(ctx: Context, request: Request, *, store: Store) -> Response:
    """Delete a version that is not the default."""
    with changing(store) as tx:
        doc = managed.own(tx, ctx.account, request["PolicyArn"])
        gone = _need(doc, request)
        if gone == doc["default"]:
            raise conflict("Cannot delete the default version of a policy.")
        versions = {version: kept for version, kept in doc["versions"].items() if version != gone}
        tx.put(POLICIES, doc["name"].lower(), {**doc, "updated": ctx.now, "versions": versions})
    return {}


def set_default_policy_version(ctx: Context, request: Request, *, store: Store) -> Response:
    """Put another version in force."""
    with changing(store) as tx:
        doc = managed.own(tx, ctx.account, request["PolicyArn"])
        tx.put(POLICIES, doc["name"].lower(), {**doc, "updated": ctx.now, "default": _need(doc, request)})
    return {}


def _need(doc: Doc, request: Request) -> str:
    version: str = request["VersionId"]
    if version not in doc["versions"]:
        raise ApiError("NoSuchEntity", f"Policy {request['PolicyArn']} version {version} does not exist.", 404)
    return version


def _describe(doc: Doc, version: str, *, document: bool) -> dict[str, Any]:
    stored = doc["versions"][version]
    answer = {"VersionId": version, "IsDefaultVersion": version == doc["default"], "CreateDate": stored["created"]}
    return {"Document": encoded(stored["document"]), **answer} if document else answer
