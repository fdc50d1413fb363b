"""Where pipelines, their versions and their tags are kept, and how they are found by name.

``codepipeline.pipeline`` name → {uid, version, type, mode, role, created, updated} · ``codepipeline.version`` uid/version → the
declaration document · ``codepipeline.tags`` ARN → {key: value} · ``codepipeline.token`` uid/client request token → {execution,
at, request} · ``codepipeline.reported`` uid/stage/action/hash of a revision → {execution, at} ·
``codepipeline.watch`` see ``sources`` · ``codepipeline.webhook`` see ``webhooks.records`` ·
``codepipeline.action-type`` see ``custom.definitions``.
"""

from stageline.ports.api import ApiError, Context
from stageline.ports.store import Doc, ReadTx

PIPELINE = "codepipeline.pipeline"
VERSION = "codepipeline.version"
TAGS = "codepipeline.tags"
TOKEN = "codepipeline.token"
REPORTED = "codepipeline.reported"
WEBHOOK = "codepipeline.webhook"


def version_key(uid: str, version: int) -> str:
    """The key of a version of a pipeline."""
    return f"{uid}/{version:09d}"


def canonical(resource: str) -> str:
    """The resource part of an ARN in its one spelling; AWS's pages write ``actionType`` as well."""
    return f"actiontype:{resource.removeprefix('actionType:')}" if resource.startswith("actionType:") else resource


def find(tx: ReadTx, ctx: Context, name: str) -> Doc:
    """A pipeline's record; PipelineNotFoundException."""
    record = tx.get(PIPELINE, name)
    if record is None:
        raise not_found(ctx, name)
    return record


def not_found(ctx: Context, name: str) -> ApiError:
    """The answer about a pipeline that is not there."""
    return ApiError("PipelineNotFoundException", f"Account '{ctx.account}' does not have a pipeline with name '{name}'")


def arn(ctx: Context, name: str) -> str:
    """The ARN of a pipeline."""
    return ctx.arn("codepipeline", name)
