"""Tags on users, roles and managed policies."""

from stageline.ports.api import Context, Request, Response
from stageline.ports.store import Doc, Store
from stageline.services.iam.model import managed
from stageline.services.iam.model.entities import POLICIES, ROLE, USER, EntityKind, changing, need, save
from stageline.services.iam.model.paging import page
from stageline.services.iam.model.tagging import described, tagged, untagged


def tag_user(ctx: Context, request: Request, *, store: Store) -> Response:
    """Add tags to a user, or change their values."""
    return _tag(request, store, USER)


def untag_user(ctx: Context, request: Request, *, store: Store) -> Response:
    """Remove tags from a user."""
    return _untag(request, store, USER)


def list_user_tags(ctx: Context, request: Request, *, store: Store) -> Response:
    """List the tags of a user."""
    return _list(request, store, USER)


def tag_role(ctx: Context, request: Request, *, store: Store) -> Response:
    """Add tags to a role, or change their values."""
    return _tag(request, store, ROLE)


def untag_role(ctx: Context, request: Request, *, store: Store) -> Response:
    """Remove tags from a role."""
    return _untag(request, store, ROLE)


def list_role_tags(ctx: Context, request: Request, *, store: Store) -> Response:
    """List the tags of a role."""
    return _list(request, store, ROLE)


def tag_policy(ctx: Context, request: Request, *, store: Store) -> Response:
    """Add tags to a managed policy, or change their values."""
    with changing(store) as tx:
        doc = managed.own(tx, ctx.account, request["PolicyArn"])
        tx.put(POLICIES, doc["name"].lower(), {**doc, "tags": tagged(doc["tags"], request["Tags"])})
    return {}


def untag_policy(ctx: Context, request: Request, *, store: Store) -> Response:
    """Remove tags from a managed policy."""
    with changing(store) as tx:
        doc = managed.own(tx, ctx.account, request["PolicyArn"])
        tx.put(POLICIES, doc["name"].lower(), {**doc, "tags": untagged(doc["tags"], request["TagKeys"])})
    return {}


def list_policy_tags(ctx: Context, request: Request, *, store: Store) -> Response:
    """List the tags of a managed policy."""
    with store.read() as tx:
        doc = managed.need(tx, ctx.account, request["PolicyArn"])
    return _page(request, doc)


def _tag(request: Request, store: Store, what: EntityKind) -> Response:
    with changing(store) as tx:
        doc = need(tx, what, request[what.name_member])
        save(tx, what, {**doc, "tags": tagged(doc["tags"], request["Tags"])})
    return {}


def _untag(request: Request, store: Store, what: EntityKind) -> Response:
    with changing(store) as tx:
        doc = need(tx, what, request[what.name_member])
        save(tx, what, {**doc, "tags": untagged(doc["tags"], request["TagKeys"])})
    return {}


def _list(request: Request, store: Store, what: EntityKind) -> Response:
    with store.read() as tx:
        doc = need(tx, what, request[what.name_member])
    return _page(request, doc)


def _page(request: Request, doc: Doc) -> Response:
    tags, more = page(request, [(tag["Key"], tag) for tag in described(doc["tags"])])
    return {"Tags": tags, **more}
