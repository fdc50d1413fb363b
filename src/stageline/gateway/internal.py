"""AWS operations called from inside the server: no HTTP, no signature, but the same constraints and permissions."""

import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final, cast

from stageline.gateway import chain, specs
from stageline.gateway.audit.handing import tell_denied, tell_handed
from stageline.gateway.http import BytesStream, IteratorStream
from stageline.ports.api import ApiError, Caller, Context, NotImplementedHere, Request
from stageline.ports.aws import Aws, ByteStream
from stageline.ports.clock import Clock
from stageline.ports.compute import Assumed, Compute, Order, Standing
from stageline.ports.identity import Credential, Identity
from stageline.ports.repositories import Repositories

_HOUR: Final = 3_600_000
_RENEW_BEFORE: Final = 600_000
"""Credentials are renewed when they have less than this to live, in milliseconds."""

SERVER: Final = "stageline.amazonaws.com"
"""The principal as which the server itself calls; no policy names it, so it may assume roles and little else."""

ASSUMED_BY: Final = "stageline:service"
"""The key in ``Caller.keys`` that names the service for which a role was assumed. Only calls from inside the server carry it: the
same session's credentials, used over HTTP, do not."""


ASSUMED_FOR: Final = "stageline:source"
"""The key in ``Caller.keys`` that names the resource on whose behalf that service assumed it: the rule, for EventBridge."""


class _Link:
    """The gateway, which is made after the ports it is made of."""

    gateway: chain.Gateway | None = None
    repositories: Repositories | None = None
    compute: Compute | None = None


