"""The rule types of this server."""

from collections.abc import Mapping

from stageline.core.pipeline.declaration import TypeId
from stageline.core.pipeline.ruletype import RuleType
from stageline.ports.api import Context, Request, Response
from stageline.ports.store import Doc
from stageline.services.codepipeline.custom import definitions
from stageline.services.codepipeline.shapes import present

MOST_SHOWN = 5
"""``ArtifactDetails`` in AWS's model has no larger number, though some rules take more artifacts."""


def list_rule_types(ctx: Context, request: Request, *, rule_types: Mapping[TypeId, RuleType]) -> Response:
    """The rule types, by provider, of an owner and of a Region."""
    owner, region = request.get("ruleOwnerFilter"), request.get("regionFilter")
    chosen = [each for each in rule_types.values() if owner in (None, each.owner) and region in (None, ctx.region)]
    return {"ruleTypes": [_type(each) for each in sorted(chosen, key=lambda each: each.id)]}


def _type(kind: RuleType) -> Doc:
    return {
        "id": {"category": kind.category, "owner": kind.owner, "provider": kind.provider, "version": kind.version},
        "settings": present(entityUrlTemplate=kind.entity_url, executionUrlTemplate=kind.execution_url),
        "ruleConfigurationProperties": [definitions.configuration_property(each) for each in kind.properties],
        "inputArtifactDetails": {"minimumCount": kind.inputs[0], "maximumCount": min(kind.inputs[1], MOST_SHOWN)},
    }
