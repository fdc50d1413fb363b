"""Pipelines and builds that are made to reach for what is another's: they act as their own role, which may not.

One who may declare a pipeline or a project can name any bucket, project, repository or secret in it. Nothing of that is shown
or changed.
"""

import io
import itertools
import json
import time
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from stageline.testing.pipelines import ENDED, action, eventually, stage

OTHER = "bravo-home"
counter = itertools.count(1)
SECRET = {"name": "TAKEN", "value": OTHER, "type": "SECRETS_MANAGER"}
PLAIN = {"name": "TAKEN", "value": "x", "type": "PLAINTEXT"}
PARAMETER = {"name": "TAKEN", "value": f"/{OTHER}/word", "type": "PARAMETER_STORE"}


class Deputies:
    """Runs pipelines and builds with the role of the first household."""

    def __init__(self, street: Any) -> None:
        self.street, self.role = street, street.own.role
        self.pipelines, self.codebuild = (street.whole.client(each) for each in ("codepipeline", "codebuild"))

    def declare(self, *stages: dict[str, Any], bucket: str = "alpha-home") -> str:
        name = f"deputy-{next(counter)}"
        store = {"type": "S3", "location": bucket}
        declared = {"name": name, "pipelineType": "V2", "roleArn": self.role, "artifactStore": store, "stages": stages}
        self.pipelines.create_pipeline(pipeline=declared)
        return name

    def ended(self, name: str) -> tuple[str, str]:
        """How the execution of a pipeline ended, and all that is told of it."""

        def look() -> Any:
            found = self.pipelines.list_pipeline_executions(pipelineName=name)["pipelineExecutionSummaries"]
            return found and found[-1]["status"] in ENDED and found[-1]["status"]

        status = str(eventually(look, 20))
        runs = self.pipelines.list_action_executions(pipelineName=name)
        return status, str([runs, self.pipelines.get_pipeline_state(name=name)]) + self.logged(f"/aws/codepipeline/{name}")

    def logged(self, group: str) -> str:
        logs = self.street.whole.client("logs")
        found = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
        return str([logs.filter_log_events(logGroupName=each["logGroupName"])["events"] for each in found])

    def build(self, **members: Any) -> tuple[str, str]:
        """How a build of a new project ended, and all that is told of it."""
        name = f"deputy-{next(counter)}"
        doing = {"build": {"commands": ["echo $TAKEN; cat file; echo x > made"]}}
        spec = json.dumps({"version": 0.2, "phases": doing, "artifacts": {"files": ["made"]}})
        source = {"type": "NO_SOURCE", **members.pop("source", {}), "buildspec": spec}
        image = {"type": "LINUX_CONTAINER", "image": "aws/codebuild/standard:7.0", "computeType": "BUILD_GENERAL1_SMALL"}
        self.codebuild.create_project(
            name=name,
            source=source,
            serviceRole=members.pop("role", self.role),
            artifacts=members.pop("artifacts", {"type": "NO_ARTIFACTS"}),
            environment={**image, "environmentVariables": members.pop("variables", [])},
            **members,
        )
        build = self.codebuild.start_build(projectName=name)["build"]["id"]

        def look() -> Any:
            found = self.codebuild.batch_get_builds(ids=[build])["builds"][0]
            return found if found["buildComplete"] else None

        found = eventually(look, 20)
        return str(found["buildStatus"]), str(found) + self.logged(f"/aws/codebuild/{name}")


@pytest.fixture(scope="module")
def deputies(street: Any) -> Deputies:
    """Its role may write the logs of what it runs, and run commands."""
    iam = street.whole.client("iam")
    allowed = [{"Effect": "Allow", "Action": "logs:*", "Resource": "arn:aws:logs:*:*:log-group:/aws/*"}]
    document = json.dumps({"Version": "2012-10-17", "Statement": allowed})
    iam.put_role_policy(RoleName="alpha-home", PolicyName="logs", PolicyDocument=document)
    return Deputies(street)


@pytest.fixture
def untouched(street: Any, kept: Callable[[Any], Any]) -> Any:
    before = kept(street)
    yield
    assert kept(street) == before


def fetch(bucket: str = "alpha-home", key: str = "source.zip", **more: Any) -> dict[str, Any]:
    configuration = {"S3Bucket": bucket, "S3ObjectKey": key, "PollForSourceChanges": "false"}
    return {**action("Fetch", "Source", "S3", outputs=["Src"]), "configuration": configuration, **more}


def does(category: str, provider: str, **configuration: str) -> dict[str, Any]:
    return {**action("Try", category, provider, inputs=["Src"]), "configuration": configuration}


def commands(*variables: dict[str, str]) -> dict[str, Any]:
    made = {**action("Try", "Compute", "Commands", inputs=["Src"]), "commands": ["echo $TAKEN"]}
    return {**made, "environmentVariables": list(variables)}


TRIED = {
    "its project": does("Build", "CodeBuild", ProjectName=OTHER),
    "its bucket to deploy to": does("Deploy", "S3", BucketName=OTHER, Extract="false", ObjectKey="doc"),
    "its pipeline": {**does("Invoke", "CodePipeline", PipelineName=OTHER), "inputArtifacts": []},
    "its secret": commands(SECRET),
    "its parameter": {**commands({**SECRET, "value": f"{OTHER}:key"})},
}


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("what", TRIED)
def test_an_action_reaches_for_another(deputies: Deputies, what: str) -> None:
    status, told = deputies.ended(deputies.declare(stage("Source", fetch()), stage("Try", TRIED[what])))
    assert status == "Failed"
    assert deputies.street.other.mark not in told
    assert "AccessDenied" in told or "not authorized" in told or "PermissionError" in told, told


