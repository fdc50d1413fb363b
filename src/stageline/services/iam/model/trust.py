"""Trust policies: who a role names, bound to unique ids when the policy is saved.

A user or role that is deleted and made again under the same name is another principal and inherits no trust; a renamed user
keeps it. The document itself is kept as it was submitted.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from stageline.ports.api import ApiError
from stageline.ports.store import Doc, ReadTx
from stageline.services.iam.model.documents import parsed
from stageline.services.iam.model.entities import ROLE, USER, EntityKind, arn_of, by_id, find

_SERVICE = re.compile(r"[a-z0-9][a-z0-9.-]*\.amazonaws\.com(\.cn)?")
_ENTITY = re.compile(r"arn:aws:(?:iam::(\d{12}):(user|role)/|sts::(\d{12}):(assumed-role)/)(.+)")
_OTHER = re.compile(r"\*|\d{12}|arn:aws:iam::\d{12}:root|arn:aws:sts::\d{12}:federated-user/.+")
_ID = re.compile(r"(AIDA|AROA)[A-Z2-7]{17}")


def bind(tx: ReadTx, account: str, document: Mapping[str, Any]) -> dict[str, str]:
    """The unique ids of the users and roles that a trust policy names, by the ARN it names them with; refuses principals
    that do not exist."""
    bound: dict[str, str] = {}
    for kind, name in _principals(document):
        if kind == "AWS":
            unique = _bound(tx, account, name)
            if unique:
                bound[name] = unique
        elif kind == "Service" and not _SERVICE.fullmatch(name):
            raise _invalid("SERVICE", name)
    return bound


def effective(tx: ReadTx, role: Doc) -> Mapping[str, Any]:
    """The trust policy as it counts: names replaced by the ids that they were bound to."""

    def replace(name: str) -> str:
        unique = role["principals"].get(name)
        if unique is None:
            return name
        # A session's ARN names one session only, so it cannot become the id of its role.
        if name.startswith("arn:aws:sts:"):
            return name if by_id(tx, unique) else unique
        return str(unique)

    return _replaced(parsed(role["trust"]), replace) if role["principals"] else parsed(role["trust"])


def shown(tx: ReadTx, account: str, role: Doc) -> str:
    """The document for people: as submitted while all that it names exists, else with new names and dead ids in place."""
    current: dict[str, str] = {}
    for name, unique in role["principals"].items():
        found = by_id(tx, unique)
        if found is None:
            current[name] = unique
        elif name.startswith("arn:aws:iam:"):
            current[name] = arn_of(account, *found)
    if all(name == now for name, now in current.items()):
        return str(role["trust"])
    return json.dumps(_replaced(parsed(role["trust"]), lambda name: current.get(name, name)))


def _principals(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    statements = document["Statement"]
    found: list[tuple[str, str]] = []
    for statement in [statements] if isinstance(statements, Mapping) else statements:
        for member in ("Principal", "NotPrincipal"):
            element = statement.get(member, {})
            if isinstance(element, Mapping):
                for kind, value in element.items():
                    found += [(kind, name) for name in ([value] if isinstance(value, str) else value)]
    return found


def _bound(tx: ReadTx, account: str, name: str) -> str:
    """The id of a user or role of this account; empty for what is not bound to one."""
    if _ID.fullmatch(name):
        return name
    if _OTHER.fullmatch(name):
        return ""
    match = _ENTITY.fullmatch(name)
    if match is None:
        raise _invalid("AWS", name)
    owner, kind, rest = match[1] or match[3], match[2] or match[4], match[5]
    if owner != account:
        return ""  # nobody of another account can be looked up here, nor does anybody sign in as one
    what: EntityKind = USER if kind == "user" else ROLE
    entity = rest.split("/", 1)[0] if kind == "assumed-role" else rest.rsplit("/", 1)[-1]
    doc = find(tx, what, entity)
    if doc is None or (kind != "assumed-role" and arn_of(account, what, doc) != name):
        raise _invalid("AWS", name)
    return str(doc["id"])


def _replaced(document: Mapping[str, Any], replace: Callable[[str], str]) -> Mapping[str, Any]:
    statements = document["Statement"]
    bodies = [statements] if isinstance(statements, Mapping) else statements
    return {**document, "Statement": [_statement(body, replace) for body in bodies]}


def _statement(body: Mapping[str, Any], replace: Callable[[str], str]) -> Mapping[str, Any]:
    after = dict(body)
    for member in ("Principal", "NotPrincipal"):
        element = body.get(member)
        if isinstance(element, Mapping) and "AWS" in element:
            value = element["AWS"]
            names = replace(value) if isinstance(value, str) else [replace(name) for name in value]
            after[member] = {**element, "AWS": names}
    return after


def _invalid(kind: str, name: str) -> ApiError:
    return ApiError("MalformedPolicyDocument", f'Invalid principal in policy: "{kind}":"{name}"')
