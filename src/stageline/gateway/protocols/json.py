"""AWS JSON 1.0 and 1.1: ``POST /`` with X-Amz-Target, a JSON object in, a JSON object out."""

import json
from typing import Any, NoReturn

from stageline.gateway import errors
from stageline.gateway.http import RawRequest, Route
from stageline.gateway.protocols import values
from stageline.ports.api import ApiError, Request, Response
from stageline.ports.http import HttpResponse


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON value")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name occurs twice in one object")
    return found


def decode(data: bytes) -> Any:
    """Strict JSON in UTF-8: names unique, no NaN, bounded depth; raises ApiError SerializationException."""
    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_constant)
        if b"\\u" in data:
            json.dumps(value, ensure_ascii=False).encode("utf-8")
        if data.count(b"[") + data.count(b"{") > values.DEPTH and values.depth(value) > values.DEPTH:
            raise ValueError(f"nested deeper than {values.DEPTH}")
    except (ValueError, RecursionError) as error:
        text = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise ApiError("SerializationException", f"The body is not valid JSON: {text}", 400) from None
    return value


def encode(value: Any) -> bytes:
    """Compact JSON."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False).encode("ascii")


def parse(route: Route, request: RawRequest, body: bytes) -> Request:
    """The request's members; an empty body is an empty object."""
    shape = route.operation.input_shape
    value = decode(body) if body.strip() else {}
    if shape is None:
        return {}
    try:
        return values.read_structure(shape, value, values.JSON)
    except values.Mismatch as mismatch:
        raise mismatch.error() from None


def render(route: Route, response: Response, request_id: str) -> HttpResponse:
    """A result; an operation without an output shape has an empty body."""
    shape = route.operation.output_shape
    body = encode(values.write(shape, response, values.JSON)) if shape is not None else b""
    return HttpResponse(200, {"Content-Type": _media(route), "x-amzn-RequestId": request_id}, body)


def refuse(route: Route | None, request: RawRequest, error: ApiError, request_id: str) -> HttpResponse:
    """An error: code in ``__type`` and in a header, text in ``message``."""
    service = route.service if route else ""
    found = errors.shape(service, error.code)
    content: dict[str, Any] = {"__type": found.name if found is not None else error.code, "message": error.message}
    details = errors.details(error)
    if found is not None:
        details = values.write(found, details, values.JSON)
        if "Message" in found.members:
            content["Message"] = error.message
    headers = {
        "Content-Type": _media(route),
        "x-amzn-RequestId": request_id,
        "x-amzn-ErrorType": content["__type"],
        **errors.headers(error),
    }
    if route is not None and "awsQueryCompatible" in route.operation.service_model.metadata:
        fault = "Receiver" if found is not None and found.metadata.get("fault") else "Sender"
        headers.setdefault("x-amzn-query-error", f"{errors.wire_code(service, error)};{fault}")
    return HttpResponse(errors.status("json", service, error), headers, encode(content | details))


def _media(route: Route | None) -> str:
    return route.flavour if route and route.flavour else "application/x-amz-json-1.1"
