"""Entering and leaving: a password (or the administrator's key) is checked, and a token given that stands for the sign-in."""

import secrets
from dataclasses import dataclass, field, replace

from stageline.core.signature import same
from stageline.ports.api import ApiError, Context
from stageline.ports.identity import Authorizer, Identity
from stageline.ports.store import Doc, Store
from stageline.services.iam.authorization import checks
from stageline.services.iam.model import callers
from stageline.services.iam.model.entities import LOGINS, USER, by_id, find
from stageline.services.iam.model.ids import key_id
from stageline.services.iam.passwords import profiles
from stageline.services.iam.signin import records

_PASSWORD_MOST = 128


@dataclass(frozen=True)
class Entered:
    """How an attempt to enter went; ``outcome`` as in ``profiles.SignIn``. Only after ``right`` is there a ``token``: whoever
    holds it is signed in until ``ends`` (epoch milliseconds), so it belongs in a cookie that scripts cannot read."""

    outcome: str
    user: str = ""
    token: str = field(default="", repr=False)
    ends: int = 0


def enter(store: Store, user_name: str, password: str, now: int) -> Entered:
    """Sign a user in. ``reset`` and ``expired``: the password is right, but only ``change_and_enter`` lets in."""
    checked = profiles.sign_in(store, user_name, password, now)
    if checked.outcome != "right":
        return Entered(checked.outcome, checked.user)
    doc = {"word": "user", "unique": checked.unique, "parent": "", "stamp": records.stamp({"hash": checked.proof})}
    return _begun(store, doc, now, checked.user)


def enter_as_root(store: Store, identity: Identity, access_key_id: str, secret: str, now: int) -> Entered:
    """Sign the account's root in, who has no password: by its access key, and for as long as that key is active."""
    credential = identity.credential(access_key_id) if access_key_id.startswith("AKIA") else None
    right = same(credential.secret if credential else "", secret)
    if credential is None or not right or not credential.active or credential.caller.kind != "root":
        return Entered("wrong")
    return _begun(store, {"word": "root", "unique": "", "parent": access_key_id, "stamp": ""}, now, "root")


def change_and_enter(ctx: Context, user_name: str, old: str, new: str, *, store: Store, authorizer: Authorizer) -> Entered:
    """Replace a password that has expired or must be changed, and enter with the new one.

    ``ctx`` has no caller yet. What is wrong with the old password is an outcome; ApiError says what is wrong with the new one
    (PasswordPolicyViolation), that the user may not change it (AccessDenied, unless the account's password policy lets users), or
    that somebody else just did (EntityTemporarilyUnmodifiable). Nothing is changed then.
    """
    checked = profiles.sign_in(store, user_name, old, ctx.now)
    if checked.outcome not in ("right", "reset", "expired"):
        return Entered(checked.outcome, checked.user)
    with store.read() as tx:
        found = by_id(tx, checked.unique)
    if found is None:
        return Entered("wrong")
    own = replace(ctx, caller=callers.user(ctx.account, found[1], ""))
    authorizer.require(own, checks("change_password", own, {}, store=store), service="iam")
    if not 0 < len(new) <= _PASSWORD_MOST or any(ord(letter) > 0xFF for letter in new):
        raise ApiError("PasswordPolicyViolation", f"A password has 1 to {_PASSWORD_MOST} characters of Latin-1.", 400)
    profiles.change_password(own, {"OldPassword": old, "NewPassword": new}, store=store)
    return enter(store, checked.user, new, ctx.now)


def leave(store: Store, token: str) -> None:
    """Sign out: the token and every session that was obtained with it are of no use from now on."""
    with store.write() as tx:
        tx.delete(records.KIND, records.place(token))


def leave_everywhere(store: Store, user_name: str) -> int:
    """End every sign-in of a user; how many there were."""
    with store.write() as tx:
        user = find(tx, USER, user_name)
        keys = [key for key, doc in tx.scan(records.KIND) if user is not None and doc["unique"] == user["id"]]
        for key in keys:
            tx.delete(records.KIND, key)
    return len(keys)


def _begun(store: Store, doc: Doc, now: int, user: str) -> Entered:
    token, ends = secrets.token_urlsafe(32), now + records.LASTS
    with store.write() as tx:
        tx.lock("iam")
        login = tx.get(LOGINS, doc["unique"]) if doc["word"] == "user" else None
        if doc["word"] == "user" and (login is None or records.stamp(login) != doc["stamp"]):
            return Entered("wrong")  # another password was set while this one was being checked
        whole = {**doc, "key": key_id("ASIA"), "began": now, "ends": ends, "role": None}
        tx.put(records.KIND, records.place(token), whole)
    return Entered("right", user, token, ends)
