"""Refuses malformed policy documents with the sentences that IAM uses, in the order in which IAM looks.

A document that passes here compiles (``statements.compile_policy``).
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, NoReturn

from stageline.core.policy import elements, resourcenames
from stageline.core.policy.elements import LEGACY, Malformed, syntax_error
from stageline.core.policy.statements import texts

Kind = Literal["identity", "managed", "session", "trust", "resource"]

MAX_DEPTH = 10

_SID = re.compile(r"[0-9A-Za-z]*", re.ASCII)
_STATEMENT_KEYS = frozenset(
    {"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"}
)


def validate(text: str, kind: Kind) -> Mapping[str, Any]:
    """The parsed document; raises ``Malformed`` with the first thing that is wrong.

    ``managed`` is an identity policy with a name of its own, ``trust`` the policy of a role, ``resource`` that of a bucket and
    the like.
    """
    document = parse(text)
    bodies = _check_shape(document)
    _check_version(document.get("Version"), kind)
    for body in bodies:
        if body["Effect"] not in ("Allow", "Deny"):
            raise Malformed(LEGACY)
        elements.check_condition_values(body.get("Condition", {}))
    _check_sids(bodies, kind)
    for body in bodies:
        _check_principal(body, kind)
    for body in bodies:
        named = texts(body.get("Action", body.get("NotAction", [])))
        if not named:
            raise Malformed("Policy statement must contain actions.")
        _check_resources(body, kind)
        elements.check_actions(named, trust=kind == "trust")
        elements.check_condition_keys(body.get("Condition", {}))
    return document


def parse(text: str) -> Mapping[str, Any]:
    """A JSON object whose keys are unique at every level and that is not nested beyond what a policy needs."""
    try:
        document = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
        # An escaped half of a surrogate pair is no text: it could not be written anywhere.
        json.dumps(document, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        syntax_error()
    if not isinstance(document, dict) or _depth(document) > MAX_DEPTH:
        syntax_error()
    return document


def _unique(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key comes twice")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _depth(value: Any, limit: int = MAX_DEPTH + 1) -> int:
    if limit == 0 or not isinstance(value, dict | list):
        return 0
    inner: Iterator[Any] = iter(value.values() if isinstance(value, dict) else value)
    return 1 + max((_depth(each, limit - 1) for each in inner), default=0)


def _check_shape(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    if set(document) - {"Version", "Id", "Statement"} or not isinstance(document.get("Id", ""), str):
        syntax_error()
    found = document.get("Statement")
    bodies: list[Any] = found if isinstance(found, list) else [found]
    if not bodies:
        syntax_error()
    for body in bodies:
        if not isinstance(body, dict) or set(body) - _STATEMENT_KEYS or not isinstance(body.get("Effect"), str):
            syntax_error()
        if not isinstance(body.get("Sid", ""), str):
            syntax_error()
        for name in ("Action", "Resource", "Principal"):
            if name in body and f"Not{name}" in body:
                syntax_error()
        for name in ("Action", "NotAction", "Resource", "NotResource"):
            if name in body and not elements.is_strings(body[name]):
                syntax_error()
        elements.check_condition_shape(body.get("Condition", {}))
    return bodies


def _check_version(version: Any, kind: Kind) -> None:
    if kind == "managed" and version != "2012-10-17":
        raise Malformed("Policy document must be version 2012-10-17 or greater.")
    if version not in (None, "2008-10-17", "2012-10-17"):
        syntax_error()


def _check_sids(bodies: Sequence[Mapping[str, Any]], kind: Kind) -> None:
    sids = [body["Sid"] for body in bodies if body.get("Sid")]
    if len(set(sids)) != len(sids):
        raise Malformed("Statement IDs (SID) in a single policy must be unique.")
    if kind != "resource" and not all(_SID.fullmatch(sid) for sid in sids):
        raise Malformed(
            "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*"
        )


def _check_principal(body: Mapping[str, Any], kind: Kind) -> None:
    present = "Principal" in body or "NotPrincipal" in body
    if kind in ("trust", "resource"):
        if not present:
            raise Malformed("Missing required field Principal")
        elements.check_principal(body.get("Principal", body.get("NotPrincipal")))
    elif present:
        raise Malformed("Policy document should not specify a principal.")


def _check_resources(body: Mapping[str, Any], kind: Kind) -> None:
    for name in ("Resource", "NotResource"):
        if kind == "trust" and name in body:
            raise Malformed(f"Has prohibited field {name}")
    if kind == "trust":
        return
    named = texts(body.get("Resource", body.get("NotResource", [])))
    if not named:
        missing = "Missing required field Resource" if kind == "resource" else "Policy statement must contain resources."
        raise Malformed(missing)
    for name in named:
        resourcenames.check(name)
