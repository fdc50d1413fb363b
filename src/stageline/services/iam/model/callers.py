"""Callers with their condition keys, made from stored users and roles."""

from datetime import UTC, datetime

from stageline.ports.api import Caller
from stageline.ports.store import Doc
from stageline.services.iam.model.entities import ROLE, USER, arn_of
from stageline.services.iam.model.sessions import Session

TRANSITIVE = "stageline:TransitiveTagKeys"
"""Principal key that carries the names of a session's transitive tags to the next role of the chain."""

BOND = "stageline:Bond"
"""Principal key that carries what a session is bound to, on to the sessions that are obtained with it."""

Keys = dict[str, str | tuple[str, ...]]


def root(account: str, access_key_id: str, session: Session | None = None) -> Caller:
    """The account's root."""
    arn = f"arn:aws:iam::{account}:root"
    keys = _keys(account, "Account", account, arn, {}, session)
    return Caller("root", arn, account, account, access_key_id, keys)


def user(account: str, doc: Doc, access_key_id: str, session: Session | None = None) -> Caller:
    """A user, by a key of its own or by a session token."""
    arn = arn_of(account, USER, doc)
    keys = _keys(account, "User", doc["id"], arn, doc["tags"], session)
    keys["aws:username"] = doc["name"]
    return Caller("user", arn, doc["id"], account, access_key_id, keys)


def role(account: str, doc: Doc, access_key_id: str, session: Session) -> Caller:
    """A session of a role: it is named by its session ARN, its rights are the role's."""
    unique = f"{doc['id']}:{session.name}"
    overridden = {key.lower() for key in session.tags}
    tags = {key: value for key, value in doc["tags"].items() if key.lower() not in overridden} | dict(session.tags)
    keys = _keys(account, "AssumedRole", unique, arn_of(account, ROLE, doc), tags, session)
    if session.source_identity:
        keys["aws:SourceIdentity"] = session.source_identity
    if session.transitive:
        keys[TRANSITIVE] = session.transitive
    if session.bond:
        keys[BOND] = session.bond
    arn = f"arn:aws:sts::{account}:assumed-role/{doc['name']}/{session.name}"
    return Caller("role", arn, unique, account, access_key_id, keys, session.policy, session.origin)


def bond(caller: Caller) -> str:
    """What the caller's session is bound to, if anything."""
    found = caller.keys.get(BOND, "")
    return found if isinstance(found, str) else ""


def iso(instant: int) -> str:
    """An instant as condition keys carry it."""
    return datetime.fromtimestamp(instant // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _keys(account: str, kind: str, unique: str, arn: str, tags: dict[str, str], session: Session | None) -> Keys:
    keys: Keys = {
        "aws:PrincipalAccount": account,
        "aws:PrincipalType": kind,
        "aws:PrincipalArn": arn,
        "aws:userid": unique,
        **{f"aws:PrincipalTag/{key}": value for key, value in tags.items()},
    }
    if session:
        keys["aws:TokenIssueTime"] = iso(session.issued)
        keys["aws:MultiFactorAuthPresent"] = "false"
    return keys
