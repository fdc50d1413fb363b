"""Where pipelines, their versions and their tags are kept, and how they are found by name.

``codepipeline.pipeline`` name → {uid, version, type, mode, role, created, updated} · ``codepipeline.version`` uid/version → the
declaration document · ``codepipeline.tags`` ARN → {key: value} · ``codepipeline.token`` uid/client request token → {execution,
at, request} · ``codepipeline.watch`` see ``sources``.
"""

from stageline.ports.api import ApiError, Context
from stageline.ports.store import Doc, ReadTx

PIPELINE = "codepipeline.pipeline"
VERSION = "codepipeline.version"
TAGS = "codepipeline.tags"
TOKEN = "codepipeline.token"


def version_key(uid: str, version: int) -> str:
    """The key of a version of a pipeline."""
    return f"{uid}/{version:09d}"


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
