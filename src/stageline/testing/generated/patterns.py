"""Texts that match a pattern of the models, made by chance: the reverse of a regular expression."""

import re
from functools import cache
from random import Random
from typing import Any

from stageline.gateway.constrain import translated

_parser: Any = vars(re)["_parser"]
_WIDE = "aZ09 -_.:/@#{}é\u4e2d"
_CLASSES = {"CATEGORY_WORD": "aZ09_", "CATEGORY_DIGIT": "0123456789", "CATEGORY_SPACE": " \t"}
_MANY = 6


@cache
def _parsed(pattern: str) -> Any:
    return _parser.parse(translated(pattern).pattern)


def text(rng: Random, pattern: str, least: int = 0, most: int = 1000) -> str:
    """A text that the whole of ``pattern`` matches, of a fit length if one is found in a few attempts."""
    found = ""
    for _ in range(20):
        found = _sequence(rng, _parsed(pattern))
        if least <= len(found) <= most:
            break
    return found


def _sequence(rng: Random, parts: Any) -> str:
    return "".join(_part(rng, str(kind), value) for kind, value in parts)


def _part(rng: Random, kind: str, value: Any) -> str:
    if kind == "LITERAL":
        return chr(value)
    if kind == "ANY":
        return rng.choice(_WIDE)
    if kind == "IN":
        return _member(rng, value)
    if kind == "BRANCH":
        return _sequence(rng, rng.choice(value[1]))
    if kind == "SUBPATTERN":
        return _sequence(rng, value[3])
    if kind in ("MAX_REPEAT", "MIN_REPEAT"):
        least, most, inner = value
        count = rng.randint(least, min(int(most), least + _MANY))
        return "".join(_sequence(rng, inner) for _ in range(count))
    if kind == "AT":
        return ""
    raise ValueError(f"patterns with {kind} are not made backwards")


def _member(rng: Random, members: Any) -> str:
    kind, value = rng.choice(members)
    if str(kind) == "RANGE":
        return chr(rng.randint(*value))
    if str(kind) == "CATEGORY":
        return rng.choice(_CLASSES[str(value)])
    if str(kind) == "LITERAL":
        return chr(value)
    raise ValueError(f"classes with {kind} are not made backwards")