def git(name: str) -> dict[str, Any]:
    configuration = {"RepositoryName": name, "BranchName": "main", "PollForSourceChanges": "false"}
    return {**action("Fetch", "Source", "CodeCommit", outputs=["Src"]), "configuration": configuration}


SOURCES = {"its bucket": fetch(OTHER, "source.zip"), "its repository": git(OTHER)}


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("what", SOURCES)
def test_a_source_reaches_for_another(deputies: Deputies, what: str) -> None:
    status, told = deputies.ended(deputies.declare(stage("Source", SOURCES[what]), stage("Try", commands(PLAIN))))
    assert status == "Failed"
    assert deputies.street.other.mark not in told
    assert "PermissionError" in told, told


@pytest.mark.usefixtures("untouched")
def test_artifacts_are_not_left_with_another(deputies: Deputies) -> None:
    status, told = deputies.ended(deputies.declare(stage("Source", fetch()), stage("Try", commands(PLAIN)), bucket=OTHER))
    assert status == "Failed"
    assert deputies.street.other.mark not in told


def test_what_happens_at_another_starts_nothing(deputies: Deputies) -> None:
    """A pipeline that watches somebody else's bucket would learn when something is put there."""
    name = deputies.declare(stage("Source", watching()), stage("Try", commands(PLAIN)))
    deputies.ended(name)
    admin = deputies.street.whole.client("s3")
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("file", "new")
    for _ in range(3):
        admin.put_object(Bucket=OTHER, Key="watched.zip", Body=data.getvalue())
        time.sleep(0.1)
    assert len(deputies.pipelines.list_pipeline_executions(pipelineName=name)["pipelineExecutionSummaries"]) == 1


def watching() -> dict[str, Any]:
    return fetch(configuration={"S3Bucket": OTHER, "S3ObjectKey": "watched.zip", "PollForSourceChanges": "true"})


BUILDS: dict[str, dict[str, Any]] = {
    "its secret": {"variables": [SECRET]},
    "its parameter": {"variables": [PARAMETER]},
    "its bucket to read": {"source": {"type": "S3", "location": f"{OTHER}/source.zip"}},
    "its bucket to write": {"artifacts": {"type": "S3", "location": OTHER, "name": "doc", "packaging": "NONE"}},
    "its bucket for logs": {"logsConfig": {"s3Logs": {"status": "ENABLED", "location": f"{OTHER}/logs"}}},
    "its repository": {"source": {"type": "CODECOMMIT", "location": f"/v1/repos/{OTHER}"}},
    "its repository by an odd path": {"source": {"type": "CODECOMMIT", "location": f"/v1/repos/alpha-home/../{OTHER}"}},
    "its log group": {"logsConfig": {"cloudWatchLogs": {"status": "ENABLED", "groupName": OTHER, "streamName": "x"}}},
}


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("what", BUILDS)
def test_a_build_reaches_for_another(deputies: Deputies, what: str) -> None:
    members = json.loads(json.dumps(BUILDS[what]))
    if members.get("source", {}).get("type") == "CODECOMMIT":
        members["source"]["location"] = deputies.street.whole.endpoint + members["source"]["location"]
    status, told = deputies.build(**members)
    assert deputies.street.other.mark not in told
    if "log" not in what:  # a build whose lines cannot be kept is a build all the same, in AWS too
        assert status in ("FAILED", "FAULT"), told


def test_the_same_with_ones_own_is_done(deputies: Deputies) -> None:
    """Otherwise the failures above would mean nothing."""
    own = "alpha-home"
    deploy = {**does("Deploy", "S3", BucketName=own, Extract="false", ObjectKey="deployed"), "name": "Deploy"}
    run = {**commands({**SECRET, "value": own}), "name": "Run"}
    status, told = deputies.ended(deputies.declare(stage("Source", fetch()), stage("Try", deploy, run)))
    assert status == "Succeeded", told
    status, told = deputies.build(variables=[{**SECRET, "value": own}], source={"type": "S3", "location": f"{own}/source.zip"})
    assert status == "SUCCEEDED", told


def test_a_role_insists_on_the_project_it_is_for(deputies: Deputies) -> None:
    """The trust policy names a project and an account: builds of other projects do not get the role, nor does a person."""
    iam = deputies.street.whole.client("iam")
    project = f"arn:aws:codebuild:us-east-1:000000000000:project/deputy-{next(counter) + 1}"
    condition = {"ArnEquals": {"aws:SourceArn": project}, "StringEquals": {"aws:SourceAccount": "000000000000"}}
    trust = {"Effect": "Allow", "Principal": {"Service": "codebuild.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [{**trust, "Condition": condition}]})
    role = iam.create_role(RoleName="particular", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    allowed = {"Effect": "Allow", "Action": ["logs:*", "secretsmanager:*"], "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    iam.put_role_policy(RoleName="particular", PolicyName="work", PolicyDocument=policy)
    status, told = deputies.build(role=role, variables=[SECRET])
    assert status == "SUCCEEDED", told
    with pytest.raises(deputies.codebuild.exceptions.ClientError, match="not authorized to perform: sts:AssumeRole"):
        deputies.build(role=role, variables=[SECRET])
