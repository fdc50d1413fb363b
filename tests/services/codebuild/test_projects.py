"""Projects: defaults, refusals, listings."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

NO = {"type": "NO_ARTIFACTS"}
SPEC = "version: 0.2\nphases: {build: {commands: [echo x]}}"


def test_a_fresh_project_shows_its_defaults(make: Any) -> None:
    name = make.project(SPEC, description="first", tags=[{"key": "team", "value": "a"}])
    project = make.codebuild.batch_get_projects(names=[name, "absent"])
    assert project["projectsNotFound"] == ["absent"]
    (found,) = project["projects"]
    assert found["arn"] == f"arn:aws:codebuild:us-east-1:000000000000:project/{name}"
    assert found["timeoutInMinutes"] == 60
    assert found["queuedTimeoutInMinutes"] == 480
    assert found["cache"] == {"type": "NO_CACHE"}
    assert found["badge"] == {"badgeEnabled": False}
    assert found["environment"]["environmentVariables"] == []
    assert found["environment"]["imagePullCredentialsType"] == "CODEBUILD"
    assert found["encryptionKey"] == "arn:aws:kms:us-east-1:000000000000:alias/aws/s3"
    assert found["tags"] == [{"key": "team", "value": "a"}]


def test_an_update_replaces_given_members_whole(make: Any) -> None:
    name = make.project(SPEC, description="first", timeoutInMinutes=30, concurrentBuildLimit=2)
    updated = make.codebuild.update_project(name=name, description="second", concurrentBuildLimit=-1)["project"]
    assert updated["description"] == "second"
    assert updated["timeoutInMinutes"] == 30
    assert "concurrentBuildLimit" not in updated
    assert updated["lastModified"] >= updated["created"]
    with pytest.raises(ClientError) as refused:
        make.codebuild.update_project(name="absent-project", description="x")
    assert refused.value.response["Error"]["Code"] == "ResourceNotFoundException"


@pytest.mark.parametrize(
    ("members", "told"),
    [
        (
            {"source": {"type": "CODEPIPELINE"}},
            "Invalid input: when using CodePipeline both sourceType, and artifactType must be set to: CODEPIPELINE",
        ),
        ({"artifacts": {**NO, "name": "x"}}, "artifact type NO_ARTIFACTS should have null output name"),
        ({"artifacts": {**NO, "location": "x"}}, "should have null location"),
        ({"artifacts": {"type": "S3"}}, "needs the name of a bucket"),
        ({"artifacts": {**NO, "encryptionDisabled": True}}, "encryptionDisabled is not supported"),
        ({"source": {"type": "S3"}}, "Project source location is required"),
        ({"source": {"type": "NO_SOURCE"}}, "NO_SOURCE needs its buildspec"),
        ({"source": {"type": "NO_SOURCE", "buildspec": "path.yml"}}, "NO_SOURCE needs its buildspec"),
        ({"source": {"type": "GITHUB", "location": "ext::sh -c true"}}, "must be the HTTP or HTTPS URL"),
        ({"source": {"type": "GITHUB", "location": "file:///etc"}}, "must be the HTTP or HTTPS URL"),
        ({"source": {"type": "GITHUB", "location": "https://user:pw@host/x"}}, "must not hold a user or password"),
        ({"source": {"type": "S3", "location": "a/b", "reportBuildStatus": True}}, "reportBuildStatus is not supported"),
        ({"environment": {"type": "WINDOWS_CONTAINER"}}, "this server runs builds on Linux"),
        ({"environment": {"environmentVariables": [{"name": "A-B", "value": "x"}]}}, "Invalid environment variable name"),
        ({"serviceRole": "arn:aws:iam::000000000000:role/nobody"}, "is not authorized to perform: sts:AssumeRole on"),
        ({"serviceRole": "builder"}, "is not the ARN of an IAM role"),
        ({"tags": [{"key": "aws:x", "value": ""}]}, "keys that begin with aws: are reserved"),
        (
            {"secondaryArtifacts": [{"type": "S3", "location": "b", "artifactIdentifier": "a-b"}]},
            "identifier must contain only alphanumeric characters and underscores and be less than 128 characters in length",
        ),
    ],
)
def test_a_project_that_makes_no_sense_is_refused(make: Any, members: dict[str, Any], told: str) -> None:
    spec = "" if "source" in members else SPEC
    with pytest.raises(ClientError) as refused:
        make.project(spec, name="senseless", **members)
    assert refused.value.response["Error"]["Code"] == "InvalidInputException"
    assert told in refused.value.response["Error"]["Message"]
    assert make.codebuild.batch_get_projects(names=["senseless"])["projects"] == []


def test_a_name_is_taken_once_and_free_after_deletion(make: Any) -> None:
    make.project(SPEC, name="taken")
    with pytest.raises(ClientError, match="Project already exists: arn:aws:codebuild:us-east-1:000000000000:project/taken"):
        make.project(SPEC, name="taken")
    make.codebuild.delete_project(name="taken")
    make.codebuild.delete_project(name="taken")
    make.project(SPEC, name="taken")


def test_projects_are_listed_in_pages_by_name_or_time(make: Any) -> None:
    for number in range(105, 0, -1):
        make.project(SPEC, name=f"zz-{number:03d}")
    pages = list(make.codebuild.get_paginator("list_projects").paginate())
    names = [name for page in pages for name in page["projects"]]
    assert len(pages[0]["projects"]) == 100
    assert names == sorted(names)
    by_time = [
        name
        for page in make.codebuild.get_paginator("list_projects").paginate(sortBy="CREATED_TIME", sortOrder="DESCENDING")
        for name in page["projects"]
    ]
    assert sorted(by_time) == names
    assert by_time[0] == "zz-001"
    with pytest.raises(ClientError, match="Invalid next token"):
        make.codebuild.list_projects(nextToken="!!")


def test_curated_images_are_named(make: Any) -> None:
    (platform,) = make.codebuild.list_curated_environment_images()["platforms"]
    names = [image["name"] for language in platform["languages"] for image in language["images"]]
    assert "aws/codebuild/standard:7.0" in names
