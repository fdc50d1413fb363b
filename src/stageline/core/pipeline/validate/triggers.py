"""Triggers: each belongs to a connection source action, and its filters can be told apart, read and met."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from stageline.core.glob import BadGlob, compiled
from stageline.core.pipeline.effects import Refusal
from stageline.core.quotas import Quotas

PROVIDER = "CodeStarSourceConnection"
KINDS = ("push", "pullRequest")


def invalid(message: str) -> Refusal:
    """A refusal of the structure."""
    return Refusal("InvalidStructure", message)


def check_triggers(document: Mapping[str, Any], quotas: Quotas) -> Refusal | None:
    """All triggers of a declaration (``PipelineTriggerDeclarationList``)."""
    triggers = document.get("triggers", [])
    if len(triggers) > quotas.triggers:
        return invalid(f"Pipeline has {len(triggers)} triggers. There should be a maximum of {quotas.triggers} triggers")
    size = len(json.dumps(triggers, ensure_ascii=False, separators=(",", ":")).encode())
    if size > quotas.trigger_bytes:
        text = f"The triggers of the pipeline take {size} bytes. There should be a maximum of {quotas.trigger_bytes} bytes"
        return invalid(text)
    seen: set[str] = set()
    for trigger in triggers:
        name = trigger["gitConfiguration"]["sourceActionName"]
        if name in seen:
            return invalid(f"The source action '{name}' has more than one trigger. Put all of its filters into one trigger")
        seen.add(name)
        refusal = _source(document, name) or _filters(trigger["gitConfiguration"], name)
        if refusal:
            return refusal
    return None


def _source(document: Mapping[str, Any], name: str) -> Refusal | None:
    action = next((each for each in document["stages"][0]["actions"] if each["name"] == name), None)
    if action is None:
        return invalid(f"The trigger names the source action '{name}', which the first stage of the pipeline does not have")
    if action["actionTypeId"]["provider"] != PROVIDER:
        found = action["actionTypeId"]["provider"]
        return invalid(f"The trigger names the source action '{name}' of the provider {found}; it must be one of {PROVIDER}")
    return None


def _filters(git: Mapping[str, Any], name: str) -> Refusal | None:
    where = f"The trigger of the source action '{name}'"
    if not any(git.get(kind) for kind in KINDS):
        return invalid(f"{where} has no filter and would never start the pipeline. Give it a push or a pullRequest filter")
    for kind in KINDS:
        filters = git.get(kind, [])
        for index, each in enumerate(filters):
            if _plain(each) in [_plain(other) for other in filters[:index]]:
                return invalid(f"{where} has the same {kind} filter more than once")
            refusal = _combination(each, kind, where) or _criteria(each, kind, where)
            if refusal:
                return refusal
    return None


def _plain(given: Mapping[str, Any]) -> dict[str, Any]:
    """A filter by what it means: the order of patterns and events does not matter."""
    return {
        key: sorted(value) if isinstance(value, list) else {side: sorted(each) for side, each in value.items()}
        for key, value in given.items()
    }


def _combination(given: Mapping[str, Any], kind: str, where: str) -> Refusal | None:
    if "tags" in given and ("branches" in given or "filePaths" in given):
        text = "A push is of a tag or of a branch: put tags and branches (with filePaths) into filters of their own"
        return invalid(f"{where} combines tags with branches or filePaths in one push filter. {text}")
    if "tags" not in given and "branches" not in given:
        wanted = "tags or branches" if kind == "push" else "branches"
        return invalid(f"{where} has a {kind} filter without {wanted}. filePaths only narrow down a filter on branches")
    return None


def _criteria(given: Mapping[str, Any], kind: str, where: str) -> Refusal | None:
    for name in ("tags", "branches", "filePaths"):
        if name in given and not (given[name].get("includes") or given[name].get("excludes")):
            return invalid(f"{where} has a {kind} filter with neither includes nor excludes in its {name}")
    for name, side, pattern in _patterns(given):
        try:
            compiled(pattern)
        except BadGlob as error:
            return invalid(f"{where} has the pattern '{pattern}' in the {side} of its {name}, which cannot be read: {error}")
    return None


def _patterns(given: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for name in ("tags", "branches", "filePaths"):
        for side in ("includes", "excludes"):
            for pattern in given.get(name, {}).get(side, []):
                yield name, side, pattern
