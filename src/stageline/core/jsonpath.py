"""JSONPath expressions of webhook filters, in the spelling of Jayway's library: read into steps, or refused with a reason, and
followed through a document.

``$.ref`` · ``$['head commit'].id`` · ``$.commits[0,1]`` · ``$.commits[-1:]`` · ``$..name`` · ``$.*``. Filter expressions
(``[?(…)]``), scripts and functions are not read.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

_NAME = re.compile(r"[^\s.\[\]()*'\"?@$,]+")
_QUOTED = re.compile(r"""'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)\"""")
_SLICE = re.compile(r"(-?\d+)?:(-?\d+)?")
_INDEX = re.compile(r"-?\d+")


class BadPath(ValueError):
    """The expression is not one that can be read; the text says why."""


class TooMuchWork(ValueError):
    """Following the path through this document would take longer than was allowed."""


@dataclass
class Allowance:
    """How many values may still be looked at."""

    left: int

    def spend(self) -> None:
        """Look at one more; TooMuchWork."""
        self.left -= 1
        if self.left < 0:
            raise TooMuchWork("there is too much in the document to follow the path through")


@dataclass(frozen=True)
class Step:
    """One step down: by names of members, by positions in a list, by a slice of a list (open ends are None), or to everything.

    ``deep`` steps look at every level below.
    """

    kind: Literal["names", "indexes", "slice", "all"]
    names: tuple[str, ...] = ()
    indexes: tuple[int, ...] = ()
    limits: tuple[int | None, int | None] = (None, None)
    deep: bool = False


def parse(text: str) -> tuple[Step, ...]:
    """The steps of an expression, from the root on; BadPath. Without a ``$`` the path begins at the root as well."""
    rest = text.strip()
    if not rest.startswith("$"):
        rest = f"${rest}" if rest.startswith(("[", ".")) else f"$.{rest}"
    rest = rest[1:]
    steps = []
    while rest:
        step, rest = _step(rest)
        steps.append(step)
    return tuple(steps)


def _step(rest: str) -> tuple[Step, str]:
    deep = rest.startswith("..")
    if deep and rest[2:3] == "[":
        return _bracket(rest[2:], deep)
    if rest.startswith("["):
        return _bracket(rest, deep)
    if not rest.startswith("."):
        raise BadPath(f"a step begins with '.' or '[', not with '{rest[:10]}'")
    rest = rest[2 if deep else 1 :]
    if rest.startswith("*"):
        return Step("all", deep=deep), rest[1:]
    found = _NAME.match(rest)
    if found is None:
        raise BadPath("a name is missing after '.'")
    rest = rest[found.end() :]
    if rest.startswith("("):
        raise BadPath(f"functions ({found[0]}()) are not available")
    return Step("names", names=(found[0],), deep=deep), rest


def _bracket(rest: str, deep: bool) -> tuple[Step, str]:
    inside = rest[1:].lstrip()
    if inside.startswith(("?", "(")):
        raise BadPath("filter expressions and scripts in brackets are not available")
    if inside.startswith(("'", '"')):
        return _names(inside, deep)
    close = rest.find("]")
    if close < 0:
        raise BadPath("'[' has no ']'")
    text, rest = rest[1:close].strip(), rest[close + 1 :]
    if text == "*":
        return Step("all", deep=deep), rest
    limits = _SLICE.fullmatch(text)
    if limits:
        start, end = (int(each) if each else None for each in limits.groups())
        return Step("slice", limits=(start, end), deep=deep), rest
    parts = [each.strip() for each in text.split(",")]
    if not all(_INDEX.fullmatch(each) for each in parts):
        raise BadPath(f"[{text}] is neither a position, a slice, a '*' nor a quoted name")
    return Step("indexes", indexes=tuple(int(each) for each in parts), deep=deep), rest


def _names(inside: str, deep: bool) -> tuple[Step, str]:
    names = []
    while True:
        found = _QUOTED.match(inside)
        if found is None:
            raise BadPath("a quoted name in brackets does not end")
        quoted = found[1] if found[1] is not None else found[2]
        names.append(re.sub(r"\\(.)", r"\1", quoted))
        inside = inside[found.end() :].lstrip()
        if inside.startswith("]"):
            return Step("names", names=tuple(names), deep=deep), inside[1:]
        if not inside.startswith(","):
            raise BadPath("'[' has no ']'")
        inside = inside[1:].lstrip()


def select(steps: Iterable[Step], document: Any, allowance: Allowance) -> list[Any]:
    """The values that a path leads to in a JSON document, each once, in no promised order; TooMuchWork.

    A value that several ways lead to is gone on from once: without that, a path of many ``..`` would multiply the work.
    """
    found = [document]
    for step in steps:
        values = _levels(found, allowance) if step.deep else found
        found = _once((below for value in values for below in _below(step, value)), allowance)
    return found


def _levels(values: Iterable[Any], allowance: Allowance) -> list[Any]:
    """The values and everything in them."""
    seen: set[int] = set()
    levels = []
    rest = list(values)
    while rest:
        value = rest.pop()
        if id(value) in seen:
            continue
        allowance.spend()
        seen.add(id(value))
        levels.append(value)
        if isinstance(value, dict | list):
            rest += value.values() if isinstance(value, dict) else value
    return levels


def _once(values: Iterable[Any], allowance: Allowance) -> list[Any]:
    """One of each: by identity, since all of them are parts of one document that is there all the time."""
    seen: dict[int, Any] = {}
    for value in values:
        allowance.spend()
        seen.setdefault(id(value), value)
    return list(seen.values())


def _below(step: Step, value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        if step.kind == "all":
            yield from value.values()
        elif step.kind == "names":
            yield from (value[name] for name in step.names if name in value)
    elif isinstance(value, list):
        if step.kind == "all":
            yield from value
        elif step.kind == "slice":
            yield from value[slice(*step.limits)]
        elif step.kind == "indexes":
            yield from (value[index] for index in step.indexes if -len(value) <= index < len(value))
