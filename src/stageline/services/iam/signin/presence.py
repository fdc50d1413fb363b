"""Who is there: the caller behind a sign-in, looked up again for each request, and the roles that one switches to."""

from dataclasses import dataclass, replace

from stageline.ports.api import ApiError, Caller, Context
from stageline.ports.identity import CONSOLE, Assumption, Identity
from stageline.ports.store import Doc, ReadTx, Store
from stageline.services.iam.model import callers
from stageline.services.iam.model.entities import ROLE, by_id, find
from stageline.services.iam.model.sessions import Session
from stageline.services.iam.signin import records


@dataclass(frozen=True)
class Present:
    """Somebody who is signed in. ``caller`` is whom requests come from: the person, or the role that the person has switched to
    (``role``, its ARN); ``own`` is always the person. Instants are epoch milliseconds; ``role_ends`` is 0 without a role."""

    caller: Caller
    own: Caller
    began: int
    ends: int
    role: str = ""
    role_ends: int = 0


def present(store: Store, identity: Identity, account: str, token: str, now: int) -> Present | None:
    """Who holds a token, as stored policies, tags and boundaries have it now; None once signed out, after twelve hours, and
    when the user, the password or the root's key is another one or gone. A role that has ended is left by itself."""
    key = records.place(token)
    with store.read() as tx:
        doc = records.found(tx, key, now)
        own = _own(tx, account, key, doc) if doc is not None else None
    if doc is None or own is None:
        return None
    there = Present(own, own, doc["began"], doc["ends"])
    role = doc["role"]
    if role is None or role["ends"] <= now:
        return there
    credential = identity.credential(role["key"], role["token"])
    if credential is None:
        return there
    return replace(there, caller=credential.caller, role=role["arn"], role_ends=role["ends"])


def switch_role(ctx: Context, token: str, role_arn: str, *, store: Store, identity: Identity) -> Present | None:
    """Become a role: as the person (never as another role), by the rules of AssumeRole, for as long as the role's sessions may
    last and the sign-in does. The session has the person's name. None when nobody is signed in; ApiError AccessDenied when the
    role does not exist, its trust policy or the person's own policies do not allow it, or the person is the root.
    """
    there = present(store, identity, ctx.account, token, ctx.now)
    if there is None:
        return None
    with store.read() as tx:
        role = find(tx, ROLE, role_arn.rsplit("/", 1)[-1])
    most = role["max_session"] * 1000 if role else 3_600_000
    asked = Assumption(role_arn, _session_name(there.own), min(most, there.ends - ctx.now))
    credential, _ = identity.assume(replace(ctx, caller=there.own), asked)
    taken = {
        "arn": role_arn,
        "key": credential.access_key_id,
        "token": credential.session_token,
        "ends": credential.expires,
    }
    return present(store, identity, ctx.account, token, ctx.now) if _note(store, token, taken, ctx.now) else None


def leave_role(store: Store, token: str, now: int) -> None:
    """Be oneself again."""
    _note(store, token, None, now)


def _own(tx: ReadTx, account: str, key: str, doc: Doc) -> Caller | None:
    session = Session(doc["word"], doc["unique"], doc["began"], doc["ends"], parent=doc["parent"])
    if doc["word"] == "root":
        caller = callers.root(account, doc["key"], session)
    else:
        found = by_id(tx, doc["unique"])
        if found is None:
            return None
        caller = callers.user(account, found[1], doc["key"], session)
    return replace(caller, keys={**caller.keys, CONSOLE: "true", callers.BOND: records.bond(key)})


def _session_name(person: Caller) -> str:
    name = person.keys.get("aws:username", "")
    if not isinstance(name, str) or not name:
        raise ApiError("AccessDenied", "Roles may not be assumed by root accounts.", 403)
    return name if len(name) > 1 else f"{name}@"


def _note(store: Store, token: str, role: Doc | None, now: int) -> bool:
    """Store the role that somebody has switched to; False when the sign-in ended meanwhile."""
    key = records.place(token)
    with store.write() as tx:
        tx.lock("iam")
        doc = records.found(tx, key, now)
        if doc is not None:
            tx.put(records.KIND, key, {**doc, "role": role})
    return doc is not None
