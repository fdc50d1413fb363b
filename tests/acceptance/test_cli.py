"""A user's day with the AWS CLI as it is, pointed at the server by the lines of ``stageline env``.

One test starts the program as a user does; the others ask the same program in a process that has it loaded already.
"""

import json
import os
import shlex
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stageline.testing.process import ServerProcess, eventually, plain_environment

Aws = Callable[..., Any]
ROLE = "arn:aws:iam::000000000000:role"


class Refused(Exception):
    """The AWS CLI ended with an error; the text is what it said."""


@pytest.fixture(scope="module")
def shell_environment(server: ServerProcess, stageline: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What a shell has after eval "$(stageline env)"."""
    done = stageline("env", "--data", str(server.data))
    assert done.returncode == 0
    assert done.stderr == ""
    home = str(tmp_path_factory.mktemp("home"))
    given = {**plain_environment(), "HOME": home, "AWS_PROFILE": "wrong", "AWS_SESSION_TOKEN": "wrong", "AWS_PAGER": ""}
    script = f"{done.stdout}\nexec env -0"
    shown = subprocess.run(["sh", "-c", script], env=given, capture_output=True, text=True, check=True, timeout=30).stdout
    environment = dict(line.split("=", 1) for line in shown.split("\0") if line)
    assert environment["AWS_ENDPOINT_URL"] == server.endpoint
    assert "AWS_PROFILE" not in environment
    return environment


@pytest.fixture(scope="module")
def aws(shell_environment: dict[str, str], warm_aws: str, tmp_path_factory: pytest.TempPathFactory) -> Aws:
    """Runs the AWS CLI; its output, as JSON where it is that."""
    return _running([f"{warm_aws}/aws"], shell_environment, tmp_path_factory.mktemp("here"))


def _running(program: list[str], environment: dict[str, str], folder: Path) -> Aws:
    def run(words: str, *more: str, here: Path = folder) -> Any:
        command = [*program, *shlex.split(words), *more]
        done = subprocess.run(command, cwd=here, env=environment, capture_output=True, text=True, timeout=60)
        if done.returncode:
            raise Refused(done.stderr.strip())
        assert done.stderr == ""
        return json.loads(done.stdout) if done.stdout.startswith(("{", "[")) else done.stdout

    return run


def test_the_program_as_it_is_installed(shell_environment: dict[str, str], tmp_path: Path) -> None:
    aws = _running([sys.executable, str(Path(sys.executable).with_name("aws"))], shell_environment, tmp_path)
    assert aws("sts get-caller-identity")["Arn"] == "arn:aws:iam::000000000000:root"
    assert aws("s3 mb s3://plain") == "make_bucket: plain\n"
    (tmp_path / "page.txt").write_text("as installed")
    assert "upload: " in aws("s3 cp page.txt s3://plain/page.txt --no-progress")
    assert aws("s3 cp s3://plain/page.txt -") == "as installed"
    with pytest.raises(Refused, match="PipelineNotFoundException"):
        aws("codepipeline get-pipeline --name none")


def test_objects_come_and_go(aws: Aws, tmp_path: Path) -> None:
    assert aws("s3 mb s3://attic") == "make_bucket: attic\n"
    tree = tmp_path / "tree"
    (tree / "deep").mkdir(parents=True)
    (tree / "a.txt").write_text("alpha")
    (tree / "deep" / "b ü+&.txt").write_text("beta")
    (tree / "big.bin").write_bytes(bytes(range(256)) * 40_000)  # 10 MB: the CLI sends it in parts
    for path in tree.rglob("*"):
        os.utime(path, (1_700_000_000, 1_700_000_000))  # a change within the same second would be sent again
    assert aws("s3 sync tree s3://attic/tree --no-progress", here=tmp_path).count("upload: ") == 3
    assert aws("s3 sync tree s3://attic/tree", here=tmp_path) == "", "nothing has changed"
    listed = aws("s3 ls --recursive s3://attic").splitlines()
    assert [line.split(maxsplit=2)[2] for line in listed] == ["5 tree/a.txt", "10240000 tree/big.bin", "4 tree/deep/b ü+&.txt"]
    assert aws("s3 cp s3://attic/tree/a.txt -") == "alpha"
    aws("s3 sync s3://attic/tree back --no-progress", here=tmp_path)
    for name in ("a.txt", "big.bin", "deep/b ü+&.txt"):
        assert (tmp_path / "back" / name).read_bytes() == (tree / name).read_bytes()
    url = aws("s3 presign s3://attic/tree/a.txt --expires-in 60").strip()
    with urllib.request.urlopen(url, timeout=10) as answer:
        assert answer.read() == b"alpha"
    with pytest.raises(Refused, match="BucketNotEmpty"):
        aws("s3 rb s3://attic")
    with pytest.raises(Refused, match="Not Found"):
        aws("s3 cp s3://attic/none -")
    assert aws("s3 rm --recursive s3://attic").count("delete: ") == 3
    assert aws("s3 rb s3://attic") == "remove_bucket: attic\n"
    assert "attic" not in aws("s3 ls")


def test_people_and_roles(aws: Aws, shell_environment: dict[str, str], warm_aws: str) -> None:
    assert aws("sts get-caller-identity")["Arn"] == "arn:aws:iam::000000000000:root"
    aws("iam create-user --user-name erin --tags Key=team,Value=web")
    key = aws("iam create-access-key --user-name erin")["AccessKey"]
    trust = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::000000000000:user/erin"}, "Action": "sts:AssumeRole"}
    aws("iam create-role --role-name reader --assume-role-policy-document", json.dumps(_document(trust)))
    look = {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}
    aws("iam put-role-policy --role-name reader --policy-name look --policy-document", json.dumps(_document(look)))
    credentials = f"AWS_ACCESS_KEY_ID={key['AccessKeyId']} AWS_SECRET_ACCESS_KEY={key['SecretAccessKey']}"
    erin = _as(warm_aws, shell_environment, credentials)
    done = erin("s3 ls")
    assert done.returncode != 0
    assert "AccessDenied" in done.stderr
    assert "user/erin is not authorized to perform: s3:ListAllMyBuckets" in done.stderr
    session = json.loads(erin(f"sts assume-role --role-arn {ROLE}/reader --role-session-name erin").stdout)["Credentials"]
    credentials = f"AWS_ACCESS_KEY_ID={session['AccessKeyId']} AWS_SECRET_ACCESS_KEY={session['SecretAccessKey']}"
    reader = _as(warm_aws, shell_environment, f"{credentials} AWS_SESSION_TOKEN={session['SessionToken']}")
    assert reader("s3 ls").returncode == 0
    assert "AccessDenied" in reader("iam list-users").stderr


def _document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _as(warm: str, environment: dict[str, str], credentials: str) -> Callable[[str], subprocess.CompletedProcess[str]]:
    given = {**environment, **dict(pair.split("=", 1) for pair in credentials.split())}
    return lambda words: subprocess.run(
        [f"{warm}/aws", *shlex.split(words)], env=given, capture_output=True, text=True, timeout=60
    )


BUILDSPEC = """
version: 0.2
phases:
  build:
    commands:
      - echo "building for $STAGE"
      - test "$STAGE" != broken
      - mkdir out
      - cp index.html out/
artifacts:
  base-directory: out
  files: ['**/*']
"""


def test_from_a_push_to_production(aws: Aws, cloud: Any, checkout_at: Any, make_action: Any, tmp_path: Path) -> None:
    made = aws("codecommit create-repository --repository-name shop --repository-description", "Our shop")
    assert made["repositoryMetadata"]["cloneUrlHttp"].endswith("/v1/repos/shop")
    checkout = checkout_at(tmp_path / "shop", cloud.developer("dana"))
    first = checkout.commit({"buildspec.yml": BUILDSPEC, "index.html": "one"})
    checkout.push(cloud.server, "shop")
    assert aws("codecommit get-branch --repository-name shop --branch-name main")["branch"]["commitId"] == first

    for bucket in ("shop-artifacts", "shop-site"):
        aws(f"s3 mb s3://{bucket}")
    aws("s3api put-bucket-versioning --bucket shop-artifacts --versioning-configuration Status=Enabled")
    cloud.pipeline_role("shop-pipeline")
    cloud.build_role("shop-build")
    project = aws(
        "codebuild create-project --name shop --source type=CODEPIPELINE --artifacts type=CODEPIPELINE --environment "
        "type=LINUX_CONTAINER,image=aws/codebuild/standard:7.0,computeType=BUILD_GENERAL1_SMALL "
        f"--service-role {ROLE}/shop-build"
    )["project"]
    assert project["arn"] == "arn:aws:codebuild:us-east-1:000000000000:project/shop"

    file = tmp_path / "pipeline.json"
    file.write_text(json.dumps({"pipeline": _pipeline(make_action, "test")}))
    assert aws(f"codepipeline create-pipeline --cli-input-json file://{file}")["pipeline"]["version"] == 1
    token = cloud.awaiting("shop", "Approve")
    state = {each["stageName"]: each for each in aws("codepipeline get-pipeline-state --name shop")["stageStates"]}
    assert state["Build"]["latestExecution"]["status"] == "Succeeded"
    assert state["Approve"]["actionStates"][0]["latestExecution"]["token"] == token
    assert state["Deploy"]["inboundTransitionState"]["enabled"] is True
    aws(
        "codepipeline put-approval-result --pipeline-name shop --stage-name Approve --action-name Approve "
        f"--result status=Approved,summary=fine --token {token}"
    )
    assert cloud.ended("shop")["status"] == "Succeeded"
    assert aws("s3 cp s3://shop-site/index.html -") == "one"
    runs = aws("codepipeline list-action-executions --pipeline-name shop")["actionExecutionDetails"]
    assert [(each["actionName"], each["status"]) for each in runs[::-1]] == [
        (name, "Succeeded") for name in ("Source", "Build", "Approve", "Deploy")
    ]
    _logs(aws, runs[2]["output"]["executionResult"]["externalExecutionId"])
    _change(aws, cloud, checkout, make_action, file)


def _pipeline(make_action: Any, stage: str) -> dict[str, Any]:
    variables = json.dumps([{"name": "STAGE", "value": stage, "type": "PLAINTEXT"}])
    actions = [
        make_action("Source", "Source/CodeCommit", {"RepositoryName": "shop", "BranchName": "main"}, makes="code"),
        make_action(
            "Build",
            "Build/CodeBuild",
            {"ProjectName": "shop", "EnvironmentVariables": variables},
            reads="code",
            makes="built",
        ),
        make_action("Approve", "Approval/Manual", {}),
        make_action("Deploy", "Deploy/S3", {"BucketName": "shop-site", "Extract": "true"}, reads="built"),
    ]
    return {
        "name": "shop",
        "pipelineType": "V2",
        "roleArn": f"{ROLE}/shop-pipeline",
        "artifactStore": {"type": "S3", "location": "shop-artifacts"},
        "stages": [{"name": each["name"], "actions": [each]} for each in actions],
    }


def _logs(aws: Aws, build: str) -> None:
    found = aws(f"codebuild batch-get-builds --ids {build}")["builds"][0]
    assert (found["buildStatus"], found["currentPhase"]) == ("SUCCEEDED", "COMPLETED")
    assert found["initiator"] == "codepipeline/shop"
    group, stream = found["logs"]["groupName"], found["logs"]["streamName"]
    where = f"--log-group-name {group} --log-stream-name {stream}"
    events = aws(f"logs get-log-events {where} --start-from-head")["events"]
    assert "building for test" in [each["message"].strip() for each in events]
    chosen = aws(f"logs filter-log-events --log-group-name {group} --filter-pattern", '"building for"')["events"]
    assert [each["message"].strip() for each in chosen if "echo" not in each["message"]] == ["building for test"]


def _change(aws: Aws, cloud: Any, checkout: Any, make_action: Any, file: Path) -> None:
    """A declaration that fails, retried, stopped, held up, mended; and the end of the pipeline."""
    file.write_text(json.dumps({"pipeline": _pipeline(make_action, "broken")}))
    assert aws(f"codepipeline update-pipeline --cli-input-json file://{file}")["pipeline"]["version"] == 2
    start = "codepipeline start-pipeline-execution --name shop"
    second = aws(start)["pipelineExecutionId"]
    assert cloud.ended("shop", second)["status"] == "Failed"
    aws(
        f"codepipeline retry-stage-execution --pipeline-name shop --stage-name Build --pipeline-execution-id {second} "
        "--retry-mode FAILED_ACTIONS"
    )
    assert cloud.ended("shop", second)["status"] == "Failed"
    attempts = [each["status"] for each in cloud.runs("shop", filter={"pipelineExecutionId": second})]
    assert attempts == ["Succeeded", "Failed", "Failed"]

    file.write_text(json.dumps({"pipeline": _pipeline(make_action, "production")}))
    aws(f"codepipeline update-pipeline --cli-input-json file://{file}")
    switch = "stage-transition --pipeline-name shop --stage-name Approve --transition-type Inbound"
    aws(f"codepipeline disable-{switch} --reason", "The shop is closed")
    checkout.commit({"index.html": "two"})
    checkout.push(cloud.server, "shop")

    def waiting() -> str:
        stages = cloud.codepipeline.get_pipeline_state(name="shop")["stageStates"]
        return str(stages[2].get("inboundExecution", {}).get("pipelineExecutionId", ""))

    third = eventually("an execution that waits in front of the approval", waiting)
    aws(f"codepipeline enable-{switch}")
    token = cloud.awaiting("shop", "Approve")
    aws(
        f"codepipeline stop-pipeline-execution --pipeline-name shop --pipeline-execution-id {third} --abandon --reason",
        "Not today",
    )
    assert cloud.ended("shop", third)["status"] == "Stopped"
    with pytest.raises(Refused, match=r"InvalidApprovalToken|ApprovalAlreadyCompleted"):
        aws(
            "codepipeline put-approval-result --pipeline-name shop --stage-name Approve --action-name Approve "
            f"--result status=Approved,summary=late --token {token}"
        )
    listed = aws("codepipeline list-pipeline-executions --pipeline-name shop")["pipelineExecutionSummaries"]
    assert [each["status"] for each in listed] == ["Stopped", "Failed", "Succeeded"]
    assert listed[0]["stopTrigger"]["reason"] == "Not today"
    assert listed[0]["trigger"]["triggerType"] != "StartPipelineExecution"
    assert aws("s3 cp s3://shop-site/index.html -") == "one"

    arn = "arn:aws:codepipeline:us-east-1:000000000000:shop"
    aws(f"codepipeline tag-resource --resource-arn {arn} --tags key=team,value=web")
    assert aws(f"codepipeline list-tags-for-resource --resource-arn {arn}")["tags"] == [{"key": "team", "value": "web"}]
    aws("codepipeline delete-pipeline --name shop")
    with pytest.raises(Refused, match="PipelineNotFoundException"):
        aws("codepipeline get-pipeline-state --name shop")
    with pytest.raises(Refused, match="PipelineNotFoundException"):
        aws(start)


def test_a_build_of_its_own(aws: Aws, cloud: Any) -> None:
    role = cloud.build_role("lone-build")
    spec = "version: 0.2\nphases: {build: {commands: ['echo alone', 'exit 3']}}"
    aws(
        "codebuild create-project --name lone --artifacts type=NO_ARTIFACTS --environment "
        f"type=LINUX_CONTAINER,image=aws/codebuild/standard:7.0,computeType=BUILD_GENERAL1_SMALL --service-role {role} --source",
        json.dumps({"type": "NO_SOURCE", "buildspec": spec}),
    )
    build = aws("codebuild start-build --project-name lone")["build"]["id"]

    def ended() -> Any:
        found = cloud.codebuild.batch_get_builds(ids=[build])["builds"][0]
        return found if found["buildComplete"] else None

    found = eventually("the end of a build", ended)
    assert found["buildStatus"] == "FAILED"
    failed = next(each for each in found["phases"] if each.get("phaseStatus") == "FAILED")
    assert failed["phaseType"] == "BUILD"
    assert "exit status 3" in failed["contexts"][0]["message"]
    assert "alone" in cloud.log(build)
