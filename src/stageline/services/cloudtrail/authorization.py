"""What each operation of CloudTrail asks of the caller (Service Authorization Reference, CloudTrail)."""

from collections.abc import Sequence

from stageline.ports.api import Context, Request
from stageline.ports.identity import Check

_ACTIONS = {"lookup_events": "LookupEvents"}


def checks(operation: str, ctx: Context, request: Request) -> Sequence[Check]:
    """The questions that a request raises."""
    return (Check(f"cloudtrail:{_ACTIONS[operation]}"),)
