"""The credentials of a build end with the build, however it ends, and so does everything that was obtained with them."""

import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from stageline.services.codebuild import documents
from stageline.testing.harness import Key
from stageline.testing.process import ServerProcess, eventually

LEAK = 'printf \'%s\\n\' "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY" "$AWS_SESSION_TOKEN" > new && mv new keys'
WAIT = "until [ -f go ]; do sleep 0.02; done"
ARTIFACTS = {"type": "S3", "location": "output", "packaging": "NONE", "name": "leaked"}


def spec(*commands: str) -> str:
    return json.dumps(
        {"version": "0.2", "phases": {"build": {"commands": list(commands)}}, "artifacts": {"files": ["keys"]}, "env": {}}
    )


def code(call: Callable[..., Any], **request: Any) -> str:
    try:
        call(**request)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return ""


@dataclass
class Leak:
    """Credentials that left a build, the session that was obtained with them, and how both are asked."""

    client: Callable[..., Any]
    key: Key
    inner: Key

    def answers(self) -> list[str]:
        """The error codes of each of them at S3, STS and CodeBuild; empty words where they are good."""
        found = []
        for key in (self.key, self.inner):
            found.append(code(self.client("s3", key=key).list_objects_v2, Bucket="source"))
            found.append(code(self.client("sts", key=key).get_caller_identity))
            found.append(code(self.client("codebuild", key=key).list_projects))
        return found


GOOD = [""] * 6
GONE = ["InvalidToken", "InvalidClientTokenId", "UnrecognizedClientException"] * 2


def leaked(folder: Path, build: str, attempt: int, client: Callable[..., Any], inner: str) -> Leak:
    """What the build left in its work folder, used from outside while it runs."""
    pattern = f"{build.partition(':')[2]}.{attempt}/box/src*/src/keys"
    (file,) = eventually("the keys of the build", lambda: list((folder / "builds").glob(pattern)))
    key = Key(*file.read_text().split())
    given = client("sts", key=key).assume_role(RoleArn=inner, RoleSessionName="inner")["Credentials"]
    return Leak(client, key, Key(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"]))


@dataclass
class Roles:
    outer: str
    inner: str


def roles(iam: Any) -> Roles:
    """A role for builds, and one that it may assume."""
    allow = {"Effect": "Allow", "Action": ["s3:*", "logs:*", "codebuild:ListProjects", "sts:AssumeRole"], "Resource": "*"}
    made = []
    for name, principal in (("outer", {"Service": "codebuild.amazonaws.com"}), ("inner", {"AWS": "000000000000"})):
        trust = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(trust))["Role"]
        iam.put_role_policy(RoleName=name, PolicyName="given", PolicyDocument=policy(allow))
        made.append(role["Arn"])
    return Roles(*made)


def policy(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture(scope="module")
def own(world: Any) -> Roles:
    return roles(world.client("iam"))


def go(world: Any, build: str) -> None:
    (file,) = (world.folder / "builds").glob(f"{build.partition(':')[2]}.*/box/src*/src/keys")
    (file.parent / "go").touch()


@pytest.mark.parametrize("ending", ["SUCCEEDED", "FAILED", "STOPPED", "deleted", "lost"])
def test_credentials_of_a_build_end_with_it(make: Any, world: Any, own: Roles, ending: str) -> None:
    last = "exit 1" if ending == "FAILED" else "true"
    build = make.start(make.project(serviceRole=own.outer, buildspec=spec(LEAK, WAIT, last), artifacts=ARTIFACTS))
    leak = leaked(world.folder, build, 1, world.server.client, own.inner)
    assert leak.answers() == GOOD
    if ending == "lost":
        with world.store.write() as tx:
            document = tx.get(documents.BUILD, build)
            tx.put(documents.BUILD, build, {**document, "host": "another", "attempts": 2})
    elif ending == "STOPPED":
        make.codebuild.stop_build(id=build)
    else:
        go(world, build)
        assert make.wait(build).status == ("SUCCEEDED" if ending == "deleted" else ending)
        if ending == "deleted":
            make.codebuild.batch_delete_builds(ids=[build])
    assert leak.answers() == GONE
    if ending == "SUCCEEDED":
        assert make.stored("output", "leaked/keys").decode().split()[0] == leak.key.access_key_id


@dataclass
class Ahead:
    by: int = 0

    def now(self) -> int:
        return time.time_ns() // 1_000_000 + self.by


def test_credentials_of_a_build_that_took_too_long_end(make: Any, world: Any, own: Roles) -> None:
    clock = Ahead()
    usual, world.hosts[0] = world.hosts[0], replace(world.host, clock=clock)
    try:
        build = make.start(make.project(serviceRole=own.outer, buildspec=spec(LEAK, "sleep 60"), timeoutInMinutes=5))
        leak = leaked(world.folder, build, 1, world.server.client, own.inner)
        assert leak.answers() == GOOD
        clock.by = 5 * 60_000
        assert make.wait(build, 5).status == "TIMED_OUT"
    finally:
        world.hosts[0] = usual
    assert leak.answers() == GONE


def test_a_presigned_address_dies_with_the_build(make: Any, world: Any, own: Roles) -> None:
    world.client("s3").put_object(Bucket="source", Key="seen", Body=b"text")
    build = make.start(make.project(serviceRole=own.outer, buildspec=spec(LEAK, WAIT)))
    leak = leaked(world.folder, build, 1, world.server.client, own.inner)
    url = leak.client("s3", key=leak.key).generate_presigned_url("get_object", Params={"Bucket": "source", "Key": "seen"})
    assert fetch(url) == 200
    go(world, build)
    make.wait(build)
    assert fetch(url) == 400


def fetch(url: str) -> int:
    try:
        with urllib.request.urlopen(url) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_whoever_starts_a_build_is_behind_what_it_does(make: Any, world: Any, own: Roles) -> None:
    build = make.start(make.project(serviceRole=own.outer, buildspec=spec(LEAK, WAIT)))
    leak = leaked(world.folder, build, 1, world.server.client, own.inner)
    for key in (leak.key, leak.inner):
        credential = world.ports["identity"].credential(key.access_key_id, key.session_token)
        assert credential.caller.kind == "role"
        assert credential.caller.person == "000000000000"  # the administrator, who started it
    go(world, build)
    make.wait(build)


def test_after_a_crash_the_credentials_of_the_lost_attempt_are_gone(tmp_path: Path) -> None:
    with ServerProcess(tmp_path / "data", environment=_quick()) as server:
        iam, s3, codebuild = (server.client(each) for each in ("iam", "s3", "codebuild"))
        own = roles(iam)
        s3.create_bucket(Bucket="source")
        codebuild.create_project(
            name="leaky",
            source={"type": "NO_SOURCE", "buildspec": spec(LEAK, "sleep 60")},
            artifacts={"type": "NO_ARTIFACTS"},
            environment={"type": "LINUX_CONTAINER", "image": "aws/codebuild/standard:7.0", "computeType": "BUILD_GENERAL1_SMALL"},
            serviceRole=own.outer,
        )
        build = codebuild.start_build(projectName="leaky")["build"]["id"]
        first = leaked(server.data, build, 1, server.client, own.inner)
        assert first.answers() == GOOD
        server.kill()
        server.start()
        second = leaked(server.data, build, 2, server.client, own.inner)
        assert first.answers() == GONE
        assert second.answers() == GOOD
        server.client("codebuild").stop_build(id=build)
        assert second.answers() == GONE


def _quick() -> Mapping[str, str]:
    return {"STAGELINE_SANDBOX": "auto", "PATH": os.environ["PATH"]}
