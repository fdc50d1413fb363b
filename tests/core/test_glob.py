"""The glob dialect of triggers: what matches, what cannot be read, and that no pattern takes long."""

import time

import pytest

from stageline.core.glob import BadGlob, compiled

MATCHES = [
    ("main", "main", "Main mainx xmain"),
    ("feature/*", "feature/a feature/", "feature/a/b feature featurex/a"),
    ("feature/**", "feature/a feature/a/b feature/", "feature main"),
    ("**", "a a/b x/y/z", ""),
    ("*", "a README.md", "a/b"),
    ("**/README.md", "README.md docs/README.md a/b/README.md", "README.mdx docs/xREADME.md"),
    ("common/**/*.js", "common/app.js common/x/app.js common/x/y/app.js", "common.js common/app.ts other/common/app.js"),
    ("a/**", "a/b a/b/c", "a b/a/c"),
    ("a**z", "az abz a/b/z", "a z"),
    ("a***z", "az a/z", "a"),
    ("v?", "v1 vx", "v v12 v/"),
    ("v[0-9]", "v0 v9", "va v v/"),
    ("v[!0-9]x", "vax", "v0x v/x"),
    ("[a-cx-]", "a c x -", "d /"),
    ("[*?\\]", "* ? \\", "a"),
    ("{main,release/*}", "main release/1", "release/1/2 mainrelease/1 {main"),
    ("{a,b}{c,d}", "ac bd", "ab a cd"),
    ("x{,y}", "x xy", "y xyy"),
    ("{**/a,b}", "a x/a b", "x/b"),
    ("a,b", "a,b", "a b"),
    ("a}", "a}", "a"),
    ("\\*\\{a\\}", "*{a}", "x{a} a"),
    ("äö*", "äöü", "aou"),
    ("**/*.test.js", "app.test.js a/b.test.js", "app.js"),
]


@pytest.mark.parametrize(("pattern", "yes", "no"), MATCHES, ids=[row[0] for row in MATCHES])
def test_what_matches(pattern: str, yes: str, no: str) -> None:
    glob = compiled(pattern)
    assert [text for text in yes.split() if not glob.matches(text)] == []
    assert [text for text in no.split() if glob.matches(text)] == []


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("{a,b", "no '}'"),
        ("{a,{b,c}}", "other groups"),
        ("[a-z", "no ']'"),
        ("[]", "empty"),
        ("[!]", "empty"),
        ("[a/b]", "slash"),
        ("[z-a]", "backwards"),
        ("a\\", "backslash"),
    ],
)
def test_what_cannot_be_read(pattern: str, why: str) -> None:
    with pytest.raises(BadGlob, match=why):
        compiled(pattern)


def test_no_pattern_takes_long() -> None:
    """What sends a backtracking matcher into the next century."""
    begun = time.monotonic()
    for pattern in ("**a" * 85, "*a" * 120, "{a,b}" * 50 + "c", "**/" * 80 + "x"):
        assert not compiled(pattern).matches("a" * 4000 + "b")
    assert time.monotonic() - begun < 5
