"""QUEUED: executions wait in front of a stage in the order of their arrival; none is superseded."""

from collections.abc import Mapping

LIMIT: int | None = 50
"""Executions of one pipeline in flight at once (quotas page)."""


def admit(
    waiting: tuple[str, ...], newcomer: str, numbers: Mapping[str, int], entered: int
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who waits after ``newcomer`` arrived, and who is superseded by that: nobody."""
    return (*waiting, newcomer), ()
