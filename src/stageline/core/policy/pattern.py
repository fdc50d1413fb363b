"""Texts of a policy with wildcards and variables, and the regular expressions they become.

A text is cut into literals, wildcards and variables once; values are put in later as literals, so a ``*`` in a tag's value
never becomes a wildcard. Expressions use atomic groups: their cost grows with the length of the value, whatever the policy.
"""

import re
from collections.abc import Iterable, Mapping
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

Values = str | tuple[str, ...]
Keys = Mapping[str, Values]
"""Condition keys of a request, their names in lower case."""


class Wild(Enum):
    """A wildcard."""

    ANY = "*"
    ONE = "?"


class Variable(NamedTuple):
    """``${name, 'default'}``; the name in lower case."""

    name: str
    default: str | None


Token = str | Wild | Variable
Template = tuple[Token, ...]

_TOKEN = re.compile(r"\$\{([*?$])\}|\$\{([^{}$,']+?)(?:,\s*'([^']*)')?\s*\}|([*?])", re.DOTALL)


@lru_cache(maxsize=8192)
def template(text: str, variables: bool) -> Template:
    """Cut a text; with ``variables`` (policies of 2012) ``${…}`` is a variable or an escaped character, else plain text."""
    if not variables:
        return tuple(Wild(part) if part in ("*", "?") else part for part in re.split(r"([*?])", text) if part)
    tokens: list[Token] = []
    at = 0
    for found in _TOKEN.finditer(text):
        escaped, name, default, wild = found.groups()
        if found.start() > at:
            tokens.append(text[at : found.start()])
        if wild is not None:
            tokens.append(Wild(wild))
        elif escaped is not None:
            tokens.append(escaped)
        else:
            tokens.append(Variable(name.strip().lower(), default))
        at = found.end()
    if at < len(text):
        tokens.append(text[at:])
    return tuple(tokens)


def has_variables(tokens: Template) -> bool:
    """Whether a value is needed before the template can be used."""
    return any(isinstance(token, Variable) for token in tokens)


def resolve(tokens: Template, keys: Keys) -> Template | None:
    """Put the values of the request in; None when one is missing or has several values."""
    resolved: list[Token] = []
    for token in tokens:
        if isinstance(token, Variable):
            value = keys.get(token.name)
            if not isinstance(value, str):
                value = token.default
            if value is None:
                return None
            resolved.append(value)
        else:
            resolved.append(token)
    return tuple(resolved)


def plain(tokens: Template) -> str:
    """The text of a resolved template with its wildcards as plain characters."""
    return "".join(token.value if isinstance(token, Wild) else str(token) for token in tokens)


def glob_expression(tokens: Iterable[Token], character: str = ".") -> str:
    """A regular expression (for ``fullmatch`` with DOTALL) of resolved tokens; a wildcard covers any ``character``."""
    pieces = [""]
    for token in tokens:
        if token is Wild.ANY:
            pieces.append("")
        elif token is Wild.ONE:
            pieces[-1] += character
        else:
            pieces[-1] += re.escape(str(token))
    if len(pieces) == 1:
        return pieces[0]
    middle = "".join(f"(?>{character}*?{piece})" for piece in pieces[1:-1] if piece)
    return f"{pieces[0]}{middle}{character}*{pieces[-1]}"


def arn_expression(tokens: Template) -> str:
    """Like ``glob_expression``, but for a pattern of six parts a wildcard stays within the first five."""
    parts = _parts(tokens)
    if len(parts) < 6:
        return glob_expression(tokens)
    head = ":".join(glob_expression(part, "[^:]") for part in parts[:5])
    return f"{head}:{glob_expression(parts[5])}"


def comparable(tokens: Template) -> bool:
    """Whether an ARN operator can compare with a resolved pattern: it has six parts, or is a star that stands for all of them.
    Fewer parts are like no ARN, whatever their wildcards might cover."""
    return tokens == (Wild.ANY,) or len(_parts(tokens)) == 6


def _parts(tokens: Template) -> list[list[Token]]:
    """The tokens between the first five colons; colons inside values of variables do not count (they are not seen here)."""
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if not isinstance(token, str):
            parts[-1].append(token)
            continue
        first, *rest = token.split(":", 6 - len(parts))
        parts[-1].append(first)
        parts.extend([part] for part in rest)
    return parts


@lru_cache(maxsize=16384)
def compiled(tokens: Template, arn: bool) -> re.Pattern[str]:
    """The expression of a resolved template, kept for the next time."""
    expression = arn_expression(tokens) if arn else glob_expression(tokens)
    return re.compile(expression, re.DOTALL)
