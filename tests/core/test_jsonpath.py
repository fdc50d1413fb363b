"""JSONPath expressions of webhook filters: how they are read, and what is refused."""

import pytest

from stageline.core.jsonpath import BadPath, Step, parse


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
