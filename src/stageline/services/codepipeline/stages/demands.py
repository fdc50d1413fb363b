"""What a pipeline's own tags demand of its approvals, beyond AWS: several persons, and none of them the one who started it.

``stageline:approvals`` (or ``stageline:approvals/STAGE/ACTION`` for one action) is how many persons have to approve,
``stageline:approvals-by-others`` whether the person behind an execution counts ("true" or "false").
"""

from collections.abc import Mapping
from dataclasses import dataclass

PREFIX = "stageline:"
PERSONS = "stageline:approvals"
OTHERS = "stageline:approvals-by-others"
MOST = 50


@dataclass(frozen=True)
class Demands:
    """How many persons have to approve, and whether only others than the one behind the execution."""

    persons: int = 1
    others_only: bool = False


def of(tags: Mapping[str, str], stage: str, action: str) -> Demands:
    """The demands of a pipeline with those tags on one of its approvals."""
    persons = tags.get(f"{PERSONS}/{stage}/{action}") or tags.get(PERSONS) or "1"
    return Demands(int(persons), tags.get(OTHERS) == "true")


def problem(tags: Mapping[str, str]) -> str:
    """What is wrong with tags that this server reads; "" when nothing."""
    for key, value in tags.items():
        if key == OTHERS:
            if value not in ("true", "false"):
                return f"The tag {key} must be true or false, not '{value}'."
        elif key == PERSONS or (key.startswith(f"{PERSONS}/") and key.count("/") == 2):
            if not (value.isascii() and value.isdigit() and 1 <= int(value) <= MOST):
                return f"The tag {key} must be a number of persons from 1 to {MOST}, not '{value}'."
        elif key.startswith(PREFIX):
            return f"The tag {key} is none that this server knows: {PERSONS}, {PERSONS}/STAGE/ACTION or {OTHERS}."
    return ""
