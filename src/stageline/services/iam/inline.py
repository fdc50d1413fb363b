"""Inline policies: documents that belong to one user, group or role."""

from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.store import Store
from stageline.services.iam.model.documents import encoded, size, validate
from stageline.services.iam.model.entities import GROUP, ROLE, USER, EntityKind, changing, need, need_modifiable, save
from stageline.services.iam.model.paging import page


def put_user_policy(ctx: Context, request: Request, *, store: Store) -> Response:
    """Store an inline policy of a user, over one of the same name."""
    return _put(ctx, request, store, USER)


def get_user_policy(ctx: Context, request: Request, *, store: Store) -> Response:
    """An inline policy of a user with its document."""
    return _get(request, store, USER)


def list_user_policies(ctx: Context, request: Request, *, store: Store) -> Response:
    """List the names of the inline policies of a user."""
    return _list(request, store, USER)


def delete_user_policy(ctx: Context, request: Request, *, store: Store) -> Response:
    """Delete an inline policy of a user."""
    return _delete(request, store, USER)


def put_group_policy(ctx: Context, request: Request, *, store: Store) -> Response:
    """Store an inline policy of a group, over one of the same name."""
    return _put(ctx, request, store, GROUP)


def get_group_policy(ctx: Context, request: Request, *, store: Store) -> Response:
    """An inline policy of a group with its document."""
    return _get(request, store, GROUP)


def list_group_policies(ctx: Context, request: Request, *, store: Store) -> Response:
    """List the names of the inline policies of a group."""
    return _list(request, store, GROUP)


def delete_group_policy(ctx: Context, request: Request, *, store: Store) -> Response:
    """Delete an inline policy of a group."""
    return _delete(request, store, GROUP)


def put_role_policy(ctx: Context, request: Request, *, store: Store) -> Response:
    """Store an inline policy of a role, over one of the same name."""
    return _put(ctx, request, store, ROLE)


def get_role_policy(ctx: Context, request: Request, *, store: Store) -> Response:
    """An inline policy of a role with its document."""
    return _get(request, store, ROLE)


def list_role_policies(ctx: Context, request: Request, *, store: Store) -> Response:
    """List the names of the inline policies of a role."""
    return _list(request, store, ROLE)


def delete_role_policy(ctx: Context, request: Request, *, store: Store) -> Response:
    """Delete an inline policy of a role."""
    return _delete(request, store, ROLE)


def _put(ctx: Context, request: Request, store: Store, what: EntityKind) -> Response:
    name, document = request["PolicyName"], request["PolicyDocument"]
    validate(document, "identity")
    with changing(store) as tx:
        doc = need(tx, what, request[what.name_member])
        if what is ROLE:
            need_modifiable(doc)
        inline = {**doc["inline"], name: document}
        if sum(size(text) for text in inline.values()) > what.inline_most:
            message = f"Maximum policy size of {what.inline_most} bytes exceeded for {what.word} {doc['name']}"
            raise ApiError("LimitExceeded", message, 409)
        save(tx, what, {**doc, "inline": inline})
    return {}


def _get(request: Request, store: Store, what: EntityKind) -> Response:
    name = request["PolicyName"]
    with store.read() as tx:
        doc = need(tx, what, request[what.name_member])
    if name not in doc["inline"]:
        raise _missing(what, name)
    return {what.name_member: doc["name"], "PolicyName": name, "PolicyDocument": encoded(doc["inline"][name])}


def _list(request: Request, store: Store, what: EntityKind) -> Response:
    with store.read() as tx:
        doc = need(tx, what, request[what.name_member])
    names, more = page(request, [(name, name) for name in doc["inline"]])
    return {"PolicyNames": names, **more}


def _delete(request: Request, store: Store, what: EntityKind) -> Response:
    name = request["PolicyName"]
    with changing(store) as tx:
        doc = need(tx, what, request[what.name_member])
        if what is ROLE:
            need_modifiable(doc)
        if name not in doc["inline"]:
            raise _missing(what, name)
        save(tx, what, {**doc, "inline": {other: text for other, text in doc["inline"].items() if other != name}})
    return {}


def _missing(what: EntityKind, name: str) -> ApiError:
    return ApiError("NoSuchEntity", f"The {what.word} policy with name {name} cannot be found.", 404)
