"""The comparisons behind the condition operators: one value of the request against the values of the policy.

A comparator answers True or False, or None when the request's value cannot be read as what the operator compares: then
neither the operator nor its negation holds.
"""

import base64
import binascii
import ipaddress
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache
from operator import eq, ge, gt, le, lt
from typing import Any

from stageline.core.policy import instants
from stageline.core.policy.pattern import Keys, Template, comparable, compiled, has_variables, plain, resolve, template

Comparator = Callable[[str, Keys], bool | None]
Factory = Callable[[Sequence[str], bool], Comparator]

_NUMBER = re.compile(r"[+-]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][+-]?\d{1,3})?", re.ASCII)


def _exact(fold: Callable[[str], str]) -> Factory:
    def factory(values: Sequence[str], variables: bool) -> Comparator:
        templates = [template(value, variables) for value in values]
        fixed = frozenset(fold(plain(tokens)) for tokens in templates if not has_variables(tokens))
        open_ones = [tokens for tokens in templates if has_variables(tokens)]

        def compare(value: str, keys: Keys) -> bool:
            folded = fold(value)
            if folded in fixed:
                return True
            resolved = (resolve(tokens, keys) for tokens in open_ones)
            return any(tokens is not None and fold(plain(tokens)) == folded for tokens in resolved)

        return compare

    return factory


def _wild(arn: bool) -> Factory:
    def factory(values: Sequence[str], variables: bool) -> Comparator:
        templates = [template(value, variables) for value in values]
        closed = [tokens for tokens in templates if not has_variables(tokens) and (not arn or comparable(tokens))]
        fixed = [compiled(tokens, arn) for tokens in closed]
        open_ones = [tokens for tokens in templates if has_variables(tokens)]

        def compare(value: str, keys: Keys) -> bool:
            if any(pattern.fullmatch(value) for pattern in fixed):
                return True
            return any(_matches(tokens, keys, value, arn) for tokens in open_ones)

        return compare

    return factory


def _matches(tokens: Template, keys: Keys, value: str, arn: bool) -> bool:
    resolved = resolve(tokens, keys)
    if resolved is None or (arn and not comparable(resolved)):
        return False
    return compiled(resolved, arn).fullmatch(value) is not None


def _ordered(parse: Callable[[str], Any], relation: Callable[[Any, Any], bool]) -> Factory:
    def factory(values: Sequence[str], variables: bool) -> Comparator:
        bounds = [bound for bound in map(parse, values) if bound is not None]

        def compare(value: str, keys: Keys) -> bool | None:
            read = parse(value)
            return None if read is None else any(relation(read, bound) for bound in bounds)

        return compare

    return factory


@lru_cache(maxsize=1024)
def number(text: str) -> Decimal | None:
    """A number as policies write it, or None."""
    return Decimal(text) if _NUMBER.fullmatch(text.strip()) else None


@lru_cache(maxsize=1024)
def network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    """A range in CIDR form or a single address, or None."""
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


@lru_cache(maxsize=1024)
def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _within(values: Sequence[str], variables: bool) -> Comparator:
    ranges = [each for each in map(network, values) if each is not None]

    def compare(value: str, keys: Keys) -> bool | None:
        address = _address(value)
        return None if address is None else any(address in each for each in ranges)

    return compare


def octets(text: str) -> bytes | None:
    """Bytes written in base64, or None."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


OPERATORS: dict[str, tuple[Factory, bool]] = {
    "stringequals": (_exact(str), False),
    "stringnotequals": (_exact(str), True),
    "stringequalsignorecase": (_exact(str.casefold), False),
    "stringnotequalsignorecase": (_exact(str.casefold), True),
    "stringlike": (_wild(False), False),
    "stringnotlike": (_wild(False), True),
    "arnequals": (_wild(True), False),
    "arnlike": (_wild(True), False),
    "arnnotequals": (_wild(True), True),
    "arnnotlike": (_wild(True), True),
    "numericequals": (_ordered(number, eq), False),
    "numericnotequals": (_ordered(number, eq), True),
    "numericlessthan": (_ordered(number, lt), False),
    "numericlessthanequals": (_ordered(number, le), False),
    "numericgreaterthan": (_ordered(number, gt), False),
    "numericgreaterthanequals": (_ordered(number, ge), False),
    "dateequals": (_ordered(instants.parse, eq), False),
    "datenotequals": (_ordered(instants.parse, eq), True),
    "datelessthan": (_ordered(instants.parse, lt), False),
    "datelessthanequals": (_ordered(instants.parse, le), False),
    "dategreaterthan": (_ordered(instants.parse, gt), False),
    "dategreaterthanequals": (_ordered(instants.parse, ge), False),
    "bool": (_exact(str.lower), False),
    "binaryequals": (_ordered(octets, eq), False),
    "ipaddress": (_within, False),
    "notipaddress": (_within, True),
}
"""Operators (lower case) with how they compare and whether they negate it."""
