"""Where artifacts are stored in their bucket."""

import pytest

from stageline.core.build.buildspec import ArtifactSpec
from stageline.services.codebuild.hosting.artifacts import artifact_key


@pytest.mark.parametrize(
    ("path", "namespace", "name", "key"),
    [
        ("MyArtifacts", "NONE", "MyArtifact.zip", "MyArtifacts/MyArtifact.zip"),
        ("MyArtifacts", "BUILD_ID", "MyArtifact.zip", "MyArtifacts/<uuid>/MyArtifact.zip"),
        ("", "NONE", "/", ""),
        ("MyArtifacts", "BUILD_ID", "/", "MyArtifacts/<uuid>"),
        ("/p//q/", "NONE", "web", "p/q/web"),
    ],
)
def test_the_parts_of_a_key(path: str, namespace: str, name: str, key: str) -> None:
    artifact = {"type": "S3", "path": path, "namespaceType": namespace, "name": name}
    assert artifact_key(artifact, ArtifactSpec(), "<uuid>", "ignored", pipeline=False) == key


def test_the_buildspecs_own_name_and_prefix() -> None:
    artifact = {"type": "S3", "namespaceType": "BUILD_ID", "name": "given", "overrideArtifactName": True}
    spec = ArtifactSpec(s3_prefix="pre")
    assert artifact_key(artifact, spec, "<uuid>", "own.zip", pipeline=False) == "pre/<uuid>/own.zip"
    assert artifact_key(artifact, spec, "<uuid>", "", pipeline=False) == "pre/<uuid>/given"
    handed = {"type": "S3", "path": "pipe/Out", "name": "KEY", "overrideArtifactName": True}
    assert artifact_key(handed, spec, "<uuid>", "own.zip", pipeline=True) == "pipe/Out/KEY"
