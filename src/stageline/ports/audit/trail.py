"""The audit trail: takes what happened, keeps it in a chain of hashes, finds it again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from stageline.ports.api import Context

HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"
"""What stands in a record for a value that must not be in it; CloudTrail's own word."""


@dataclass(frozen=True)
class Nature:
    """What kind of call an operation is. ``data`` is CloudTrail's word for calls on the contents of resources (objects, log
    lines); ``polling`` are those asked again and again by programs; ``issues`` those that hand out credentials."""

    read_only: bool = False
    data: bool = False
    polling: bool = False
    issues: bool = False


@dataclass(frozen=True)
class Happening:
    """One call, as it ended. ``service`` is botocore's name, ``operation`` the model's.

    ``request`` and ``response`` hold nothing secret any more, and names as CloudTrail spells them. ``code`` and ``message``
    tell a refusal. ``resources`` are ARNs. ``verified`` is False where nobody proved who they are; ``claimed`` is then the access
    key id that was named.
    """

    ctx: Context
    service: str
    operation: str
    nature: Nature = Nature()
    request: Mapping[str, Any] | None = None
    response: Mapping[str, Any] | None = None
    code: str = ""
    message: str = ""
    resources: Sequence[str] = ()
    verified: bool = True
    claimed: str = ""
    invoked_by: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Query:
    """Which management events are looked for: from ``since`` until ``until`` (epoch milliseconds, both included), those whose
    ``attribute`` (a key of CloudTrail's LookupAttributes) has ``value``; before record number ``before``, newest first."""

    since: int
    until: int
    attribute: str = ""
    value: str = ""
    before: int | None = None
    limit: int = 50


@dataclass(frozen=True)
class Found:
    """Records (CloudTrail's event form), newest first, and the number before which to go on looking; None at the end."""

    events: Sequence[Mapping[str, Any]]
    before: int | None = None


class Trail(Protocol):
    """Keeps records of calls."""

    def wants(self, nature: Nature) -> bool:
        """Whether calls of a kind are recorded when they are allowed; refusals for want of permission always are."""
        ...

    def record(self, happening: Happening) -> None:
        """Take a record. When this returns, that of a change that was made is durable; others are within a second."""
        ...

    def lookup(self, query: Query) -> Found:
        """Management events, newest first; a page may have fewer than ``limit`` events although more follow."""
        ...
