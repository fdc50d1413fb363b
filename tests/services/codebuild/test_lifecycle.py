"""Starting, stopping, retrying, listing and deleting builds, and the events about them."""

import json
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from stageline.ports.store import Task
from stageline.services.codebuild import documents

HELLO = "version: 0.2\nphases: {build: {commands: [echo hello]}}"
SLEEP = """
version: 0.2
phases:
  build: {commands: ["echo began; sleep 60"], finally: [echo never]}
  post_build: {commands: [echo never]}
"""


def until(condition: Any, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)


def phase_of(make: Any, build: str) -> str:
    return str(make.codebuild.batch_get_builds(ids=[build])["builds"][0]["currentPhase"])


def test_the_answer_to_start_build(make: Any) -> None:
    name = make.project(HELLO)
    build = make.codebuild.start_build(projectName=name)["build"]
    assert build["id"].startswith(f"{name}:")
    assert build["arn"] == f"arn:aws:codebuild:us-east-1:000000000000:build/{build['id']}"
    assert build["buildNumber"] == 1
    assert build["buildStatus"] == "IN_PROGRESS"
    assert build["buildComplete"] is False
    assert build["phases"][0]["phaseType"] == "SUBMITTED"
    ended = make.wait(build["id"])
    assert ended.build["endTime"] >= ended.build["startTime"]
    assert make.codebuild.start_build(projectName=name)["build"]["buildNumber"] == 2
    with pytest.raises(ClientError, match="Project cannot be found: arn:aws:codebuild:us-east-1:000000000000:project/absent"):
        make.codebuild.start_build(projectName="absent")


def test_a_token_starts_one_build_and_only_with_the_same_parameters(make: Any) -> None:
    name = make.project(HELLO)
    first = make.start(name, idempotencyToken="once")
    assert make.start(name, idempotencyToken="once") == first
    with pytest.raises(ClientError, match="idempotency token was used before with other parameters"):
        make.start(name, idempotencyToken="once", timeoutInMinutesOverride=7)
    assert make.codebuild.list_builds_for_project(projectName=name)["ids"] == [first]


def test_a_stopped_build_is_over_at_once_and_its_commands_are_killed(make: Any, world: Any) -> None:
    build = make.start(make.project(SLEEP))
    until(lambda: phase_of(make, build) == "BUILD")
    began = time.monotonic()
    stopped = make.codebuild.stop_build(id=build)["build"]
    assert stopped["buildStatus"] == "STOPPED"
    assert stopped["buildComplete"]
    until(lambda: not list((world.folder / "builds").glob(f"{build.partition(':')[2]}*")), 5)
    assert time.monotonic() - began < 3
    ended = make.wait(build)
    assert ended.statuses()["BUILD"] == "STOPPED"
    assert list(ended.statuses())[-2:] == ["FINALIZING", "COMPLETED"]
    assert make.codebuild.stop_build(id=build)["build"]["endTime"] == stopped["endTime"]
    with world.store.read() as tx:
        assert tx.tasks(f"codebuild:{build}") == []
    with pytest.raises(ClientError, match="Build cannot be found"):
        make.codebuild.stop_build(id="absent:1")


@dataclass
class Ahead:
    """A clock that a test moves forward for the host of a build alone."""

    by: int = 0

    def now(self) -> int:
        return time.time_ns() // 1_000_000 + self.by


def test_a_build_that_runs_too_long_is_timed_out(make: Any, world: Any) -> None:
    clock = Ahead()
    usual, world.hosts[0] = world.hosts[0], replace(world.host, clock=clock)
    try:
        build = make.start(make.project(SLEEP, timeoutInMinutes=5))
        until(lambda: phase_of(make, build) == "BUILD")
        clock.by = 5 * 60_000
        ended = make.wait(build, 5)
    finally:
        world.hosts[0] = usual
    assert ended.status == "TIMED_OUT"
    assert ended.statuses()["BUILD"] == "TIMED_OUT"
    assert "POST_BUILD" not in ended.statuses()
    assert ended.context("BUILD") == ("BUILD_TIMED_OUT", "Build has timed out. ")
    assert "never" not in ended.output()


