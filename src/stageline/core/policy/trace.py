"""Behind a verdict: every statement that speaks about a question, and every kind of policy that lacks a grant."""

from collections.abc import Sequence

from stageline.core.policy.evaluate import Bounds, Source
from stageline.core.policy.pattern import Keys
from stageline.core.policy.principals import Principal
from stageline.core.policy.statements import Policy, Statement


def matching(
    policies: Sequence[Policy], *, allow: bool, who: Principal, action: str, resource: str, keys: Keys
) -> list[tuple[int, Statement]]:
    """The statements of one effect that match, each with the place of its policy in ``policies``."""
    name = action.lower()
    return [
        (place, statement)
        for place, policy in enumerate(policies)
        for statement in (policy.allows if allow else policy.denies)
        if statement.match(name, resource, keys, who)
    ]


def lacking(
    who: Principal, action: str, resource: str, keys: Keys, bounds: Bounds, resource_policy: Policy | None
) -> tuple[Source, ...]:
    """The kinds of policies that apply to somebody and allow nothing of the kind."""

    def silent(policies: Sequence[Policy]) -> bool:
        return not matching(policies, allow=True, who=who, action=action, resource=resource, keys=keys)

    found: list[Source] = []
    if who.kind in ("user", "role", "federated") and silent(bounds.identity):
        found.append("identity")
    if bounds.boundary is not None and silent((bounds.boundary,)):
        found.append("boundary")
    if bounds.session is not None and silent(bounds.session):
        found.append("session")
    if resource_policy is not None and silent((resource_policy,)):
        found.append("resource")
    return tuple(found)
