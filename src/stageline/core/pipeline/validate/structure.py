"""The shape of a pipeline as a whole: its stages, its artifact store, its variables, its mode."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from stageline.core.pipeline.effects import Refusal
from stageline.core.quotas import Quotas


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


def check_structure(document: Mapping[str, Any], *, region: str, quotas: Quotas) -> Refusal | None:
    """Stages, source stage, artifact store and variables."""
    return (
        _stages(document["stages"], quotas)
        or _sources(document["stages"])
        or _stores(document, region)
        or _variables(document.get("variables", []), quotas)
    )


def _stages(stages: list[Mapping[str, Any]], quotas: Quotas) -> Refusal | None:
    if len(stages) < 2:
        return invalid(f"Pipeline has only {len(stages)} stage(s). There should be a minimum of 2 stages in a pipeline")
    if len(stages) > quotas.stages:
        return invalid(f"Pipeline has {len(stages)} stages. There should be a maximum of {quotas.stages} stages in a pipeline")
    name = repeated(stage["name"] for stage in stages)
    if name is not None:
        return invalid(f"Stage names must be unique within the pipeline. The following stage name is already in use: {name}")
    for stage in stages:
        refusal = _stage(stage, quotas)
        if refusal:
            return refusal
    total = sum(len(stage["actions"]) for stage in stages)
    most = quotas.pipeline_actions
    if total > most:
        return invalid(f"Pipeline has {total} actions. There should be a maximum of {most} actions in a pipeline")
    return None


def _stage(stage: Mapping[str, Any], quotas: Quotas) -> Refusal | None:
    actions = stage["actions"]
    where = f"Stage '{stage['name']}'"
    if not actions:
        return Refusal("InvalidStageDeclaration", f"{where} has no actions. There should be a minimum of 1 action in a stage")
    orders = Counter(action.get("runOrder", 1) for action in actions)
    for count, most, what in (
        (len(actions), quotas.stage_actions, "actions"),
        (max(orders.values()), quotas.parallel_actions, "actions of one run order"),
        (len(orders), quotas.sequential_actions, "different run orders"),
    ):
        if count > most:
            text = f"{where} has {count} {what}. There should be a maximum of {most} {what} in a stage"
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


def _variables(variables: list[Mapping[str, Any]], quotas: Quotas) -> Refusal | None:
    if len(variables) > quotas.variables:
        return invalid(f"Pipeline has {len(variables)} variables. There should be a maximum of {quotas.variables} variables")
    name = repeated(each["name"] for each in variables)
    if name is not None:
        return invalid(f"Variable names must be unique. The following variable name is already in use: {name}")
    return None
