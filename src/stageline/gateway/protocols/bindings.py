"""HTTP bindings of the REST protocols: members that travel in the path, the query string and the headers."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from botocore.model import Shape

from stageline.gateway.http import RawRequest, Route
from stageline.gateway.protocols import xml

Refuse = Callable[[str, str, str], Exception]
"""Makes the refusal of a parameter: its wire name, its text, what is wrong with it."""


def read(shape: Shape, route: Route, request: RawRequest, refuse: Refuse) -> dict[str, Any]:
    """The members of an input that are not in the body."""
    found: dict[str, Any] = {}
    query: dict[str, list[str]] = {}
    for name, value in route.fields:
        query.setdefault(name, []).append(value)
    for name, member in shape.members.items():
        traits = member.serialization
        location, wire = traits.get("location"), traits.get("name", name)
        if location == "uri":
            found[name] = _scalar(member, wire, route.labels[wire], "iso8601", refuse)
        elif location == "querystring":
            value = _from_query(member, wire, query, refuse)
            if value is not None:
                found[name] = value
        elif location == "headers":
            found[name] = _prefixed(wire.lower(), request.header)
        elif location == "header" and wire.lower() in request.header:
            value = _from_header(member, wire, request.header[wire.lower()], refuse)
            if value is not None:
                found[name] = value
    return {name: value for name, value in found.items() if value != {} or shape.members[name].type_name != "map"}


def _from_query(member: Shape, wire: str, query: Mapping[str, list[str]], refuse: Refuse) -> Any:
    if member.type_name == "map":
        return dict.fromkeys(query, "") | {name: values[-1] for name, values in query.items()}
    values = query.get(wire)
    if values is None:
        return None
    if member.type_name == "list":
        return [_scalar(member.member, wire, value, "iso8601", refuse) for value in values]
    if len(values) > 1:
        raise refuse(wire, values[1], "occurs more than once")
    return _scalar(member, wire, values[0], "iso8601", refuse)


def _from_header(member: Shape, wire: str, value: str, refuse: Refuse) -> Any:
    if member.type_name == "list":
        return [_scalar(member.member, wire, part.strip(), "rfc822", refuse) for part in value.split(",") if part.strip()]
    if member.type_name == "timestamp":
        try:
            return xml.scalar_from_text(member, value)
        except ValueError:
            return None  # HTTP says to ignore a date that cannot be read (If-Modified-Since and its like)
    return _scalar(member, wire, value, "rfc822", refuse)


def _prefixed(prefix: str, headers: Mapping[str, str]) -> dict[str, str]:
    return {name[len(prefix) :]: value for name, value in headers.items() if name.startswith(prefix) and len(name) > len(prefix)}


def _scalar(member: Shape, wire: str, value: str, form: str, refuse: Refuse) -> Any:
    try:
        return xml.scalar_from_text(member, value)
    except ValueError as error:
        raise refuse(wire, value, str(error)) from None


def write(shape: Shape, response: Mapping[str, Any]) -> tuple[int | None, dict[str, str]]:
    """Status (when a member is the status) and headers of an output."""
    status, headers = None, {}
    for name, member in shape.members.items():
        traits, value = member.serialization, response.get(name)
        location = traits.get("location")
        if location is None or value is None:
            continue
        if location == "statusCode":
            status = int(value)
        elif location == "headers":
            prefix = traits.get("name", "")
            headers.update({f"{prefix}{key}": _line(str(item)) for key, item in value.items() if item is not None})
        elif location == "header":
            headers[traits.get("name", name)] = _line(_header_text(member, value))
    return status, headers


def _header_text(member: Shape, value: Any) -> str:
    if member.type_name == "list":
        return ",".join(_header_text(member.member, item) for item in value)
    return xml.scalar_to_text(member, value, "rfc822")


def _line(value: str) -> str:
    """A header value that cannot start another header."""
    return " ".join(value.split("\n")).replace("\r", " ").replace("\0", " ").strip(" \t")


def body_members(shape: Shape) -> Iterable[str]:
    """Names of the members that travel in the body."""
    return [name for name, member in shape.members.items() if "location" not in member.serialization]
