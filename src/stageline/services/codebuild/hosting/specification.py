"""Finding the buildspec of a build: given with it, in S3, or a file of the primary source."""

import os
from pathlib import Path

from stageline.core.build import buildspec
from stageline.core.build.buildspec import ArtifactSpec, Buildspec, BuildspecError, PhaseSpec
from stageline.core.build.yamltext import MOST_BYTES
from stageline.ports.api import ApiError
from stageline.ports.aws import Aws
from stageline.ports.store import Doc
from stageline.services.codebuild.hosting.failure import Failure
from stageline.services.codebuild.hosting.sources import read_object
from stageline.services.codebuild.hosting.workspace import SCRIPTS, Workspace

DEFAULT = "buildspec.yml"


def find(asked: str, workspace: Workspace, aws: Aws) -> tuple[Buildspec, str]:
    """The buildspec and where it was found, for the log. ``asked`` is the project's or the override's text."""
    if asked.startswith("arn:"):
        text, place = _from_s3(asked, aws), asked
    elif asked and buildspec.is_inline(asked):
        text, place = asked, f"{SCRIPTS}/{DEFAULT}"
    else:
        text, place = _from_source(asked or DEFAULT, workspace)
    try:
        return buildspec.read(text), place
    except BuildspecError as error:
        raise Failure("YAML_FILE_ERROR", str(error)) from error


def ordered(work: Doc) -> tuple[Buildspec, str]:
    """What a pipeline's commands amount to: a build of one phase."""
    artifacts = ArtifactSpec(files=tuple(work["files"])) if work["files"] else None
    phases = {"build": PhaseSpec(tuple(work["commands"]))}
    return Buildspec("0.2", phases, exported=tuple(work["exported"]), artifacts=artifacts), "the commands of the pipeline"


def _from_s3(arn: str, aws: Aws) -> str:
    bucket, _, key = arn.partition(":::")[2].partition("/")
    if not bucket or not key:
        raise Failure("YAML_FILE_ERROR", f"{arn} is not the ARN of an S3 object: expected arn:aws:s3:::bucket/key")
    try:
        return read_object(aws, bucket, key, most=MOST_BYTES).decode()
    except ApiError as error:
        raise Failure("YAML_FILE_ERROR", f"{error.code}: {error.message} (reading {arn})") from error
    except ValueError as error:
        raise Failure("YAML_FILE_ERROR", str(error)) from error


def _from_source(path: str, workspace: Workspace) -> tuple[str, str]:
    place = os.path.normpath(Path(workspace.source_inside, path))
    # Nothing runs in the box yet, so what is resolved now cannot change before it is read.
    real = Path(os.path.realpath(workspace.source / path))
    if not real.is_relative_to(os.path.realpath(workspace.source)):
        raise Failure("YAML_FILE_ERROR", f"{path} leads out of the source")
    try:
        if real.stat().st_size > MOST_BYTES:
            raise Failure("YAML_FILE_ERROR", f"{place} is larger than {MOST_BYTES} bytes")
        return real.read_text("utf-8"), place
    except FileNotFoundError as error:
        raise Failure("YAML_FILE_ERROR", f"stat {place}: no such file or directory") from error
    except UnicodeDecodeError as error:
        raise Failure("YAML_FILE_ERROR", f"{place} is not UTF-8 text") from error
    except OSError as error:
        raise Failure("YAML_FILE_ERROR", f"open {place}: {error.strerror}") from error
