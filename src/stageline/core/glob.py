"""The glob patterns of triggers (user guide, "Working with glob patterns in syntax"): the dialect of Java's file systems.

``*`` and ``?`` stay within one segment, ``**`` crosses slashes, ``**/`` is any number of folders or none, ``[a-z]`` and ``[!a]``
are sets, ``{a,b}`` are alternatives, which do not nest, and a backslash makes the next character an ordinary one.

A pattern becomes an automaton that walks along the text once: no pattern can make a match take long.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

Test = Callable[[str], bool]
_REMEMBERED = 10_000


class BadGlob(ValueError):
    """The pattern is not well formed; the text says what is wrong with it."""


@dataclass
class Glob:
    """A pattern, ready to be compared. ``moves`` and ``skips`` are the edges of each state, with and without a character."""

    moves: list[list[tuple[Test, int]]] = field(default_factory=list)
    skips: list[list[int]] = field(default_factory=list)
    end: int = 0
    _known: dict[tuple[frozenset[int], str], frozenset[int]] = field(default_factory=dict)

    def matches(self, text: str) -> bool:
        """Whether the pattern describes the whole text."""
        here = self._closure({0})
        for char in text:
            here = self._step(here, char)
            if not here:
                return False
        return self.end in here

    def state(self, *before: int) -> int:
        """A new state, reached from others without a character."""
        self.moves.append([])
        self.skips.append([])
        for each in before:
            self.skips[each].append(len(self.moves) - 1)
        return len(self.moves) - 1

    def move(self, state: int, test: Test) -> int:
        """A new state, reached from another by a character that passes the test."""
        target = self.state()
        self.moves[state].append((test, target))
        return target

    def repeat(self, state: int, test: Test) -> int:
        """A new state in which any number of characters that pass the test may go by."""
        target = self.state(state)
        self.moves[target].append((test, target))
        return target

    def _step(self, here: frozenset[int], char: str) -> frozenset[int]:
        known = self._known.get((here, char))
        if known is None:
            known = self._closure({target for state in here for test, target in self.moves[state] if test(char)})
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[here, char] = known
        return known

    def _closure(self, states: set[int]) -> frozenset[int]:
        todo = list(states)
        while todo:
            for target in self.skips[todo.pop()]:
                if target not in states:
                    states.add(target)
                    todo.append(target)
        return frozenset(states)


@lru_cache(maxsize=512)
def compiled(pattern: str) -> Glob:
    """The pattern as an automaton; BadGlob."""
    return _Parser(pattern).parse()


def _is(wanted: str) -> Test:
    return lambda char: char == wanted


def _within(char: str) -> bool:
    return char != "/"


def _any(char: str) -> bool:
    return True


@dataclass
class _Parser:
    """Reads a pattern once. ``fresh`` tells whether a segment begins here."""

    pattern: str
    at: int = 0
    fresh: bool = True
    fork: int | None = None
    fork_fresh: bool = True
    ends: list[int] = field(default_factory=list)

    def parse(self) -> Glob:
        glob = Glob()
        here = glob.state()
        while self.at < len(self.pattern):
            char = self.pattern[self.at]
            self.at += 1
            here = self._piece(glob, here, char)
        if self.fork is not None:
            raise BadGlob("a group that begins with '{' has no '}'")
        glob.end = here
        return glob

    def _piece(self, glob: Glob, here: int, char: str) -> int:
        if char == "*":
            return self._stars(glob, here)
        if char == "{":
            return self._open(glob, here)
        if char in ",}" and self.fork is not None:
            return self._alternative(glob, here, char)
        self.fresh = char == "/"
        if char == "?":
            return glob.move(here, _within)
        if char == "[":
            return glob.move(here, self._set())
        if char == "\\":
            char = self._next("a backslash at the end has no character to escape")
        return glob.move(here, _is(char))

    def _stars(self, glob: Glob, here: int) -> int:
        if self.pattern[self.at : self.at + 1] != "*":
            self.fresh = False
            return glob.repeat(here, _within)
        while self.pattern[self.at : self.at + 1] == "*":
            self.at += 1
        inside = glob.repeat(here, _any)
        if self.fresh and self.pattern[self.at : self.at + 1] == "/":
            self.at += 1
            return glob.state(here, glob.move(inside, _is("/")))
        self.fresh = False
        return inside

    def _open(self, glob: Glob, here: int) -> int:
        if self.fork is not None:
            raise BadGlob("groups in braces cannot contain other groups")
        self.fork, self.fork_fresh, self.ends = here, self.fresh, []
        return glob.state(here)

    def _alternative(self, glob: Glob, here: int, char: str) -> int:
        assert self.fork is not None
        self.ends.append(here)
        if char == ",":
            self.fresh = self.fork_fresh
            return glob.state(self.fork)
        self.fork = None
        return glob.state(*self.ends)

    def _next(self, otherwise: str) -> str:
        if self.at >= len(self.pattern):
            raise BadGlob(otherwise)
        self.at += 1
        return self.pattern[self.at - 1]

    def _set(self) -> Test:
        """A set in brackets, in which only ``!`` at the start, ``-`` between characters and ``]`` mean something."""
        close = self.pattern.find("]", self.at)
        if close < 0:
            raise BadGlob("a set that begins with '[' has no ']'")
        text = self.pattern[self.at : close]
        self.at = close + 1
        negated = text.startswith("!")
        text = text[1:] if negated else text
        if not text:
            raise BadGlob("a set in brackets is empty")
        if "/" in text:
            raise BadGlob("a set in brackets cannot contain a slash")
        ranges = _ranges(text)
        return lambda char: char != "/" and any(low <= char <= high for low, high in ranges) != negated


def _ranges(text: str) -> list[tuple[str, str]]:
    ranges, at = [], 0
    while at < len(text):
        if text[at + 1 : at + 2] == "-" and at + 2 < len(text):
            if text[at] > text[at + 2]:
                raise BadGlob(f"the range {text[at : at + 3]} runs backwards")
            ranges.append((text[at], text[at + 2]))
            at += 3
        else:
            ranges.append((text[at], text[at]))
            at += 1
    return ranges
