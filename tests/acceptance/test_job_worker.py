"""The worker of examples/job-worker as a process beside a server; and jobs while the server is killed."""

import json
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from stageline.testing.harness import Key
from stageline.testing.process import ServerProcess, eventually, plain_environment

EXAMPLE = Path(__file__).parents[2] / "examples" / "job-worker"
TYPE = json.loads((EXAMPLE / "type.json").read_text())
KIND = "Build/Checksums"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, warm_server: Any) -> Iterator[ServerProcess]:
    data, settings = tmp_path_factory.mktemp("worker") / "data", {"STAGELINE_GRACE": "0.2"}
    with ServerProcess(data, environment=settings, launch=warm_server) as running:
        yield running


@pytest.fixture(scope="module")
def cloud(server: ServerProcess, cloud_of: Any) -> Any:
    found = cloud_of(server)
    for bucket in ("artifacts", "incoming", "site"):
        found.bucket(bucket, versioned=True)
    found.codepipeline.create_custom_action_type(**TYPE)
    found.pipeline_role()
    return found


def pipeline(cloud: Any, make_action: Any, name: str, content: bytes) -> None:
    cloud.s3.put_object(Bucket="incoming", Key=name, Body=content)
    source = {"S3Bucket": "incoming", "S3ObjectKey": name}
    checksums = make_action("List", KIND, {"FileName": "SHA256SUMS"}, reads="code", makes="listed")
    checksums["actionTypeId"]["owner"] = "Custom"
    cloud.pipeline(
        name,
        "arn:aws:iam::000000000000:role/pipeline",
        "artifacts",
        make_action("Source", "Source/S3", source, makes="code"),
        checksums,
        make_action("Deploy", "Deploy/S3", {"BucketName": "site", "Extract": "true"}, reads="listed"),
    )


def worker_key(cloud: Any) -> Key:
    """A user who may do a worker's work and nothing else."""
    cloud.iam.create_user(UserName="worker")
    policy = "arn:aws:iam::aws:policy/AWSCodePipelineCustomActionAccess"
    cloud.iam.attach_user_policy(UserName="worker", PolicyArn=policy)
    key = cloud.iam.create_access_key(UserName="worker")["AccessKey"]
    return Key(key["AccessKeyId"], key["SecretAccessKey"])


def test_the_example_does_its_work(server: ServerProcess, cloud: Any, make_action: Any, make_zip: Any, tmp_path: Path) -> None:
    key = worker_key(cloud)
    environment = {
        **plain_environment(),
        "AWS_ENDPOINT_URL": server.endpoint,
        "AWS_ACCESS_KEY_ID": key.access_key_id,
        "AWS_SECRET_ACCESS_KEY": key.secret,
        "AWS_DEFAULT_REGION": "us-east-1",
        "HOME": str(tmp_path),
    }
    command = [sys.executable, str(EXAMPLE / "worker.py"), TYPE["provider"]]
    with (tmp_path / "worker.log").open("w") as log, subprocess.Popen(command, env=environment, stderr=log) as worker:
        try:
            pipeline(cloud, make_action, "listed", make_zip({"a.txt": "hello"}))
            assert cloud.ended("listed")["status"] == "Succeeded"
            assert cloud.text("site", "SHA256SUMS") == f"{sha256(b'hello').hexdigest()}  a.txt\n"
            assert cloud.text("site", "a.txt") == "hello"
            assert cloud.latest("listed", "List")["summary"] == "1 files"
            (run,) = [each for each in cloud.runs("listed") if each["actionName"] == "List"]
            assert run["output"]["outputVariables"] == {"Files": "1"}
            cloud.s3.put_object(Bucket="incoming", Key="listed", Body=b"this is no archive")
            execution = eventually("a second execution", lambda: cloud.executions("listed")[1:])[0]
            assert cloud.ended("listed", execution["pipelineExecutionId"])["status"] == "Failed"
            error = cloud.latest("listed", "List")["errorDetails"]
            assert error["code"] == "JobFailed"
            assert "BadZipFile" in error["message"]
            assert worker.poll() is None, (tmp_path / "worker.log").read_text()
        finally:
            worker.kill()
    assert (tmp_path / "worker.log").read_text() == ""


def test_a_kill_loses_no_job(server: ServerProcess, cloud: Any, make_action: Any, make_zip: Any) -> None:
    kind = {"category": "Build", "owner": "Custom", "provider": TYPE["provider"], "version": TYPE["version"]}
    pipeline(cloud, make_action, "killed", make_zip({"b.txt": "hello"}))

    def kill() -> None:
        server.kill()
        server.start()

    (job,) = eventually("the job", lambda: cloud.codepipeline.poll_for_jobs(actionTypeId=kind)["jobs"])
    kill()  # a worker was given the job
    assert cloud.codepipeline.poll_for_jobs(actionTypeId=kind)["jobs"] == []
    assert cloud.codepipeline.acknowledge_job(jobId=job["id"], nonce=job["nonce"])["status"] == "InProgress"
    keys, data = job["data"]["artifactCredentials"], job["data"]
    s3 = server.client("s3", key=Key(keys["accessKeyId"], keys["secretAccessKey"], keys["sessionToken"]))
    given, wanted = (data[side][0]["location"]["s3Location"] for side in ("inputArtifacts", "outputArtifacts"))
    content = s3.get_object(Bucket=given["bucketName"], Key=given["objectKey"])["Body"].read()
    s3.put_object(Bucket=wanted["bucketName"], Key=wanted["objectKey"], Body=content)
    cloud.codepipeline.put_job_success_result(jobId=job["id"], continuationToken="half")
    kill()  # the next job waits
    (following,) = cloud.codepipeline.poll_for_jobs(actionTypeId=kind)["jobs"]
    assert following["data"]["continuationToken"] == "half"
    cloud.codepipeline.acknowledge_job(jobId=following["id"], nonce=following["nonce"])
    cloud.codepipeline.put_job_success_result(jobId=following["id"], executionDetails={"externalExecutionId": "7"})
    kill()  # the result was acknowledged
    assert cloud.ended("killed")["status"] == "Succeeded"
    assert cloud.latest("killed", "List")["externalExecutionId"] == "7"
    assert [each["actionName"] for each in cloud.runs("killed")] == ["Source", "List", "Deploy"]
    assert cloud.text("site", "b.txt") == "hello"
    assert "Traceback" not in server.stderr()


def test_the_guide_shows_the_example() -> None:
    guide = (EXAMPLE.parents[1] / "docs" / "guides" / "custom-actions.md").read_text()
    for name in ("worker.py", "type.json"):
        assert f"file={name}\n{(EXAMPLE / name).read_text()}```" in guide
