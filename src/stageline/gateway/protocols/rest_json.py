"""REST-JSON (Lambda, notifications): path, query and headers as in REST-XML, bodies as in JSON."""

from collections.abc import Mapping
from typing import Any

from botocore.model import Shape

from stageline.gateway import errors
from stageline.gateway.http import RawRequest, Route
from stageline.gateway.protocols import bindings, json, values
from stageline.ports.api import ApiError, Request, Response
from stageline.ports.http import HttpResponse


def _refuse_parameter(name: str, value: str, what: str) -> ApiError:
    return ApiError("SerializationException", f"The value {value[:256]!r} of {name} is {what}", 400)


def parse(route: Route, request: RawRequest, body: bytes) -> Request:
    """The request's members, but for a streaming body, which the chain puts in."""
    shape = route.operation.input_shape
    if shape is None:
        return {}
    found = bindings.read(shape, route, request, _refuse_parameter)
    payload = shape.serialization.get("payload")
    member = shape.members[payload] if payload else None
    if member is not None and member.type_name in ("blob", "string"):
        if body:
            found[str(payload)] = body if member.type_name == "blob" else body.decode("utf-8", "replace")
        return found
    if not body.strip():
        return found
    try:
        if member is not None:
            found[str(payload)] = values.read(member, json.decode(body), values.JSON)
            return found
        names = set(bindings.body_members(shape))
        read = values.read_structure(shape, json.decode(body), values.JSON)
    except values.Mismatch as mismatch:
        raise mismatch.error() from None
    return found | {name: value for name, value in read.items() if name in names}


def render(route: Route, response: Response, request_id: str) -> HttpResponse:
    """A result; a streaming or blob payload is handed on as it is."""
    shape = route.operation.output_shape
    headers = {"x-amzn-RequestId": request_id}
    default = int(route.operation.http.get("responseCode", 200))
    if shape is None:
        return HttpResponse(default, headers)
    status, bound = bindings.write(shape, response)
    headers |= bound
    return HttpResponse(status or default, headers, _content(shape, response, headers))


def _content(shape: Shape, response: Mapping[str, Any], headers: dict[str, str]) -> Any:
    payload = shape.serialization.get("payload")
    if payload is None:
        body: Mapping[str, Any] = {name: response.get(name) for name in bindings.body_members(shape)}
        headers.setdefault("Content-Type", "application/json")
        return json.encode(values.write(shape, body, values.JSON))
    member, value = shape.members[payload], response.get(payload)
    if value is None:
        return b""
    if member.type_name == "structure":
        headers.setdefault("Content-Type", "application/json")
        return json.encode(values.write(member, value, values.JSON))
    headers.setdefault("Content-Type", "application/octet-stream")
    return value.encode("utf-8") if isinstance(value, str) else value


def refuse(route: Route | None, request: RawRequest, error: ApiError, request_id: str) -> HttpResponse:
    """An error: code in a header, text and members in the body."""
    service = route.service if route else ""
    found = errors.shape(service, error.code)
    members = set(found.members) if found is not None else set()
    details = errors.details(error)
    if found is not None:
        details = values.write(found, details, values.JSON)
    content = {"Message" if "Message" in members and "message" not in members else "message": error.message}
    if "Type" in members:
        content["Type"] = "Service" if errors.status("rest-json", service, error) >= 500 else "User"
    headers = {
        "Content-Type": "application/json",
        "x-amzn-RequestId": request_id,
        "x-amzn-ErrorType": found.name if found is not None else error.code,
        **errors.headers(error),
    }
    return HttpResponse(errors.status("rest-json", service, error), headers, json.encode(content | details))
