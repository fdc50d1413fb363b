"""Which rule types there are: the modules of this package."""

import importlib
import pkgutil
from collections.abc import Mapping

from stageline import rules
from stageline.core.pipeline.declaration import TypeId
from stageline.core.pipeline.ruletype import RuleType
from stageline.ports.provider import Rule


def discover() -> dict[TypeId, Rule]:
    """Rules by rule type. A module without ``RULE_TYPE`` is not one. Two for one type are an error at start-up."""
    found: dict[TypeId, Rule] = {}
    for entry in pkgutil.walk_packages(rules.__path__, f"{rules.__name__}."):
        module = importlib.import_module(entry.name) if entry.name != __name__ else None
        kind = getattr(module, "RULE_TYPE", None)
        if kind is None:
            continue
        if kind.id in found:
            raise ValueError(f"two rules for the rule type {'/'.join(kind.id)}")
        found[kind.id] = module  # type: ignore[assignment]
    return found


def rule_types(found: Mapping[TypeId, Rule]) -> dict[TypeId, RuleType]:
    """What the rules declare about themselves."""
    return {key: rule.RULE_TYPE for key, rule in found.items()}
