"""A server that ends in the middle of something long: a build, a wait for a person, a large upload."""

import http.client
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from stageline.testing.process import ServerProcess, eventually

SECONDS = 60
MEGABYTE = 1024 * 1024


@dataclass
class Place:
    """A server with buckets, roles and a pipeline's worth of rights."""

    server: ServerProcess
    cloud: Any
    pipeline_role: str
    build_role: str


@pytest.fixture
def place(tmp_path: Path, cloud_of: Any, warm_server: Any) -> Iterator[Place]:
    (tmp_path / "tools").mkdir()
    settings = {"STAGELINE_GRACE": "0.2", "STAGELINE_TOOLS": str(tmp_path / "tools")}
    with ServerProcess(tmp_path / "data", environment=settings, launch=warm_server) as server:
        cloud = cloud_of(server)
        cloud.bucket("artifacts", versioned=True)
        cloud.bucket("incoming", versioned=True)
        cloud.bucket("site", versioned=True)
        yield Place(server, cloud, cloud.pipeline_role(), cloud.build_role())


def running(words: str) -> list[int]:
    """Processes of this machine with these words as command line."""
    wanted = words.encode().replace(b" ", b"\0") + b"\0"
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if (entry / "cmdline").read_bytes() == wanted:
                    found.append(int(entry.name))
            except OSError:
                continue  # it has ended meanwhile
    return found


@pytest.mark.parametrize("end", ["kill", "terminate"])
def test_a_long_build_begins_again_and_nothing_of_the_old_one_survives(
    place: Place, make_action: Any, make_zip: Any, end: str, tmp_path: Path
) -> None:
    cloud, server = place.cloud, place.server
    sleep = f"sleep {SECONDS}.{random.randrange(10**8):08d}"
    # A process that leaves its session and is nobody's child must end as well.
    go = tmp_path / "tools" / "go"
    wait = f"{sleep} & until test -e {go}; do sleep 0.02; done; kill $!"
    commands = f'["(setsid {sleep} &)", "echo begun", "{wait}", "echo slept"]'
    cloud.project("slow", place.build_role, f"version: 0.2\nphases: {{build: {{commands: {commands}}}}}\n")
    cloud.s3.put_object(Bucket="incoming", Key="source.zip", Body=make_zip({"a.txt": "a"}))
    source = {"S3Bucket": "incoming", "S3ObjectKey": "source.zip"}
    cloud.pipeline(
        "slow",
        place.pipeline_role,
        "artifacts",
        make_action("Source", "Source/S3", source, makes="code"),
        make_action("Build", "Build/CodeBuild", {"ProjectName": "slow"}, reads="code"),
    )
    eventually("both processes of the build", lambda: len(running(sleep)) == 2)
    build = cloud.codebuild.list_builds()["ids"][0]
    run = cloud.latest("slow", "Build")["actionExecutionId"]
    eventually("the first attempt's line in the log", lambda: "begun" in cloud.log(build))
    if end == "kill":
        server.kill()
    else:
        assert server.terminate() == 0
    eventually("the end of the build's processes", lambda: not running(sleep), SECONDS / 2)

    go.touch()
    server.start()
    assert cloud.ended("slow")["status"] == "Succeeded"
    assert cloud.latest("slow", "Build")["actionExecutionId"] == run
    assert cloud.codebuild.list_builds()["ids"] == [build]
    found = cloud.codebuild.batch_get_builds(ids=[build])["builds"][0]
    assert found["buildStatus"] == "SUCCEEDED"
    phases = [each["phaseType"] for each in found["phases"]]
    assert len(phases) == len(set(phases)), "a phase of the lost attempt is still shown"
    log = cloud.log(build)
    assert log.count("begun") == 2
    assert log.count("slept") == 1
    assert sum("The build host was lost; the build starts again (attempt 2)" in line for line in log) == 1
    assert list((server.data / "builds").iterdir()) == []
    assert not running(sleep)
    assert "Traceback" not in server.stderr()


def test_commands_begin_again_after_a_kill(place: Place, make_action: Any, make_zip: Any) -> None:
    cloud, server = place.cloud, place.server
    cloud.s3.put_object(Bucket="incoming", Key="source.zip", Body=make_zip({"a.txt": "a"}))
    source = {"S3Bucket": "incoming", "S3ObjectKey": "source.zip"}
    commands = {
        **make_action("Run", "Compute/Commands", {}, reads="code"),
        "commands": ["echo begun", "sleep 1", "cat a.txt; echo"],
    }
    role = cloud.role("commands", "codepipeline", "s3:*", "logs:*")
    cloud.pipeline("quick", role, "artifacts", make_action("Source", "Source/S3", source, makes="code"), commands)
    run = eventually("the commands", lambda: cloud.latest("quick", "Run").get("actionExecutionId"))

    def log() -> list[str]:
        try:
            events = cloud.logs.get_log_events(logGroupName="/aws/codepipeline/quick", logStreamName=run, startFromHead=True)
        except cloud.logs.exceptions.ResourceNotFoundException:
            return []
        return [each["message"].rstrip("\n") for each in events["events"]]

    eventually("the first attempt's line in the log", lambda: "begun" in log())
    server.kill()
    server.start()
    assert cloud.ended("quick")["status"] == "Succeeded"
    assert cloud.latest("quick", "Run")["actionExecutionId"] == run
    assert (log().count("begun"), log().count("a")) == (2, 1)
    assert list((server.data / "builds").iterdir()) == []


