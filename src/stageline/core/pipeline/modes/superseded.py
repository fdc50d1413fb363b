"""SUPERSEDED: at most one execution waits in front of a stage; a newer one takes its place.

An execution never overtakes a newer one: arriving late (after a retry) it is superseded itself.
"""

from collections.abc import Mapping

LIMIT: int | None = None
"""No limit on executions in flight: waiting ones supersede each other."""


def admit(
    waiting: tuple[str, ...], newcomer: str, numbers: Mapping[str, int], entered: int
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who waits after ``newcomer`` arrived, and who is superseded by that.

    ``numbers`` orders executions by start; ``entered`` is the highest number that ever entered the stage.
    """
    number = numbers[newcomer]
    if entered > number or any(numbers[other] > number for other in waiting):
        return waiting, (newcomer,)
    return (newcomer,), waiting
