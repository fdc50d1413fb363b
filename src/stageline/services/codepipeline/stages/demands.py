"""The tags of pipelines that this server reads: what is demanded of approvals (``core.pipeline.commands.demand``), the badge."""

from collections.abc import Mapping

from stageline.core.pipeline.commands.demand import OTHERS, PERSONS, PREFIX, among
from stageline.core.pipeline.events import DemandsChanged
from stageline.engine.apply import Engine
from stageline.ports.store import WriteTx

MOST = 50
BADGE = "stageline:badge"
"""Whether the pipeline's status badge is for anybody ("public"), or for those who may list its executions ("private")."""


def problem(tags: Mapping[str, str]) -> str:
    """What is wrong with tags that this server reads; "" when nothing."""
    for key, value in tags.items():
        if key == OTHERS:
            if value not in ("true", "false"):
                return f"The tag {key} must be true or false, not '{value}'."
        elif key == PERSONS or (key.startswith(f"{PERSONS}/") and key.count("/") == 2):
            if not (value.isascii() and value.isdigit() and 1 <= int(value) <= MOST):
                return f"The tag {key} must be a number of persons from 1 to {MOST}, not '{value}'."
        elif key == BADGE:
            if value not in ("public", "private"):
                return f"The tag {key} must be public or private, not '{value}'."
        elif key.startswith(PREFIX):
            return f"The tag {key} is none that this server knows: {PERSONS}, {PERSONS}/STAGE/ACTION, {OTHERS} or {BADGE}."
    return ""


def changed(tx: WriteTx, engine: Engine, arn: str, before: Mapping[str, str], after: Mapping[str, str]) -> None:
    """Tell the pipeline of an ARN that its tags demand something else from now on; harmless for what is no pipeline."""
    name = arn.split(":", 5)[5]
    if ":" not in name and among(before) != among(after):
        engine.apply_in(tx, name, DemandsChanged(among(before)))
