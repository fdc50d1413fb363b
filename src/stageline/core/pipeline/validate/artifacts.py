"""Artifacts: each is made once, and by an action that has certainly ended before another takes it."""

from collections.abc import Mapping
from typing import Any

from stageline.core.pipeline.effects import Refusal
from stageline.core.pipeline.validate.actions import each_action, invalid


def check_artifacts(document: Mapping[str, Any]) -> Refusal | None:
    """Output names are unique, inputs come from an earlier stage or a lower run order."""
    made: set[str] = set()
    for _, action in each_action(document):
        for each in action.get("outputArtifacts", []):
            if each["name"] in made:
                text = "Output Artifact Bundle name must be unique within the pipeline."
                return invalid(f"{text} {each['name']} has been used more than once.")
            made.add(each["name"])
    ready: set[str] = set()
    for stage in document["stages"]:
        for order in sorted({action.get("runOrder", 1) for action in stage["actions"]}):
            group = [action for action in stage["actions"] if action.get("runOrder", 1) == order]
            refusal = _inputs(group, ready)
            if refusal:
                return refusal
            ready |= {each["name"] for action in group for each in action.get("outputArtifacts", [])}
    return None


def _inputs(group: list[Mapping[str, Any]], ready: set[str]) -> Refusal | None:
    for action in group:
        names = [each["name"] for each in action.get("inputArtifacts", [])]
        for name in names:
            if names.count(name) > 1:
                return invalid(f"Input Artifact Bundle {name} in action {action['name']} has been used more than once.")
            if name not in ready:
                text = f"Input Artifact Bundle {name} in action {action['name']} is not declared as Output Artifact Bundle"
                return invalid(f"{text} in any of the preceding actions")
        primary = action.get("configuration", {}).get("PrimarySource")
        if len(names) > 1 and action["actionTypeId"]["provider"] == "CodeBuild" and not primary:
            return invalid(
                f"Action configuration for action '{action['name']}' is missing required configuration 'PrimarySource'"
            )
        if primary and "#{" not in primary and primary not in names:
            return invalid(f"The PrimarySource '{primary}' of action '{action['name']}' is not one of its input artifacts")
    return None
