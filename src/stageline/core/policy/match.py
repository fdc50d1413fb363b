"""Whether an action or a resource is one of those that a statement names."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stageline.core.policy.pattern import Keys, Template, arn_expression, compiled, has_variables, resolve, template


@dataclass(frozen=True, slots=True)
class Actions:
    """The actions of a statement, sorted by service; the case of letters does not count."""

    everything: bool
    exact: frozenset[str]
    patterns: dict[str, re.Pattern[str]]
    negated: bool

    def match(self, action: str) -> bool:
        """Whether the statement is about an action, given in lower case."""
        if self.everything or action in self.exact:
            return not self.negated
        pattern = self.patterns.get(action.partition(":")[0])
        return (pattern is not None and pattern.fullmatch(action) is not None) != self.negated


def actions(names: Iterable[str], negated: bool) -> Actions:
    """Make ready the list of an ``Action`` or (``negated``) a ``NotAction``."""
    exact: set[str] = set()
    wild: dict[str, list[str]] = {}
    everything = False
    for name in names:
        text = name.lower()
        if text in ("*", "*:*"):
            everything = True
        elif "*" in text or "?" in text:
            vendor = text.partition(":")[0]
            wild.setdefault(vendor, []).append(compiled(template(text, False), False).pattern)
        else:
            exact.add(text)
    patterns = {vendor: re.compile("|".join(each), re.DOTALL) for vendor, each in wild.items()}
    return Actions(everything, frozenset(exact), patterns, negated)


@dataclass(frozen=True, slots=True)
class Resources:
    """The resources of a statement; ``None`` patterns and no templates mean a statement without any (a trust policy)."""

    everything: bool
    fixed: re.Pattern[str] | None
    templates: tuple[Template, ...]
    negated: bool

    def match(self, resource: str, keys: Keys) -> bool:
        """Whether the statement is about a resource; variables take their values from ``keys``."""
        if self.everything:
            return not self.negated
        if self.fixed is not None and self.fixed.fullmatch(resource):
            return not self.negated
        for tokens in self.templates:
            values = resolve(tokens, keys)
            if values is None:
                # A NotResource whose variable has no value would otherwise name everything.
                if self.negated:
                    return False
            elif compiled(values, True).fullmatch(resource):
                return not self.negated
        return self.negated


def resources(names: Sequence[str], negated: bool, variables: bool) -> Resources:
    """Make ready the list of a ``Resource`` or (``negated``) a ``NotResource``."""
    if "*" in names:
        return Resources(True, None, (), negated)
    templates = [template(name, variables) for name in names]
    fixed = [arn_expression(tokens) for tokens in templates if not has_variables(tokens)]
    expression = re.compile("|".join(fixed), re.DOTALL) if fixed else None
    return Resources(False, expression, tuple(tokens for tokens in templates if has_variables(tokens)), negated)


EVERY_RESOURCE = Resources(True, None, (), False)
