"""IAM roles and their trust policies."""

from typing import Any

from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.store import Doc, ReadTx, Store
from stageline.services.iam.model import managed, trust
from stageline.services.iam.model.documents import encoded, validate, within
from stageline.services.iam.model.entities import (
    INSTANCE_PROFILES,
    ROLE,
    ROLES_USED,
    add_use,
    arn_of,
    changing,
    conflict,
    create,
    need,
    need_modifiable,
    remove,
    save,
)
from stageline.services.iam.model.paging import page
from stageline.services.iam.model.tagging import described, tagged
from stageline.services.iam.users import boundary

TRUST_MOST = 2048
_HOUR = 3600


def describe_role(tx: ReadTx, account: str, doc: Doc, *, full: bool = True) -> dict[str, Any]:
    """A role as answers carry it; lists leave out boundary, tags and last use."""
    role: dict[str, Any] = {
        "Path": doc["path"],
        "RoleName": doc["name"],
        "RoleId": doc["id"],
        "Arn": arn_of(account, ROLE, doc),
        "CreateDate": doc["created"],
        "AssumeRolePolicyDocument": encoded(trust.shown(tx, account, doc)),
        "MaxSessionDuration": doc["max_session"],
    }
    if doc["description"]:
        role["Description"] = doc["description"]
    if full and doc["boundary"]:
        role["PermissionsBoundary"] = boundary(doc)
    if full and doc["tags"]:
        role["Tags"] = described(doc["tags"])
    if full:
        used = tx.get(ROLES_USED, doc["id"])
        role["RoleLastUsed"] = {"LastUsedDate": used["date"], "Region": used["region"]} if used else {}
    return role


def create_role(ctx: Context, request: Request, *, store: Store) -> Response:
    """Create a role that the principals of its trust policy may assume."""
    text, limit = request["AssumeRolePolicyDocument"], request.get("PermissionsBoundary", "")
    document = validate(text, "trust")
    within(text, TRUST_MOST, "ACLSizePerRole")
    if request.get("Path", "/").startswith(("/aws-service-role/", "/aws-reserved/")):
        raise ApiError("UnmodifiableEntity", f"The path of {request['RoleName']} is reserved for AWS: choose another.", 400)
    with changing(store) as tx:
        if limit:
            managed.attachable(tx, ctx.account, limit)
        doc = create(
            tx,
            ROLE,
            {
                "name": request["RoleName"],
                "path": request.get("Path", "/"),
                "created": ctx.now,
                "tags": tagged({}, request.get("Tags", [])),
                "boundary": limit,
                "trust": text,
                "principals": trust.bind(tx, ctx.account, document),
                "description": request.get("Description", ""),
                "max_session": request.get("MaxSessionDuration", _HOUR),
            },
        )
        if limit:
            add_use(tx, limit, "boundary", ROLE, doc)
        return {"Role": describe_role(tx, ctx.account, doc)}


def get_role(ctx: Context, request: Request, *, store: Store) -> Response:
    """Describe a role."""
    with store.read() as tx:
        return {"Role": describe_role(tx, ctx.account, need(tx, ROLE, request["RoleName"]))}


def list_roles(ctx: Context, request: Request, *, store: Store) -> Response:
    """List roles by path prefix."""
    prefix = request.get("PathPrefix", "/")
    with store.read() as tx:
        rows = [(key, doc) for key, doc in tx.scan(ROLE.kind) if doc["path"].startswith(prefix)]
        roles, more = page(request, rows)
        return {"Roles": [describe_role(tx, ctx.account, doc, full=False) for doc in roles], **more}


def update_role(ctx: Context, request: Request, *, store: Store) -> Response:
    """Change description and maximum session duration; what is not given stays."""
    with changing(store) as tx:
        doc = need(tx, ROLE, request["RoleName"])
        if "MaxSessionDuration" in request:
            need_modifiable(doc)
        changes = {"description": request.get("Description"), "max_session": request.get("MaxSessionDuration")}
        save(tx, ROLE, {**doc, **{key: value for key, value in changes.items() if value is not None}})
    return {}


def update_role_description(ctx: Context, request: Request, *, store: Store) -> Response:
    """Change the description."""
    with changing(store) as tx:
        doc = need(tx, ROLE, request["RoleName"])
        after = {**doc, "description": request["Description"]}
        save(tx, ROLE, after)
        return {"Role": describe_role(tx, ctx.account, after)}


def update_assume_role_policy(ctx: Context, request: Request, *, store: Store) -> Response:
    """Replace the trust policy."""
    text = request["PolicyDocument"]
    document = validate(text, "trust")
    within(text, TRUST_MOST, "ACLSizePerRole")
    with changing(store) as tx:
        doc = need(tx, ROLE, request["RoleName"])
        need_modifiable(doc)
        save(tx, ROLE, {**doc, "trust": text, "principals": trust.bind(tx, ctx.account, document)})
    return {}


def delete_role(ctx: Context, request: Request, *, store: Store) -> Response:
    """Delete a role without policies; its sessions end at once."""
    with changing(store) as tx:
        doc = need(tx, ROLE, request["RoleName"])
        need_modifiable(doc)
        if any(profile["role"] == doc["name"].lower() for _, profile in tx.scan(INSTANCE_PROFILES)):
            raise conflict("Cannot delete entity, must remove roles from instance profile first.")
        remove(tx, ROLE, doc)
        tx.delete(ROLES_USED, doc["id"])
    return {}
