"""Service-specific credentials: a name and a password for Git over HTTPS, kept as a salted hash."""

import hashlib
import hmac
import secrets
from typing import Any

from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.store import Doc, ReadTx, Store
from stageline.services.iam.model.entities import CREDENTIALS, GIT_USERS, USER, changing, need, quota, save
from stageline.services.iam.model.ids import git_password, key_id
from stageline.services.iam.model.paging import page
from stageline.services.iam.users import own_name

SERVICE = "codecommit.amazonaws.com"
_PER_SERVICE = 2


def fits(doc: Doc, password: str) -> bool:
    """Whether a password is that of a stored credential, in constant time."""
    return hmac.compare_digest(_hash(doc["salt"], password), doc["hash"])


def create_service_specific_credential(ctx: Context, request: Request, *, store: Store) -> Response:
    """Make a credential; this answer alone shows its password."""
    _supported(request["ServiceName"])
    if "CredentialAgeDays" in request:
        raise ApiError("InvalidInput", f"Credentials for {SERVICE} do not expire: leave out CredentialAgeDays.", 400)
    password = git_password()
    with changing(store) as tx:
        user = need(tx, USER, request["UserName"])
        if len(user["credentials"]) >= _PER_SERVICE:
            raise quota("ServiceSpecificCredentialsPerUser", _PER_SERVICE)
        unique = key_id("ACCA")
        doc = {
            "user": user["name"].lower(),
            "service": request["ServiceName"],
            "service_user": _free_name(ctx, tx, user),
            "status": "Active",
            "created": ctx.now,
            **_sealed(password),
        }
        tx.put(CREDENTIALS, unique, doc)
        tx.put(GIT_USERS, doc["service_user"], {"id": unique})
        save(tx, USER, {**user, "credentials": [*user["credentials"], unique]})
    return {"ServiceSpecificCredential": {**_describe(unique, doc, user["name"]), "ServicePassword": password}}


def list_service_specific_credentials(ctx: Context, request: Request, *, store: Store) -> Response:
    """List credentials without passwords: of a user, of the caller, or of all users."""
    if "ServiceName" in request:
        _supported(request["ServiceName"])
    with store.read() as tx:
        users = [doc for _, doc in tx.scan(USER.kind)] if request.get("AllUsers") else [need(tx, USER, own_name(ctx, request))]
        found = [(unique, user["name"], tx.get(CREDENTIALS, unique)) for user in users for unique in user["credentials"]]
    rows = [(f"{name.lower()}/{unique}", _describe(unique, doc, name)) for unique, name, doc in found if doc is not None]
    credentials, more = page(request, rows)
    return {"ServiceSpecificCredentials": credentials, **more}


def reset_service_specific_credential(ctx: Context, request: Request, *, store: Store) -> Response:
    """Give a credential a new password; the old one is refused at once."""
    password = git_password()
    with changing(store) as tx:
        user, unique, doc = _find(ctx, tx, request)
        doc = {**doc, **_sealed(password)}
        tx.put(CREDENTIALS, unique, doc)
    return {"ServiceSpecificCredential": {**_describe(unique, doc, user["name"]), "ServicePassword": password}}


def update_service_specific_credential(ctx: Context, request: Request, *, store: Store) -> Response:
    """Switch a credential on or off."""
    status = request["Status"]
    if status not in ("Active", "Inactive"):
        raise ApiError("InvalidInput", f"A credential cannot be set to {status}: give Active or Inactive.", 400)
    with changing(store) as tx:
        _, unique, doc = _find(ctx, tx, request)
        tx.put(CREDENTIALS, unique, {**doc, "status": status})
    return {}


def delete_service_specific_credential(ctx: Context, request: Request, *, store: Store) -> Response:
    """Delete a credential."""
    with changing(store) as tx:
        user, unique, doc = _find(ctx, tx, request)
        tx.delete(CREDENTIALS, unique)
        tx.delete(GIT_USERS, doc["service_user"])
        save(tx, USER, {**user, "credentials": [other for other in user["credentials"] if other != unique]})
    return {}


def _hash(salt: str, password: str) -> str:
    # The password is 256 random bits of the server's own making, so one round is enough: nobody can go through them.
    return hashlib.sha256(f"{salt}{password}".encode()).hexdigest()


def _sealed(password: str) -> dict[str, str]:
    salt = secrets.token_hex(16)
    return {"salt": salt, "hash": _hash(salt, password)}


def _free_name(ctx: Context, tx: ReadTx, user: Doc) -> str:
    """``alice-at-ACCOUNT``, ``alice+1-at-ACCOUNT`` …"""
    number = 0
    while True:
        middle = f"+{number}" if number else ""
        name = f"{user['name']}{middle}-at-{ctx.account}"
        if tx.get(GIT_USERS, name) is None:
            return name
        number += 1


def _supported(service: str) -> None:
    if service != SERVICE:
        raise ApiError("NotSupportedService", f"{service} has no service-specific credentials here: give {SERVICE}.", 404)


def _find(ctx: Context, tx: ReadTx, request: Request) -> tuple[Doc, str, Doc]:
    unique = request["ServiceSpecificCredentialId"]
    user = need(tx, USER, own_name(ctx, request))
    doc = tx.get(CREDENTIALS, unique)
    if doc is None or unique not in user["credentials"]:
        raise ApiError("NoSuchEntity", f"The Service Specific Credential with id {unique} cannot be found.", 404)
    return user, unique, doc


def _describe(unique: str, doc: Doc, user: str) -> dict[str, Any]:
    return {
        "CreateDate": doc["created"],
        "ServiceName": doc["service"],
        "ServiceUserName": doc["service_user"],
        "ServiceSpecificCredentialId": unique,
        "UserName": user,
        "Status": doc["status"],
    }
