"""The chain itself: what was edited, removed, added, moved or cut is found, wherever it is."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from stageline.core.audit.chain import GENESIS, Walk, canonical, digest, line

EVENTS = st.lists(
    st.dictionaries(st.text(max_size=5), st.text(max_size=20) | st.integers() | st.none(), max_size=3), min_size=2, max_size=8
)


def chain(events: list[dict[str, Any]]) -> list[bytes]:
    lines: list[bytes] = []
    for number, event in enumerate(events, 1):
        lines.append(line(number, digest(lines[-1]) if lines else GENESIS, event))
    return lines


def problems(lines: list[bytes], anchor: dict[int, str]) -> list[str]:
    walk = Walk(known=anchor)
    walk.follow(lines)
    return walk.problems + [f"{number} not met" for number in anchor if number not in walk.met]


@given(EVENTS)
def test_a_chain_that_nobody_touched_holds(events: list[dict[str, Any]]) -> None:
    lines = chain(events)
    assert problems(lines, {len(lines): digest(lines[-1])}) == []


@given(EVENTS, st.data())
def test_every_change_to_a_chain_is_found(events: list[dict[str, Any]], data: st.DataObject) -> None:
    lines = chain(events)
    anchor = {len(lines): digest(lines[-1])}
    at = data.draw(st.integers(0, len(lines) - 1))
    other = data.draw(st.integers(0, len(lines) - 1).filter(lambda index: index != at))
    edited = json.loads(lines[at])
    edited["event"]["x"] = "edited"
    swapped = list(lines)
    swapped[at], swapped[other] = lines[other], lines[at]
    changed = {
        "edited": [*lines[:at], canonical(edited), *lines[at + 1 :]],
        "removed": [*lines[:at], *lines[at + 1 :]],
        "moved": swapped,
        "added": [*lines[:at], lines[at], *lines[at:]],
        "cut": lines[:at],
        "spaced": [*lines[:at], lines[at].replace(b":", b": ", 1), *lines[at + 1 :]],
    }
    assert [how for how, found in changed.items() if not problems(found, anchor)] == []


@given(EVENTS)
def test_a_chain_that_was_computed_anew_does_not_fit_its_anchor(events: list[dict[str, Any]]) -> None:
    anchor = {len(events): digest(chain(events)[-1])}
    forged = [{**events[0], "forged": True}, *events[1:]]
    assert problems(chain(forged), anchor) != []


def test_a_line_holds_no_line_break_whatever_the_event_holds() -> None:
    text = line(1, GENESIS, {"a": "x\n{}\r\x1b[31m\u2028\u202e\x00", "b": "<script>"})
    assert b"\n" not in text
    assert text.isascii()
    assert b"\x1b" not in text
    assert json.loads(text)["event"]["a"].startswith("x\n")
