"""JSONPath expressions of webhook filters: how they are read, what is refused, and what they lead to."""

from typing import Any

import pytest

from stageline.core.jsonpath import Allowance, BadPath, Step, TooMuchWork, parse, select


def names(*names: str, deep: bool = False) -> Step:
    return Step("names", names=names, deep=deep)


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("$", ()),
        ("$.ref", (names("ref"),)),
        ("ref", (names("ref"),)),
        (" $.a.b-c.é ", (names("a"), names("b-c"), names("é"))),
        ("$['head commit'].id", (names("head commit"), names("id"))),
        ('$["a\\"b"]', (names('a"b'),)),
        ("$['a]b', 'c']", (names("a]b", "c"),)),
        ("['a'][0]", (names("a"), Step("indexes", indexes=(0,)))),
        ("$.commits[0, -1]", (names("commits"), Step("indexes", indexes=(0, -1)))),
        ("$.commits[-1:]", (names("commits"), Step("slice", limits=(-1, None)))),
        ("$[:2][1:3]", (Step("slice", limits=(None, 2)), Step("slice", limits=(1, 3)))),
        ("$..name", (names("name", deep=True),)),
        ("$..['name'][*].*", (names("name", deep=True), Step("all"), Step("all"))),
        ("$..*", (Step("all", deep=True),)),
    ],
)
def test_what_is_read(text: str, steps: tuple[Step, ...]) -> None:
    assert parse(text) == steps


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "a name is missing"),
        ("$.", "a name is missing"),
        ("$..", "a name is missing"),
        ("$ref", "begins with"),
        ("$.a b", "begins with"),
        ("$.a[", r"no '\]'"),
        ("$.a[b]", "neither a position"),
        ("$.a[]", "neither a position"),
        ("$['a'", r"no '\]'"),
        ("$['a", "does not end"),
        ("$['a',]", "does not end"),
        ("$[?(@.a == 1)]", "filter expressions"),
        ("$[(@.length-1)]", "scripts"),
        ("$.a.length()", "functions"),
        ("$.a$b", "begins with"),
    ],
)
def test_what_is_refused(text: str, why: str) -> None:
    with pytest.raises(BadPath, match=why):
        parse(text)


DOCUMENT = {
    "ref": "refs/heads/main",
    "deleted": False,
    "none": None,
    "head commit": {"id": "c0"},
    "commits": [{"id": "c1", "by": {"name": "ann"}}, {"id": "c2", "by": {"name": "bob"}}, {"id": "c3"}],
}


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("$", [DOCUMENT]),
        ("ref", ["refs/heads/main"]),
        ("$.none", [None]),
        ("$.deleted", [False]),
        ("$['head commit'].id", ["c0"]),
        ("$['ref', 'deleted', 'nothing']", ["refs/heads/main", False]),
        ("$.commits[0,2,7].id", ["c1", "c3"]),
        ("$.commits[-1].id", ["c3"]),
        ("$.commits[-4].id", []),
        ("$.commits[1:].id", ["c2", "c3"]),
        ("$.commits[:-1].by.name", ["ann", "bob"]),
        ("$.commits[*].id", ["c1", "c2", "c3"]),
        ("$.*.id", ["c0"]),
        ("$..name", ["ann", "bob"]),
        ("$..by.*", ["ann", "bob"]),
        ("$..[1].id", ["c2"]),
        ("$.commits[0:0]", []),
        ("$.ref.length", []),
        ("$.ref[0]", []),
        ("$.commits.id", []),
        ("$.nothing", []),
    ],
)
def test_what_a_path_leads_to(path: str, values: list[Any]) -> None:
    found = select(parse(path), DOCUMENT, Allowance(1_000))
    assert sorted(map(str, found)) == sorted(map(str, values))


def test_ways_that_meet_are_gone_on_from_once() -> None:
    """A path of many ``..`` through a deep document: as many steps as the document has values, not as many as there are ways."""
    deep: Any = "end"
    for _ in range(200):
        deep = {"a": deep}
    found = select(parse("$" + "..*" * 48), deep, Allowance(48 * 2 * 200))
    assert len(found) == 200 - 48 + 1
    assert "end" in found


def test_work_has_an_end() -> None:
    with pytest.raises(TooMuchWork):
        select(parse("$..id"), {"a": [[]] * 10, "b": [{"id": n} for n in range(1_000)]}, Allowance(999))
    allowance = Allowance(10)
    select(parse("$.a"), {"a": 1}, allowance)
    assert allowance.left == 9, "what one path leaves is for the next"
