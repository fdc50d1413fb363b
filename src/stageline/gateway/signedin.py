"""AWS operations for people who signed in elsewhere: the same constraints, permissions and records, in plain JSON.

Members are called as in botocore's model whatever protocol the service speaks; instants are epoch seconds, blobs Base64. An error
is ``{"code": …, "message": …}`` with the status that the service would give.
"""

import uuid
from collections.abc import Mapping
from typing import Any

from botocore.model import OperationModel

from stageline.gateway import chain, constrain, errors, specs
from stageline.gateway.http import read_all
from stageline.gateway.operations import Operation
from stageline.gateway.protocols import json, values
from stageline.ports.api import ApiError, Caller, Context, Request, Response
from stageline.ports.http import HttpRequest, HttpResponse

_JSON = {"Content-Type": "application/json", "Cache-Control": "no-store"}
_SPOKEN = {specs.REST_XML: "rest-xml"}


class SignedIn:
    """Calls as somebody whose identity was established by a session."""

    def __init__(self, gateway: chain.Gateway) -> None:
        self._gateway = gateway

    def call(self, caller: Caller, service: str, operation: str, request: HttpRequest) -> HttpResponse:
        """The JSON answer to an operation whose input is the body; errors are answers as well."""
        ctx = self._context(caller, request)
        try:
            found = self._find(service, operation)
            if found.model.has_streaming_input or found.model.has_streaming_output:
                raise ApiError("ValidationException", f"{operation} carries bytes: it has its own place in the console.", 400)
            body = read_all(request.body, self._gateway.body_limit)
            result = chain.invoke_watched(
                self._gateway, found, ctx, _read(found.model, json.decode(body) if body.strip() else {})
            )
            shape = found.model.output_shape
            shown = values.write(shape, result, values.MODEL) if shape is not None else {}
        except OverflowError:
            return self._refused(service, errors.too_large("json", self._gateway.body_limit), ctx)
        except ApiError as error:
            return self._refused(service, error, ctx)
        except Exception as error:
            chain.record(self._gateway, error, request_id=ctx.request_id, service=service, operation=operation)
            return self._refused(service, errors.internal_failure("json"), ctx)
        return HttpResponse(200, _JSON | {"x-amzn-RequestId": ctx.request_id}, json.encode(shown))

    def fetch(self, caller: Caller, service: str, operation: str, params: Request, request: HttpRequest) -> Response:
        """The result of an operation for callers that read or write bytes; raises ApiError."""
        return chain.invoke_watched(self._gateway, self._find(service, operation), self._context(caller, request), params)

    def refusal(self, caller: Caller, service: str, operation: str, params: Mapping[str, Any], request: HttpRequest) -> str:
        """Why the caller may not do this, in words; empty when it may. Nothing is done and nothing is recorded."""
        found = self._find(service, operation)
        ctx = self._context(caller, request)
        parsed = _read(found.model, dict(params))
        try:
            constrain.check(service, found.model, parsed)
            checks = found.checks(found.name, ctx, parsed)
        except ApiError:
            return ""  # a question that cannot be asked yet: the operation itself will say what is wrong
        for check in checks:
            if not self._gateway.authorizer.allowed(ctx, check):
                return f"Your policies do not allow {check.action} on {check.told or ', '.join(check.resources)}."
        return ""

    def _find(self, service: str, operation: str) -> Operation:
        try:
            return self._gateway.registry.find(service, operation)
        except LookupError:
            raise ApiError("NotImplementedException", f"There is no service {service} here.", 501) from None

    def _context(self, caller: Caller, request: HttpRequest) -> Context:
        gateway = self._gateway
        return Context(
            caller=caller,
            account=gateway.account,
            region=gateway.region,
            now=gateway.clock.now(),
            request_id=str(uuid.uuid4()),
            endpoint=request.endpoint,
            source_ip=request.source_ip,
            secure=request.secure,
            headers=request.headers,
        )

    def _refused(self, service: str, error: ApiError, ctx: Context) -> HttpResponse:
        spoken = _SPOKEN.get(specs.family(service), "json") if service in self._gateway.registry.catalog.services else "json"
        body = {"code": error.code, "message": error.message, **errors.details(error)}
        return HttpResponse(
            errors.status(spoken, service, error), _JSON | {"x-amzn-RequestId": ctx.request_id}, json.encode(body)
        )


def _read(model: OperationModel, value: Any) -> Request:
    if model.input_shape is None:
        return {}
    try:
        return values.read_structure(model.input_shape, value, values.MODEL)
    except values.Mismatch as mismatch:
        raise mismatch.error() from None
