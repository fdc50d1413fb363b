"""A request's life: identify, authenticate, parse, constrain, authorize, invoke, render.

Every way out is an answer of the request's own protocol; a defect is logged once and answered without details.
"""

import errno
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import Any, Final

import structlog

from stageline.gateway import constrain, errors, identify
from stageline.gateway.audit.masking import Plain
from stageline.gateway.audit.witness import Witness
from stageline.gateway.conform import conform
from stageline.gateway.http import RawRequest, Route, read_all
from stageline.gateway.operations import Operation, Registry
from stageline.gateway.protocols import cbor, json, query, rest_json, rest_xml
from stageline.gateway.signatures import hoisted
from stageline.ports.api import ApiError, Caller, Context, Request, Response
from stageline.ports.audit.trail import Trail
from stageline.ports.aws import ByteStream
from stageline.ports.clock import Clock
from stageline.ports.http import HttpResponse
from stageline.ports.identity import Authorizer
from stageline.ports.store import StorageFull

PROTOCOLS: Final[dict[str, ModuleType]] = {
    "json": json,
    "cbor": cbor,
    "query": query,
    "rest-json": rest_json,
    "rest-xml": rest_xml,
}

NOBODY: Final = Caller(kind="anonymous", arn="anonymous", user_id="anonymous")

_log = structlog.get_logger("stageline.gateway")

Authenticate = Callable[[RawRequest, Route, str], tuple[Caller, ByteStream]]
"""Who sent a request for a route (with the bucket named by the host), and the body to read instead of the raw one."""


@dataclass(frozen=True)
class Gateway:
    """What answering takes. ``strict`` holds results against the model; ``bugs`` collects unexpected exceptions.

    ``trail`` is told of every request, if there is one; ``plain`` says which configuration values it may keep.
    """

    registry: Registry
    authenticate: Authenticate
    authorizer: Authorizer
    clock: Clock
    account: str
    region: str
    hosts: identify.Hosts = field(default_factory=identify.Hosts)
    body_limit: int = 10 * 1024 * 1024
    strict: bool = False
    bugs: list[BaseException] = field(default_factory=list)
    trail: Trail | None = None
    plain: Plain = field(default_factory=dict)

    def witness(self, *, internal: bool = False) -> Witness | None:
        """Somebody who follows one request for the trail."""
        return Witness(self.trail, self.plain, internal=internal) if self.trail is not None else None


def answer(gateway: Gateway, request: RawRequest) -> HttpResponse:
    """The answer to a request, whatever it holds."""
    request_id = str(uuid.uuid4())
    spoken = identify.protocol(request, gateway.registry.catalog)
    route: Route | None = None
    refusal: ApiError | None = None
    witness = gateway.witness()
    try:
        route, request = identify.route(spoken, request, gateway.registry.catalog, gateway.hosts)
        reply = _served(gateway, route, request, request_id, witness)
    except ApiError as error:
        refusal = error
    except OSError as error:
        full = isinstance(error, StorageFull) or error.errno in (errno.ENOSPC, errno.EDQUOT)
        refusal = errors.storage_full(spoken) if full else _bug(gateway, spoken, route, error, request_id)
    except Exception as error:
        refusal = _bug(gateway, spoken, route, error, request_id)
    if refusal is not None:
        reply = _refused(spoken, route, request, refusal, request_id)
    if witness is not None:
        unknown = witness.ctx or _context(gateway, request, NOBODY, request_id)
        _tell(gateway, witness, refusal, unknown, f"{request.header.get('authorization', '')} {request.raw_query}")
    return replace(reply, body=b"") if request.method == "HEAD" and isinstance(reply.body, bytes) else reply


def _served(gateway: Gateway, route: Route, request: RawRequest, request_id: str, witness: Witness | None) -> HttpResponse:
    protocol = PROTOCOLS[route.protocol]
    if witness is not None:
        witness.routed(route.service, route.operation)
    bucket = gateway.hosts.bucket(request.header.get("host", "")) if route.service == "s3" else ""
    caller, body = gateway.authenticate(request, route, bucket)
    if route.service == "s3":
        request = hoisted.restored(request)
    ctx = _context(gateway, request, caller, request_id)
    if witness is not None:
        witness.ctx = ctx
    operation = gateway.registry.find(route.service, route.operation.name)
    parsed = _parsed(gateway, protocol, route, request, body)
    result = invoke(gateway, operation, ctx, parsed, witness)
    return _adjusted(protocol.render(route, result, request_id), result)