def test_credentials_are_renewed_for_later_commands(make: Any, world: Any) -> None:
    first, second = ({"AccessKeyId": key, "SecretAccessKey": f"secret-{key}", "SessionToken": ""} for key in ("ONE", "TWO"))
    given = [first]
    usual, world.hosts[0] = world.hosts[0], replace(world.host, aws=Turning(world.aws, given))
    spec = """
version: 0.2
phases:
  build:
    commands:
      - echo "$AWS_ACCESS_KEY_ID"; touch began; while [ ! -f go ]; do sleep 0.05; done
      - echo "$AWS_ACCESS_KEY_ID $AWS_SECRET_ACCESS_KEY"
      - export AWS_ACCESS_KEY_ID=own
      - echo "$AWS_ACCESS_KEY_ID"
"""
    try:
        build = make.start(make.project(spec))
        found: list[Path] = []

        def began() -> bool:
            found[:] = (world.folder / "builds").glob(f"{build.partition(':')[2]}.1/box/src*/src/began")
            return bool(found)

        until(began)
        given[0] = second
        (found[0].parent / "go").touch()
        ended = make.wait(build)
    finally:
        world.hosts[0] = usual
    assert ended.output() == ["ONE", "TWO ***", "own"], ended.log


@dataclass
class Turning:
    """Hands out the credentials that a test sets; everything else is the real thing."""

    aws: Any
    given: list[dict[str, str]]

    def call(self, service: str, operation: str, /, **params: Any) -> Any:
        return self.aws.call(service, operation, **params)

    def as_role(self, *words: str, **named: str) -> "Turning":
        return Turning(self.aws.as_role(*words, **named), self.given)

    def credentials(self) -> dict[str, str]:
        return self.given[0]


def test_a_build_that_waits_too_long_leaves_the_queue(make: Any, world: Any) -> None:
    name = make.project(HELLO)
    builds = [make.start(name) for _ in range(2)]
    for build in builds:
        make.wait(build)
    with world.store.write() as tx:
        for build in builds:
            document = tx.get(documents.BUILD, build)
            document["build"] |= {"buildComplete": False, "queuedTimeoutInMinutes": 0, "phases": document["build"]["phases"][:1]}
            document["build"]["phases"].append({"phaseType": "QUEUED", "startTime": document["build"]["startTime"]})
            document |= {"attempts": 0, "host": ""}
            tx.put(documents.BUILD, build, document)
        # One is found by its timer, the other by a host that comes too late.
        tx.schedule(Task(documents.queue_task_id(builds[0]), documents.QUEUE_TASK, {"id": builds[0]}))
        tx.schedule(Task(documents.task_id(builds[1]), documents.TASK, {"id": builds[1]}))
    for build in builds:
        ended = make.wait(build)
        assert ended.status == "TIMED_OUT"
        assert ended.statuses() == {"SUBMITTED": "SUCCEEDED", "QUEUED": "TIMED_OUT", "COMPLETED": ""}


def test_a_lost_host_begins_again_and_gives_up_in_the_end(make: Any, world: Any) -> None:
    name = make.project(HELLO)
    build = make.start(name)
    make.wait(build)

    def lose(attempts: int) -> None:
        with world.store.write() as tx:
            document = tx.get(documents.BUILD, build)
            phases = [
                {**phase}
                for phase in document["build"]["phases"]
                if phase["phaseType"] in ("SUBMITTED", "QUEUED", "PROVISIONING")
            ]
            running = {"phaseType": "DOWNLOAD_SOURCE", "startTime": phases[-1]["startTime"]}
            document["build"] |= {"buildComplete": False, "buildStatus": "IN_PROGRESS", "phases": [*phases[:3], running]}
            document |= {"attempts": attempts, "host": "somebody dead"}
            tx.put(documents.BUILD, build, document)
            tx.put(documents.ACTIVE, build, {})
            tx.schedule(Task(documents.task_id(build), documents.TASK, {"id": build}))

    until(lambda: not _tasks(world, build))
    leftover = world.folder / "builds" / f"{build.partition(':')[2]}.1" / "box"
    leftover.mkdir(parents=True)
    (leftover / "old").write_text("left")
    lose(1)
    again = make.wait(build)
    assert again.status == "SUCCEEDED"
    assert "The build host was lost; the build starts again (attempt 2)" in again.log
    assert not leftover.exists()
    lose(3)
    given_up = make.wait(build)
    assert given_up.status == "FAULT"
    assert given_up.context("DOWNLOAD_SOURCE")[0] == "INTERNAL_SERVICE_ERROR"


