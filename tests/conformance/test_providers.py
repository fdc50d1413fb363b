"""Every provider and every rule that is found keeps what they promise, over the real services of this server."""

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stageline.app import Server, assemble
from stageline.config import Settings
from stageline.core.pipeline.actiontype import ActionType
from stageline.core.pipeline.ruletype import RuleType
from stageline.ports.api import Caller
from stageline.ports.aws import Aws
from stageline.ports.provider import ArtifactLocation, Done, Failed, Job, Running
from stageline.providers.catalog import discover
from stageline.rules.catalog import discover as discover_rules
from stageline.testing.provider_conformance import check, check_rule

PROVIDERS = discover()
RULES = discover_rules()
ACCOUNT = "000000000000"
SOURCE, OUTPUT = ArtifactLocation("Src", "artifacts", "p/Src/aaa"), ArtifactLocation("Out", "artifacts", "p/Out/bbb")
BUILDSPEC = "version: 0.2\nphases: {build: {commands: [echo hi > out.txt]}}\nartifacts: {files: [out.txt]}\n"

CASES: dict[str, dict[str, Any]] = {
    "Source/CodeCommit": {
        "good": {"RepositoryName": "repo", "BranchName": "main"},
        "lost": {"RepositoryName": "repo", "BranchName": "nowhere"},
        "outputs": (OUTPUT,),
    },
    "Source/S3": {
        "good": {"S3Bucket": "incoming", "S3ObjectKey": "a.zip"},
        "lost": {"S3Bucket": "incoming", "S3ObjectKey": "nothing.zip"},
        "outputs": (OUTPUT,),
    },
    "Build/CodeBuild": {
        "good": {"ProjectName": "project"},
        "lost": {"ProjectName": "nobody"},
        "inputs": (SOURCE,),
        "outputs": (OUTPUT,),
    },
    "Test/CodeBuild": {"good": {"ProjectName": "project"}, "lost": {"ProjectName": "nobody"}, "inputs": (SOURCE,)},
    "Compute/Commands": {
        "good": {"ComputeType": "BUILD_GENERAL1_SMALL"},
        "lost": {"ComputeType": "BUILD_GENERAL9_HUGE"},
        "inputs": (SOURCE,),
        "outputs": (OUTPUT,),
        "commands": ("echo hi > out.txt",),
        "files": {"Out": ("out.txt",)},
    },
    "Invoke/CodePipeline": {"good": {"PipelineName": "other"}, "lost": {"PipelineName": "no-such-pipeline"}},
    "Approval/Manual": {"good": {"CustomData": "look"}, "lost": {"CustomData": "look"}},
    "Deploy/S3": {
        "good": {"BucketName": "site", "Extract": "true"},
        "lost": {"BucketName": "no-such-bucket", "Extract": "true"},
        "inputs": (SOURCE,),
    },
}

