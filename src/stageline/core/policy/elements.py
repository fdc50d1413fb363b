"""The elements of a statement, each checked as IAM checks it: actions, principals, conditions."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from stageline.core.policy import comparators, instants
from stageline.core.policy.conditions import operator
from stageline.core.policy.statements import texts

LEGACY = "The policy failed legacy parsing"

_VENDOR = re.compile(r"[A-Za-z0-9.-]+", re.ASCII)
_TRUST_ACTION = (
    "Trust Policy statement actions can only be sts:AssumeRole, sts:AssumeRoleWithSAML,  and sts:AssumeRoleWithWebIdentity"
)
_AWS = re.compile(
    r"\*|\d{12}|AIDA[A-Z0-9]{12,}|AROA[A-Z0-9]{12,}(?::[\w+=,.@-]+)?"
    r"|arn:aws[a-z-]*:(?:iam::\d{12}:(?:root|(?:user|role)/[!-)+->@-~]+)"
    r"|sts::\d{12}:(?:assumed-role/[\w+=,.@-]+|federated-user)/[\w+=,.@-]+)",
    re.ASCII,
)
_SERVICE = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:amazonaws\.com(?:\.cn)?|aws\.internal|amazon\.com)", re.ASCII)


class Malformed(ValueError):
    """A document that is refused; the text is IAM's."""


def syntax_error() -> NoReturn:
    """Refuse without saying where."""
    raise Malformed("Syntax errors in policy.")


def is_strings(value: Any) -> bool:
    """Whether a value is a string or a list of strings."""
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(each, str) for each in value))


def check_actions(names: Sequence[str], *, trust: bool) -> None:
    """Refuse what is not ``vendor:Name``."""
    for name in names:
        if name in ("*", "*:*") and not trust:
            continue
        vendor, colon, rest = name.partition(":")
        if not colon:
            if trust:
                raise Malformed(_TRUST_ACTION)
            raise Malformed("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.")
        if ":" in rest:
            raise Malformed("Actions/Condition can contain only one colon.")
        if not _VENDOR.fullmatch(vendor):
            raise Malformed(f"Vendor {vendor} is not valid")
        if not rest:
            raise Malformed(LEGACY)
        if trust and vendor.lower() != "sts":
            raise Malformed(_TRUST_ACTION)


def check_principal(element: Any) -> None:
    """Refuse a principal of no known form; that it exists is the service's question."""
    if element == "*":
        return
    if not isinstance(element, dict) or not element or set(element) - {"AWS", "Service", "Federated", "CanonicalUser"}:
        syntax_error()
    for kind, value in element.items():
        if not is_strings(value) or not texts(value):
            syntax_error()
        for name in texts(value):
            wrong = {"AWS": not _AWS.fullmatch(name), "Service": not _SERVICE.fullmatch(name)}.get(kind, not name or "*" in name)
            if wrong:
                raise Malformed(f'Invalid principal in policy: "{kind.upper()}":"{name}"')


def check_condition_shape(block: Any) -> None:
    """Refuse a condition that is not an object of known operators over objects of values."""
    if not isinstance(block, dict):
        syntax_error()
    for name, keys in block.items():
        if operator(name) is None or not isinstance(keys, dict):
            syntax_error()
        for values in keys.values():
            if not all(isinstance(each, str | int | float) for each in (values if isinstance(values, list) else [values])):
                syntax_error()


def check_condition_values(block: Mapping[str, Mapping[str, Any]]) -> None:
    """Refuse values that the operator can never read: dates, numbers, ranges, base64, true and false."""
    for name, keys in block.items():
        found = operator(name)
        for values in keys.values():
            if found is not None and not all(_readable(found.name, text) for text in texts(values)):
                raise Malformed(LEGACY)


def _readable(name: str, text: str) -> bool:
    if name.startswith("date"):
        return instants.parse(text) is not None
    if name.startswith("numeric"):
        return comparators.number(text) is not None
    if name.endswith("ipaddress"):
        return comparators.network(text) is not None
    if name == "binaryequals":
        return comparators.octets(text) is not None
    if name == "null":
        return text.lower() in ("true", "false")
    return True


def check_condition_keys(block: Mapping[str, Mapping[str, Any]]) -> None:
    """Refuse keys without a prefix."""
    for keys in block.values():
        for key in keys:
            if ":" not in key.strip(":"):
                raise Malformed("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.")
