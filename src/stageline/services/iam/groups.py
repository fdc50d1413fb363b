"""IAM groups and who belongs to them."""

from typing import Any

from stageline.ports.api import Context, Request, Response
from stageline.ports.store import Doc, Store
from stageline.services.iam.model.entities import (
    GROUP,
    MEMBERS,
    USER,
    arn_of,
    changing,
    conflict,
    create,
    need,
    quota,
    remove,
    rename,
    save,
)
from stageline.services.iam.model.paging import page
from stageline.services.iam.users import describe_user

_GROUPS_PER_USER = 10


def describe_group(account: str, doc: Doc) -> dict[str, Any]:
    """A group as answers carry it."""
    return {
        "Path": doc["path"],
        "GroupName": doc["name"],
        "GroupId": doc["id"],
        "Arn": arn_of(account, GROUP, doc),
        "CreateDate": doc["created"],
    }


def create_group(ctx: Context, request: Request, *, store: Store) -> Response:
    """Create an empty group."""
    with changing(store) as tx:
        doc = create(tx, GROUP, {"name": request["GroupName"], "path": request.get("Path", "/"), "created": ctx.now})
    return {"Group": describe_group(ctx.account, doc)}


def get_group(ctx: Context, request: Request, *, store: Store) -> Response:
    """Describe a group and list its users."""
    with store.read() as tx:
        group = need(tx, GROUP, request["GroupName"])
        keys = [key.split("/", 1)[1] for key, _ in tx.scan(MEMBERS, f"{group['name'].lower()}/")]
        found = [(key, tx.get(USER.kind, key)) for key in keys]
    users, more = page(request, [(key, doc) for key, doc in found if doc is not None])
    members = [describe_user(ctx.account, doc, full=False) for doc in users]
    return {"Group": describe_group(ctx.account, group), "Users": members, **more}


def list_groups(ctx: Context, request: Request, *, store: Store) -> Response:
    """List groups by path prefix."""
    prefix = request.get("PathPrefix", "/")
    with store.read() as tx:
        rows = [(key, doc) for key, doc in tx.scan(GROUP.kind) if doc["path"].startswith(prefix)]
    groups, more = page(request, rows)
    return {"Groups": [describe_group(ctx.account, doc) for doc in groups], **more}


def list_groups_for_user(ctx: Context, request: Request, *, store: Store) -> Response:
    """List the groups of a user."""
    with store.read() as tx:
        user = need(tx, USER, request["UserName"])
        found = [(key, tx.get(GROUP.kind, key)) for key in user["groups"]]
    groups, more = page(request, [(key, doc) for key, doc in found if doc is not None])
    return {"Groups": [describe_group(ctx.account, doc) for doc in groups], **more}


def update_group(ctx: Context, request: Request, *, store: Store) -> Response:
    """Rename a group or move it to another path; members and permissions stay."""
    with changing(store) as tx:
        before = need(tx, GROUP, request["GroupName"])
        old = before["name"].lower()
        name: str = request.get("NewGroupName") or before["name"]
        after = rename(tx, GROUP, before, name, request.get("NewPath") or str(before["path"]))
        new = after["name"].lower()
        if new != old:
            for key, _ in tx.scan(MEMBERS, f"{old}/"):
                user = key.split("/", 1)[1]
                tx.delete(MEMBERS, key)
                tx.put(MEMBERS, f"{new}/{user}", {})
                doc = tx.get(USER.kind, user)
                if doc is not None:
                    save(tx, USER, {**doc, "groups": [new if group == old else group for group in doc["groups"]]})
    return {}


def delete_group(ctx: Context, request: Request, *, store: Store) -> Response:
    """Delete a group without members and policies."""
    with changing(store) as tx:
        doc = need(tx, GROUP, request["GroupName"])
        if tx.scan(MEMBERS, f"{doc['name'].lower()}/", limit=1):
            raise conflict("Cannot delete entity, must remove users from group first.")
        remove(tx, GROUP, doc)
    return {}


def add_user_to_group(ctx: Context, request: Request, *, store: Store) -> Response:
    """Make a user a member; twice is as good as once."""
    with changing(store) as tx:
        group, user = need(tx, GROUP, request["GroupName"]), need(tx, USER, request["UserName"])
        key = group["name"].lower()
        if key not in user["groups"]:
            if len(user["groups"]) >= _GROUPS_PER_USER:
                raise quota("GroupsPerUser", _GROUPS_PER_USER)
            tx.put(MEMBERS, f"{key}/{user['name'].lower()}", {})
            save(tx, USER, {**user, "groups": [*user["groups"], key]})
    return {}


def remove_user_from_group(ctx: Context, request: Request, *, store: Store) -> Response:
    """End a user's membership; harmless when it is none."""
    with changing(store) as tx:
        group, user = need(tx, GROUP, request["GroupName"]), need(tx, USER, request["UserName"])
        key = group["name"].lower()
        tx.delete(MEMBERS, f"{key}/{user['name'].lower()}")
        save(tx, USER, {**user, "groups": [other for other in user["groups"] if other != key]})
    return {}
