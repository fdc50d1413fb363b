"""Variables: namespaces are unique, and a reference names one that an earlier action fills."""

from collections.abc import Iterator, Mapping
from typing import Any

from stageline.core.pipeline.effects import Refusal
from stageline.core.pipeline.validate.actions import each_action, invalid
from stageline.core.pipeline.validate.structure import invalid as invalid_structure
from stageline.core.pipeline.variables import references

_MALFORMED = (
    "Valid format for a pipeline execution variable reference is a namespace and a key separated by a period (.). "
    "The following pipeline execution variables are referencing a namespace that does not exist."
)


def check_references(document: Mapping[str, Any]) -> Refusal | None:
    """Namespaces first, then every reference in every configuration."""
    return _namespaces(document) or _references(document)


def _namespaces(document: Mapping[str, Any]) -> Refusal | None:
    artifacts = {each["name"] for _, action in each_action(document) for each in action.get("outputArtifacts", [])}
    seen: set[str] = set()
    for _, action in each_action(document):
        name = action.get("namespace")
        if not name:
            continue
        if name == "codepipeline" or (name == "variables" and document.get("variables")):
            return invalid(f"The namespace '{name}' of action '{action['name']}' is reserved and cannot be used for an action")
        if name in artifacts:
            return invalid(f"The namespace '{name}' of action '{action['name']}' cannot be the name of an artifact")
        if name in seen:
            return invalid(f"Namespaces must be unique within the pipeline. The namespace '{name}' has been used more than once")
        seen.add(name)
    return None


def _references(document: Mapping[str, Any]) -> Refusal | None:
    declared = {each["name"] for each in document.get("variables", [])}
    ready: set[str] = {"codepipeline"} | ({"variables"} if document.get("variables") else set())
    for stage in document["stages"]:
        for order in sorted({action.get("runOrder", 1) for action in stage["actions"]}):
            group = [action for action in stage["actions"] if action.get("runOrder", 1) == order]
            for action in group:
                refusal = _action(stage, action, ready, declared)
                if refusal:
                    return refusal
            ready |= {action["namespace"] for action in group if action.get("namespace")}
    return None


def _texts(action: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Everything in an action that can have references, with the key under which it is declared."""
    yield from action.get("configuration", {}).items()
    yield from (("commands", each) for each in action.get("commands", []))
    yield from (("environmentVariables", each["value"]) for each in action.get("environmentVariables", []))


def _action(stage: Mapping[str, Any], action: Mapping[str, Any], ready: set[str], declared: set[str]) -> Refusal | None:
    for key, text in _texts(action):
        for found in references(text):
            if found.namespace == "variables" and action["actionTypeId"]["category"] == "Source":
                where = f"The action '{action['name']}' references {found.text}"
                return invalid_structure(f"Variables at the pipeline level cannot be used in source actions. {where}.")
            if found.namespace not in ready:
                place = f"StageName=[{stage['name']}], ActionName=[{action['name']}], ActionConfigurationKey=[{key}]"
                return invalid(f"{_MALFORMED}\n{place}, VariableReferenceText=[{found.text}]")
            if found.namespace == "variables" and declared and found.key not in declared:
                where = f"The action '{action['name']}' references {found.text}"
                return invalid(f"{where}, but the pipeline does not declare the variable '{found.key}'")
            if found.namespace == "codepipeline" and found.key != "PipelineExecutionId":
                return invalid(f"The action '{action['name']}' references {found.text}; the only key is PipelineExecutionId")
    return None
