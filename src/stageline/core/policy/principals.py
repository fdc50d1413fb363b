"""Who asks, and how strongly a resource's policy names them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Literal


@dataclass(frozen=True)
class Principal:
    """Who asks. ``arn`` is the user's or the session's, ``role_arn`` the role behind a session (with its path), ``service`` the
    name of a service that acts as itself (``sns.amazonaws.com``)."""

    kind: Literal["root", "user", "role", "federated", "service", "anonymous"]
    arn: str
    account: str = ""
    user_id: str = ""
    role_arn: str = ""
    service: str = ""


class Grant(IntEnum):
    """How a statement names somebody; the stronger, the fewer other policies must agree."""

    NONE = 0
    ACCOUNT = 1
    ROLE = 2
    DIRECT = 3


@dataclass(frozen=True, slots=True)
class Principals:
    """The principals of a statement."""

    everyone: bool
    any_aws: bool
    aws: frozenset[str]
    services: frozenset[str]
    federated: frozenset[str]
    negated: bool

    def match(self, who: Principal) -> Grant:
        """How the statement names somebody."""
        if self.negated:
            return Grant.NONE if self._spares(who) else Grant.DIRECT
        return self._names(who)

    def _names(self, who: Principal) -> Grant:
        if self.everyone:
            return Grant.DIRECT
        if who.kind == "service":
            return Grant.DIRECT if who.service in self.services else Grant.NONE
        if self.any_aws:
            return Grant.DIRECT
        if who.kind == "anonymous":
            return Grant.NONE
        if who.arn in self.aws or (who.kind != "role" and who.user_id in self.aws):
            return Grant.DIRECT
        if who.role_arn and (who.role_arn in self.aws or who.user_id.partition(":")[0] in self.aws):
            return Grant.ROLE
        return Grant.ACCOUNT if self._names_account(who) else Grant.NONE

    def _names_account(self, who: Principal) -> bool:
        return bool(who.account) and (who.account in self.aws or f"arn:aws:iam::{who.account}:root" in self.aws)

    def _spares(self, who: Principal) -> bool:
        named = self._names(who)
        if named is Grant.DIRECT and (self.everyone or self.any_aws or who.kind in ("service", "root")):
            return True
        return named in (Grant.DIRECT, Grant.ROLE) and self._names_account(who)


def principals(element: Any, negated: bool) -> Principals:
    """Make ready a ``Principal`` or (``negated``) a ``NotPrincipal`` element; raises ValueError for one of no known form."""
    if element == "*":
        return Principals(True, True, frozenset(), frozenset(), frozenset(), negated)
    if not isinstance(element, Mapping):
        raise ValueError('Principal must be "*" or an object')
    named = {kind: frozenset(_texts(value)) for kind, value in element.items()}
    aws = named.get("AWS", frozenset())
    services, federated = named.get("Service", frozenset()), named.get("Federated", frozenset())
    return Principals(False, "*" in aws, aws, services, federated, negated)


def _texts(value: Any) -> Sequence[str]:
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list | tuple) or not all(isinstance(text, str) for text in texts):
        raise ValueError("principals must be strings")
    return texts
