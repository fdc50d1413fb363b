"""One question of a simulation put to policies: the decision, the statements behind it, the context values that it lacked."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from stageline.core import arn
from stageline.core.policy import instants
from stageline.core.policy.comparators import network, number, octets
from stageline.core.policy.evaluate import Bounds, evaluate
from stageline.core.policy.pattern import Keys, Values
from stageline.core.policy.positions import statement_positions
from stageline.core.policy.principals import Principal
from stageline.core.policy.statements import Policy, Statement
from stageline.core.policy.survey import of_statement, statements
from stageline.core.policy.trace import matching
from stageline.ports.api import ApiError
from stageline.services.iam.simulation.sources import Source

ALLOWED, DENIED, NOT_ALLOWED = "allowed", "explicitDeny", "implicitDeny"
_ACTION = re.compile(r"[A-Za-z0-9-]+:[A-Za-z0-9]+", re.ASCII)


@dataclass(frozen=True)
class Asked:
    """Who is simulated with which policies and context. ``owner`` is the account of resources whose ARN names none."""

    who: Principal
    identity: Sequence[Source]
    keys: Keys
    boundary: Source | None = None
    resource_policy: Source | None = None
    owner: str = ""
    ready: dict[int, Policy] = field(default_factory=dict)

    def policy(self, source: Source) -> Policy:
        """A policy made ready once."""
        if id(source) not in self.ready:
            self.ready[id(source)] = source.policy(resource_side=source is self.resource_policy)
        return self.ready[id(source)]


@dataclass(frozen=True)
class Answer:
    """What came out for one action on one resource, in the members of the API."""

    decision: str
    matched: list[dict[str, Any]]
    missing: list[str]
    within_boundary: bool | None
    details: dict[str, str]


def ask(asked: Asked, action: str, resource: str) -> Answer:
    """Put one question; the same evaluation as for real requests."""
    if not _ACTION.fullmatch(action):
        raise ApiError("InvalidInput", f"Invalid Action Name {action}: give service:Action without wildcards.", 400)
    policies = [asked.policy(source) for source in asked.identity]
    boundary = asked.policy(asked.boundary) if asked.boundary else None
    of_resource = asked.policy(asked.resource_policy) if asked.resource_policy else None
    owner = _owner(asked, resource)
    verdict = evaluate(
        asked.who, action, resource, asked.keys, Bounds(policies, boundary), resource_policy=of_resource, owner=owner
    )
    decision = ALLOWED if verdict.allowed else DENIED if verdict.explicit else NOT_ALLOWED
    everything = [*asked.identity, *((asked.resource_policy,) if asked.resource_policy else ())]
    sources = [*everything, *((asked.boundary,) if asked.boundary and decision == DENIED else ())]
    found = _matching(asked, sources, decision != DENIED, action, resource)
    return Answer(
        decision,
        [_shown(source, statement) for source, statement in found],
        _missing(asked, [*everything, *((asked.boundary,) if asked.boundary else ())], action, resource),
        _within(asked, boundary, action, resource),
        _sides(asked, action, resource, policies, of_resource) if owner and owner != asked.who.account else {},
    )


def _matching(asked: Asked, sources: Sequence[Source], allow: bool, action: str, resource: str) -> list[tuple[Source, Statement]]:
    policies = [asked.policy(source) for source in sources]
    found = matching(policies, allow=allow, who=asked.who, action=action, resource=resource, keys=asked.keys)
    return [(sources[place], statement) for place, statement in found]


def _shown(source: Source, statement: Statement) -> dict[str, Any]:
    start, end = statement_positions(source.text)[statement.index]
    return {
        "SourcePolicyId": source.id,
        "SourcePolicyType": source.kind,
        "StartPosition": {"Line": start.line, "Column": start.column},
        "EndPosition": {"Line": end.line, "Column": end.column},
    }


def _missing(asked: Asked, sources: Sequence[Source], action: str, resource: str) -> list[str]:
    """The context keys that statements about the question ask for and that were not given."""
    wanted: dict[str, str] = {}
    for source in sources:
        policy, bodies = asked.policy(source), statements(source.document)
        for statement in (*policy.denies, *policy.allows):
            if statement.actions.match(action.lower()):
                variables = source.document.get("Version") == "2012-10-17"
                for key in of_statement(bodies[statement.index], variables):
                    wanted.setdefault(key.lower(), key)
    return sorted(key for name, key in wanted.items() if name not in asked.keys)


def _within(asked: Asked, boundary: Policy | None, action: str, resource: str) -> bool | None:
    if boundary is None:
        return None
    given: Mapping[str, Any] = {"who": asked.who, "action": action, "resource": resource, "keys": asked.keys}
    return bool(matching((boundary,), allow=True, **given)) and not matching((boundary,), allow=False, **given)


def _sides(asked: Asked, action: str, resource: str, policies: Sequence[Policy], of_resource: Policy | None) -> dict[str, str]:
    """Across accounts both sides must allow: what each says."""
    found = {}
    sides: list[tuple[str, Sequence[Policy]]] = [("IAM Policy", policies)]
    if of_resource is not None:
        sides.append(("Resource Policy", (of_resource,)))
    for name, each in sides:
        given: Mapping[str, Any] = {"who": asked.who, "action": action, "resource": resource, "keys": asked.keys}
        denied, allowed = matching(each, allow=False, **given), matching(each, allow=True, **given)
        found[name] = DENIED if denied else ALLOWED if allowed else NOT_ALLOWED
    return found


def _owner(asked: Asked, resource: str) -> str:
    parsed = arn.parse(resource)
    return parsed.account if parsed is not None and parsed.account.isdigit() else asked.owner


_READABLE: Mapping[str, Callable[[str], bool]] = {
    "string": lambda text: True,
    "numeric": lambda text: number(text) is not None,
    "boolean": lambda text: text.lower() in ("true", "false"),
    "ip": lambda text: network(text) is not None,
    "binary": lambda text: octets(text) is not None,
    "date": lambda text: instants.parse(text) is not None,
}


def context(entries: Sequence[Mapping[str, Any]]) -> dict[str, Values]:
    """``ContextEntries`` as condition keys; refuses values that are not of the type they say."""
    keys: dict[str, Values] = {}
    for entry in entries:
        name, values = entry.get("ContextKeyName", ""), tuple(entry.get("ContextKeyValues", ()))
        kind = entry.get("ContextKeyType", "string")
        readable = _READABLE[kind.removesuffix("List")]
        if not name or ":" not in name:
            raise ApiError("InvalidInput", f"A context entry needs a ContextKeyName like aws:username, not '{name}'.", 400)
        if not all(readable(value) for value in values) or (len(values) != 1 and not kind.endswith("List")):
            raise ApiError("InvalidInput", f"The values of the context key {name} are not of the type {kind}.", 400)
        keys[name.lower()] = values if kind.endswith("List") else values[0]
    return keys
