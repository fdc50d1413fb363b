"""``stageline why-denied``: what people read about requests that a real server has refused."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from stageline.app import administrator, assemble
from stageline.config import Settings
from stageline.offline import denied
from stageline.ports.identity import Denial
from stageline.store.files.denials import FileDenials, latest
from stageline.testing import harness
from stageline.testing.process import ServerProcess, plain_environment

ACCOUNT = "000000000000"


@dataclass
class Running:
    """A real server, its clients, and what is said about its refusals."""

    data: Path
    http: harness.Server

    def client(self, service: str, key: harness.Key | None = None) -> Any:
        return self.http.client(service, key=key)

    def person(self, name: str, *statements: dict[str, Any], **request: Any) -> harness.Key:
        iam = self.client("iam")
        iam.create_user(UserName=name, **request)
        document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
        if statements:
            iam.put_user_policy(UserName=name, PolicyName="given", PolicyDocument=document)
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return harness.Key(key["AccessKeyId"], key["SecretAccessKey"])

    def refused(self, call: Callable[..., Any], **request: Any) -> str:
        """What is said about a refused call."""
        with pytest.raises(ClientError) as caught:
            call(**request)
        request_id = caught.value.response["ResponseMetadata"]["RequestId"]
        return "\n".join(denied.why(Settings(data=self.data), request_id))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    data = tmp_path_factory.mktemp("denied") / "data"
    server = assemble(Settings(data=data), 0)
    key = administrator(data)
    with harness.serving(server.application) as endpoint:
        signer = harness.Key(key["AccessKeyId"], key["SecretAccessKey"])
        yield Running(data, harness.Server(endpoint, "us-east-1", server.application, signer))
    server.close()


def test_explicit_deny_is_named_with_its_policy_and_statement(running: Running) -> None:
    allow = {"Effect": "Allow", "Action": "codepipeline:*", "Resource": "*"}
    deny = {"Sid": "Freeze", "Effect": "Deny", "Action": "codepipeline:Start*", "Resource": "*"}
    ann = running.client("codepipeline", running.person("ann", allow, deny))
    said = running.refused(ann.start_pipeline_execution, name="shop")
    assert f"principal  arn:aws:iam::{ACCOUNT}:user/ann (AIDA" in said
    assert "action     codepipeline:StartPipelineExecution" in said
    assert f"resource   arn:aws:codepipeline:us-east-1:{ACCOUNT}:shop" in said
    assert "denied     with an explicit deny in an identity-based policy" in said
    assert "decided by statement 2 (Sid Freeze) of the inline policy given of user ann" in said
    assert "aws:sourceip = 127.0.0.1" in said


def test_policies_of_groups_and_managed_ones_are_named(running: Running) -> None:
    iam = running.client("iam")
    bob = running.person("bob")
    iam.create_group(GroupName="devs")
    deny = {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}
    arn = iam.create_policy(PolicyName="no-s3", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": deny}))[
        "Policy"
    ]["Arn"]
    iam.attach_group_policy(GroupName="devs", PolicyArn=arn)
    iam.add_user_to_group(GroupName="devs", UserName="bob")
    said = running.refused(running.client("s3", bob).list_buckets)
    assert f"decided by statement 1 of {arn} of group devs" in said


def test_missing_allows_are_told_by_kind_of_policy(running: Running) -> None:
    cyd = running.person("cyd", PermissionsBoundary="arn:aws:iam::aws:policy/AmazonSQSFullAccess")
    said = running.refused(running.client("codecommit", cyd).list_repositories)
    assert "missing    no identity-based policy allows it" in said
    assert "missing    no permissions boundary allows it" in said
    assert "decided by" not in said


def test_role_that_cannot_be_taken(running: Running) -> None:
    dee = running.client("sts", running.person("dee"))
    arn = f"arn:aws:iam::{ACCOUNT}:role/none"
    asked = {"RoleSessionName": "se", "ExternalId": "our-secret-42"}
    assert "because there is no such role" in running.refused(dee.assume_role, RoleArn=arn, **asked)
    trust = {"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole", "Sid": "Nobody"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    made = running.client("iam").create_role(RoleName="shut", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    said = running.refused(dee.assume_role, RoleArn=made, **asked)
    assert "decided by statement 1 (Sid Nobody) of the trust policy" in said
    assert "sts:rolesessionname = se" in said
    assert "our-secret-42" not in said


def test_secrets_of_a_request_are_not_kept(running: Running) -> None:
    eve = running.client("codebuild", running.person("eve"))
    said = running.refused(
        eve.start_build,
        projectName="shop",
        imageOverride="an/image",
        environmentVariablesOverride=[{"name": "TOKEN", "value": "hunter2-hunter2"}],
    )
    assert "codebuild:environment.image = an/image" in said
    assert all(b"hunter2" not in file.read_bytes() for file in running.data.glob("denials*"))


def test_resource_policy_that_denies(running: Running) -> None:
    s3 = running.client("s3")
    s3.create_bucket(Bucket="shut-bucket")
    deny = {"Sid": "Shut", "Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::shut-bucket/*"}
    s3.put_bucket_policy(Bucket="shut-bucket", Policy=json.dumps({"Version": "2012-10-17", "Statement": [deny]}))
    said = running.refused(s3.get_object, Bucket="shut-bucket", Key="k")
    assert "decided by statement 1 (Sid Shut) of the resource's policy" in said


def test_what_is_allowed_leaves_nothing(running: Running) -> None:
    before = denied.why(Settings(data=running.data))
    running.client("s3").list_buckets()
    assert denied.why(Settings(data=running.data)) == before


def test_unknown_request_and_unknown_folder(running: Running, tmp_path: Path) -> None:
    with pytest.raises(denied.NotKnown, match="nothing is kept of a denied request none"):
        denied.why(Settings(data=running.data), "none")
    with pytest.raises(denied.NotKnown, match="name that of your server with --data"):
        denied.why(Settings(data=tmp_path / "none"))
    assert denied.why(Settings(data=tmp_path)) == ["No request has been denied."]


def test_terminal_is_not_steered_by_what_a_caller_sends(tmp_path: Path) -> None:
    hostile = {"aws:useragent": "x\x1b[2J\u202e\nrequest    forged"}
    given = Denial("r", 0, "s3", "p", "", "s3:GetObject", "res\x1b[31m", "because", "identity", False, keys=hostile)
    FileDenials(tmp_path, 10).note(given)
    lines = denied.why(Settings(data=tmp_path), "r")
    assert all(each.isprintable() for line in lines for each in line)
    assert [line for line in lines if line.startswith("request")] == ["request    r at 1970-01-01T00:00:00.000Z"]


def test_command(running: Running) -> None:
    fay = running.client("iam", running.person("fay"))
    with pytest.raises(ClientError) as caught:
        fay.list_users()
    request_id = caught.value.response["ResponseMetadata"]["RequestId"]

    def run(*words: str) -> "subprocess.CompletedProcess[str]":
        given = [sys.executable, "-m", "stageline", "why-denied", *words, "--data", str(running.data)]
        return subprocess.run(given, capture_output=True, text=True, env=plain_environment(), check=False, timeout=60)

    first = run().stdout.splitlines()[0]
    assert re.fullmatch(rf"\S+Z  {request_id}  iam:ListUsers  arn:aws:iam::{ACCOUNT}:user/fay", first)
    wrong = run("none")
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert wrong.stderr.startswith("stageline: nothing is kept of a denied request none")


def test_denials_outlive_a_kill_and_a_flood_does_not_fill_the_disk(tmp_path: Path) -> None:
    with ServerProcess(tmp_path / "data", environment={"STAGELINE_DENIALS": "20"}) as server:
        iam = server.client("iam")
        iam.create_user(UserName="gil")
        key = iam.create_access_key(UserName="gil")["AccessKey"]
        gil = server.client("iam", key=harness.Key(key["AccessKeyId"], key["SecretAccessKey"]))
        seen = []
        for _ in range(50):
            with pytest.raises(ClientError) as caught:
                gil.list_users()
            seen.append(caught.value.response["ResponseMetadata"]["RequestId"])
        server.kill()
    kept = [each.request_id for each in latest(tmp_path / "data")]
    assert kept[:20] == seen[:-21:-1]
    assert len(kept) <= 40
    assert denied.why(Settings(data=tmp_path / "data"), seen[-1])[2] == "action     iam:ListUsers"
