"""IAM users."""

from typing import Any

from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.store import Doc, ReadTx, Store
from stageline.services.iam.model import managed
from stageline.services.iam.model.entities import (
    LOGINS,
    MEMBERS,
    USER,
    add_use,
    arn_of,
    changing,
    conflict,
    create,
    need,
    remove,
    rename,
)
from stageline.services.iam.model.paging import page
from stageline.services.iam.model.tagging import described, tagged


def describe_user(account: str, doc: Doc, *, full: bool = True) -> dict[str, Any]:
    """A user as answers carry it; lists leave out boundary and tags."""
    user: dict[str, Any] = {
        "Path": doc["path"],
        "UserName": doc["name"],
        "UserId": doc["id"],
        "Arn": arn_of(account, USER, doc),
        "CreateDate": doc["created"],
    }
    if full and doc["boundary"]:
        user["PermissionsBoundary"] = boundary(doc)
    if full and doc["tags"]:
        user["Tags"] = described(doc["tags"])
    return user


def boundary(doc: Doc) -> dict[str, str]:
    """The permissions boundary of a user or role as answers carry it."""
    return {"PermissionsBoundaryType": "PermissionsBoundaryPolicy", "PermissionsBoundaryArn": doc["boundary"]}


def last_signed_in(tx: ReadTx, doc: Doc) -> dict[str, int]:
    """``PasswordLastUsed`` as answers carry it; nothing for a password that was never used."""
    login = tx.get(LOGINS, doc["id"])
    return {"PasswordLastUsed": login["used"]} if login and "used" in login else {}


def own_name(ctx: Context, request: Request) -> str:
    """The user that a request is about: the one it names, else the caller."""
    name = request.get("UserName") or ctx.caller.keys.get("aws:username", "")
    if not name or not isinstance(name, str):
        raise ApiError("ValidationError", "Must specify userName when calling with non-User credentials")
    return name


def create_user(ctx: Context, request: Request, *, store: Store) -> Response:
    """Create a user that may do nothing yet."""
    limit = request.get("PermissionsBoundary", "")
    with changing(store) as tx:
        if limit:
            managed.attachable(tx, ctx.account, limit)
        doc = create(
            tx,
            USER,
            {
                "name": request["UserName"],
                "path": request.get("Path", "/"),
                "created": ctx.now,
                "tags": tagged({}, request.get("Tags", [])),
                "boundary": limit,
                "groups": [],
                "keys": [],
                "credentials": [],
            },
        )
        if limit:
            add_use(tx, limit, "boundary", USER, doc)
    return {"User": describe_user(ctx.account, doc)}


def get_user(ctx: Context, request: Request, *, store: Store) -> Response:
    """Describe a user; without a name, the caller."""
    if "UserName" not in request and ctx.caller.kind == "root":
        root = {"Path": "/", "UserName": "root", "UserId": ctx.account, "Arn": ctx.caller.arn, "CreateDate": 0}
        return {"User": root}
    name = own_name(ctx, request)
    with store.read() as tx:
        doc = need(tx, USER, name)
        return {"User": {**describe_user(ctx.account, doc), **last_signed_in(tx, doc)}}


def list_users(ctx: Context, request: Request, *, store: Store) -> Response:
    """List users by path prefix."""
    prefix = request.get("PathPrefix", "/")
    with store.read() as tx:
        rows = [(key, doc) for key, doc in tx.scan(USER.kind) if doc["path"].startswith(prefix)]
        users, more = page(request, rows)
        shown = [{**describe_user(ctx.account, doc, full=False), **last_signed_in(tx, doc)} for doc in users]
    return {"Users": shown, **more}


def update_user(ctx: Context, request: Request, *, store: Store) -> Response:
    """Rename a user or move it to another path; id, keys and permissions stay."""
    with changing(store) as tx:
        before = need(tx, USER, request["UserName"])
        old = before["name"].lower()
        name: str = request.get("NewUserName") or before["name"]
        after = rename(tx, USER, before, name, request.get("NewPath") or str(before["path"]))
        new = after["name"].lower()
        for group in after["groups"]:
            tx.delete(MEMBERS, f"{group}/{old}")
            tx.put(MEMBERS, f"{group}/{new}", {})
        for kind, ids in (("iam.key", after["keys"]), ("iam.credential", after["credentials"])):
            for unique in ids:
                tx.put(kind, unique, {**(tx.get(kind, unique) or {}), "user": new})
    return {}


def delete_user(ctx: Context, request: Request, *, store: Store) -> Response:
    """Delete a user that holds nothing any more."""
    with changing(store) as tx:
        doc = need(tx, USER, request["UserName"])
        if tx.get(LOGINS, doc["id"]) is not None:
            raise conflict("Cannot delete entity, must delete login profile first.")
        if doc["keys"]:
            raise conflict("Cannot delete entity, must delete access keys first.")
        if doc["credentials"]:
            raise conflict("Cannot delete entity, must delete service specific credentials first.")
        if doc["groups"]:
            raise conflict("Cannot delete entity, must remove users from group first.")
        remove(tx, USER, doc)
    return {}
