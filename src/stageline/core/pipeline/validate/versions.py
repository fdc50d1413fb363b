"""What only pipelines of type V2 have (user guide, "What type of pipeline is right for me?"), in one table.

A declaration that uses any of it and names no type becomes V2; one that says V1 is refused.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from stageline.core.pipeline.actiontype import ActionType
from stageline.core.pipeline.declaration import TypeId
from stageline.core.pipeline.effects import Refusal

Document = Mapping[str, Any]
Lookup = Callable[[TypeId], ActionType | None]


@dataclass(frozen=True)
class Feature:
    """Something that needs V2. ``find`` gives what of it a declaration uses, in the words of ``message``; "" when nothing."""

    name: str
    find: Callable[[Document, Lookup], str]
    message: str
    code: str = "InvalidStructure"


def _member(name: str) -> Callable[[Document, Lookup], str]:
    return lambda document, lookup: name if document.get(name) else ""


def _mode(document: Document, lookup: Lookup) -> str:
    mode = document.get("executionMode", "SUPERSEDED")
    return "" if mode == "SUPERSEDED" else str(mode)


def _stage_member(name: str) -> Callable[[Document, Lookup], str]:
    return lambda document, lookup: name if any(stage.get(name) for stage in document["stages"]) else ""


def _action(document: Document, lookup: Lookup) -> str:
    for stage in document["stages"]:
        for action in stage.get("actions", []):
            kind = action["actionTypeId"]
            found = lookup((kind["category"], kind["owner"], kind["provider"], kind["version"]))
            if found is not None and found.v2_only:
                return f"Action {action['name']} uses the provider {found.provider}"
    return ""


V2_ONLY = (
    Feature("variables", _member("variables"), "Pipeline variable can only be used with V2 pipelines"),
    Feature("triggers", _member("triggers"), "Triggers can only be used with V2 pipelines"),
    Feature("execution mode", _mode, "Execution mode {} can only be used with V2 pipelines"),
    Feature("entry conditions", _stage_member("beforeEntry"), "Stage conditions ({}) can only be used with V2 pipelines"),
    Feature("success conditions", _stage_member("onSuccess"), "Stage conditions ({}) can only be used with V2 pipelines"),
    Feature(
        "failure conditions, automatic rollback and retry",
        _stage_member("onFailure"),
        "Stage conditions ({}) can only be used with V2 pipelines",
    ),
    Feature("action type", _action, "{}, which can only be used with V2 pipelines", "InvalidActionDeclaration"),
)


def needs_v2(document: Document, lookup: Lookup) -> bool:
    """Whether a declaration uses anything that only V2 has."""
    return any(feature.find(document, lookup) for feature in V2_ONLY)


def check_versions(document: Document, lookup: Lookup) -> Refusal | None:
    """A pipeline of type V1 uses nothing that only V2 has."""
    if document.get("pipelineType", "V1") != "V1":
        return None
    for feature in V2_ONLY:
        used = feature.find(document, lookup)
        if used:
            return Refusal(feature.code, feature.message.format(used))
    return None