def test_a_finished_build_is_never_run_again(make: Any, world: Any) -> None:
    build = make.start(make.project(HELLO))
    before = make.wait(build)
    with world.store.write() as tx:
        tx.schedule(Task(documents.task_id(build), documents.TASK, {"id": build}))
    until(lambda: not _tasks(world, build))
    assert make.wait(build).build == before.build


def _tasks(world: Any, build: str) -> list[Any]:
    with world.store.read() as tx:
        return list(tx.tasks(documents.task_id(build)))


def test_the_concurrent_build_limit_refuses(make: Any) -> None:
    name = make.project(SLEEP, concurrentBuildLimit=1)
    build = make.start(name)
    with pytest.raises(ClientError) as refused:
        make.start(name)
    assert refused.value.response["Error"]["Code"] == "AccountLimitExceededException"
    make.codebuild.stop_build(id=build)
    make.codebuild.stop_build(id=make.start(name))


def test_a_retry_is_a_new_build_with_the_same_overrides(make: Any) -> None:
    name = make.project(HELLO)
    overrides = [{"name": "A", "value": "1"}]
    first = make.start(name, buildspecOverride=HELLO.replace("hello", "$A"), environmentVariablesOverride=overrides)
    with pytest.raises(ClientError, match="Build cannot be found"):
        make.codebuild.retry_build(id="absent:1")
    make.wait(first)
    second = make.codebuild.retry_build(id=first)["build"]
    assert second["id"] != first
    assert second["buildNumber"] == 2
    assert make.wait(second["id"]).output() == ["1"]


def test_builds_are_listed_newest_first_and_deleted(make: Any) -> None:
    name = make.project(HELLO)
    builds = [make.start(name) for _ in range(3)]
    for build in builds:
        make.wait(build)
    assert make.codebuild.list_builds_for_project(projectName=name)["ids"] == builds[::-1]
    assert make.codebuild.list_builds_for_project(projectName=name, sortOrder="ASCENDING")["ids"] == builds
    assert make.codebuild.list_builds()["ids"][:3] == builds[::-1]
    running = make.start(make.project(SLEEP))
    arn = "arn:aws:codebuild:us-east-1:000000000000:build/"
    answer = make.codebuild.batch_delete_builds(ids=[builds[0], arn + builds[1], running])
    assert answer["buildsDeleted"] == [arn + builds[0], arn + builds[1]]
    assert answer["buildsNotDeleted"] == [{"id": arn + running, "statusCode": "BUILD_IN_PROGRESS"}]
    make.codebuild.stop_build(id=running)
    assert make.codebuild.list_builds_for_project(projectName=name)["ids"] == [builds[2]]
    found = make.codebuild.batch_get_builds(ids=[arn + builds[2], builds[0]])
    assert [each["id"] for each in found["builds"]] == [builds[2]]
    assert found["buildsNotFound"] == [builds[0]]
    with pytest.raises(ClientError, match="Project cannot be found"):
        make.codebuild.list_builds_for_project(projectName="absent")


