"""Is a declaration one that can run? The structural rules of the pipeline structure reference, in CodePipeline's words.

Works on the document as the API exchanges it (shape constraints are checked before), so that nothing is lost on the way.
"""

from collections.abc import Callable, Mapping
from typing import Any

from stageline.core.pipeline.actiontype import ActionType
from stageline.core.pipeline.declaration import TypeId
from stageline.core.pipeline.effects import Refusal
from stageline.core.pipeline.validate.actions import check_actions
from stageline.core.pipeline.validate.artifacts import check_artifacts
from stageline.core.pipeline.validate.references import check_references
from stageline.core.pipeline.validate.structure import check_structure
from stageline.core.pipeline.validate.triggers import check_triggers
from stageline.core.pipeline.validate.versions import check_versions
from stageline.core.quotas import Quotas

Document = Mapping[str, Any]
Lookup = Callable[[TypeId], ActionType | None]
DEFAULTS = Quotas()


def validate(document: Document, lookup: Lookup, *, region: str, quotas: Quotas = DEFAULTS) -> Refusal | None:
    """The first thing that is wrong with a ``PipelineDeclaration``, or None."""
    return (
        check_structure(document, region=region, quotas=quotas)
        or check_versions(document, lookup)
        or check_triggers(document, quotas)
        or check_actions(document, lookup, region=region)
        or check_artifacts(document)
        or check_references(document)
    )
