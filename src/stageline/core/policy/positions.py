"""Where the statements of a policy stand in its text."""

import json
import re
from typing import NamedTuple

_SPACE = re.compile(r"[ \t\r\n]*")
_READER = json.JSONDecoder()


class Position(NamedTuple):
    """A place in a text: line and column, both from 1."""

    line: int
    column: int


def statement_positions(text: str) -> list[tuple[Position, Position]]:
    """Where each statement of a valid document begins, and where it ends (the place after its last character)."""
    at = _past(text, 0, "{")
    while True:
        key, at = _READER.raw_decode(text, _skip(text, at))
        at = _skip(text, _past(text, at, ":"))
        if key == "Statement":
            spans = _elements(text, at) if text[at] == "[" else [(at, _READER.raw_decode(text, at)[1])]
            return [(_position(text, start), _position(text, end)) for start, end in spans]
        at = _past(text, _READER.raw_decode(text, at)[1], ",")


def _elements(text: str, at: int) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    at = _skip(text, at + 1)
    while text[at] != "]":
        end = _READER.raw_decode(text, at)[1]
        spans.append((at, end))
        at = _skip(text, end)
        at = _skip(text, at + 1) if text[at] == "," else at
    return spans


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _past(text: str, at: int, character: str) -> int:
    at = _skip(text, at)
    if text[at] != character:
        raise ValueError(f"expected {character} at {at}")
    return at + 1


def _position(text: str, at: int) -> Position:
    return Position(text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))