def test_events_tell_the_life_of_a_build(make: Any, world: Any) -> None:
    build = make.wait(make.start(make.project(HELLO))).build
    mine: list[dict[str, Any]] = []

    def all_there() -> bool:
        mine[:] = [event for event in world.seen if event["resources"] == [build["arn"]]]
        return sum(event["detail-type"] == "CodeBuild Build State Change" for event in mine) >= 2

    until(all_there)
    changes = [event["detail"] for event in mine if event["detail-type"] == "CodeBuild Build State Change"]
    assert [detail["build-status"] for detail in changes] == ["IN_PROGRESS", "SUCCEEDED"]
    last = changes[-1]
    assert last["build-id"] == build["arn"]
    assert last["current-phase"] == "COMPLETED"
    assert last["current-phase-context"] == "[]"
    assert set(last["additional-information"]["phases"][-1]) == {"phase-type", "start-time"}
    completed = {event["detail"]["completed-phase"] for event in mine if "Phase" in event["detail-type"]}
    assert completed == {
        "QUEUED",
        "PROVISIONING",
        "DOWNLOAD_SOURCE",
        "INSTALL",
        "PRE_BUILD",
        "BUILD",
        "POST_BUILD",
        "UPLOAD_ARTIFACTS",
        "FINALIZING",
    }


def test_a_role_that_may_not_write_logs_ends_the_build_in_provisioning(make: Any, world: Any) -> None:
    name = make.project(HELLO, logsConfig={"cloudWatchLogs": {"status": "ENABLED"}})
    iam = world.client("iam")
    policy = iam.get_role_policy(RoleName="builder", PolicyName="full")["PolicyDocument"]
    iam.delete_role_policy(RoleName="builder", PolicyName="full")
    try:
        ended = make.wait(make.start(name))
    finally:
        iam.put_role_policy(RoleName="builder", PolicyName="full", PolicyDocument=json.dumps(policy))
    assert ended.status == "FAILED"
    code, message = ended.context("PROVISIONING")
    assert code == "ACCESS_DENIED"
    assert "logs:CreateLogStream" in message


def test_lines_go_to_the_log_group_while_the_build_runs(make: Any, world: Any) -> None:
    spec = "version: 0.2\nphases: {build: {commands: ['echo first; echo; sleep 60']}}"
    name = make.project(spec, logsConfig={"cloudWatchLogs": {"status": "ENABLED"}})
    build = make.start(name)
    logs = world.client("logs")
    stream = {"logGroupName": f"/aws/codebuild/{name}", "logStreamName": build.partition(":")[2]}
    said: list[str] = []

    def there() -> bool:
        if phase_of(make, build) != "BUILD":
            return False
        said[:] = [event["message"] for event in logs.get_log_events(**stream, startFromHead=True)["events"]]
        return "first\n" in said

    until(there, 5)
    shown = make.codebuild.stop_build(id=build)["build"]["logs"]
    assert shown["groupName"] == stream["logGroupName"]
    assert shown["streamName"] == stream["logStreamName"]
    second = make.wait(make.start(name, buildspecOverride=HELLO))
    stream["logStreamName"] = second.build["logs"]["streamName"]
    messages = [event["message"] for event in logs.get_log_events(**stream, startFromHead=True)["events"]]
    assert "hello\n" in messages
    assert messages[-1].endswith("Message: \n")


def test_a_codepipeline_project_cannot_be_started_by_hand(make: Any) -> None:
    both = {"source": {"type": "CODEPIPELINE"}, "artifacts": {"type": "CODEPIPELINE"}}
    name = make.project("", **both)
    location = make.zip("hand.zip", {"buildspec.yml": HELLO})
    given = {"sourceTypeOverride": "S3", "sourceLocationOverride": location}
    with pytest.raises(ClientError, match="must be set when using source type CodePipelines"):
        make.start(name)
    with pytest.raises(ClientError, match="ArtifactsOverride must be set when using artifacts type CodePipelines"):
        make.start(name, **given)
    ended = make.wait(make.start(name, **given, artifactsOverride={"type": "NO_ARTIFACTS"}))
    assert ended.output() == ["hello"]