RULE_CASES: dict[str, dict[str, Any]] = {
    "VariableCheck": {
        "good": {"Variable": "abc", "Operator": "MATCHES", "Value": "a.c"},
        "lost": {"Variable": "abc", "Operator": "EQ", "Value": "abd"},
    },
    "DeploymentWindow": {
        "good": {"Cron": "* * * ? * * *", "TimeZone": "Europe/Berlin"},
        "lost": {"Cron": "* * * ? * *", "TimeZone": "Middle/Earth"},
    },
    "CodeBuild": {"good": {"ProjectName": "checks"}, "lost": {"ProjectName": "nobody"}},
    "Commands": {"good": {}, "lost": {}, "inputs": (SOURCE,), "commands": ("grep -q version buildspec.yml",)},
}
NOT_HERE = {"LambdaInvoke": {"FunctionName": "check-release"}, "CloudWatchAlarm": {"AlarmName": "too-many-errors"}}
"""Rules that ask services which this server does not have."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder: Path = tmp_path_factory.mktemp("providers")
    server = assemble(Settings(data=folder / "data"), 0, strict=True)
    root = server.aws.as_caller(Caller("root", f"arn:aws:iam::{ACCOUNT}:root", ACCOUNT, ACCOUNT))
    prepare(root)
    server.start()
    yield server
    server.close()
    assert not server.application.gateway.bugs


def prepare(root: Aws) -> None:
    services = ["codepipeline.amazonaws.com", "codebuild.amazonaws.com"]
    statement = {"Effect": "Allow", "Principal": {"Service": services}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    root.call("iam", "CreateRole", RoleName="work", AssumeRolePolicyDocument=trust)
    document = json.dumps({"Version": "2012-10-17", "Statement": [everything]})
    root.call("iam", "PutRolePolicy", RoleName="work", PolicyName="all", PolicyDocument=document)
    for bucket in ("artifacts", "incoming", "site"):
        root.call("s3", "CreateBucket", Bucket=bucket)
    root.call("s3", "PutBucketVersioning", Bucket="incoming", VersioningConfiguration={"Status": "Enabled"})
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("buildspec.yml", BUILDSPEC)
    root.call("s3", "PutObject", Bucket="artifacts", Key=SOURCE.key, Body=packed.getvalue())
    root.call("s3", "PutObject", Bucket="incoming", Key="a.zip", Body=packed.getvalue())
    root.call("codepipeline", "CreatePipeline", pipeline=other())
    root.call("codecommit", "CreateRepository", repositoryName="repo")
    root.call("codecommit", "PutFile", repositoryName="repo", branchName="main", filePath="a.txt", fileContent=b"a")
    root.call(
        "codebuild",
        "CreateProject",
        name="project",
        source={"type": "CODEPIPELINE"},
        artifacts={"type": "CODEPIPELINE"},
        environment={"type": "LINUX_CONTAINER", "image": "aws/codebuild/standard:7.0", "computeType": "BUILD_GENERAL1_SMALL"},
        serviceRole=f"arn:aws:iam::{ACCOUNT}:role/work",
    )

    root.call(
        "codebuild",
        "CreateProject",
        name="checks",
        source={"type": "NO_SOURCE", "buildspec": BUILDSPEC},
        artifacts={"type": "NO_ARTIFACTS"},
        environment={"type": "LINUX_CONTAINER", "image": "aws/codebuild/standard:7.0", "computeType": "BUILD_GENERAL1_SMALL"},
        serviceRole=f"arn:aws:iam::{ACCOUNT}:role/work",
    )


def other() -> dict[str, Any]:
    def stage(name: str, category: str, provider: str, **more: Any) -> dict[str, Any]:
        kind = {"category": category, "owner": "AWS", "provider": provider, "version": "1"}
        return {"name": name, "actions": [{"name": name, "actionTypeId": kind, **more}]}

    source = {"S3Bucket": "incoming", "S3ObjectKey": "a.zip", "PollForSourceChanges": "false"}
    return {
        "name": "other",
        "roleArn": f"arn:aws:iam::{ACCOUNT}:role/work",
        "artifactStore": {"type": "S3", "location": "artifacts"},
        "stages": [
            stage("Source", "Source", "S3", configuration=source, outputArtifacts=[{"name": "Src"}]),
            stage("Gate", "Approval", "Manual"),
        ],
    }


def test_every_provider_has_a_case() -> None:
    assert sorted(f"{category}/{provider}" for category, _, provider, _ in PROVIDERS) == sorted(CASES)


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_provider_keeps_its_promises(server: Server, name: str) -> None:
    provider = next(each for each in PROVIDERS.values() if f"{each.ACTION_TYPE.category}/{each.ACTION_TYPE.provider}" == name)
    kind = provider.ACTION_TYPE
    good, lost = jobs(server, CASES[name], kind, sorted(CASES).index(name))
    assert isinstance(check(provider, good, lost, worker(server)), Done | Running)


def test_every_rule_has_a_case() -> None:
    assert sorted(provider for _, _, provider, _ in RULES) == sorted([*RULE_CASES, *NOT_HERE])


@pytest.mark.parametrize("name", sorted(RULE_CASES))
def test_a_rule_keeps_its_promises(server: Server, name: str) -> None:
    rule = RULES["Rule", "AWS", name, "1"]
    good, lost = jobs(server, RULE_CASES[name], rule.RULE_TYPE, 100 + sorted(RULE_CASES).index(name))
    assert isinstance(check_rule(rule, good, lost, worker(server)), Done | Running)


@pytest.mark.parametrize("name", sorted(NOT_HERE))
def test_a_rule_without_its_service_fails_and_says_so(server: Server, name: str) -> None:
    rule = RULES["Rule", "AWS", name, "1"]
    job, _ = jobs(server, {"good": NOT_HERE[name], "lost": {}}, rule.RULE_TYPE, 0)
    outcome = rule.start(job, worker(server))
    assert isinstance(outcome, Failed)
    assert outcome.kind == "ConfigurationError"
    assert "this server has no" in outcome.message


def worker(server: Server) -> Aws:
    return server.aws.as_role(f"arn:aws:iam::{ACCOUNT}:role/work", "p-", service="codepipeline.amazonaws.com")


def jobs(server: Server, case: dict[str, Any], kind: ActionType | RuleType, number: int) -> tuple[Job, Job]:
    """A job that can be done, and one that cannot."""
    now = server.engine.clock.now()
    good = Job(
        id=f"00000000-0000-4000-8000-{number:012d}",
        attempt=1,
        account=ACCOUNT,
        region="us-east-1",
        endpoint=server.endpoint,
        pipeline="p",
        pipeline_arn=f"arn:aws:codepipeline:us-east-1:{ACCOUNT}:p",
        execution_id="00000000-0000-4000-8000-999999999999",
        stage="Stage",
        action="Action",
        action_type=kind,
        configuration=case["good"],
        inputs=case.get("inputs", ()),
        outputs=case.get("outputs", ()),
        commands=case.get("commands", ()),
        files=case.get("files", {}),
        deadline=now + kind.timeout_minutes * 60_000,
        now=now,
    )
    return good, replace(good, id=good.id.replace("8000", "9000"), configuration=case["lost"])