class InternalAws:
    """Operations of every service as one principal; implements ``stageline.ports.aws.Aws``.

    ``assume`` makes (and makes again) the credential of an assumed role. ``principal`` are the steps by which the server came to
    be it; None when it began as somebody else.
    """

    def __init__(
        self,
        *,
        identity: Identity,
        clock: Clock,
        endpoint: str,
        caller: Caller | None = None,
        assume: Callable[[], Credential] | None = None,
        link: _Link | None = None,
        principal: tuple[Assumed, ...] | None = (),
    ) -> None:
        self._identity = identity
        self._clock = clock
        self._endpoint = endpoint
        self._caller = caller or Caller(kind="service", arn=SERVER, user_id=SERVER)
        self._assume = assume
        self._credential = assume() if assume is not None else None
        self._link = link or _Link()
        self._steps = principal
        self._role = principal[-1] if principal else None
        self._handed = ""

    def connect(self, gateway: chain.Gateway, repositories: Repositories | None = None, compute: Compute | None = None) -> None:
        """Tell through which gateway calls go, where the trees of commits come from, and who runs commands."""
        self._link.gateway = gateway
        self._link.repositories = repositories
        self._link.compute = compute

    def as_caller(self, caller: Caller) -> "InternalAws":
        """The same operations as somebody whose identity was established before."""
        return InternalAws(
            identity=self._identity,
            clock=self._clock,
            endpoint=self._endpoint,
            caller=caller,
            link=self._link,
            principal=None,
        )

    def call(self, service: str, operation: str, /, **params: Any) -> dict[str, Any]:
        """Call an operation by its name in the model; see the port."""
        gateway = self._gateway()
        found = gateway.registry.find(service, operation)
        result = chain.invoke_inside(gateway, found, self._context(), _request(service, operation, params))
        answer = {name: value for name, value in result.items() if value is not None}
        if found.model.has_streaming_output:
            payload = found.model.output_shape.serialization["payload"]
            body = answer.get(payload, b"")
            answer[payload] = iter((body,)) if isinstance(body, bytes) else iter(body)
        return answer

    def as_role(
        self,
        role_arn: str,
        session_name: str,
        *,
        service: str = "",
        policy: str = "",
        source_arn: str = "",
        bond: str = "",
        origin: str = "",
    ) -> Aws:
        """Assume a role, as a service principal or as this caller; see the port."""

        def as_service() -> Credential:
            try:
                given = self._identity.assume_as_service(
                    role_arn,
                    session_name,
                    service=service,
                    policy=policy,
                    duration=_HOUR,
                    source_arn=source_arn,
                    bond=bond,
                    origin=origin,
                )
            except ApiError as error:
                tell_denied(self._gateway(), self._context(), Assumed(role_arn, session_name, service), error)
                raise
            return _marked(given, {ASSUMED_BY: service} | ({ASSUMED_FOR: source_arn} if source_arn else {}))

        def as_this_caller() -> Credential:
            asked = {"RoleArn": role_arn, "RoleSessionName": session_name} | ({"Policy": policy} if policy else {})
            given = self.call("sts", "AssumeRole", **asked)["Credentials"]
            credential = self._identity.credential(given["AccessKeyId"], given["SessionToken"])
            if credential is None:
                raise ApiError("AccessDenied", f"The session of {role_arn} ended as it began.", 403)
            marks = self._principal().keys
            return _marked(credential, {mark: marks[mark] for mark in (ASSUMED_BY, ASSUMED_FOR) if mark in marks})

        return InternalAws(
            identity=self._identity,
            clock=self._clock,
            endpoint=self._endpoint,
            assume=as_service if service else as_this_caller,
            link=self._link,
            principal=self._after(Assumed(role_arn, session_name, service, policy, source_arn)),
        )

    def _after(self, step: Assumed) -> tuple[Assumed, ...] | None:
        """The steps to a role: the server itself takes one for a service, whoever asks."""
        if step.service:
            return (step,)
        return None if self._steps is None else (*self._steps, step)

    def archive(self, repository: str, commit_id: str) -> Iterator[bytes]:
        """The tree of a commit as a zip; see the port."""
        if self._link.repositories is None:
            raise NotImplementedHere("CodeCommit")
        return self._link.repositories.archive(self._context(), repository, commit_id)

    def run_commands(self, order: Order) -> Standing:
        """Begin to run commands as this role; see the port."""
        if not self._steps:
            raise ApiError("AccessDenied", "Commands run as a role that the server has assumed, and this principal is none.", 403)
        return self._compute().begin(self._context(), order, self._steps)

    def commands(self, work_id: str) -> Standing | None:
        """How ordered work stands; see the port."""
        return self._compute().standing(work_id)

    def stop_commands(self, work_id: str) -> None:
        """End ordered work; see the port."""
        self._compute().stop(self._context(), work_id)

    def _compute(self) -> Compute:
        if self._link.compute is None:
            raise NotImplementedHere("Running commands")
        return self._link.compute

    def credentials(self) -> dict[str, str]:
        """Keys of the assumed role, good for ten minutes at least."""
        credential = self._fresh()
        if credential is None:
            raise ApiError("AccessDenied", "Only an assumed role has credentials to hand on.", 403)
        if self._handed != credential.access_key_id:
            self._handed = credential.access_key_id
            tell_handed(self._gateway(), self._context(), credential, self._role)
        return {
            "AccessKeyId": credential.access_key_id,
            "SecretAccessKey": credential.secret,
            "SessionToken": credential.session_token,
        }

    def _gateway(self) -> chain.Gateway:
        if self._link.gateway is None:
            raise RuntimeError("the gateway is not assembled yet")
        return self._link.gateway

    def _context(self) -> Context:
        gateway = self._gateway()
        return Context(
            caller=self._principal(),
            account=gateway.account,
            region=gateway.region,
            now=self._clock.now(),
            request_id=str(uuid.uuid4()),
            endpoint=self._endpoint,
            source_ip="",  # what the server does itself comes from no address that a policy could mean
            secure=True,
        )

    def _principal(self) -> Caller:
        credential = self._fresh()
        return self._caller if credential is None else credential.caller

    def _fresh(self) -> Credential | None:
        credential = self._credential
        if credential is None or self._assume is None or credential.expires is None:
            return credential
        if credential.expires - self._clock.now() < _RENEW_BEFORE:
            self._credential = credential = self._assume()
        return credential


def _marked(credential: Credential, marks: Mapping[str, str | tuple[str, ...]]) -> Credential:
    """The credential, with the service for which its role (or the one before it in a chain) was assumed."""
    return replace(credential, caller=replace(credential.caller, keys={**credential.caller.keys, **marks}))


def _request(service: str, operation: str, params: dict[str, Any]) -> Request:
    model = specs.operation(service, operation)
    shape = model.input_shape if model is not None else None
    request = {name: value for name, value in params.items() if value is not None}
    unknown = request.keys() - (shape.members.keys() if shape is not None else set())
    if unknown:
        raise TypeError(f"{service} {operation} has no parameter {', '.join(sorted(unknown))}")
    if model is not None and shape is not None and model.has_streaming_input:
        payload = shape.serialization["payload"]
        request[payload] = _stream(request.get(payload, b""))
    return request


def _stream(body: Any) -> ByteStream:
    if isinstance(body, bytes | bytearray | memoryview):
        return BytesStream(bytes(body))
    return cast(ByteStream, body) if hasattr(body, "read") else IteratorStream(iter(body))
