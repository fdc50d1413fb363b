"""Secret values of action configurations: sealed where they are stored, ``****`` in answers, kept when ``****`` comes back.

A value is sealed before the declaration reaches the core, so the journal, the state, the history and the tasks hold sealed text.
It is opened for the provider that does the action. A value with a variable in it (``#{…}``) is not sealed, for the core has to
resolve it; it is masked all the same.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from stageline.core.pipeline.actiontype import ActionType
from stageline.core.pipeline.declaration import TypeId
from stageline.ports.api import ApiError
from stageline.ports.store import Doc
from stageline.ports.vault import Vault
from stageline.services.codepipeline.custom.definitions import type_id

MASK = "****"
MARK = "sealed:"
"""How a sealed value begins. A value from outside that begins so is sealed as well, hence what begins so is always ours."""

Known = Callable[[TypeId], ActionType | None]


def secret_keys(known: Known, kind: TypeId) -> frozenset[str]:
    """The secret properties of a type."""
    found = known(kind)
    return frozenset(each.name for each in found.properties if each.secret) if found else frozenset()


def hidden(known: Known, kind: TypeId, configuration: Mapping[str, str]) -> dict[str, str]:
    """A configuration for answers."""
    secret = secret_keys(known, kind)
    return {
        name: MASK if value.startswith(MARK) or (name in secret and value) else value for name, value in configuration.items()
    }


def masked(known: Known, document: Mapping[str, Any]) -> Doc:
    """A declaration for answers."""
    return _each(document, lambda stage, action: hidden(known, type_id(action["actionTypeId"]), action["configuration"]))


def sealed(known: Known, vault: Vault, document: Mapping[str, Any]) -> Doc:
    """A declaration for the store and for the core."""

    def seal(stage: Mapping[str, Any], action: Mapping[str, Any]) -> dict[str, str]:
        secret = secret_keys(known, type_id(action["actionTypeId"]))
        return {
            name: MARK + vault.seal(value, context=_context(document["name"]))
            if value.startswith(MARK) or (name in secret and "#{" not in value)
            else value
            for name, value in action["configuration"].items()
        }

    return _each(document, seal)


def opened(vault: Vault, pipeline: str, configuration: Mapping[str, str]) -> dict[str, str]:
    """A configuration as it was given. ValueError when it was sealed with another key."""
    context = _context(pipeline)
    return {
        name: vault.open(value[len(MARK) :], context=context).decode() if value.startswith(MARK) else value
        for name, value in configuration.items()
    }


def restored(known: Known, vault: Vault, document: Mapping[str, Any], old: Mapping[str, Any]) -> Doc:
    """A declaration with each ``****`` of a secret property replaced by what the old one has there.

    InvalidActionDeclarationException when it has nothing there. The action is the one of that stage and name, or else the only
    one of that name; its type must be the same, so that a secret is told to nobody else.
    """

    def restore(stage: Mapping[str, Any], action: Mapping[str, Any]) -> dict[str, str]:
        configuration = dict(action["configuration"])
        wanted = [name for name in secret_keys(known, type_id(action["actionTypeId"])) if configuration.get(name) == MASK]
        before = opened(vault, document["name"], _before(old, stage["name"], action)) if wanted else {}
        for name in sorted(wanted):
            if name not in before:
                text = (
                    f"The {name} of action '{action['name']}' is {MASK}, which stands for a secret that is stored already, and "
                )
                raise ApiError(
                    "InvalidActionDeclarationException", text + "there is none for this action. Give the value itself."
                )
            configuration[name] = before[name]
        return configuration

    return _each(document, restore)


def _before(old: Mapping[str, Any], stage: str, action: Mapping[str, Any]) -> Mapping[str, str]:
    same = [
        (there["name"], each)
        for there, each in _actions(old)
        if each["name"] == action["name"] and _whose(each) == _whose(action)
    ]
    chosen = [each for name, each in same if name == stage] or ([same[0][1]] if len(same) == 1 else [])
    found: Mapping[str, str] = chosen[0]["configuration"] if chosen else {}
    return found


def _whose(action: Mapping[str, Any]) -> TypeId:
    """The type of an action without its version."""
    category, owner, provider, _ = type_id(action["actionTypeId"])
    return (category, owner, provider, "")


def _actions(document: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    for stage in document.get("stages", []):
        for action in stage["actions"]:
            yield stage, action


def _context(pipeline: str) -> str:
    return f"codepipeline.secret/{pipeline}"


def _each(document: Mapping[str, Any], change: Callable[[Mapping[str, Any], Mapping[str, Any]], dict[str, str]]) -> Doc:
    """The document with the configuration of each action changed."""
    stages = [
        {**stage, "actions": [{**action, "configuration": change(stage, action)} for action in stage["actions"]]}
        for stage in document["stages"]
    ]
    return {**document, "stages": stages}
