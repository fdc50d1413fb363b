"""Follows one request on its way through the gateway and tells the trail how it ended."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from botocore.model import OperationModel

from stageline.gateway import errors
from stageline.gateway.audit.masking import Masking, Plain
from stageline.gateway.audit.natures import inside, nature
from stageline.ports.api import ApiError, Context
from stageline.ports.audit.trail import Happening, Nature, Trail
from stageline.ports.identity import Check

_KEY_ID: Final = re.compile(r"(?:Credential=|AWSAccessKeyId=|AWS )((?:AKIA|ASIA)[A-Z0-9]{16})\b")
_DENIED: Final = frozenset({"AccessDenied", "AccessDeniedException", "AuthorizationError", "AccessForbidden"})


class Witness:
    """What is known of one request so far.

    ``ctx`` is set once the sender is known, ``heard`` once the request could be read.
    """

    def __init__(self, trail: Trail, plain: Plain, *, internal: bool = False) -> None:
        self._trail, self._plain, self._internal = trail, plain, internal
        self._model: OperationModel | None = None
        self._service = ""
        self._nature = Nature(read_only=True)
        self._wanted = True
        self._request: Mapping[str, Any] | None = None
        self._masking = Masking(plain)
        self._parameters: Mapping[str, Any] | None = None
        self._result: Mapping[str, Any] | None = None
        self._checks: Sequence[Check] = ()
        self.ctx: Context | None = None

    def routed(self, service: str, model: OperationModel) -> None:
        """Which operation is asked for."""
        self._service, self._model = service, model
        self._nature = (inside if self._internal else nature)(service, model.name)
        self._wanted = self._trail.wants(self._nature)

    def heard(self, request: Mapping[str, Any]) -> None:
        """The request as it was read; operations may change it, so what is recorded of it is taken at once."""
        self._request = request
        if self._wanted:
            self._parameters = self._masked(request)

    def asked(self, checks: Sequence[Check]) -> None:
        """Which permissions the request takes: they name the resources that it is about."""
        self._checks = checks

    def answered(self, result: Mapping[str, Any]) -> None:
        """What came of it."""
        self._result = result
        if self._nature.polling and (result.get("jobs") or result.get("Messages")):
            self._wanted = True  # not a look in vain: a job, and credentials with it, changes hands

    def tell(self, refusal: ApiError | None, unknown: Context, signed: str = "") -> None:
        """Tell the trail how the request ended. ``unknown`` is the context of a request whose sender is not known, ``signed``
        what it said about its sender."""
        denied = refusal is not None and (self.ctx is None or refusal.code in _DENIED)
        if not self._wanted and not denied:
            return
        if self._parameters is None and self._request is not None:
            self._parameters = self._masked(self._request)
        ctx = self.ctx or unknown
        claim = _KEY_ID.search(signed) if self.ctx is None else None
        self._trail.record(
            Happening(
                ctx=ctx,
                service=self._service or "stageline",
                operation=self._model.name if self._model is not None else "UnidentifiedRequest",
                nature=self._nature,
                request=self._parameters,
                response=self._response() if refusal is None else None,
                code=self._code(refusal) if refusal is not None else "",
                message=self._message(refusal) if refusal is not None else "",
                resources=self._resources(),
                verified=self.ctx is not None and ctx.caller.kind != "anonymous",
                claimed=claim.group(1) if claim else "",
                invoked_by=_text(ctx.caller.keys.get("stageline:service", "")) if self._internal else "",
            )
        )

    def _masked(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        shape = self._model.input_shape if self._model is not None else None
        return self._masking.whole(shape, request)

    def _response(self) -> Mapping[str, Any] | None:
        if self._result is None or self._model is None or (self._nature.read_only and not self._nature.issues):
            return None
        masking = Masking(self._plain)
        masking.hidden.extend(self._masking.hidden)
        return masking.whole(self._model.output_shape, self._result)

    def _code(self, refusal: ApiError) -> str:
        shape = errors.shape(self._service, refusal.code)
        return shape.name if shape is not None else refusal.code

    def _message(self, refusal: ApiError) -> str:
        """Why it was refused. What is said of a request that could not be read, or of a signature, may quote what must not be
        written down."""
        return self._masking.scrubbed(refusal.message) if self._request is not None else ""

    def _resources(self) -> tuple[str, ...]:
        found = (name for check in self._checks for name in check.resources)
        return tuple(dict.fromkeys(name for name in found if name.startswith("arn:") and "*" not in name and len(name) < 2048))


def _text(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else ",".join(value)
