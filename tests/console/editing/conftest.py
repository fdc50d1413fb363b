"""Pipelines to edit: a source in a bucket, an approval that waits, a deployment into another bucket."""

from collections.abc import Callable
from typing import Any

import pytest

from stageline.testing.cloud import Cloud, action, zipped


@pytest.fixture(scope="session")
def ground(cloud: Cloud) -> dict[str, str]:
    """A role and buckets that all pipelines of these tests use."""
    role = cloud.pipeline_role("editing")
    for name in ("editing-store", "editing-site"):
        cloud.bucket(name)
    cloud.bucket("editing-source", versioned=True)
    cloud.s3.put_object(Bucket="editing-source", Key="site.zip", Body=zipped({"index.html": "hello"}))
    return {"role": role, "store": "editing-store"}


@pytest.fixture(scope="session")
def make(cloud: Cloud, ground: dict[str, str]) -> Callable[..., str]:
    """Makes a pipeline of three stages, Source, Approve and Deploy, with an action of the same name in each; its name."""

    def pipeline(name: str, **more: Any) -> str:
        source = {"S3Bucket": "editing-source", "S3ObjectKey": "site.zip", "PollForSourceChanges": "false"}
        return cloud.pipeline(
            name,
            ground["role"],
            ground["store"],
            action("Source", "Source/S3", source, makes="SourceArtifact", namespace="SourceVariables"),
            action("Approve", "Approval/Manual", {}),
            action("Deploy", "Deploy/S3", {"BucketName": "editing-site", "Extract": "true"}, reads="SourceArtifact"),
            **more,
        )

    return pipeline
