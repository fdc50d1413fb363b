"""Managed policies: create, describe, list, delete, and who uses them."""

from typing import Any

from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.store import Doc, ReadTx, Store
from stageline.services.iam.model import managed
from stageline.services.iam.model.documents import validate, within
from stageline.services.iam.model.entities import POLICIES, USES, changing, check_path, conflict, quota
from stageline.services.iam.model.ids import unique_id
from stageline.services.iam.model.paging import page
from stageline.services.iam.model.tagging import described, tagged

SIZE_MOST = 6144
POLICIES_MOST = 1500


def describe_policy(tx: ReadTx, account: str, doc: Doc, *, full: bool = True) -> dict[str, Any]:
    """A managed policy as answers carry it; lists leave out description and tags."""
    arn = managed.arn_of(account, doc)
    policy: dict[str, Any] = {
        "PolicyName": doc["name"],
        "PolicyId": doc["id"],
        "Arn": arn,
        "Path": doc["path"],
        "DefaultVersionId": doc["default"],
        "AttachmentCount": len(managed.uses(tx, arn, "attached")),
        "PermissionsBoundaryUsageCount": len(managed.uses(tx, arn, "boundary")),
        "IsAttachable": True,
        "CreateDate": doc["created"],
        "UpdateDate": doc["updated"],
    }
    if full:
        policy["Tags"] = described(doc["tags"])
        if doc["description"]:
            policy["Description"] = doc["description"]
    return policy


def create_policy(ctx: Context, request: Request, *, store: Store) -> Response:
    """Create a managed policy with its first version."""
    name, path, document = request["PolicyName"], request.get("Path", "/"), request["PolicyDocument"]
    check_path(path)
    validate(document, "managed")
    within(document, SIZE_MOST, "PolicySize")
    with changing(store) as tx:
        if tx.get(POLICIES, name.lower()) is not None:
            raise ApiError("EntityAlreadyExists", f"A policy called {name} already exists. Duplicate names are not allowed.", 409)
        if len(tx.scan(POLICIES)) >= POLICIES_MOST:
            raise quota("PoliciesPerAccount", POLICIES_MOST)
        doc = {
            "name": name,
            "path": path,
            "id": unique_id("ANPA"),
            "created": ctx.now,
            "updated": ctx.now,
            "description": request.get("Description", ""),
            "tags": tagged({}, request.get("Tags", [])),
            "default": "v1",
            "next": 2,
            "versions": {"v1": {"document": document, "created": ctx.now}},
        }
        tx.put(POLICIES, name.lower(), doc)
        return {"Policy": describe_policy(tx, ctx.account, doc)}


def get_policy(ctx: Context, request: Request, *, store: Store) -> Response:
    """Describe a managed policy."""
    with store.read() as tx:
        return {"Policy": describe_policy(tx, ctx.account, managed.need(tx, ctx.account, request["PolicyArn"]))}


def list_policies(ctx: Context, request: Request, *, store: Store) -> Response:
    """List managed policies: AWS's, the customer's, or both."""
    scope, prefix = request.get("Scope", "All"), request.get("PathPrefix", "/")
    wanted = {"PermissionsPolicy": ("attached",), "PermissionsBoundary": ("boundary",)}.get(
        request.get("PolicyUsageFilter", ""), ("attached", "boundary")
    )
    with store.read() as tx:
        docs = [] if scope == "Local" else list(managed.shipped().values())
        docs += [] if scope == "AWS" else [doc for _, doc in tx.scan(POLICIES)]
        rows = [(managed.arn_of(ctx.account, doc), doc) for doc in docs if doc["path"].startswith(prefix)]
        if request.get("OnlyAttached") or "PolicyUsageFilter" in request:
            used = {tuple(key.split("\x1f")[:2]) for key, _ in tx.scan(USES)}
            rows = [(arn, doc) for arn, doc in rows if any((arn, usage) in used for usage in wanted)]
        docs, more = page(request, [(managed.sort_key(doc), doc) for _, doc in rows])
        return {"Policies": [describe_policy(tx, ctx.account, doc, full=False) for doc in docs], **more}


def delete_policy(ctx: Context, request: Request, *, store: Store) -> Response:
    """Delete a managed policy that nobody uses and that has one version."""
    arn = request["PolicyArn"]
    with changing(store) as tx:
        doc = managed.own(tx, ctx.account, arn)
        if managed.uses(tx, arn, "attached") or managed.uses(tx, arn, "boundary"):
            raise conflict("Cannot delete a policy attached to entities.")
        if len(doc["versions"]) > 1:
            raise conflict(
                "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. "
                "The default version is deleted with the policy."
            )
        tx.delete(POLICIES, doc["name"].lower())
    return {}


_FILTERS = {"User": ("user",), "Group": ("group",), "Role": ("role",)}


def list_entities_for_policy(ctx: Context, request: Request, *, store: Store) -> Response:
    """List the users, groups and roles that use a managed policy."""
    arn, prefix = request["PolicyArn"], request.get("PathPrefix", "/")
    usage = "boundary" if request.get("PolicyUsageFilter") == "PermissionsBoundary" else "attached"
    words = _FILTERS.get(request.get("EntityFilter", ""), ("group", "role", "user"))
    with store.read() as tx:
        managed.need(tx, ctx.account, arn)
        found = [(word, doc) for word, doc in managed.uses(tx, arn, usage) if word in words and doc["path"].startswith(prefix)]
    entities, more = page(request, [(f"{word}\x1f{doc['name'].lower()}", (word, doc)) for word, doc in found])
    answer: Response = {"PolicyGroups": [], "PolicyUsers": [], "PolicyRoles": [], **more}
    for word, doc in entities:
        title = word.capitalize()
        answer[f"Policy{title}s"].append({f"{title}Name": doc["name"], f"{title}Id": doc["id"]})
    return answer
