"""Which providers there are: the modules of this package and those of the entry-point group ``stageline.providers``."""

import importlib
import pkgutil
from collections.abc import Mapping
from importlib.metadata import entry_points

from stageline import providers
from stageline.core.pipeline.actiontype import ActionType
from stageline.core.pipeline.declaration import TypeId
from stageline.ports.provider import Provider

GROUP = "stageline.providers"


def discover() -> dict[TypeId, Provider]:
    """Providers by action type. A module without ``ACTION_TYPE`` is not one. Two for one type are an error at start-up."""
    found: dict[TypeId, Provider] = {}
    modules = [module.name for module in pkgutil.walk_packages(providers.__path__, f"{providers.__name__}.")]
    candidates = [importlib.import_module(name) for name in modules if name != __name__]
    candidates += [entry.load() for entry in entry_points(group=GROUP)]
    for module in candidates:
        kind = getattr(module, "ACTION_TYPE", None)
        if kind is None:
            continue
        if kind.id in found:
            raise ValueError(f"two providers for the action type {'/'.join(kind.id)}")
        found[kind.id] = module
    return found


def action_types(found: Mapping[TypeId, Provider]) -> dict[TypeId, ActionType]:
    """What the providers declare about themselves."""
    return {key: provider.ACTION_TYPE for key, provider in found.items()}