def _parsed(gateway: Gateway, protocol: ModuleType, route: Route, request: RawRequest, body: ByteStream) -> Request:
    operation = route.operation
    if operation.has_streaming_input:
        parsed: Request = protocol.parse(route, request, b"")
        parsed[operation.input_shape.serialization["payload"]] = body
        return parsed
    try:
        data = read_all(body, gateway.body_limit)
    except OverflowError:
        raise errors.too_large(route.protocol, gateway.body_limit) from None
    found: Request = protocol.parse(route, request, data)
    return found


def _context(gateway: Gateway, request: RawRequest, caller: Caller, request_id: str) -> Context:
    return Context(
        caller=caller,
        account=gateway.account,
        region=gateway.region,
        now=gateway.clock.now(),
        request_id=request_id,
        endpoint=request.endpoint,
        source_ip=request.source_ip,
        secure=request.secure,
        headers=request.header,
    )


def invoke(gateway: Gateway, operation: Operation, ctx: Context, request: Request, witness: Witness | None = None) -> Response:
    """Constrain, authorize, run: what calls from inside the server go through as well."""
    if witness is not None:
        witness.heard(request)
    constrain.check(operation.service, operation.model, request)
    asked = operation.checks(operation.name, ctx, request)
    if witness is not None:
        witness.asked(asked)
    gateway.authorizer.require(ctx, asked, service=operation.service)
    result = operation.invoke(ctx, request)
    if witness is not None:
        witness.answered(result)
    if gateway.strict:
        conform(operation, result)
    return result


def invoke_inside(gateway: Gateway, operation: Operation, ctx: Context, request: Request) -> Response:
    """The same for the server itself, which no ``answer`` is around of; the trail is told."""
    return invoke_watched(gateway, operation, ctx, request, internal=True)


def invoke_watched(gateway: Gateway, operation: Operation, ctx: Context, request: Request, *, internal: bool = False) -> Response:
    """The same for a caller whose identity was established elsewhere; the trail is told. Raises ApiError."""
    witness = gateway.witness(internal=internal)
    if witness is None:
        return invoke(gateway, operation, ctx, request)
    witness.routed(operation.service, operation.model)
    witness.ctx = ctx
    try:
        result = invoke(gateway, operation, ctx, request, witness)
    except ApiError as error:
        _tell(gateway, witness, error, ctx)
        raise
    _tell(gateway, witness, None, ctx)
    return result


def _tell(gateway: Gateway, witness: Witness, refusal: ApiError | None, ctx: Context, signed: str = "") -> None:
    """What was done is answered even where it cannot be told."""
    try:
        witness.tell(refusal, ctx, signed)
    except Exception as error:
        record(gateway, error, request_id=ctx.request_id)


def _adjusted(reply: HttpResponse, result: Response) -> HttpResponse:
    status, headers = result.get("ResponseStatus"), result.get("ResponseHeaders")
    if status is None and headers is None:
        return reply
    bodiless = status in (204, 304)
    return HttpResponse(status or reply.status, {**reply.headers, **(headers or {})}, b"" if bodiless else reply.body)


def _refused(spoken: str, route: Route | None, request: RawRequest, error: ApiError, request_id: str) -> HttpResponse:
    reply: HttpResponse = PROTOCOLS[spoken].refuse(route, request, error, request_id)
    return reply


def _bug(gateway: Gateway, spoken: str, route: Route | None, error: BaseException, request_id: str) -> ApiError:
    place: dict[str, Any] = {"service": route.service, "operation": route.operation.name} if route else {}
    record(gateway, error, request_id=request_id, **place)
    return errors.internal_failure(spoken)


def record(gateway: Gateway, error: BaseException, **where: Any) -> None:
    """Log a defect, and keep it for tests to find."""
    gateway.bugs.append(error)
    del gateway.bugs[:-100]
    _log.error("request failed unexpectedly", exc_info=error, **where)
