"""Which change starts a pipeline: the truth tables of triggers with filters."""

from typing import Any

import pytest

from stageline.core.pipeline.triggers import Change, matches


def push(*filters: dict[str, Any]) -> dict[str, Any]:
    return {"providerType": "CodeStarSourceConnection", "gitConfiguration": {"sourceActionName": "Fetch", "push": list(filters)}}


def pull(*filters: dict[str, Any]) -> dict[str, Any]:
    git = {"sourceActionName": "Fetch", "pullRequest": list(filters)}
    return {"providerType": "CodeStarSourceConnection", "gitConfiguration": git}


DOCUMENTED = push(
    {
        "branches": {"includes": ["feature/**"]},
        "filePaths": {"includes": ["common/**/*.js"], "excludes": ["**/*.test.js"]},
    }
)
MANY = [f"src/{number}.txt" for number in range(149)]


@pytest.mark.parametrize(
    ("branch", "files", "starts"),
    [
        ("feature/a", ["common/x/app.js"], True),
        ("feature/a", ["common/app.js"], True),
        ("feature/a", ["src/Main.java"], False),
        ("main", ["common/x/app.js"], False),
        ("feature/a", ["common/x/app.test.js"], False),
        ("feature/a", ["common/x/app.test.js", "common/x/app.js"], True),
        ("feature/new", None, False),
        ("feature/a", [*MANY, "common/x/app.js"], False),
        ("feature/a", ["common/x/app.js", *MANY], True),
        ("feature/a", [], False),
    ],
)
def test_the_documented_table(branch: str, files: list[str] | None, starts: bool) -> None:
    assert matches(DOCUMENTED, Change("branch", branch=branch, files=files)) is starts


BRANCH = Change("branch", branch="main", files=["a.txt"])
ROWS: list[tuple[str, dict[str, Any], Change, bool]] = [
    ("a branch", push({"branches": {"includes": ["main"]}}), BRANCH, True),
    ("another branch", push({"branches": {"includes": ["dev"]}}), BRANCH, False),
    ("one pattern of several", push({"branches": {"includes": ["dev", "m*"]}}), BRANCH, True),
    ("an exclusion beats an inclusion", push({"branches": {"includes": ["*"], "excludes": ["main"]}}), BRANCH, False),
    ("without inclusions all are included", push({"branches": {"excludes": ["dev"]}}), BRANCH, True),
    ("only excluded", push({"branches": {"excludes": ["ma*"]}}), BRANCH, False),
    ("one filter of several", push({"branches": {"includes": ["x"]}}, {"branches": {"includes": ["main"]}}), BRANCH, True),
    (
        "a branch that is made, without file filters",
        push({"branches": {"includes": ["main"]}}),
        Change("branch", "main"),
        True,
    ),
    ("excluded files only", push({"branches": {"includes": ["*"]}, "filePaths": {"excludes": ["*.txt"]}}), BRANCH, False),
    ("a branch is no tag", push({"tags": {"includes": ["main"]}}), BRANCH, False),
    ("a tag", push({"tags": {"includes": ["v*"]}}), Change("tag", tag="v1"), True),
    ("another tag", push({"tags": {"includes": ["v*"], "excludes": ["*-rc"]}}), Change("tag", tag="v1-rc"), False),
    ("a tag is no branch", push({"branches": {"includes": ["v*"]}}), Change("tag", tag="v1"), False),
    (
        "a tag in another filter",
        push({"branches": {"includes": ["x"]}}, {"tags": {"includes": ["v*"]}}),
        Change("tag", tag="v"),
        True,
    ),
    (
        "a pull request is no push",
        push({"branches": {"includes": ["main"]}}),
        Change("pull request", "main", event="OPEN"),
        False,
    ),
    ("a push is no pull request", pull({"branches": {"includes": ["main"]}}), BRANCH, False),
    ("any event", pull({"branches": {"includes": ["main"]}}), Change("pull request", "main", event="CLOSED"), True),
    (
        "one of the events",
        pull({"branches": {"includes": ["main"]}, "events": ["OPEN", "UPDATED"]}),
        Change("pull request", "main", event="UPDATED"),
        True,
    ),
    (
        "none of the events",
        pull({"branches": {"includes": ["main"]}, "events": ["OPEN", "UPDATED"]}),
        Change("pull request", "main", event="CLOSED"),
        False,
    ),
    (
        "the destination counts",
        pull({"branches": {"includes": ["release/*"]}}),
        Change("pull request", "main", event="OPEN"),
        False,
    ),
    (
        "files of a pull request",
        pull({"branches": {"includes": ["main"]}, "filePaths": {"includes": ["src/**"]}}),
        Change("pull request", "main", event="OPEN", files=["src/a/b"]),
        True,
    ),
    (
        "other files of a pull request",
        pull({"branches": {"includes": ["main"]}, "filePaths": {"includes": ["src/**"]}}),
        Change("pull request", "main", event="OPEN", files=["docs/a"]),
        False,
    ),
]


@pytest.mark.parametrize(("trigger", "change", "starts"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_a_row(trigger: dict[str, Any], change: Change, starts: bool) -> None:
    assert matches(trigger, change) is starts
