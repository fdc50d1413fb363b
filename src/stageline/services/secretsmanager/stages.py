"""Staging labels: each lies on one version at most. Where AWSCURRENT was before, AWSPREVIOUS is now."""

from collections.abc import Mapping, Sequence

from stageline.ports.api import ApiError
from stageline.ports.store import Doc

CURRENT, PREVIOUS = "AWSCURRENT", "AWSPREVIOUS"
MOST = 20
"""Labels of one version."""

Versions = Mapping[str, Doc]


def holder(versions: Versions, stage: str) -> str | None:
    """The version that a label lies on."""
    return next((version for version, doc in versions.items() if stage in doc["stages"]), None)


def moved(versions: Versions, version: str, stages: Sequence[str]) -> dict[str, Doc]:
    """The versions once ``stages`` lie on ``version``; LimitExceededException when those are too many."""
    before = holder(versions, CURRENT)
    found = _put(versions, version, stages)
    if CURRENT in stages and before is not None and before != version:
        found = _put(found, before, (PREVIOUS,))
    if any(len(doc["stages"]) > MOST for doc in found.values()):
        raise ApiError("LimitExceededException", f"A version of a secret has at most {MOST} staging labels. Remove some first.")
    return found


def without(versions: Versions, stages: Sequence[str]) -> dict[str, Doc]:
    """The versions with no label of these."""
    return {each: {**doc, "stages": [stage for stage in doc["stages"] if stage not in stages]} for each, doc in versions.items()}


def _put(versions: Versions, version: str, stages: Sequence[str]) -> dict[str, Doc]:
    found = without(versions, stages)
    found[version] = {**found[version], "stages": [*found[version]["stages"], *dict.fromkeys(stages)]}
    return found
