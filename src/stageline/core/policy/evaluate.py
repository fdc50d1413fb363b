"""The order in which policies count: explicit denies first, then who grants, then what bounds the grant.

A grant in a resource's policy to somebody by name needs no other policy in the same account; a grant to a role still meets
the session's bounds; a grant to an account only lets that account's own policies decide.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from stageline.core.policy.pattern import Keys
from stageline.core.policy.principals import Grant, Principal
from stageline.core.policy.statements import Policy, Statement

Source = Literal["", "identity", "boundary", "session", "resource", "trust"]


@dataclass(frozen=True)
class Verdict:
    """The answer. ``source`` is the kind of policy that decided: the one that granted, that denied (``explicit``), or that
    should have granted and did not. ``statement`` is the deciding statement, if one was; with ``explicit``, ``policy`` is the
    one that it stands in."""

    allowed: bool
    source: Source = ""
    explicit: bool = False
    statement: Statement | None = None
    policy: Policy | None = None


@dataclass(frozen=True)
class Bounds:
    """The policies of somebody. ``session`` policies are a union: one of them must allow."""

    identity: Sequence[Policy] = ()
    boundary: Policy | None = None
    session: Sequence[Policy] | None = None


NO_POLICIES = Bounds()


def evaluate(
    who: Principal,
    action: str,
    resource: str,
    keys: Keys,
    bounds: Bounds,
    *,
    resource_policy: Policy | None = None,
    owner: str = "",
    trust: bool = False,
) -> Verdict:
    """May ``who`` do ``action`` on ``resource``? ``keys`` have lower-case names.

    ``owner`` is the account of the resource (empty: the caller's own). With ``trust`` the resource's policy is a role's
    trust policy, without whose grant nothing is allowed.
    """
    action = action.lower()
    side: Source = "trust" if trust else "resource"
    if denied := _denied(who, action, resource, keys, bounds, resource_policy, side):
        return denied
    if who.kind == "root" and not trust:
        return Verdict(True, "identity")
    grant, statement = _granted(resource_policy, action, resource, keys, who)
    if who.kind in ("service", "anonymous"):
        return Verdict(grant is Grant.DIRECT, side, False, statement)
    if grant is Grant.NONE and (trust or (owner and owner != who.account)):
        return Verdict(False, side)
    if grant is Grant.DIRECT and (not owner or owner == who.account):
        return Verdict(True, side, False, statement)
    return _within(who, action, resource, keys, bounds, grant is Grant.ROLE and (not owner or owner == who.account))


def _denied(
    who: Principal, action: str, resource: str, keys: Keys, bounds: Bounds, resource_policy: Policy | None, side: Source
) -> Verdict | None:
    def first(policies: Sequence[Policy], source: Source) -> Verdict | None:
        for policy in policies:
            for statement in policy.denies:
                if statement.match(action, resource, keys, who):
                    return Verdict(False, source, True, statement, policy)
        return None

    if resource_policy is not None and (found := first((resource_policy,), side)):
        return found
    if who.kind == "root":
        return None
    if found := first(bounds.identity, "identity"):
        return found
    if bounds.boundary is not None and (found := first((bounds.boundary,), "boundary")):
        return found
    return first(bounds.session, "session") if bounds.session else None


def _granted(policy: Policy | None, action: str, resource: str, keys: Keys, who: Principal) -> tuple[Grant, Statement | None]:
    best: tuple[Grant, Statement | None] = (Grant.NONE, None)
    for statement in policy.allows if policy is not None else ():
        grant = statement.match(action, resource, keys, who)
        if grant > best[0]:
            best = (grant, statement)
    return best


def _allowed(policies: Sequence[Policy], action: str, resource: str, keys: Keys, who: Principal) -> Statement | None:
    for policy in policies:
        for statement in policy.allows:
            if statement.match(action, resource, keys, who):
                return statement
    return None


def _within(who: Principal, action: str, resource: str, keys: Keys, bounds: Bounds, role_granted: bool) -> Verdict:
    """The caller's own side: identity policies (unless the role was granted by name), then boundary, then session."""
    statement = None
    if who.kind != "root" and not role_granted:
        statement = _allowed(bounds.identity, action, resource, keys, who)
        if statement is None:
            return Verdict(False, "identity")
    if bounds.boundary is not None and not _allowed((bounds.boundary,), action, resource, keys, who):
        return Verdict(False, "boundary")
    session = bounds.session
    if session is None and who.kind == "federated":
        session = ()
    if session is not None and not _allowed(session, action, resource, keys, who):
        return Verdict(False, "session")
    return Verdict(True, "resource" if role_granted else "identity", False, statement)
