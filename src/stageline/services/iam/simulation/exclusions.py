"""Policies that a simulation leaves out (``PolicyExclusionList``)."""

from collections.abc import Mapping, Sequence
from typing import Any

from stageline.ports.api import ApiError
from stageline.services.iam.simulation.sources import Source

_INLINE = frozenset({"user", "group", "role"})


def without(found: Sequence[Source], excluded: Sequence[Mapping[str, Any]], *, boundary: bool = False) -> list[Source]:
    """The policies that no identifier names; identifiers that name none of them count for nothing.

    ``boundary``: they are permissions boundaries, which go by ARN or as a type of their own.
    """
    for identifier in excluded:
        if "PolicyArn" in identifier and not identifier["PolicyArn"].startswith("arn:"):
            raise ApiError("InvalidInput", f"ARN {identifier['PolicyArn']} is not valid.", 400)
    return [source for source in found if not any(_names(identifier, source, boundary) for identifier in excluded)]


def _names(identifier: Mapping[str, Any], source: Source, boundary: bool) -> bool:
    if "PolicyArn" in identifier:
        return bool(identifier["PolicyArn"] == source.arn)
    if "PolicyType" in identifier:
        kind = "permission-boundary" if boundary else "inline" if source.kind in _INLINE else source.kind
        return bool(identifier["PolicyType"] == kind)
    inline = identifier.get("InlinePolicyIdentifier") or {}
    wanted = (inline.get("PolicyName"), inline.get("AttachmentType"), inline.get("AttachmentName"))
    return source.kind in _INLINE and wanted == (source.name, source.holder_kind, source.holder)
