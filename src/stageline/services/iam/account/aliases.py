"""The account's alias: a name for people in place of the number."""

from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.store import Store
from stageline.services.iam.model.entities import ACCOUNT, changing

_KEY = "alias"


def create_account_alias(ctx: Context, request: Request, *, store: Store) -> Response:
    """Name the account; another name is replaced, since there is only one."""
    name = request["AccountAlias"]
    with changing(store) as tx:
        before = tx.get(ACCOUNT, _KEY)
        if before is not None and before["name"] == name:
            raise ApiError("EntityAlreadyExists", f"The account alias {name} already exists.", 409)
        tx.put(ACCOUNT, _KEY, {"name": name})
    return {}


def list_account_aliases(ctx: Context, request: Request, *, store: Store) -> Response:
    """The alias, if there is one."""
    with store.read() as tx:
        doc = tx.get(ACCOUNT, _KEY)
    return {"AccountAliases": [doc["name"]] if doc else [], "IsTruncated": False}


def delete_account_alias(ctx: Context, request: Request, *, store: Store) -> Response:
    """Leave the account without a name."""
    name = request["AccountAlias"]
    with changing(store) as tx:
        doc = tx.get(ACCOUNT, _KEY)
        if doc is None or doc["name"] != name:
            raise ApiError("NoSuchEntity", f"The account alias with name {name} cannot be found.", 404)
        tx.delete(ACCOUNT, _KEY)
    return {}
