"""Instance profiles: the envelope in which a machine gets a role. No machine is here; templates make them nonetheless."""

from typing import Any

from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.store import Doc, ReadTx, Store
from stageline.services.iam.model.entities import (
    INSTANCE_PROFILES,
    ROLE,
    changing,
    check_path,
    conflict,
    need,
    need_modifiable,
    quota,
)
from stageline.services.iam.model.ids import unique_id
from stageline.services.iam.model.paging import page
from stageline.services.iam.model.tagging import described, tagged, untagged
from stageline.services.iam.roles import describe_role

MOST = 1000


def arn_of(account: str, doc: Doc) -> str:
    """The ARN of an instance profile."""
    return f"arn:aws:iam::{account}:instance-profile{doc['path']}{doc['name']}"


def describe_instance_profile(tx: ReadTx, account: str, doc: Doc, *, full: bool = True) -> dict[str, Any]:
    """An instance profile as answers carry it."""
    role = tx.get(ROLE.kind, doc["role"]) if doc["role"] else None
    found: dict[str, Any] = {
        "Path": doc["path"],
        "InstanceProfileName": doc["name"],
        "InstanceProfileId": doc["id"],
        "Arn": arn_of(account, doc),
        "CreateDate": doc["created"],
        "Roles": [describe_role(tx, account, role, full=False)] if role else [],
    }
    if full and doc["tags"]:
        found["Tags"] = described(doc["tags"])
    return found


def profiles_of(tx: ReadTx, account: str, role: Doc) -> list[dict[str, Any]]:
    """The instance profiles that hold a role."""
    key = role["name"].lower()
    return [describe_instance_profile(tx, account, doc) for _, doc in tx.scan(INSTANCE_PROFILES) if doc["role"] == key]


def create_instance_profile(ctx: Context, request: Request, *, store: Store) -> Response:
    """Create an instance profile without a role."""
    name, path = request["InstanceProfileName"], request.get("Path", "/")
    check_path(path)
    with changing(store) as tx:
        if tx.get(INSTANCE_PROFILES, name.lower()) is not None:
            raise ApiError("EntityAlreadyExists", f"Instance Profile {name} already exists.", 409)
        if tx.count(INSTANCE_PROFILES) >= MOST:
            raise quota("InstanceProfilesPerAccount", MOST)
        doc = {
            "name": name,
            "path": path,
            "id": unique_id("AIPA"),
            "created": ctx.now,
            "role": "",
            "tags": tagged({}, request.get("Tags", [])),
        }
        tx.put(INSTANCE_PROFILES, name.lower(), doc)
        return {"InstanceProfile": describe_instance_profile(tx, ctx.account, doc)}


def get_instance_profile(ctx: Context, request: Request, *, store: Store) -> Response:
    """Describe an instance profile."""
    with store.read() as tx:
        return {"InstanceProfile": describe_instance_profile(tx, ctx.account, _need(tx, request))}


def list_instance_profiles(ctx: Context, request: Request, *, store: Store) -> Response:
    """List instance profiles by path prefix."""
    prefix = request.get("PathPrefix", "/")
    with store.read() as tx:
        rows = [(key, doc) for key, doc in tx.scan(INSTANCE_PROFILES) if doc["path"].startswith(prefix)]
        found, more = page(request, rows)
        return {"InstanceProfiles": [describe_instance_profile(tx, ctx.account, doc, full=False) for doc in found], **more}


def list_instance_profiles_for_role(ctx: Context, request: Request, *, store: Store) -> Response:
    """List the instance profiles that hold a role."""
    with store.read() as tx:
        role = need(tx, ROLE, request["RoleName"])
        found, more = page(request, [(each["InstanceProfileName"].lower(), each) for each in profiles_of(tx, ctx.account, role)])
    return {"InstanceProfiles": found, **more}


def add_role_to_instance_profile(ctx: Context, request: Request, *, store: Store) -> Response:
    """Put a role into an instance profile, which holds one at most."""
    with changing(store) as tx:
        doc, role = _need(tx, request), need(tx, ROLE, request["RoleName"])
        need_modifiable(role)
        if doc["role"]:
            raise quota("InstanceSessionsPerInstanceProfile", 1)
        tx.put(INSTANCE_PROFILES, doc["name"].lower(), {**doc, "role": role["name"].lower()})
    return {}


def remove_role_from_instance_profile(ctx: Context, request: Request, *, store: Store) -> Response:
    """Take the role out of an instance profile."""
    with changing(store) as tx:
        doc, role = _need(tx, request), need(tx, ROLE, request["RoleName"])
        if doc["role"] != role["name"].lower():
            raise ApiError("NoSuchEntity", f"The role {role['name']} is not in the instance profile {doc['name']}.", 404)
        tx.put(INSTANCE_PROFILES, doc["name"].lower(), {**doc, "role": ""})
    return {}


def delete_instance_profile(ctx: Context, request: Request, *, store: Store) -> Response:
    """Delete an instance profile that holds no role."""
    with changing(store) as tx:
        doc = _need(tx, request)
        if doc["role"]:
            raise conflict("Cannot delete entity, must remove roles from instance profile first.")
        tx.delete(INSTANCE_PROFILES, doc["name"].lower())
    return {}


def tag_instance_profile(ctx: Context, request: Request, *, store: Store) -> Response:
    """Add tags to an instance profile, or change their values."""
    with changing(store) as tx:
        doc = _need(tx, request)
        tx.put(INSTANCE_PROFILES, doc["name"].lower(), {**doc, "tags": tagged(doc["tags"], request["Tags"])})
    return {}


def untag_instance_profile(ctx: Context, request: Request, *, store: Store) -> Response:
    """Remove tags from an instance profile."""
    with changing(store) as tx:
        doc = _need(tx, request)
        tx.put(INSTANCE_PROFILES, doc["name"].lower(), {**doc, "tags": untagged(doc["tags"], request["TagKeys"])})
    return {}


def list_instance_profile_tags(ctx: Context, request: Request, *, store: Store) -> Response:
    """List the tags of an instance profile."""
    with store.read() as tx:
        doc = _need(tx, request)
    tags, more = page(request, [(tag["Key"], tag) for tag in described(doc["tags"])])
    return {"Tags": tags, **more}


def _need(tx: ReadTx, request: Request) -> Doc:
    name = request["InstanceProfileName"]
    doc = tx.get(INSTANCE_PROFILES, name.lower())
    if doc is None or doc["name"] != name:
        raise ApiError("NoSuchEntity", f"Instance Profile {name} cannot be found.", 404)
    return doc
