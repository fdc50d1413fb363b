"""Does a change in a repository start a pipeline? Triggers with filters (user guide, "Automate starting pipelines …").

Any of a trigger's filters is enough; within a filter everything it names must fit; within a list any pattern is enough, and an
exclusion beats every inclusion.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from stageline.core.glob import compiled

MOST_FILES = 100
"""Of a longer list of changed files only so many are looked at."""


@dataclass(frozen=True)
class Change:
    """What happened to a repository.

    ``kind`` is ``branch`` or ``tag`` for a push, or ``pull request``. ``branch`` is the branch that was pushed to or, of a pull
    request, the destination. ``event`` is OPEN, UPDATED or CLOSED. ``files`` are the changed paths, None where there is nothing
    to compare with (a push that makes a branch).
    """

    kind: Literal["branch", "tag", "pull request"]
    branch: str = ""
    tag: str = ""
    event: str = ""
    files: Sequence[str] | None = None


def matches(trigger: Mapping[str, Any], change: Change) -> bool:
    """Whether a trigger (``PipelineTriggerDeclaration``, as validated) starts its pipeline at a change."""
    git = trigger["gitConfiguration"]
    if change.kind == "pull request":
        return any(_pull_request(each, change) for each in git.get("pullRequest", []))
    return any(_push(each, change) for each in git.get("push", []))


def _push(filters: Mapping[str, Any], change: Change) -> bool:
    if change.kind == "tag":
        return "tags" in filters and _fits(filters["tags"], change.tag)
    return "branches" in filters and _fits(filters["branches"], change.branch) and _files(filters, change)


def _pull_request(filters: Mapping[str, Any], change: Change) -> bool:
    events = filters.get("events")
    return (not events or change.event in events) and _fits(filters["branches"], change.branch) and _files(filters, change)


def _files(filters: Mapping[str, Any], change: Change) -> bool:
    if "filePaths" not in filters:
        return True
    return any(_fits(filters["filePaths"], path) for path in (change.files or ())[:MOST_FILES])


def _fits(criteria: Mapping[str, Any], text: str) -> bool:
    """Judges one name or path: included (as everything is when nothing is said) and not excluded."""
    included = "includes" not in criteria or _one_of(criteria["includes"], text)
    return included and not _one_of(criteria.get("excludes", []), text)


def _one_of(patterns: Iterable[str], text: str) -> bool:
    return any(compiled(pattern).matches(text) for pattern in patterns)
