"""Artifacts of a job: fetched from and stored in the artifact bucket, as the role of the action."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from stageline.ports.api import ApiError
from stageline.ports.aws import Aws, Chunks
from stageline.ports.provider import ArtifactLocation, Job

IN_MEMORY = 4 * 1024 * 1024


def store(job: Job, aws: Aws, artifact: ArtifactLocation, body: Chunks | bytes) -> None:
    """Write an output artifact. Written again by a second attempt, it lands on the same key."""
    key = {"SSEKMSKeyId": job.encryption_key} if job.encryption_key else {}
    try:
        aws.call("s3", "PutObject", Bucket=artifact.bucket, Key=artifact.key, Body=body, ServerSideEncryption="aws:kms", **key)
    except ApiError as error:
        if error.code == "NoSuchBucket":
            text = f"The artifact bucket {artifact.bucket} does not exist. Create it or change the artifactStore of the pipeline."
            raise ApiError("NoSuchBucket", text) from error
        if error.code == "AccessDenied":
            text = f"The role of the action may not write to the artifact bucket {artifact.bucket}: {error.message}"
            raise ApiError("AccessDenied", text) from error
        raise


@contextmanager
def fetched(aws: Aws, artifact: ArtifactLocation) -> Iterator[IO[bytes]]:
    """An input artifact as a file that is gone afterwards."""
    try:
        body = aws.call("s3", "GetObject", Bucket=artifact.bucket, Key=artifact.key)["Body"]
    except ApiError as error:
        text = f"The input artifact {artifact.name} (s3://{artifact.bucket}/{artifact.key}) cannot be read: {error.message}"
        raise ApiError(error.code, text) from error
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as file:
        for chunk in body:
            file.write(chunk)
        file.seek(0)
        yield file
