"""Managed policies on users, groups and roles: attached to grant, set as a permissions boundary to bound."""

from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.store import Store
from stageline.services.iam.model import managed
from stageline.services.iam.model.entities import (
    GROUP,
    ROLE,
    USER,
    USES,
    EntityKind,
    add_use,
    changing,
    need,
    need_modifiable,
    quota,
    save,
    use_key,
)
from stageline.services.iam.model.paging import page


def attach_user_policy(ctx: Context, request: Request, *, store: Store) -> Response:
    """Attach a managed policy to a user; twice is as good as once."""
    return _attach(ctx, request, store, USER)


def detach_user_policy(ctx: Context, request: Request, *, store: Store) -> Response:
    """Detach a managed policy from a user."""
    return _detach(request, store, USER)


def list_attached_user_policies(ctx: Context, request: Request, *, store: Store) -> Response:
    """List the managed policies of a user."""
    return _list(ctx, request, store, USER)


def attach_group_policy(ctx: Context, request: Request, *, store: Store) -> Response:
    """Attach a managed policy to a group; twice is as good as once."""
    return _attach(ctx, request, store, GROUP)


def detach_group_policy(ctx: Context, request: Request, *, store: Store) -> Response:
    """Detach a managed policy from a group."""
    return _detach(request, store, GROUP)


def list_attached_group_policies(ctx: Context, request: Request, *, store: Store) -> Response:
    """List the managed policies of a group."""
    return _list(ctx, request, store, GROUP)


def attach_role_policy(ctx: Context, request: Request, *, store: Store) -> Response:
    """Attach a managed policy to a role; twice is as good as once."""
    return _attach(ctx, request, store, ROLE)


def detach_role_policy(ctx: Context, request: Request, *, store: Store) -> Response:
    """Detach a managed policy from a role."""
    return _detach(request, store, ROLE)


def list_attached_role_policies(ctx: Context, request: Request, *, store: Store) -> Response:
    """List the managed policies of a role."""
    return _list(ctx, request, store, ROLE)


def put_user_permissions_boundary(ctx: Context, request: Request, *, store: Store) -> Response:
    """Bound what a user may do by a managed policy."""
    return _bound(ctx, request, store, USER)


def delete_user_permissions_boundary(ctx: Context, request: Request, *, store: Store) -> Response:
    """Take the permissions boundary from a user."""
    return _unbound(request, store, USER)


def put_role_permissions_boundary(ctx: Context, request: Request, *, store: Store) -> Response:
    """Bound what a role may do by a managed policy."""
    return _bound(ctx, request, store, ROLE)


def delete_role_permissions_boundary(ctx: Context, request: Request, *, store: Store) -> Response:
    """Take the permissions boundary from a role."""
    return _unbound(request, store, ROLE)


def _attach(ctx: Context, request: Request, store: Store, what: EntityKind) -> Response:
    arn = request["PolicyArn"]
    with changing(store) as tx:
        doc = need(tx, what, request[what.name_member])
        if what is ROLE:
            need_modifiable(doc)
        managed.attachable(tx, ctx.account, arn)
        if arn not in doc["attached"]:
            if len(doc["attached"]) >= managed.ATTACHED_MOST:
                raise quota(what.attached_quota, managed.ATTACHED_MOST)
            save(tx, what, {**doc, "attached": [*doc["attached"], arn]})
            add_use(tx, arn, "attached", what, doc)
    return {}


def _detach(request: Request, store: Store, what: EntityKind) -> Response:
    arn = request["PolicyArn"]
    managed.check_arn(arn)
    with changing(store) as tx:
        doc = need(tx, what, request[what.name_member])
        if what is ROLE:
            need_modifiable(doc)
        if arn not in doc["attached"]:
            raise ApiError("NoSuchEntity", f"Policy {arn} was not found.", 404)
        save(tx, what, {**doc, "attached": [other for other in doc["attached"] if other != arn]})
        tx.delete(USES, use_key(arn, "attached", what, doc))
    return {}


def _list(ctx: Context, request: Request, store: Store, what: EntityKind) -> Response:
    prefix = request.get("PathPrefix", "/")
    with store.read() as tx:
        doc = need(tx, what, request[what.name_member])
        found = [(arn, managed.lookup(tx, ctx.account, arn)) for arn in doc["attached"]]
    rows = [(managed.sort_key(policy), (arn, policy)) for arn, policy in found if policy and policy["path"].startswith(prefix)]
    policies, more = page(request, rows)
    return {"AttachedPolicies": [{"PolicyName": policy["name"], "PolicyArn": arn} for arn, policy in policies], **more}


def _bound(ctx: Context, request: Request, store: Store, what: EntityKind) -> Response:
    arn = request["PermissionsBoundary"]
    with changing(store) as tx:
        doc = need(tx, what, request[what.name_member])
        if what is ROLE:
            need_modifiable(doc)
        managed.attachable(tx, ctx.account, arn)
        if doc["boundary"]:
            tx.delete(USES, use_key(doc["boundary"], "boundary", what, doc))
        save(tx, what, {**doc, "boundary": arn})
        add_use(tx, arn, "boundary", what, doc)
    return {}


def _unbound(request: Request, store: Store, what: EntityKind) -> Response:
    with changing(store) as tx:
        doc = need(tx, what, request[what.name_member])
        if what is ROLE:
            need_modifiable(doc)
        if not doc["boundary"]:
            raise ApiError("NoSuchEntity", f"The {what.word} {doc['name']} has no permissions boundary.", 404)
        tx.delete(USES, use_key(doc["boundary"], "boundary", what, doc))
        save(tx, what, {**doc, "boundary": ""})
    return {}
