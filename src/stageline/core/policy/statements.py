"""Policy documents made ready to be asked many times."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stageline.core.policy.conditions import Test, condition
from stageline.core.policy.match import EVERY_RESOURCE, Actions, Resources, actions, resources
from stageline.core.policy.pattern import Keys
from stageline.core.policy.principals import Grant, Principal, Principals, principals


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. ``principals`` is None in a policy that belongs to somebody; ``index`` is its place in the document,
    from 0."""

    sid: str
    allow: bool
    actions: Actions
    resources: Resources
    principals: Principals | None
    conditions: tuple[Test, ...]
    index: int = 0

    def match(self, action: str, resource: str, keys: Keys, who: Principal) -> Grant:
        """Whether the statement speaks about this question, and how it names ``who``; ``action`` in lower case."""
        if not self.actions.match(action) or not self.resources.match(resource, keys):
            return Grant.NONE
        grant = Grant.DIRECT if self.principals is None else self.principals.match(who)
        if grant is Grant.NONE:
            return grant
        for test in self.conditions:
            if not test(keys):
                return Grant.NONE
        return grant


@dataclass(frozen=True, slots=True)
class Policy:
    """A document made ready."""

    denies: tuple[Statement, ...]
    allows: tuple[Statement, ...]


class Unreadable(ValueError):
    """A stored document that cannot be understood; whoever asks must be refused."""


def compile_policy(document: Mapping[str, Any], *, resource_side: bool = False) -> Policy:
    """Make a parsed document ready. ``resource_side``: the policy of a resource or a role's trust policy, with principals.

    Raises ``Unreadable``; the caller must then refuse.
    """
    variables = document.get("Version") == "2012-10-17"
    found = document.get("Statement")
    bodies = [found] if isinstance(found, Mapping) else found
    if not isinstance(bodies, Sequence) or isinstance(bodies, str) or not bodies:
        raise Unreadable("the policy has no statements")
    try:
        statements = [_statement(index, body, variables, resource_side) for index, body in enumerate(bodies)]
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise Unreadable(str(error)) from error
    denies = tuple(each for each in statements if not each.allow)
    return Policy(denies, tuple(each for each in statements if each.allow))


def _statement(index: int, body: Mapping[str, Any], variables: bool, resource_side: bool) -> Statement:
    effect = body["Effect"]
    if effect not in ("Allow", "Deny"):
        raise ValueError("Effect must be Allow or Deny")
    not_action, not_resource = "NotAction" in body, "NotResource" in body
    about = EVERY_RESOURCE
    if not resource_side or not_resource or "Resource" in body:
        about = resources(texts(body["NotResource" if not_resource else "Resource"]), not_resource, variables)
    who = None
    if resource_side:
        excluding = "NotPrincipal" in body
        who = principals(body["NotPrincipal" if excluding else "Principal"], excluding)
    tests = [
        condition(operator, key, texts(values), variables)
        for operator, block in body.get("Condition", {}).items()
        for key, values in block.items()
    ]
    named = actions(texts(body["NotAction" if not_action else "Action"]), not_action)
    return Statement(str(body.get("Sid", "")), effect == "Allow", named, about, who, tuple(tests), index)


def texts(value: Any) -> list[str]:
    """A value or list of values as strings; bare numbers and booleans are as good as quoted ones."""
    values = value if isinstance(value, list | tuple) else [value]
    return [_text(each) for each in values]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise ValueError("a policy's values are strings, numbers or booleans")
