"""Login profiles: the password of a user. Stored as hashes, checked against the account's policy, never shown."""

from dataclasses import dataclass, field
from typing import Literal

from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.store import Doc, ReadTx, Store, WriteTx
from stageline.services.iam.model.entities import ACCOUNT, LOGINS, USER, changing, find, missing, need
from stageline.services.iam.passwords import guessing, rules
from stageline.services.iam.passwords.hashing import hashed, new_salt, same
from stageline.services.iam.users import own_name

_EARLIER_MOST = 24
_NOBODY: Doc = {"salt": "00" * 16, "hash": "", "failures": []}


def create_login_profile(ctx: Context, request: Request, *, store: Store) -> Response:
    """Give a user a password."""
    if "Password" not in request:
        raise ApiError("ValidationError", "A login profile needs a Password.", 400)
    with store.read() as tx:
        user = need(tx, USER, own_name(ctx, request))
        _check(tx, ctx, request["Password"])
    salt = new_salt()
    doc = {
        "salt": salt,
        "hash": hashed(salt, request["Password"]),
        "earlier": [],
        "created": ctx.now,
        "changed": ctx.now,
        "reset": bool(request.get("PasswordResetRequired", False)),
        "failures": [],
    }
    with changing(store) as tx:
        if need(tx, USER, user["name"])["id"] != user["id"]:
            raise missing(USER, user["name"])  # another user has got the name meanwhile
        if not tx.insert(LOGINS, user["id"], doc):
            raise ApiError("EntityAlreadyExists", f"Login Profile for user {user['name']} already exists.", 409)
    return {"LoginProfile": _described(user, doc)}


def get_login_profile(ctx: Context, request: Request, *, store: Store) -> Response:
    """Whether and since when a user has a password."""
    with store.read() as tx:
        user, doc = _profile(tx, own_name(ctx, request))
    return {"LoginProfile": _described(user, doc)}


def update_login_profile(ctx: Context, request: Request, *, store: Store) -> Response:
    """Set another password for a user, or demand one at the next sign-in."""
    changes: Doc = {"reset": bool(request["PasswordResetRequired"])} if "PasswordResetRequired" in request else {}
    with store.read() as tx:
        user, before = _profile(tx, request["UserName"])
        if "Password" in request:
            _check(tx, ctx, request["Password"])
        policy = rules.found(tx)
    if "Password" in request:
        changes |= {**_replaced(before, hashed(before["salt"], request["Password"]), policy, ctx.now), "failures": []}
    with changing(store) as tx:
        _save(tx, user, before, changes)
    return {}


def delete_login_profile(ctx: Context, request: Request, *, store: Store) -> Response:
    """Take the password from a user; access keys stay."""
    with changing(store) as tx:
        user, _ = _profile(tx, own_name(ctx, request))
        tx.delete(LOGINS, user["id"])
    return {}


def change_password(ctx: Context, request: Request, *, store: Store) -> Response:
    """Replace the caller's own password, which the caller must know."""
    if ctx.caller.kind != "user":
        raise ApiError("InvalidUserType", "Only IAM Users can change their own password.", 400)
    with store.read() as tx:
        user, before = _profile(tx, own_name(ctx, {}))
        policy = rules.found(tx)
    if not guessing.admitted(store, user["name"], ctx.now):
        message = "The password was given wrongly too often: wait five minutes, or have an administrator set another one."
        raise ApiError("EntityTemporarilyUnmodifiable", message, 409)
    if not same(before["hash"], hashed(before["salt"], request["OldPassword"])):
        raise ApiError("AccessDenied", "The old password was incorrect.", 403)
    _forgive(store, user, ctx.now)
    with store.read() as tx:
        _check(tx, ctx, request["NewPassword"])
    new = hashed(before["salt"], request["NewPassword"])
    if same(before["hash"], new):
        raise rules.violation("The new password should differ from the old one")
    with changing(store) as tx:
        _save(tx, user, before, {**_replaced(before, new, policy, ctx.now), "reset": False, "failures": []})
    return {}