def test_an_approval_that_waits_takes_the_same_token_after_a_kill(place: Place, make_action: Any, make_zip: Any) -> None:
    cloud, server = place.cloud, place.server
    cloud.s3.put_object(Bucket="incoming", Key="source.zip", Body=make_zip({"index.html": "hello"}))
    source = {"S3Bucket": "incoming", "S3ObjectKey": "source.zip"}
    cloud.pipeline(
        "asked",
        place.pipeline_role,
        "artifacts",
        make_action("Source", "Source/S3", source, makes="code"),
        make_action("Approve", "Approval/Manual", {"CustomData": "Really?"}),
        make_action("Deploy", "Deploy/S3", {"BucketName": "site", "Extract": "true"}, reads="code"),
    )
    token = cloud.awaiting("asked", "Approve")
    before = cloud.codepipeline.get_pipeline_state(name="asked")["stageStates"]
    for _ in range(2):
        server.kill()
        server.start()
        assert cloud.codepipeline.get_pipeline_state(name="asked")["stageStates"] == before
        assert cloud.text("site", "index.html") == ""
    cloud.approve("asked", "Approve", token)
    server.kill()  # the answer was acknowledged
    server.start()
    assert cloud.ended("asked")["status"] == "Succeeded"
    assert cloud.latest("asked", "Approve")["status"] == "Succeeded"
    assert cloud.text("site", "index.html") == "hello"
    assert [run["actionName"] for run in cloud.runs("asked")] == ["Source", "Approve", "Deploy"]


def test_a_large_put_that_is_cut_by_a_kill_leaves_nothing(place: Place) -> None:
    cloud, server = place.cloud, place.server
    cloud.s3.put_object(Bucket="site", Key="big", Body=b"old")
    _cut(server, cloud.s3.generate_presigned_url("put_object", Params={"Bucket": "site", "Key": "big"}))
    _cut(server, cloud.s3.generate_presigned_url("put_object", Params={"Bucket": "site", "Key": "new"}))
    assert cloud.text("site", "big") == "old"
    assert cloud.text("site", "new") == ""
    assert [each["Key"] for each in cloud.s3.list_object_versions(Bucket="site")["Versions"]] == ["big"]
    blobs = server.data / "blobs"
    assert list((blobs / "incoming").iterdir()) == []
    assert sum(path.stat().st_size for path in blobs.rglob("*") if path.is_file()) == len(b"old")


def test_a_multipart_upload_goes_on_after_a_kill(place: Place) -> None:
    cloud, server = place.cloud, place.server
    names = {"Bucket": "site", "Key": "parts"}
    names["UploadId"] = cloud.s3.create_multipart_upload(**names)["UploadId"]
    parts = [os.urandom(5 * MEGABYTE), os.urandom(6 * MEGABYTE)]
    tags = [cloud.s3.upload_part(**names, PartNumber=1, Body=parts[0])["ETag"]]
    _cut(server, cloud.s3.generate_presigned_url("upload_part", Params={**names, "PartNumber": 2}))
    assert [each["PartNumber"] for each in cloud.s3.list_parts(**names)["Parts"]] == [1]
    tags.append(cloud.s3.upload_part(**names, PartNumber=2, Body=parts[1])["ETag"])
    listed = [{"PartNumber": number, "ETag": tag} for number, tag in enumerate(tags, 1)]
    cloud.s3.complete_multipart_upload(**names, MultipartUpload={"Parts": listed})
    server.kill()
    server.start()
    assert cloud.s3.get_object(Bucket="site", Key="parts")["Body"].read() == b"".join(parts)


def _cut(server: ServerProcess, url: str) -> None:
    """Begin an upload of 32 MiB, kill the server once half of it has been sent, and start the server again."""
    parts = urlsplit(url)
    assert parts.hostname
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=20)
    connection.putrequest("PUT", f"{parts.path}?{parts.query}")
    connection.putheader("Content-Length", str(32 * MEGABYTE))
    connection.endheaders()
    for _ in range(16):
        connection.send(os.urandom(MEGABYTE))
    incoming = server.data / "blobs" / "incoming"
    eventually("the beginning of an upload", lambda: any(path.stat().st_size for path in incoming.iterdir()))
    server.kill()
    connection.close()
    server.start()
