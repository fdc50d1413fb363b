"""Parts of pipeline declarations."""

from typing import Any

Doc = dict[str, Any]


def kind(category: str, provider: str, owner: str = "AWS") -> dict[str, str]:
    """An action type id."""
    return {"category": category, "owner": owner, "provider": provider, "version": "1"}


def approval(name: str = "Approve", **more: Any) -> Doc:
    """A manual approval: the action that the suite can hold, pass and fail on every server."""
    return {"name": name, "actionTypeId": kind("Approval", "Manual"), **more}


def stage(name: str, *actions: Doc, **conditions: Any) -> Doc:
    """A stage."""
    return {"name": name, "actions": list(actions), **conditions}


def gate(name: str = "Gate", **conditions: Any) -> Doc:
    """A stage with one approval, "Approve"."""
    return stage(name, approval(), **conditions)


def source(bucket: str, key: str, **more: Any) -> Doc:
    """An S3 source action "Fetch" with the output "Src" and the namespace "src"; ``configuration`` is added to its own."""
    configuration = {"S3Bucket": bucket, "S3ObjectKey": key, "PollForSourceChanges": "false", **more.pop("configuration", {})}
    return {
        "name": "Fetch",
        "actionTypeId": kind("Source", "S3"),
        "configuration": configuration,
        "outputArtifacts": [{"name": "Src"}],
        "namespace": "src",
        **more,
    }


def deploy(bucket: str, key: str, *, name: str = "Copy", extract: bool = False, **more: Any) -> Doc:
    """An S3 deploy action of the artifact "Src" to a key, or unpacked below it."""
    return {
        "name": name,
        "actionTypeId": kind("Deploy", "S3"),
        "configuration": {"BucketName": bucket, "Extract": str(extract).lower(), "ObjectKey": key},
        "inputArtifacts": [{"name": "Src"}],
        **more,
    }


def variable(name: str, default: str = "") -> Doc:
    """A pipeline variable."""
    return {"name": name, **({"defaultValue": default} if default else {})}


def rule(variable_text: str, value: str, operator: str = "EQ", name: str = "Compare") -> Doc:
    """A VariableCheck rule."""
    return {
        "name": name,
        "ruleTypeId": {"category": "Rule", "owner": "AWS", "provider": "VariableCheck", "version": "1"},
        "configuration": {"Variable": variable_text, "Value": value, "Operator": operator},
    }


def condition(result: str, *rules: Doc) -> Doc:
    """The one condition of a stage's moment."""
    return {"conditions": [{"result": result, "rules": list(rules)}]}
