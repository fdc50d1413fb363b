"""URL templates of action types: ``{Config:Key}``, ``{ExternalExecutionId}`` and ``{RevisionId}``, filled in for an action.

Values are percent-encoded: they end up within the path or the query that the template has for them, and nowhere else.
"""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import quote

from stageline.core.pipeline.actiontype import ActionType
from stageline.core.pipeline.declaration import Declaration
from stageline.ports.store import Doc
from stageline.services.codepipeline.custom.catalog import Catalog

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def placeholders(template: str) -> Iterator[str]:
    """The names between braces, in order."""
    return iter(_PLACEHOLDER.findall(template))


def filled(template: str, configuration: Mapping[str, str], *, external_id: str = "", revision_id: str = "") -> str:
    """The URL; empty when a value that it needs is not there (or not known before the action runs)."""
    values = {f"Config:{name}": value for name, value in configuration.items()}
    values |= {"ExternalExecutionId": external_id, "RevisionId": revision_id}
    needed = list(placeholders(template))
    if any(not values.get(name) or "#{" in values[name] for name in needed):
        return ""
    return _PLACEHOLDER.sub(lambda match: quote(values[match[1]], safe="/"), template)


def shown(kind: ActionType, configuration: Mapping[str, str]) -> dict[str, str]:
    """What of a configuration may stand in a URL."""
    secret = {each.name for each in kind.properties if each.secret}
    return {name: value for name, value in configuration.items() if name not in secret}


def with_entities(stages: list[Doc], declaration: Declaration, catalog: Catalog) -> list[Doc]:
    """The ``stageStates`` of ``GetPipelineState`` with the ``entityUrl`` of each action whose type has a template for it."""
    for state, stage in zip(stages, declaration.stages, strict=True):
        for shown_action, action in zip(state["actionStates"], stage.actions, strict=True):
            kind = catalog.known(action.type)
            if kind is not None and kind.entity_url:
                external_id = shown_action.get("latestExecution", {}).get("externalExecutionId", "")
                url = filled(kind.entity_url, shown(kind, action.configuration), external_id=external_id)
                shown_action.update({"entityUrl": url} if url else {})
    return stages
