"""References in shell commands: a value is bound to a shell variable and the command names that variable.

The value itself never becomes part of a command's text, so nothing in it can be run: quotes, newlines and ``$(…)`` in a commit
message are characters like others. What stands in a command is the quoted expansion of the variable, one word however long.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from stageline.core.pipeline.declaration import EnvironmentVariable
from stageline.core.pipeline.variables import Scope, Unresolved, references, resolve

_REFERENCE = re.compile(r"#\{[^{}]*\}")
_PLAIN, _DOUBLE, _SINGLE = "plain", "double", "single"
_OPENERS = {
    "$((": ("arithmetic", "))"),
    "$[": ("arithmetic", "]"),
    "${": ("parameter", "}"),
    "$(": (_PLAIN, ")"),
    "`": ("backquote", "`"),
}
"""What begins something of another kind, longer ones first: that kind, and what ends it."""
_OPENERS_EVERYWHERE = _OPENERS | {
    "$'": ("escaped", "'"),
    "((": ("arithmetic", "))"),
    "(": (_PLAIN, ")"),
    '"': (_DOUBLE, '"'),
    "'": (_SINGLE, "'"),
}
_ORDINARY = re.compile(r"[^#\\$`()\]}\"']+")
"""Characters of which none begins or ends anything."""
_EXPANSION = {_PLAIN: '"${%s}"', _DOUBLE: "${%s}", _SINGLE: "'\"${%s}\"'"}
"""How a variable is named in each kind of quoting, so that its value is one word. Elsewhere (in arithmetic, within another
expansion) a shell would evaluate the value."""


@dataclass(frozen=True)
class Prepared:
    """Commands as they are run, and the variables that they are run with."""

    commands: tuple[str, ...] = ()
    environment: tuple[EnvironmentVariable, ...] = ()


def prepare(commands: Iterable[str], environment: Iterable[EnvironmentVariable], scope: Scope) -> Prepared | Unresolved:
    """Put the values of references into variables, in commands by name and in the environment as they are."""
    own = tuple(environment)
    values = resolve({each.name: each.value for each in own}, scope)
    bound = _Binder(scope, (each.name for each in own))
    texts = tuple(bound.command(each) for each in commands)
    missing = (*(values.references if isinstance(values, Unresolved) else ()), *bound.missing)
    if isinstance(values, Unresolved) or missing:
        return Unresolved(tuple(dict.fromkeys(missing)))
    named = tuple(EnvironmentVariable(each.name, values[each.name], each.kind) for each in own)
    return Prepared(texts, (*named, *(EnvironmentVariable(name, value) for name, value in bound.values.items())))


def misplaced(command: str) -> str | None:
    """The first reference that stands where a shell would evaluate its value as code, or None."""
    if "#{" not in command:
        return None
    found: list[str] = []

    def note(text: str) -> str:
        found.append(text)
        return text

    _rewritten(command, lambda text, expansion: text, note)
    return found[0] if found else None


class _Binder:
    """Gives each reference a shell variable of its own, whose name tells which it is."""

    def __init__(self, scope: Scope, taken: Iterable[str]) -> None:
        self._scope = scope
        self._taken = set(taken)
        self._names: dict[tuple[str, str], str] = {}
        self.values: dict[str, str] = {}
        self.missing: list[str] = []

    def command(self, text: str) -> str:
        """The command with every reference replaced by the expansion of its variable."""
        if "#{" not in text:
            return text
        return _rewritten(text, self._bind, lambda misplaced: misplaced)

    def _bind(self, text: str, expansion: str) -> str:
        reference = next(references(text))
        value = self._scope.get(reference.namespace, {}).get(reference.key)
        if value is None:
            self.missing.append(text)
            return text
        key = (reference.namespace, reference.key)
        if key not in self._names:
            self._names[key] = self._name(key)
            self.values[self._names[key]] = value
        return expansion % self._names[key]

    def _name(self, key: tuple[str, str]) -> str:
        base = re.sub(r"[^A-Za-z0-9_]", "_", f"CODEPIPELINE_{key[0]}_{key[1]}")
        name, number = base, 1
        while name in self._taken:
            number += 1
            name = f"{base}_{number}"
        self._taken.add(name)
        return name


def _rewritten(command: str, bind: Callable[[str, str], str], misplaced: Callable[[str], str]) -> str:
    """Follow a command's quoting. ``bind`` gets each reference with the expansion that fits its place; ``misplaced`` one for
    which none does."""
    out: list[str] = []
    stack: list[tuple[str, str]] = [(_PLAIN, "")]
    unsafe = 0  # how much of the stack a value must not stand in
    place = 0
    while place < len(command):
        kind, closer = stack[-1]
        safe = not unsafe
        ordinary = _ORDINARY.match(command, place)
        found = None if ordinary else _REFERENCE.match(command, place)
        if ordinary:
            out.append(ordinary[0])
            place = ordinary.end()
        elif found:
            named = out[-1:] == ["$"] and kind != _SINGLE  # the value would be taken for a variable's name
            out.append(bind(found[0], _EXPANSION[kind]) if safe and not named else misplaced(found[0]))
            place = found.end()
        elif command[place] == "\\" and kind != _SINGLE and safe and _REFERENCE.match(command, place + 1):
            # It would take the first character of the expansion. Within double quotes it stands for itself.
            out.append("\\\\" if kind == _DOUBLE else "")
            place += 1
        else:
            token = _token(command, place, kind, closer)
            if closer and token == closer:
                unsafe -= stack.pop()[0] not in _EXPANSION
            elif token in _openers(kind):
                stack.append(_openers(kind)[token])
                unsafe += stack[-1][0] not in _EXPANSION
            out.append(token)
            place += len(token)
    return "".join(out)


def _token(command: str, place: int, kind: str, closer: str) -> str:
    """The next piece of a command that means something by itself, or one character."""
    char = command[place]
    if char == "\\" and kind != _SINGLE:
        return command[place : place + 2]
    if closer and command.startswith(closer, place):
        return closer
    if kind == _PLAIN and char == "#" and (place == 0 or command[place - 1] in " \t;&|("):
        return command[place:]  # a comment, to the end of the line
    return next((text for text in _openers(kind) if command.startswith(text, place)), char)


def _openers(kind: str) -> dict[str, tuple[str, str]]:
    if kind in (_SINGLE, "escaped"):
        return {}
    return _OPENERS if kind == _DOUBLE else _OPENERS_EVERYWHERE
