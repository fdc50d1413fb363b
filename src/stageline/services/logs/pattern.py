"""Filter patterns: words that must, may or must not occur, and conditions on JSON messages.

``one "two words" -not`` needs all but the word with a minus; ``?one ?two`` needs any. ``{ $.a.b = "x*" && $.n > 3 }`` looks
into a message that is a JSON object. Patterns for columns (``[…]``) and regular expressions (``%…%``) are refused, not ignored.
"""

import json
import re
from collections.abc import Callable
from typing import Any

from stageline.ports.api import ApiError

Test = Callable[[str], bool]
_Condition = Callable[[Any], bool]
_MISSING = object()
_TERM = re.compile(r'\s*([?-]?)(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))')
_TOKEN = re.compile(
    r'\s*(?:(?P<path>\$(?:\.[\w-]+|\["[^"]*"\]|\[\d+\])*)|(?P<op><=|>=|!=|=|<|>)|(?P<join>&&|\|\|)|(?P<paren>[()])'
    r'|"(?P<text>(?:[^"\\]|\\.)*)"|(?P<word>[^\s()&|"<>=!]+))'
)
_DEPTH = 20


def compile_pattern(pattern: str) -> Test:
    """The test that a pattern means; InvalidParameterException for one that it cannot be."""
    text = pattern.strip()
    if text.startswith("["):
        raise _invalid("patterns for columns ([…]) are not implemented")
    if text.startswith("{"):
        if not text.endswith("}"):
            raise _invalid("a pattern that begins with { ends with }")
        condition = _Parser(text[1:-1]).whole()
        return lambda message: _holds(condition, message)
    return _terms(text)


def _invalid(why: str) -> ApiError:
    return ApiError("InvalidParameterException", f"The filterPattern is not valid: {why}.")


def _terms(text: str) -> Test:
    needed: list[str] = []
    optional: list[str] = []
    excluded: list[str] = []
    at = 0
    while at < len(text):
        match = _TERM.match(text, at)
        if match is None:
            raise _invalid("a quote is not closed")
        sign, quoted, plain = match.groups()
        if plain and plain.startswith("%"):
            raise _invalid("regular expressions (%…%) are not implemented")
        word = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else plain
        {"": needed, "?": optional, "-": excluded}[sign].append(word)
        at = match.end()
    if needed:
        optional = []  # as AWS does: the optional words count among themselves only

    def test(message: str) -> bool:
        return (
            all(word in message for word in needed)
            and (not optional or any(word in message for word in optional))
            and not any(word in message for word in excluded)
        )

    return test


def _holds(condition: _Condition, message: str) -> bool:
    if not message.lstrip().startswith("{"):
        return False
    try:
        return condition(json.loads(message))
    except (ValueError, RecursionError):
        return False


class _Parser:
    """Recursive descent over the tokens of a JSON pattern: ``or`` of ``and`` of comparisons and parentheses."""

    def __init__(self, text: str) -> None:
        self._tokens: list[tuple[str, str]] = []
        at, end = 0, len(text.rstrip())
        while at < end:
            match = _TOKEN.match(text, at)
            if match is None or match.lastgroup is None:
                raise _invalid(f"{text[at:].strip()[:40]!r} is not understood")
            self._tokens.append((match.lastgroup, match[match.lastgroup]))
            at = match.end()
        self._at = 0

    def whole(self) -> _Condition:
        found = self._either(0)
        if self._at != len(self._tokens):
            raise _invalid(f"{self._tokens[self._at][1]!r} is not expected there")
        return found

    def _next(self) -> tuple[str, str]:
        if self._at == len(self._tokens):
            raise _invalid("it ends too early")
        self._at += 1
        return self._tokens[self._at - 1]

    def _takes(self, token: tuple[str, str]) -> bool:
        if self._tokens[self._at : self._at + 1] == [token]:
            self._at += 1
            return True
        return False

    def _either(self, depth: int) -> _Condition:
        parts = [self._all(depth)]
        while self._takes(("join", "||")):
            parts.append(self._all(depth))
        return lambda value: any(part(value) for part in parts)

    def _all(self, depth: int) -> _Condition:
        parts = [self._one(depth)]
        while self._takes(("join", "&&")):
            parts.append(self._one(depth))
        return lambda value: all(part(value) for part in parts)

    def _one(self, depth: int) -> _Condition:
        if depth > _DEPTH:
            raise _invalid(f"it is nested deeper than {_DEPTH}")
        kind, text = self._next()
        if (kind, text) == ("paren", "("):
            found = self._either(depth + 1)
            if not self._takes(("paren", ")")):
                raise _invalid("a parenthesis is not closed")
            return found
        if kind != "path":
            raise _invalid(f"a comparison begins with $, not with {text!r}")
        path = [part.strip('."[]') for part in re.findall(r'\.[\w-]+|\["[^"]*"\]|\[\d+\]', text)]
        kind, word = self._next()
        if kind == "word" and word.upper() in ("IS", "NOT"):
            return self._state(path, word.upper())
        if kind != "op":
            raise _invalid(f"{word!r} is not a comparison")
        kind, operand = self._next()
        if kind not in ("text", "word"):
            raise _invalid(f"{operand!r} is nothing to compare with")
        return _comparison(path, word, operand, quoted=kind == "text")

    def _state(self, path: list[str], word: str) -> _Condition:
        kind, state = self._next()
        wish = (word, state.upper())
        if kind != "word" or wish not in (("IS", "NULL"), ("IS", "TRUE"), ("IS", "FALSE"), ("NOT", "EXISTS")):
            raise _invalid(f"{word} {state} is not understood")
        if wish == ("NOT", "EXISTS"):
            return lambda value: _at(value, path) is _MISSING
        wanted = {"NULL": None, "TRUE": True, "FALSE": False}[wish[1]]
        return lambda value: _at(value, path) is wanted


def _at(value: Any, path: list[str]) -> Any:
    for part in path:
        if isinstance(value, dict) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return _MISSING
    return value


def _comparison(path: list[str], operator: str, operand: str, *, quoted: bool) -> _Condition:
    number = None if quoted else _number(operand)
    if operator not in ("=", "!="):
        if number is None:
            raise _invalid(f"{operator} compares numbers, and {operand!r} is none")
        return lambda value: _ordered(_at(value, path), operator, number)
    wanted = re.sub(r"\\(.)", r"\1", operand) if quoted else operand
    parts = wanted.split("*")
    if len(parts) > 4:
        raise _invalid("a text has at most three stars")
    first, *rest = map(re.escape, parts)
    # All stars but the last are atomic, so that no message can make it slow.
    middle = "".join(f"(?>.*?{each})" for each in rest[:-1])
    like = re.compile(first + middle + (f".*{rest[-1]}" if rest else ""), re.DOTALL)

    def equal(value: Any) -> bool:
        found = _at(value, path)
        if number is not None and isinstance(found, int | float) and not isinstance(found, bool):
            return found == number
        return isinstance(found, str) and like.fullmatch(found) is not None

    return equal if operator == "=" else lambda value: _at(value, path) is not _MISSING and not equal(value)


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", text) else None


def _ordered(found: Any, operator: str, number: float) -> bool:
    if isinstance(found, bool) or not isinstance(found, int | float):
        return False
    return {"<": found < number, "<=": found <= number, ">": found > number, ">=": found >= number}[operator]
