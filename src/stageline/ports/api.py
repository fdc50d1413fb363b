"""What crosses the boundary between the gateway and the services: the caller, the context, the refusal."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Request = dict[str, Any]
"""Parsed input: members named as in botocore's model; instants as epoch milliseconds; blobs as bytes; the streaming member
(S3 ``Body``) as a ``ByteStream``; absent members are absent."""

Response = dict[str, Any]
"""Result: members named as in botocore's model; instants as epoch milliseconds; None members are left out; the streaming
member as an iterator of bytes. The extra key ``ResponseStatus`` (int) overrides the model's HTTP status; ``ResponseHeaders``
(dict) adds headers."""


@dataclass(frozen=True)
class Caller:
    """Who signed the request.

    ``arn`` is the principal's ARN (``arn:aws:iam::ACCT:user/alice``, ``arn:aws:sts::ACCT:assumed-role/R/S``, or ``anonymous``).
    ``user_id`` is AWS's unique id (``AIDA…``, ``AROA…:session``). ``keys`` are the principal's condition keys
    (``aws:username``, ``aws:userid``, ``aws:PrincipalTag/…``, ``aws:TokenIssueTime`` …). ``origin`` is the ``person`` of who
    began the chain of roles, empty when there is none.
    """

    kind: Literal["root", "user", "role", "service", "anonymous"]
    arn: str
    user_id: str = ""
    account: str = ""
    access_key_id: str = ""
    keys: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    session_policy: str = ""
    origin: str = ""

    @property
    def person(self) -> str:
        """The stable id of whoever is behind the request: who assumes a role remains the same person."""
        return self.origin or self.user_id


@dataclass(frozen=True)
class Context:
    """Circumstances of one request. ``now`` is epoch milliseconds; ``endpoint`` is the base URL without a slash at the end."""

    caller: Caller
    account: str
    region: str
    now: int
    request_id: str
    endpoint: str
    source_ip: str = "127.0.0.1"
    secure: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a resource of this account and region."""
        return f"arn:aws:{service}:{self.region}:{self.account}:{resource}"


class ApiError(Exception):
    """A refusal in AWS's words: ``code`` as in the model (``PipelineNotFoundException``), ``message`` for people.

    ``status`` defaults to the model's status for the code, else 400. ``details`` are extra members of the error shape, or
    extra elements of an S3 error body.
    """

    def __init__(self, code: str, message: str, status: int | None = None, **details: Any) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.details = details


class NotImplementedHere(ApiError):
    """An operation or option of AWS that Stageline does not have; says so instead of pretending success."""

    def __init__(self, what: str) -> None:
        super().__init__("NotImplementedException", f"{what} is not implemented by this server", 501)
