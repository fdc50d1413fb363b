"""Smithy RPC v2 CBOR: ``POST /service/{target prefix}/operation/{operation}``, CBOR maps both ways."""

from typing import Any, NoReturn

import cbor2

from stageline.gateway import errors
from stageline.gateway.http import RawRequest, Route
from stageline.gateway.protocols import values
from stageline.ports.api import ApiError, Request, Response
from stageline.ports.http import HttpResponse

_CODEC = values.cbor_codec(lambda seconds: cbor2.CBORTag(1, float(seconds)))


def _no_tag(_decoder: Any) -> NoReturn:
    raise ValueError("of the tags only 1 (an instant) is allowed")


# What cbor2 would make of other tags: cyclic values, big numbers, regular expressions, addresses, sets.
_FOREIGN_TAGS = (0, 2, 3, 4, 5, 25, 28, 29, 30, 35, 36, 37, 43, 52, 54, 100, 256, 258, 260, 261, 1004, 43000)
_DECODERS = dict.fromkeys(_FOREIGN_TAGS, _no_tag)


def decode(data: bytes) -> Any:
    """One CBOR item of bounded depth, map keys unique and text; raises ApiError SerializationException."""
    try:
        return cbor2.loads(
            data,
            max_depth=values.DEPTH,
            allow_duplicate_keys=False,
            strict_hashable_types=True,
            semantic_decoders=_DECODERS,
        )
    except (cbor2.CBORError, ValueError, TypeError, OverflowError, RecursionError, MemoryError) as error:
        text = str(error)[:200] or type(error).__name__
        raise ApiError("SerializationException", f"The body is not valid CBOR: {text}", 400) from None


def parse(route: Route, request: RawRequest, body: bytes) -> Request:
    """The request's members; an empty body is an empty map."""
    shape = route.operation.input_shape
    value = decode(body) if body else {}
    if shape is None:
        return {}
    try:
        return values.read_structure(shape, value, _CODEC)
    except values.Mismatch as mismatch:
        raise mismatch.error() from None


def render(route: Route, response: Response, request_id: str) -> HttpResponse:
    """A result; an operation without an output shape has an empty body."""
    shape = route.operation.output_shape
    body = cbor2.dumps(values.write(shape, response, _CODEC)) if shape is not None else b""
    return HttpResponse(200, _headers(request_id), body)


def refuse(route: Route | None, request: RawRequest, error: ApiError, request_id: str) -> HttpResponse:
    """An error, shaped as the JSON protocol shapes it."""
    service = route.service if route else ""
    found = errors.shape(service, error.code)
    content: dict[str, Any] = {"__type": found.name if found is not None else error.code, "message": error.message}
    details = errors.details(error)
    if found is not None:
        details = values.write(found, details, _CODEC)
    return HttpResponse(
        errors.status("cbor", service, error),
        {**_headers(request_id), "x-amzn-ErrorType": content["__type"], **errors.headers(error)},
        cbor2.dumps(content | details),
    )


def _headers(request_id: str) -> dict[str, str]:
    return {"Content-Type": "application/cbor", "smithy-protocol": "rpc-v2-cbor", "x-amzn-RequestId": request_id}