@dataclass(frozen=True)
class SignIn:
    """How an attempt to sign in with a password went. With ``expired`` or ``reset`` the password was right but must be changed
    first; ``locked``: an administrator has to set another one. Where it was right, ``unique`` is the user's id, and ``proof`` the
    stored form that it was compared with."""

    outcome: Literal["right", "wrong", "throttled", "reset", "expired", "locked"]
    user: str = ""
    unique: str = field(default="", compare=False)
    proof: str = field(default="", repr=False, compare=False)


def sign_in(store: Store, user_name: str, password: str, now: int) -> SignIn:
    """Check a password. Unknown names take as long as wrong passwords, and ten wrong ones in five minutes close the door."""
    if not guessing.admitted(store, user_name, now):
        return SignIn("throttled")
    with store.read() as tx:
        user = find(tx, USER, user_name)
        doc = tx.get(LOGINS, user["id"]) if user else None
        policy = rules.found(tx)
    given = hashed((doc or _NOBODY)["salt"], password)
    if user is None or doc is None or not same(doc["hash"], given):
        return SignIn("wrong")
    ends = rules.expires(policy, doc["changed"])
    if ends is not None and ends <= now:
        _forgive(store, user, now)
        return SignIn("locked" if policy and policy["HardExpiry"] else "expired", user["name"], user["id"], doc["hash"])
    with store.write() as tx:
        tx.lock("iam")
        current = tx.get(LOGINS, user["id"])
        if current is not None:
            tx.put(LOGINS, user["id"], {**current, "used": now, "failures": []})
    return SignIn("reset" if doc["reset"] else "right", user["name"], user["id"], doc["hash"])


def _check(tx: ReadTx, ctx: Context, password: str) -> None:
    alias = tx.get(ACCOUNT, "alias")
    rules.check(rules.found(tx), password, (ctx.account, *((alias["name"],) if alias else ())))


def _replaced(before: Doc, new: str, policy: Doc | None, now: int) -> Doc:
    latest = [before["hash"], *before["earlier"]]
    refused = rules.refused_earlier(policy)
    if any(same(each, new) for each in latest[:refused]):
        raise rules.violation(f"Password should not be one of the last {refused}")
    return {"hash": new, "earlier": latest[:_EARLIER_MOST], "changed": now}


def _save(tx: WriteTx, user: Doc, before: Doc, changes: Doc) -> None:
    """Store a profile unless it has changed since it was read: hashing takes long, and others may be at it as well."""
    current = tx.get(LOGINS, user["id"])
    if current is None:
        raise _missing(user["name"])
    if current["hash"] != before["hash"]:
        message = f"The Login Profile for User {user['name']} was changed by another request: try again."
        raise ApiError("EntityTemporarilyUnmodifiable", message, 409)
    tx.put(LOGINS, user["id"], {**current, **changes})


def _forgive(store: Store, user: Doc, now: int) -> None:
    """The attempt that was counted before it was looked at had the right password."""
    with store.write() as tx:
        tx.lock("iam")
        doc = tx.get(LOGINS, user["id"])
        if doc is not None:
            tx.put(LOGINS, user["id"], {**doc, "failures": guessing.forgiven(doc, now)})


def _profile(tx: ReadTx, name: str) -> tuple[Doc, Doc]:
    user = need(tx, USER, name)
    doc = tx.get(LOGINS, user["id"])
    if doc is None:
        raise _missing(user["name"])
    return user, doc


def _missing(name: str) -> ApiError:
    return ApiError("NoSuchEntity", f"Login Profile for User {name} cannot be found.", 404)


def _described(user: Doc, doc: Doc) -> Doc:
    return {"UserName": user["name"], "CreateDate": doc["created"], "PasswordResetRequired": doc["reset"]}
