"""Condition operators: sets of values, missing keys, ``IfExists`` and ``Null``."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from stageline.core.policy.comparators import OPERATORS, Comparator
from stageline.core.policy.pattern import Keys

Test = Callable[[Keys], bool]


class Operator(NamedTuple):
    """A condition operator taken apart: ``ForAnyValue:StringLikeIfExists``."""

    quantifier: str
    name: str
    if_exists: bool


def operator(text: str) -> Operator | None:
    """Take an operator apart (the case of letters does not count), or None when there is no such operator."""
    quantifier, colon, rest = text.lower().rpartition(":")
    if colon and quantifier not in ("forallvalues", "foranyvalue"):
        return None
    name = rest.removesuffix("ifexists")
    if name not in OPERATORS and not (name == rest == "null"):
        return None
    return Operator(quantifier, name, name != rest)


def condition(text: str, key: str, values: Sequence[str], variables: bool) -> Test:
    """One condition made ready; raises ValueError for an unknown operator."""
    found = operator(text)
    if found is None:
        raise ValueError(f"{text} is not a condition operator")
    name = key.lower()
    if found.name == "null":
        return _null(name, values)
    factory, negated = OPERATORS[found.name]
    compare = factory(values, variables)
    when_missing = _when_missing(found, negated)
    holds = _holds(found.quantifier, negated, compare)

    def test(keys: Keys) -> bool:
        value = keys.get(name)
        if value is None or value == ():
            return when_missing
        return holds((value,) if isinstance(value, str) else value, keys)

    return test


def _null(name: str, values: Sequence[str]) -> Test:
    wanted = {value.lower() for value in values}

    def test(keys: Keys) -> bool:
        absent = keys.get(name) in (None, ())
        return ("true" if absent else "false") in wanted

    return test


def _when_missing(found: Operator, negated: bool) -> bool:
    if found.quantifier == "forallvalues" or found.if_exists:
        return True
    return negated and found.quantifier != "foranyvalue"


def _holds(quantifier: str, negated: bool, compare: Comparator) -> Callable[[tuple[str, ...], Keys], bool]:
    wanted = not negated
    # Without a quantifier a negated operator must hold for every value of the request, a positive one for some value.
    combine = all if quantifier == "forallvalues" or (negated and not quantifier) else any

    def holds(values: tuple[str, ...], keys: Keys) -> bool:
        return combine(compare(value, keys) is wanted for value in values)

    return holds
