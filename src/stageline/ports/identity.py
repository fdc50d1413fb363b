"""Who somebody is and what they may do, as the gateway and the git front door need it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from stageline.ports.api import Caller, Context

CONSOLE = "stageline:Console"
"""The key in ``Caller.keys`` of somebody who has signed in as people do: that session was not obtained by an access key, and what
AWS withholds from such sessions is not withheld from it."""


@dataclass(frozen=True)
class Credential:
    """An access key with its secret. ``expires`` is an instant, None for a key that does not expire."""

    access_key_id: str
    secret: str = field(repr=False)
    caller: Caller
    session_token: str = field(default="", repr=False)
    expires: int | None = None
    active: bool = True


@dataclass(frozen=True)
class Policies:
    """The policy documents (parsed JSON) that bound a principal; ``boundary`` and ``session`` are None where there is none.
    ``names`` say what each of ``identity`` is called, in the same order, for telling why somebody was refused."""

    identity: Sequence[Mapping[str, Any]] = ()
    boundary: Mapping[str, Any] | None = None
    session: Mapping[str, Any] | None = None
    names: Sequence[str] = ()
    boundary_name: str = ""


@dataclass(frozen=True)
class Check:
    """One question that a request raises: may the caller do ``action`` (``s3:GetObject``) on each of ``resources``?

    ``resource_policy`` is the parsed policy of the resource (a bucket policy). ``keys`` are condition keys of this request
    (``s3:prefix``, ``aws:RequestTag/team``, ``iam:PassedToService``). With ``any_of`` a grant on one of ``resources`` is enough.
    ``told`` is what a refusal calls the resource where its ARN would tell more than the caller knows.
    """

    action: str
    resources: tuple[str, ...] = ("*",)
    keys: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    resource_policy: Mapping[str, Any] | None = None
    any_of: bool = False
    told: str = ""


@dataclass(frozen=True)
class Assumption:
    """What somebody asks for when assuming a role. ``duration`` is in milliseconds; ``policies`` are session policies as JSON
    text, ``policy_arns`` managed ones; ``source_arn`` is the resource on whose behalf a service asks. ``bond`` names what has to
    go on for the session to be valid (a pipeline's job in the hands of a worker): when that ends, the session ends at once, and
    so do sessions that were obtained with it. ``origin`` is the person behind a service that asks."""

    role_arn: str
    session_name: str
    duration: int = 3_600_000
    policy: str = ""
    policy_arns: tuple[str, ...] = ()
    external_id: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    transitive: tuple[str, ...] = ()
    source_identity: str = ""
    source_arn: str = ""
    bond: str = ""
    origin: str = ""


class Identity(Protocol):
    """Looks up credentials and policies; always current (a revoked policy or key is refused from the next request on)."""

    def credential(self, access_key_id: str, session_token: str = "") -> Credential | None:
        """The credential of an access key id, or None. Temporary credentials live in their session token alone: without
        the right token they are unknown."""
        ...

    def used(self, access_key_id: str, service: str, region: str) -> None:
        """Remember that a key (or the role behind a temporary one) signed a request; coarse and cheap."""
        ...

    def git_user(self, user_name: str, password: str) -> Caller | None:
        """The IAM user of HTTPS git credentials (a service-specific credential for CodeCommit), or None."""
        ...

    def policies(self, caller: Caller) -> Policies:
        """The policies in force for a caller."""
        ...

    def assume(self, ctx: Context, asked: Assumption) -> tuple[Credential, str]:
        """Temporary credentials of a role for ``ctx.caller``, and the role's id; ApiError AccessDenied when the role does not
        exist, or its trust policy (and the caller's own policies where that leaves it to them) do not allow it."""
        ...

    def session(self, caller: Caller, duration: int) -> Credential:
        """Temporary credentials of the caller itself (``duration`` in milliseconds)."""
        ...

    def assume_as_service(
        self,
        role_arn: str,
        session_name: str,
        *,
        service: str,
        policy: str,
        duration: int,
        source_arn: str = "",
        bond: str = "",
        origin: str = "",
    ) -> Credential:
        """Temporary credentials (``duration`` in milliseconds) of a role for a service principal; ApiError AccessDenied when
        the role does not exist or its trust policy does not name ``service``."""
        ...


class Authorizer(Protocol):
    """Answers checks; the only place that says no."""

    def require(self, ctx: Context, checks: Sequence[Check], *, service: str) -> None:
        """Raise ApiError (AccessDenied or AccessDeniedException, in AWS's words for ``service``) unless all are allowed."""
        ...

    def allowed(self, ctx: Context, check: Check) -> bool:
        """Whether one check would pass, for answers that only differ by what the caller may see; nothing is remembered."""
        ...


@dataclass(frozen=True)
class Denial:
    """One refused question. ``at`` is epoch milliseconds; ``principal`` and ``resource`` are ARNs.

    ``source`` is the kind of policy that decided (``identity``, ``boundary``, ``session``, ``resource``, ``trust``). With
    ``explicit`` it denies: ``policy`` names it, ``statement`` is its Sid (may be empty) and ``index`` its place in the document,
    from 0. Else ``lacking`` are the kinds of policies that apply and allow nothing of the kind. ``keys`` are the condition keys
    of the question, with secrets left out.
    """

    request_id: str
    at: int
    service: str
    principal: str
    user_id: str
    action: str
    resource: str
    reason: str
    source: str
    explicit: bool
    policy: str = ""
    statement: str = ""
    index: int = -1
    lacking: tuple[str, ...] = ()
    keys: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)


class Denials(Protocol):
    """A bounded memory of the latest denials."""

    def note(self, denial: Denial) -> None:
        """Remember a denial; cheap, never raises, and may leave some of a flood out."""
        ...


class NoDenials:
    """Remembers nothing."""

    def note(self, denial: Denial) -> None:
        """Forget it at once."""
