"""The judge of tables of contents: every trick is refused by name, every ordinary archive is taken."""

import posixpath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stageline.core.archives import TYPE_LINK, Entry, Limits, Member, Problem, judge

TRICKS = [
    ("/etc/passwd", "absolute"),
    ("a/../../b", "'..'"),
    ("..", "'..'"),
    ("..\\..\\b", "backslash"),
    ("C:evil", "drive"),
    ("c:/evil", "drive"),
    ("a\0b", "NUL"),
    ("", "empty"),
    ("x" * 256, "255"),
    ("a/" * 400 + "b", "deeper"),
    ("x/" * 600, "longer"),
    ("\udcff", "Unicode"),
    (".", "no name"),
]


@pytest.mark.parametrize(("name", "word"), TRICKS)
def test_a_tricky_name_is_refused(name: str, word: str) -> None:
    verdict = judge([Entry("fine.txt"), Entry(name)])
    assert isinstance(verdict, Problem)
    assert word in str(verdict)


@pytest.mark.parametrize("kind", [0o020000, 0o060000, 0o010000, 0o140000])
def test_devices_pipes_and_sockets_are_refused(kind: int) -> None:
    assert isinstance(judge([Entry("dev", mode=kind | 0o644)]), Problem)


def test_a_hard_link_and_an_encrypted_file_are_refused() -> None:
    assert "hard link" in str(judge([Entry("a", hardlink=True)]))
    assert "encrypted" in str(judge([Entry("a", encrypted=True)]))


@pytest.mark.parametrize("target", ["/etc/passwd", "../x", "a/../../x", "..", "", "C:x", "..\\x", "d/..", "x\0"])
def test_a_link_that_may_lead_out_is_refused(target: str) -> None:
    assert isinstance(judge([Entry("link", mode=TYPE_LINK | 0o777, target=target)]), Problem)


@pytest.mark.parametrize(
    ("name", "target"), [("link", "file"), ("a/b/link", "../../file"), ("a/link", "./b/c"), ("a/link", "..")]
)
def test_a_link_inside_is_taken(name: str, target: str) -> None:
    verdict = judge([Entry(name, mode=TYPE_LINK | 0o777, target=target)])
    assert isinstance(verdict, list)
    assert verdict[0].target == target


@pytest.mark.parametrize(
    "names",
    [
        ("a", "a"),
        ("a", "./a"),
        ("README", "readme"),
        ("Src/a", "src/b"),
        ("caf\u00e9", "cafe\u0301"),
        ("stra\u00dfe", "STRASSE"),
        ("a", "a/b"),
        ("a/b", "a"),
    ],
)
def test_names_that_collide_are_refused(names: tuple[str, ...]) -> None:
    assert isinstance(judge([Entry(name) for name in names]), Problem)


def test_a_member_below_a_link_is_refused() -> None:
    link = Entry("out", mode=TYPE_LINK | 0o777, target="elsewhere")
    assert isinstance(judge([link, Entry("out/file")]), Problem)
    assert isinstance(judge([Entry("out/file"), link]), Problem)


def test_names_that_differ_in_case_are_taken_when_asked() -> None:
    assert isinstance(judge([Entry("README"), Entry("readme")], Limits(fold_case=False)), list)


def test_bombs_are_refused() -> None:
    assert "entries" in str(judge([Entry(str(n)) for n in range(11)], Limits(entries=10)))
    assert "unfolds to" in str(judge([Entry("a", size=60), Entry("b", size=60)], Limits(total=100)))
    assert "times its size" in str(judge([Entry("a", size=10**9)], packed=10**6))
    assert isinstance(judge([Entry("a", size=10**7)], packed=10**4), list), "a small one may fold well"


def test_permissions_lose_setuid_and_writing_by_others() -> None:
    entries = [
        Entry("suid", mode=0o104755),
        Entry("open", mode=0o100666),
        Entry("tool", mode=0o100777),
        Entry("shut", mode=0o100111),
        Entry("dos"),
        Entry("d/", mode=0o043777),
    ]
    verdict = judge(entries)
    assert isinstance(verdict, list)
    assert [oct(member.mode) for member in verdict] == ["0o755", "0o644", "0o755", "0o711", "0o644", "0o755"]


def test_the_root_itself_is_passed_over_and_repeated_folders_are_one() -> None:
    verdict = judge([Entry("./"), Entry("a/"), Entry("a/"), Entry("a//b"), Entry("./a/c")])
    assert isinstance(verdict, list)
    assert [member.path for member in verdict] == ["a", "a", "a/b", "a/c"]


SEGMENTS = st.sampled_from(["a", "b", "c", "..", ".", "", "A"])
PATHS = st.lists(SEGMENTS, min_size=1, max_size=5).map("/".join)
ENTRIES = st.builds(
    lambda name, link, target: Entry(name, mode=TYPE_LINK | 0o777 if link else 0o100644, target=target),
    PATHS,
    st.booleans(),
    PATHS,
)


def _lands(path: str, links: dict[str, str], hops: int = 40) -> str | None:
    """Where the kernel would end when it walks a path from the root: None when it climbs above it."""
    todo, at = path.split("/"), []
    while todo:
        part = todo.pop(0)
        if part in ("", "."):
            continue
        if part == "..":
            if not at:
                return None
            at.pop()
            continue
        at.append(part)
        target = links.get("/".join(at))
        if target is not None:
            if target.startswith("/"):
                return None
            hops -= 1
            if hops < 0:
                return "/".join(at)
            at.pop()
            todo = target.split("/") + todo
    return "/".join(at)


@given(st.lists(ENTRIES, max_size=8))
def test_nothing_that_is_taken_leads_out(entries: list[Entry]) -> None:
    verdict = judge(entries)
    if isinstance(verdict, Problem):
        return
    assert all(isinstance(member, Member) for member in verdict)
    links = {member.path: member.target for member in verdict if member.kind == "link"}
    for member in verdict:
        assert not posixpath.isabs(member.path)
        assert _lands(member.path, links) is not None
