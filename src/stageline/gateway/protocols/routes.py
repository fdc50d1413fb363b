"""Which operation of a REST service a method, path and query ask for, by the model's HTTP traits. Never a guess."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote_to_bytes

from botocore.model import OperationModel

from stageline.gateway import specs

_ELSEWHERE = frozenset({("s3", "WriteGetObjectResponse")})
"""Operations that AWS serves under a host name of their own; here their path would hide a bucket."""

_PLAIN = frozenset({("s3", "ListBuckets")})
"""Meant where an operation for another type of bucket has the same method and path."""


class Unroutable(Exception):
    """No operation, or more than one, fits; ``reason`` is ``path``, ``method`` or ``query``."""

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(text)
        self.reason = reason


@dataclass(frozen=True)
class Template:
    """How one operation is asked for."""

    operation: OperationModel
    method: str
    pattern: re.Pattern[str]
    fixed: int
    literals: Mapping[str, str]
    needed: frozenset[str]
    known: frozenset[str]
    headers: frozenset[str]

    def rank(self, query: Mapping[str, str], headers: Mapping[str, str]) -> tuple[int, int] | None:
        """How well the query string and the headers fit (more is better), or None when they do not."""
        for name, value in self.literals.items():
            if name not in query or (value and query[name] != value):
                return None
        if not self.needed <= query.keys() or not self.headers <= headers.keys():
            return None
        return self.fixed, len(self.literals) + len(self.needed) + len(self.headers)


def _template(operation: OperationModel) -> Template:
    path, _, query = str(operation.http["requestUri"]).partition("?")
    parts = re.split(r"(\{[^}]+\})", path.rstrip("/") or "/")
    regex = "".join(_part(part) for part in parts)
    literals = dict(item.partition("=")[::2] for item in query.split("&") if item)
    literals.pop("x-id", None)
    members = operation.input_shape.members if operation.input_shape is not None else {}
    required = set(operation.input_shape.required_members) if operation.input_shape is not None else set()
    names = {
        location: {name: member.serialization.get("name", name) for name, member in members.items() if _at(member, location)}
        for location in ("querystring", "header")
    }
    return Template(
        operation,
        str(operation.http["method"]),
        re.compile(f"{regex}/?", re.DOTALL),
        sum(len(part) for part in parts if not part.startswith("{")),
        literals,
        frozenset(wire for name, wire in names["querystring"].items() if name in required),
        frozenset(names["querystring"].values()) | literals.keys(),
        frozenset(wire.lower() for name, wire in names["header"].items() if name in required),
    )


def _part(part: str) -> str:
    if not part.startswith("{"):
        return re.escape(part)
    name = part[1:-1]
    return f"(?P<{name[:-1]}>.+)" if name.endswith("+") else f"(?P<{name}>[^/]+)"


def _at(member: object, location: str) -> bool:
    return getattr(member, "serialization", {}).get("location") == location


@cache
def templates(service: str) -> Sequence[Template]:
    """The templates of a service."""
    model = specs.model(service)
    return [_template(model.operation_model(name)) for name in model.operation_names if (service, name) not in _ELSEWHERE]


@cache
def _discriminators(service: str) -> frozenset[str]:
    """Query parameters that choose between operations; ``id`` is left out, websites put it into links."""
    return frozenset(name for found in templates(service) for name in (*found.literals, *found.needed)) - {"id"}


def match(
    service: str, method: str, path: str, query: Sequence[tuple[str, str]], headers: Mapping[str, str]
) -> tuple[OperationModel, dict[str, str]]:
    """The operation and the decoded labels of its path; raises Unroutable."""
    at_path = [(found, fit) for found in templates(service) if (fit := found.pattern.fullmatch(path))]
    if not at_path:
        raise Unroutable("path", "no operation has this path")
    by_method = [(found, fit) for found, fit in at_path if found.method == method]
    if not by_method:
        raise Unroutable("method", "the specified method is not allowed against this resource")
    first = dict(reversed(query))
    ranked = [(rank, found, fit) for found, fit in by_method if (rank := found.rank(first, headers)) is not None]
    if not ranked:
        raise Unroutable("query", "a query parameter or header that this request needs is missing")
    best = max(rank for rank, _, _ in ranked)
    chosen = [(found, fit) for rank, found, fit in ranked if rank == best]
    if len(chosen) > 1:
        chosen = [(found, fit) for found, fit in chosen if not found.operation.deprecated] or chosen
    if len(chosen) > 1:
        named = [(found, fit) for found, fit in chosen if found.operation.name == first.get("x-id")]
        chosen = named or _plain(service, chosen)
    if len(chosen) > 1:
        raise Unroutable("query", "the query string fits more than one operation")
    found, fit = chosen[0]
    foreign = sorted((first.keys() & _discriminators(service)) - found.known)
    if foreign:
        raise Unroutable("query", f"{found.operation.name} does not take the query parameter {foreign[0]!r}")
    return found.operation, {name: _decoded(value) for name, value in fit.groupdict().items()}


def _plain(service: str, chosen: list[tuple[Template, re.Match[str]]]) -> list[tuple[Template, re.Match[str]]]:
    plain = [pair for pair in chosen if (service, pair[0].operation.name) in _PLAIN]
    return plain or chosen


def _decoded(value: str) -> str:
    try:
        text = unquote_to_bytes(value).decode("utf-8")
    except UnicodeDecodeError:
        raise Unroutable("path", "the path is not UTF-8") from None
    if "\0" in text:
        raise Unroutable("path", "the path holds a null character")
    return text
