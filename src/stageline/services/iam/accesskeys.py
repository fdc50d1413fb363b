"""Access keys of users, and of the account's root."""

from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.store import Doc, ReadTx, Store, WriteTx
from stageline.ports.vault import Vault
from stageline.services.iam.model.entities import (
    KEYS,
    KEYS_USED,
    USER,
    changing,
    need,
    quota,
    save,
)
from stageline.services.iam.model.ids import key_id, secret_key
from stageline.services.iam.model.paging import page
from stageline.services.iam.users import own_name

_KEYS_PER_USER = 2
ROOT = "root"
"""The user name that answers show for keys of the root; not the name of any stored user."""


def new_key(tx: WriteTx, vault: Vault, user: str, now: int) -> tuple[str, str]:
    """Store a new active key of a user (its document's key; empty: root); its id and its secret."""
    unique, secret = key_id("AKIA"), secret_key()
    sealed = vault.seal(secret, context=f"{KEYS}/{unique}")
    tx.put(KEYS, unique, {"user": user, "secret": sealed, "status": "Active", "created": now})
    return unique, secret


def create_access_key(ctx: Context, request: Request, *, store: Store, vault: Vault) -> Response:
    """Make a key; this answer alone shows its secret."""
    with changing(store) as tx:
        user, name, ids = _holder(ctx, tx, request)
        if len(ids) >= _KEYS_PER_USER:
            raise quota("AccessKeysPerUser", _KEYS_PER_USER)
        unique, secret = new_key(tx, vault, user["name"].lower() if user else "", ctx.now)
        if user:
            save(tx, USER, {**user, "keys": [*ids, unique]})
    key = {"UserName": name, "AccessKeyId": unique, "Status": "Active", "SecretAccessKey": secret, "CreateDate": ctx.now}
    return {"AccessKey": key}


def list_access_keys(ctx: Context, request: Request, *, store: Store) -> Response:
    """List the keys of a user, without secrets."""
    with store.read() as tx:
        _, name, ids = _holder(ctx, tx, request)
        found = [(unique, tx.get(KEYS, unique)) for unique in ids]
    rows = [(unique, (unique, doc)) for unique, doc in found if doc is not None]
    keys, more = page(request, rows)
    metadata = [
        {"UserName": name, "AccessKeyId": unique, "Status": doc["status"], "CreateDate": doc["created"]} for unique, doc in keys
    ]
    return {"AccessKeyMetadata": metadata, **more}


def update_access_key(ctx: Context, request: Request, *, store: Store) -> Response:
    """Switch a key on or off."""
    status = request["Status"]
    if status not in ("Active", "Inactive"):
        raise ApiError("InvalidInput", f"A key cannot be set to {status}: give Active or Inactive.")
    with changing(store) as tx:
        _, _, ids = _holder(ctx, tx, request)
        unique = _need(request, ids)
        doc = tx.get(KEYS, unique) or {}
        tx.put(KEYS, unique, {**doc, "status": status})
    return {}


def delete_access_key(ctx: Context, request: Request, *, store: Store) -> Response:
    """Delete a key; what it signs is refused at once, as are the session tokens it obtained."""
    with changing(store) as tx:
        user, _, ids = _holder(ctx, tx, request)
        unique = _need(request, ids)
        tx.delete(KEYS, unique)
        tx.delete(KEYS_USED, unique)
        if user:
            save(tx, USER, {**user, "keys": [other for other in ids if other != unique]})
    return {}


def get_access_key_last_used(ctx: Context, request: Request, *, store: Store) -> Response:
    """When and for what a key was last used."""
    unique = request["AccessKeyId"]
    with store.read() as tx:
        key, used = tx.get(KEYS, unique), tx.get(KEYS_USED, unique)
        user = tx.get(USER.kind, key["user"]) if key and key["user"] else None
    if key is None:
        raise ApiError("AccessDenied", f"The Access Key with id {unique} cannot be found in this account.", 403)
    last = {"ServiceName": "N/A", "Region": "N/A"}
    if used:
        last = {"LastUsedDate": used["date"], "ServiceName": used["service"], "Region": used["region"]}
    return {"UserName": user["name"] if user else ROOT, "AccessKeyLastUsed": last}


def _holder(ctx: Context, tx: ReadTx, request: Request) -> tuple[Doc | None, str, list[str]]:
    """Whose keys a request is about: the user (None: root), the name to show, the ids of the keys."""
    if "UserName" not in request and ctx.caller.kind == "root":
        return None, ROOT, [unique for unique, doc in tx.scan(KEYS) if not doc["user"]]
    user = need(tx, USER, own_name(ctx, request))
    return user, user["name"], list(user["keys"])


def _need(request: Request, ids: list[str]) -> str:
    unique: str = request["AccessKeyId"]
    if unique not in ids:
        raise ApiError("NoSuchEntity", f"The Access Key with id {unique} cannot be found.", 404)
    return unique