def test_a_pipeline_hands_over_its_artifacts(make: Any, world: Any) -> None:
    name = make.project("", source={"type": "CODEPIPELINE"}, artifacts={"type": "CODEPIPELINE"})
    spec = """
version: 0.2
phases:
  build:
    commands:
      - cat data; cat "$CODEBUILD_SRC_DIR_extra/more"
      - echo "$CODEBUILD_RESOLVED_SOURCE_VERSION $CODEBUILD_INITIATOR"
      - echo "${CODEBUILD_SRC_DIR_extra#*/src/}"
artifacts:
  files: [data]
  name: ignored
  secondary-artifacts: {two: {files: [buildspec.yml]}}
"""
    first = make.zip("pipe/one.zip", {"buildspec.yml": spec, "data": "in\n"})
    extra = make.zip("pipe/two.zip", {"more": "extra\n"})
    iam = world.client("iam")
    trust = (
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"codepipeline.amazonaws.com"},'
        '"Action":"sts:AssumeRole"}]}'
    )
    role = iam.create_role(RoleName="pipe", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    allow = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"codebuild:*","Resource":"*"}]}'
    iam.put_role_policy(RoleName="pipe", PolicyName="all", PolicyDocument=allow)
    pipeline = world.aws.as_role(role, "my-pipeline", service="codepipeline.amazonaws.com")
    outputs = {"type": "S3", "location": "output", "path": "pipe/out", "packaging": "ZIP", "namespaceType": "NONE"}
    request: dict[str, Any] = {
        "projectName": name,
        "idempotencyToken": "job-1",
        "sourceTypeOverride": "S3",
        "sourceLocationOverride": first,
        "sourceVersion": "0123abc",
        "secondarySourcesOverride": [{"type": "S3", "location": extra, "sourceIdentifier": "extra"}],
        "artifactsOverride": {"type": "NO_ARTIFACTS"},
        "secondaryArtifactsOverride": [{**outputs, "name": "KEY2", "artifactIdentifier": "two"}],
    }
    build = pipeline.call("codebuild", "StartBuild", **request)["build"]
    assert pipeline.call("codebuild", "StartBuild", **request)["build"]["id"] == build["id"]
    ended = make.wait(build["id"])
    assert ended.status == "SUCCEEDED", ended.log
    assert ended.output() == ["in", "extra", "0123abc codepipeline/my-pipeline", "s3/01"]
    assert ended.build["initiator"] == "codepipeline/my-pipeline"
    assert ended.build["source"]["type"] == "CODEPIPELINE"
    assert ended.build["sourceVersion"] == f"arn:aws:s3:::{first}"
    assert ended.build["resolvedSourceVersion"] == "0123abc"
    assert ended.build["secondaryArtifacts"][0]["location"] == "arn:aws:s3:::output/pipe/out/KEY2"
    assert list(make.unzipped("output", "pipe/out/KEY2")) == ["buildspec.yml"]
    single = {**request, "idempotencyToken": "job-2", "artifactsOverride": {**outputs, "name": "KEY1"}}
    single["secondaryArtifactsOverride"] = []
    make.wait(pipeline.call("codebuild", "StartBuild", **single)["build"]["id"])
    assert make.unzipped("output", "pipe/out/KEY1") == {"data": b"in\n"}


def test_folders_that_a_build_locked_are_removed(make: Any, world: Any) -> None:
    spec = "version: 0.2\nphases: {build: {commands: ['mkdir -p a/b; touch a/b/c; ln -s /etc a/l; chmod 000 a/b; chmod 500 a']}}"
    build = make.start(make.project(spec))
    assert make.wait(build).status == "SUCCEEDED"
    until(lambda: not list((world.folder / "builds").glob(f"{build.partition(':')[2]}*")), 5)
    assert Path("/etc/passwd").exists()


def test_a_log_bucket_that_is_gone_does_not_fail_the_build(make: Any) -> None:
    logs = {"cloudWatchLogs": {"status": "DISABLED"}, "s3Logs": {"status": "ENABLED", "location": "no-such-bucket-at-all/x"}}
    ended = make.run(HELLO, logsConfig=logs)
    assert ended.status == "SUCCEEDED"
    assert "s3LogsArn" not in ended.build["logs"]
