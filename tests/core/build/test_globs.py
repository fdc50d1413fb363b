"""The pattern dialect of artifact files."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stageline.core.build.globs import is_literal, matcher, static_prefix


@pytest.mark.parametrize(
    ("pattern", "taken", "left"),
    [
        ("a.jar", ["a.jar"], ["b/a.jar", "a-jar"]),
        ("./dir//a", ["dir/a"], ["a"]),
        ("dir/*", ["dir/a", "dir/.env"], ["dir/b/c", "dir"]),
        ("dir/**/*", ["dir/a", "dir/b/c", "dir/b/.c/d"], ["dir", "other/a"]),
        ("**/*", ["a", "a/b", ".ebextensions/x.config"], []),
        ("**", ["a", "a/b"], []),
        ("dir/**", ["dir/a", "dir/a/b"], ["dir", "dira"]),
        ("**/*.js", ["a.js", "b/c/a.js"], ["a.jsx"]),
        ("a?c", ["abc"], ["ac", "a/c"]),
        ("[a-c]x", ["bx"], ["dx"]),
        ("[!a]x", ["bx"], ["ax"]),
        ("[z-a]", ["z", "-", "a"], ["m"]),
        ("[", ["["], ["x"]),
        ("[!]]", ["a"], ["]"]),
        ("[]a]", ["]", "a"], ["b"]),
        ("[!][](a+)+]", ["x(a+)+]"], ["xaaa]"]),
        ("[a\\-]", ["\\", "-", "a"], ["b"]),
        ("[a-]", ["-", "a"], ["b"]),
        ("[!]", ["[!]"], ["a"]),
        ("a*b*c", ["abc", "aXbYc", "abcbc"], ["acb"]),
        ("**/x/**/y", ["x/y", "a/x/b/c/y"], ["y", "x"]),
        ("a+(b)", ["a+(b)"], ["aab"]),
    ],
)
def test_patterns_take_what_they_should(pattern: str, taken: list[str], left: list[str]) -> None:
    matches = matcher([pattern])
    assert [path for path in taken if not matches(path)] == []
    assert [path for path in left if matches(path)] == []


def test_the_folder_to_walk_is_found() -> None:
    assert static_prefix("a/b/*.js") == "a/b"
    assert static_prefix("**/x") == ""
    assert static_prefix("a/b") == "a"
    assert is_literal("a/b.txt")
    assert not is_literal("a/[b]")


def test_no_pattern_is_slow() -> None:
    began = time.perf_counter()
    assert not matcher(["*a" * 60 + "b"])("a" * 250)
    assert not matcher(["[!][](a+)+]"])("x" + "a" * 60)
    assert not matcher(["**/a/" * 40 + "b"])("/".join(["a"] * 64))
    assert time.perf_counter() - began < 2


@given(st.text(min_size=1, max_size=30) | st.text("[]!^-\\\\&|~(a+)*", min_size=1, max_size=12), st.text(max_size=30))
def test_any_pattern_can_be_asked(pattern: str, path: str) -> None:
    assert matcher([pattern])(path) in (True, False)
