"""AWS Query: form fields in (``Tags.member.1.Key=…``), XML out. IAM, STS and SNS speak it."""

from collections.abc import Iterable
from typing import Any
from xml.sax.saxutils import quoteattr

from botocore.model import Shape

from stageline.gateway import errors
from stageline.gateway.http import RawRequest, Route
from stageline.gateway.protocols import xml
from stageline.ports.api import ApiError, Request, Response
from stageline.ports.http import HttpResponse

_DEPTH = 24
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'

Tree = dict[str, Any]
"""A field name's parts lead to a str leaf, kept under the empty name, or further down."""


def _tree(fields: Iterable[tuple[str, str]]) -> Tree:
    root: Tree = {}
    for name, value in fields:
        steps = name.split(".")
        if len(steps) > _DEPTH:
            raise _malformed(f"the name {name[:80]!r} has too many parts")
        node = root
        for step in steps:
            node = node.setdefault(step, {})
        if "" in node:
            raise _malformed(f"the parameter {name[:80]!r} occurs twice")
        node[""] = value
    return root


def _malformed(what: str) -> ApiError:
    return ApiError("MalformedInput", f"The query string is malformed: {what}.", 400)


def _indexed(node: Tree, name: str) -> list[Tree]:
    found: list[tuple[int, Tree]] = []
    for step, below in node.items():
        if step == "":
            continue
        if not (step.isascii() and step.isdigit() and len(step) < 7):
            raise _malformed(f"{name}.{step[:40]} should end in a number")
        found.append((int(step), below))
    return [below for _, below in sorted(found, key=lambda pair: pair[0])]


def _read(shape: Shape, node: Tree, name: str) -> Any:
    kind = shape.type_name
    if kind == "structure":
        return _read_structure(shape, node, name)
    if kind == "list":
        if shape.serialization.get("flattened"):
            return [_read(shape.member, item, name) for item in _indexed(node, name)]
        below = node.get(shape.member.serialization.get("name", "member"), {})
        return [_read(shape.member, item, name) for item in _indexed(below, name)]
    if kind == "map":
        entries = node if shape.serialization.get("flattened") else node.get("entry", {})
        key, value = shape.key.serialization.get("name", "key"), shape.value.serialization.get("name", "value")
        return {
            _read(shape.key, item.get(key, {}), f"{name}.{key}"): _read(shape.value, item.get(value, {}), f"{name}.{value}")
            for item in _indexed(entries, name)
        }
    if "" not in node:
        raise _malformed(f"{name} should have a value")
    try:
        return xml.scalar_from_text(shape, node[""])
    except ValueError as error:
        raise _malformed(f"{name}: {error}") from None


def _read_structure(shape: Shape, node: Tree, name: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for member_name, member in shape.members.items():
        wire = member.serialization.get("name", member_name)
        if member.type_name == "list" and member.serialization.get("flattened"):
            wire = member.member.serialization.get("name", wire)
        below = node.get(wire)
        if below is not None:
            found[member_name] = _read(member, below, f"{name}.{wire}" if name else wire)
    return found


def parse(route: Route, request: RawRequest, body: bytes) -> Request:
    """The request's members from the fields; unknown fields are ignored."""
    shape = route.operation.input_shape
    return _read_structure(shape, _tree(route.fields), "") if shape is not None else {}


def render(route: Route, response: Response, request_id: str) -> HttpResponse:
    """A result in its two wrappers, with the request id."""
    name = route.operation.name
    namespace = quoteattr(str(route.operation.service_model.metadata.get("xmlNamespace", "")))
    out = [f"{_HEAD}<{name}Response xmlns={namespace}>"]
    shape = route.operation.output_shape
    if shape is not None:
        wrapper = shape.serialization.get("resultWrapper", f"{name}Result")
        out.append(f"<{wrapper}>")
        xml.write_members(out, shape, response, fraction=False)
        out.append(f"</{wrapper}>")
    out.append(f"<ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></{name}Response>\n")
    return HttpResponse(200, _headers(request_id), "".join(out).encode("utf-8"))


def refuse(route: Route | None, request: RawRequest, error: ApiError, request_id: str) -> HttpResponse:
    """An error in Query's envelope."""
    service = route.service if route else ""
    status = errors.status("query", service, error)
    namespace = str(route.operation.service_model.metadata.get("xmlNamespace", "")) if route else ""
    out = [f"{_HEAD}<ErrorResponse{f' xmlns={quoteattr(namespace)}' if namespace else ''}><Error>"]
    out.append(f"<Type>{'Receiver' if status >= 500 else 'Sender'}</Type>")
    out.append(f"<Code>{xml.text(errors.wire_code(service, error))}</Code><Message>{xml.text(error.message)}</Message>")
    found = errors.shape(service, error.code)
    if found is not None:
        xml.write_members(out, found, {k: v for k, v in errors.details(error).items() if k not in ("message", "Message")})
    out.append(f"</Error><RequestId>{request_id}</RequestId></ErrorResponse>\n")
    return HttpResponse(status, {**_headers(request_id), **errors.headers(error)}, "".join(out).encode("utf-8"))


def _headers(request_id: str) -> dict[str, str]:
    return {"Content-Type": "text/xml", "x-amzn-RequestId": request_id}
