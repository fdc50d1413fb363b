"""Between the API's words and the core's: the only translator of this service."""

from collections.abc import Mapping
from typing import Any

from stageline.core.pipeline.effects import Decision, Refusal
from stageline.core.pipeline.validate.versions import Lookup, needs_v2
from stageline.ports.api import ApiError, NotImplementedHere
from stageline.ports.store import Doc


def answer(outcome: Decision | Refusal) -> str:
    """What the asker is told; a refusal becomes the API's error."""
    if isinstance(outcome, Refusal):
        raise refused(outcome)
    return outcome.answer


def refused(refusal: Refusal) -> ApiError:
    """The API's error for a refusal of the core."""
    if refusal.code == "NotImplemented":
        return NotImplementedHere(refusal.message)
    return ApiError(f"{refusal.code}Exception", refusal.message)


def normalised(document: Mapping[str, Any], version: int, lookup: Lookup) -> Doc:
    """The declaration as it is stored and returned: defaults filled in, the caller's version ignored."""
    stages = [
        {**stage, "actions": [_action(action) for action in stage.get("actions", [])]} for stage in document.get("stages", [])
    ]
    return {
        **document,
        "stages": stages,
        "version": version,
        "executionMode": document.get("executionMode", "SUPERSEDED"),
        "pipelineType": document.get("pipelineType") or ("V2" if needs_v2(document, lookup) else "V1"),
    }


def _action(action: Mapping[str, Any]) -> Doc:
    return {
        **action,
        "runOrder": action.get("runOrder", 1),
        "configuration": action.get("configuration", {}),
        "inputArtifacts": action.get("inputArtifacts", []),
        "outputArtifacts": action.get("outputArtifacts", []),
    }


def present(**members: Any) -> Doc:
    """The members that have a value: AWS leaves out the others."""
    return {name: value for name, value in members.items() if value not in (None, "", [], {})}


def error_details(run: Mapping[str, Any]) -> Doc | None:
    """``ErrorDetails`` of a failed action run."""
    return {"code": run["error_code"], "message": run.get("error_message", "")} if run.get("error_code") else None
