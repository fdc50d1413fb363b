"""Variables: ``#{namespace.key}`` references, found and replaced in a single pass.

A value that happens to look like a reference is never replaced in turn.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_REFERENCE = re.compile(r"#\{([^{}]*)\}")
_WELL_FORMED = re.compile(r"([A-Za-z0-9@\-_]+)\.([A-Za-z0-9@\-_]+)")

MAX_RESOLVED = 100 * 1024
"""Bytes that the resolved configuration of one action may take (quotas page)."""
MAX_OUTPUT = 122_880
"""Bytes that the output variables of one action may take (quotas page)."""

Scope = Mapping[str, Mapping[str, str]]
"""Values by namespace and key."""


@dataclass(frozen=True)
class Reference:
    """A reference as written; ``namespace`` is empty when it is malformed."""

    text: str
    namespace: str
    key: str


@dataclass(frozen=True)
class Unresolved:
    """References without a value."""

    references: tuple[str, ...]


def references(text: str) -> Iterator[Reference]:
    """The references in a text, in order."""
    for match in _REFERENCE.finditer(text):
        parts = _WELL_FORMED.fullmatch(match.group(1).strip())
        yield Reference(match.group(0), *(parts.groups() if parts else ("", "")))


def resolve(configuration: Mapping[str, str], scope: Scope) -> dict[str, str] | Unresolved:
    """The configuration with every reference replaced, or the references that have no value."""
    missing: list[str] = []

    def value(match: re.Match[str]) -> str:
        parts = _WELL_FORMED.fullmatch(match.group(1).strip())
        found = scope.get(parts.group(1), {}).get(parts.group(2)) if parts else None
        if found is None:
            missing.append(match.group(0))
            return ""
        return found

    def within_json(match: re.Match[str]) -> str:
        return json.dumps(value(match), ensure_ascii=False)[1:-1]

    resolved = {
        key: _REFERENCE.sub(within_json if _is_json(text) else value, text) if "#{" in text else text
        for key, text in configuration.items()
    }
    return Unresolved(tuple(dict.fromkeys(missing))) if missing else resolved


def _is_json(text: str) -> bool:
    """Whether references stand inside the strings of a JSON text: a value with quotes must not end them (a commit message could
    add an environment variable to a build)."""
    try:
        return isinstance(json.loads(_REFERENCE.sub("x", text)), dict | list)
    except (ValueError, RecursionError):  # what nobody can read is no JSON
        return False


def size(values: Mapping[str, str]) -> int:
    """Bytes that keys and values take together."""
    return sum(len(key.encode()) + len(value.encode()) for key, value in values.items())
