"""The shape of a pipeline as a whole: its stages, its artifact store, its type and mode."""

from collections.abc import Iterable, Mapping
from typing import Any

from stageline.core.pipeline.effects import Refusal

MAX_STAGES = 50
MAX_STAGE_ACTIONS = 50
MAX_ACTIONS = 1000
CONDITIONS = ("beforeEntry", "onSuccess", "onFailure")


def invalid(message: str) -> Refusal:
    """A refusal of the structure."""
    return Refusal("InvalidStructure", message)


def repeated(names: Iterable[str]) -> str | None:
    """The first name that comes a second time."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None


def check_structure(document: Mapping[str, Any], *, region: str) -> Refusal | None:
    """Stages, source stage, artifact store, pipeline type, mode and variables."""
    return (
        _stages(document["stages"])
        or _sources(document["stages"])
        or _stores(document, region)
        or _versions(document)
        or _variables(document.get("variables", []))
    )


def _stages(stages: list[Mapping[str, Any]]) -> Refusal | None:
    if len(stages) < 2:
        return invalid(f"Pipeline has only {len(stages)} stage(s). There should be a minimum of 2 stages in a pipeline")
    if len(stages) > MAX_STAGES:
        return invalid(f"Pipeline has {len(stages)} stages. There should be a maximum of {MAX_STAGES} stages in a pipeline")
    name = repeated(stage["name"] for stage in stages)
    if name is not None:
        return invalid(f"Stage names must be unique within the pipeline. The following stage name is already in use: {name}")
    for stage in stages:
        refusal = _stage(stage)
        if refusal:
            return refusal
    total = sum(len(stage["actions"]) for stage in stages)
    if total > MAX_ACTIONS:
        return invalid(f"Pipeline has {total} actions. There should be a maximum of {MAX_ACTIONS} actions in a pipeline")
    return None


def _stage(stage: Mapping[str, Any]) -> Refusal | None:
    actions = stage["actions"]
    where = f"Stage '{stage['name']}'"
    if not actions:
        return Refusal("InvalidStageDeclaration", f"{where} has no actions. There should be a minimum of 1 action in a stage")
    if len(actions) > MAX_STAGE_ACTIONS:
        text = f"{where} has {len(actions)} actions. There should be a maximum of {MAX_STAGE_ACTIONS} actions in a stage"
        return Refusal("InvalidStageDeclaration", text)
    if stage.get("blockers"):
        text = f"{where} declares blockers. The blockers field is reserved for future use and must be empty"
        return Refusal("InvalidBlockerDeclaration", text)
    name = repeated(action["name"] for action in actions)
    if name is not None:
        text = (
            f"Action names must be unique within the stage '{stage['name']}'. The action name {name} has been used more than once"
        )
        return Refusal("InvalidActionDeclaration", text)
    return None


def _sources(stages: list[Mapping[str, Any]]) -> Refusal | None:
    if any(action["actionTypeId"]["category"] != "Source" for action in stages[0]["actions"]):
        return invalid("Pipeline should start with a stage that only contains source actions")
    for stage in stages[1:]:
        for action in stage["actions"]:
            if action["actionTypeId"]["category"] == "Source":
                text = f"Source action {action['name']} is in stage {stage['name']}. "
                return invalid(text + "Source actions are only allowed in the first stage of a pipeline")
    return None


def _stores(document: Mapping[str, Any], region: str) -> Refusal | None:
    single, several = document.get("artifactStore"), document.get("artifactStores")
    if single is None and not several:
        return invalid("The pipeline must declare either artifactStore or artifactStores; neither is present")
    if single is not None and several:
        return invalid("The pipeline must declare either artifactStore or artifactStores, not both")
    if several and region not in several:
        return invalid(f"The artifactStores of the pipeline have no entry for the pipeline's own Region {region}")
    return None


def _versions(document: Mapping[str, Any]) -> Refusal | None:
    kind = document.get("pipelineType", "V1")
    mode = document.get("executionMode", "SUPERSEDED")
    if kind == "V1":
        if document.get("variables"):
            return invalid("Pipeline variable can only be used with V2 pipelines")
        if document.get("triggers"):
            return invalid("Triggers can only be used with V2 pipelines")
        if mode != "SUPERSEDED":
            return invalid(f"Execution mode {mode} can only be used with V2 pipelines")
        used = next((each for stage in document["stages"] for each in CONDITIONS if stage.get(each)), None)
        if used:
            return invalid(f"Stage conditions ({used}) can only be used with V2 pipelines")
    return _unbuilt(document)


def _unbuilt(document: Mapping[str, Any]) -> Refusal | None:
    """What CodePipeline has and this server does not have yet is refused by name, never accepted and ignored.

    The message of such a refusal is the name alone; the rim says the rest.
    """
    if document.get("triggers"):
        return Refusal("NotImplemented", "A trigger with filters")
    return None


def _variables(variables: list[Mapping[str, Any]]) -> Refusal | None:
    name = repeated(each["name"] for each in variables)
    if name is not None:
        return invalid(f"Variable names must be unique. The following variable name is already in use: {name}")
    return None
