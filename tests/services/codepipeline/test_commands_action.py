"""The Commands action, for real: commands on artifacts, variables in and out, logs, failures, permissions, and hostile values."""

import io
import json
import uuid
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

from stageline.testing import pipelines as p

HOSTILE = 'it\'s "quoted"; touch /tmp/stageline-ran $(touch ran) `touch ran`\n touch ran\n#{variables.Plain} ${HOME}'


def packed(**files: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/"), text)
    return out.getvalue()


@pytest.fixture(scope="module")
def world(serve: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with serve(tmp_path_factory.mktemp("server") / "data", sandbox="auto") as found:
        yield found


@pytest.fixture(scope="module")
def incoming(world: Any) -> Any:
    s3 = world.client("s3")
    s3.create_bucket(Bucket="incoming")
    s3.put_bucket_versioning(Bucket="incoming", VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket="incoming", Key="one.zip", Body=packed(hello="Hello", deep__er="Deep"))
    s3.put_object(Bucket="incoming", Key="two.zip", Body=packed(second="Second"))
    return s3


def sources(*names: str) -> dict[str, Any]:
    files = dict(zip(names, ("one.zip", "two.zip"), strict=False))
    return p.stage(
        "Source",
        *(
            p.action(
                f"Fetch-{name}",
                "Source",
                "S3",
                configuration={"S3Bucket": "incoming", "S3ObjectKey": file, "PollForSourceChanges": "false"},
                outputs=[name],
            )
            for name, file in files.items()
        ),
    )


def run(*commands: str, **more: Any) -> dict[str, Any]:
    return p.action("Run", "Compute", "Commands", **{"commands": list(commands), "inputs": ["Src"], "configuration": {}, **more})


def lines(world: Any, pipeline: Any) -> list[str]:
    (detail,) = [each for each in pipeline.runs() if each["actionName"] == "Run"]
    name = detail["actionExecutionId"]
    group = f"/aws/codepipeline/{pipeline.name}"
    wanted = f"arn:aws:logs:us-east-1:000000000000:log-group:{group}:log-stream:{name}"
    assert detail["output"]["executionResult"]["logStreamARN"] == wanted
    assert pipeline.shown("Build", "Run")["logStreamARN"] == wanted
    found = world.client("logs").get_log_events(logGroupName=group, logStreamName=name, startFromHead=True)
    return [each["message"].rstrip("\n") for each in found["events"]]


def unzipped(s3: Any, detail: dict[str, Any], name: str) -> dict[str, str]:
    (place,) = [each["s3location"] for each in detail["output"]["outputArtifacts"] if each["name"] == name]
    body = s3.get_object(Bucket=place["bucket"], Key=place["key"])["Body"].read()
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return {each: archive.read(each).decode() for each in archive.namelist()}


def test_commands_run_on_the_artifacts_and_give_files_and_variables(world: Any, make: Any, incoming: Any) -> None:
    pipeline = make(
        sources("Src", "Other-One"),
        p.stage(
            "Build",
            run(
                'cat hello deep/er "$CODEBUILD_SRC_DIR_Other_One/second"; echo',
                "cd deep; LATER=kept",
                "mkdir -p ../out && cp er ../out/er && echo unwanted > ../out/more",
                'VERSION="$(cat er)-$LATER"; echo "$KEY $GIVEN $CODEBUILD_INITIATOR"',
                inputs=["Src", "Other-One"],
                outputArtifacts=[{"name": "Out", "files": ["out/er"]}],
                environmentVariables=[
                    {"name": "KEY", "value": "plain", "type": "PLAINTEXT"},
                    {"name": "GIVEN", "value": "#{variables.Plain}!"},
                ],
                outputVariables=["VERSION", "CODEBUILD_BUILD_NUMBER", "NOTHING"],
                namespace="built",
            ),
        ),
        p.stage("After", p.action("Use", "Deploy", say="#{built.VERSION}", inputs=["Out"])),
        variables=[{"name": "Plain", "defaultValue": "a b"}],
    )
    pipeline.ended()
    said = lines(world, pipeline)
    assert "HelloDeepSecond" in said
    assert f"plain a b! codepipeline/{pipeline.name}" in said
    (detail,) = [each for each in pipeline.runs() if each["actionName"] == "Run"]
    assert detail["output"]["outputVariables"] == {"VERSION": "Deep-kept", "CODEBUILD_BUILD_NUMBER": "1"}
    assert unzipped(incoming, detail, "Out") == {"out/er": "Deep"}
    (after,) = [each for each in pipeline.runs() if each["actionName"] == "Use"]
    assert after["input"]["resolvedConfiguration"]["Say"] == "Deep-kept"
    (shown,) = pipeline.client.get_pipeline(name=pipeline.name)["pipeline"]["stages"][1]["actions"]
    assert shown == {**pipeline.document["stages"][1]["actions"][0], "runOrder": 1}


def test_the_build_is_not_among_those_of_codebuild(world: Any, make: Any, incoming: Any) -> None:
    pipeline = make(sources("Src"), p.stage("Build", run("true")))
    pipeline.ended()
    build = pipeline.shown("Build", "Run")["externalExecutionId"]
    codebuild = world.client("codebuild")
    assert codebuild.list_builds()["ids"] == []
    assert codebuild.batch_get_builds(ids=[build])["buildsNotFound"] == [build]
    p.refused("ResourceNotFoundException", codebuild.stop_build, id=build)
    p.refused("ResourceNotFoundException", codebuild.retry_build, id=build)
    assert codebuild.batch_delete_builds(ids=[build])["buildsNotDeleted"][0]["statusCode"] == "BUILD_NOT_FOUND"


def test_a_commit_message_is_never_run(world: Any, make: Any, incoming: Any) -> None:
    """Whoever may write a commit message must not write commands with it."""
    codecommit = world.client("codecommit")
    codecommit.create_repository(repositoryName="repo")
    codecommit.put_file(repositoryName="repo", branchName="main", filePath="a", fileContent=b"a", commitMessage=HOSTILE)
    configuration = {"RepositoryName": "repo", "BranchName": "main", "PollForSourceChanges": "false"}
    fetch = p.action("Fetch", "Source", "CodeCommit", configuration=configuration, outputs=["Src"], namespace="src")
    pipeline = make(
        p.stage("Source", fetch),
        p.stage(
            "Build",
            run(
                "printf '%s' #{src.CommitMessage} > one",
                "printf '%s' '#{src.CommitMessage}' > two",
                'printf "%s" "#{src.CommitMessage}" > three',
                "printf '%s' \"$GIVEN\" > four",
                "! test -e ran && ! test -e /tmp/stageline-ran",
                'test "$(cat one)" = "$GIVEN"; OUT="#{src.CommitMessage}"',
                outputs=["Out"],
                environmentVariables=[{"name": "GIVEN", "value": "#{src.CommitMessage}"}],
                outputVariables=["OUT"],
            ),
        ),
    )
    pipeline.ended()
    detail = next(each for each in pipeline.runs() if each["actionName"] == "Run")
    files = unzipped(incoming, detail, "Out")
    assert {name: text.rstrip("\n") for name, text in files.items() if name != "a"} == dict.fromkeys(
        ("one", "two", "three", "four"), HOSTILE
    )
    assert "ran" not in files
    assert detail["output"]["outputVariables"]["OUT"].rstrip("\n") == HOSTILE


def test_a_failing_command_is_named_with_its_exit_code(world: Any, make: Any, incoming: Any) -> None:
    pipeline = make(sources("Src"), p.stage("Build", run("echo before", "exit 3", "echo after", outputs=["Out"])))
    pipeline.ended(status="Failed")
    shown = pipeline.shown("Build", "Run")
    assert shown["errorDetails"] == {
        "code": "JobFailed",
        "message": "Error while executing command: exit 3. Reason: exit status 3",
    }
    said = lines(world, pipeline)
    assert "before" in said
    assert "after" not in said
    assert incoming.list_objects_v2(Bucket="artifacts", Prefix=f"{pipeline.name[:20]}/Out")["KeyCount"] == 0


def test_files_that_are_not_there_fail_the_action(make: Any, incoming: Any) -> None:
    pipeline = make(sources("Src"), p.stage("Build", run("true", outputArtifacts=[{"name": "Out", "files": ["no/*"]}])))
    pipeline.ended(status="Failed")
    assert pipeline.shown("Build", "Run")["errorDetails"]["message"] == "no matching artifact paths found"


def test_a_secret_reaches_the_commands_and_is_hidden_in_their_log(world: Any, make: Any, incoming: Any) -> None:
    value = f"s3cret-{uuid.uuid4().hex}"
    name = f"commands/{uuid.uuid4().hex}"
    world.client("secretsmanager").create_secret(Name=name, SecretString=json.dumps({"key": value}))
    secret = {"name": "TOKEN", "value": f"{name}:key", "type": "SECRETS_MANAGER"}
    check = f'test "$TOKEN" = "$(echo {value[::-1]} | rev)" && echo "the token is $TOKEN"; MADE="a $TOKEN"'
    commands = run(check, environmentVariables=[secret], outputVariables=["MADE", "TOKEN"])
    pipeline = make(sources("Src"), p.stage("Build", commands))
    pipeline.ended()
    assert "the token is ***" in lines(world, pipeline)
    shown = pipeline.runs(pipelineExecutionId=pipeline.first())
    (made,) = [each["output"]["outputVariables"] for each in shown if each["actionName"] == "Run"]
    assert made == {"MADE": "a ***"}
    assert value not in json.dumps([shown, pipeline.state(), world.told], default=str)


def test_a_secret_is_not_there(make: Any, incoming: Any) -> None:
    secret = {"name": "TOKEN", "value": "prod/none:key", "type": "SECRETS_MANAGER"}
    pipeline = make(sources("Src"), p.stage("Build", run("true", environmentVariables=[secret])))
    pipeline.ended(status="Failed")
    told = pipeline.shown("Build", "Run")["errorDetails"]
    assert told["code"] == "ConfigurationError"
    assert "ResourceNotFoundException" in told["message"]
    assert "prod/none:key" in told["message"]


def test_a_secret_that_the_role_may_not_read(world: Any, declare: Any, incoming: Any) -> None:
    most = {"NotAction": "secretsmanager:*", "Resource": "*"}
    trust = {"Principal": {"Service": "codepipeline.amazonaws.com"}}
    role = world.role_for(f"no-secrets-{uuid.uuid4().hex[:8]}", trust, most)
    name = f"denied/{uuid.uuid4().hex}"
    world.client("secretsmanager").create_secret(Name=name, SecretString="s")
    secret = {"name": "TOKEN", "value": name, "type": "SECRETS_MANAGER"}
    pipeline = declare(sources("Src"), p.stage("Build", run("true", environmentVariables=[secret])))
    pipeline.document["roleArn"] = role
    pipeline.create().ended(status="Failed")
    told = pipeline.shown("Build", "Run")["errorDetails"]
    assert told["code"] == "PermissionError"
    assert "is not authorized to perform: secretsmanager:GetSecretValue" in told["message"]


@pytest.mark.parametrize(
    ("configuration", "why"),
    [
        ({"EnvironmentType": "WINDOWS_SERVER_2022_CONTAINER"}, "this server runs builds on Linux"),
        ({"ComputeType": "HUGE"}, "BUILD_GENERAL1_LARGE"),
    ],
)
def test_what_this_server_cannot_give_fails_the_action(make: Any, incoming: Any, configuration: Any, why: str) -> None:
    pipeline = make(sources("Src"), p.stage("Build", run("true", configuration=configuration)))
    pipeline.ended(status="Failed")
    told = pipeline.shown("Build", "Run")["errorDetails"]
    assert told["code"] == "ConfigurationError"
    assert why in told["message"]


def test_the_role_needs_the_log_group(world: Any, make: Any, incoming: Any) -> None:
    role = world.role_for(
        "without-logs",
        {"Principal": {"Service": "codepipeline.amazonaws.com"}},
        {"Action": "s3:*", "Resource": "*"},
    )
    pipeline = make(sources("Src"), p.stage("Build", run("true")), roleArn=role)
    pipeline.ended(status="Failed")
    told = pipeline.shown("Build", "Run")["errorDetails"]
    assert told["code"] == "PermissionError"
    assert f"Service role {role} does not allow AWS CodePipeline to create Amazon CloudWatch Logs log streams" in told["message"]


def test_commands_run_as_the_action_s_own_role(world: Any, make: Any, incoming: Any) -> None:
    """The pipeline's role may not write logs, the action's may: the commands are the action's, also after the first step."""
    service = {"Principal": {"Service": "codepipeline.amazonaws.com"}}
    outer = world.role_for("outer", service, {"Action": ["s3:*", "sts:AssumeRole"], "Resource": "*"})
    own = world.role_for("own", {"Principal": {"AWS": outer}}, {"Action": ["s3:*", "logs:*"], "Resource": "*"})
    pipeline = make(sources("Src"), p.stage("Build", run("echo as myself", roleArn=own, outputs=["Out"])), roleArn=outer)
    pipeline.ended()
    assert "as myself" in lines(world, pipeline)


def test_commands_are_for_v2_pipelines(declare: Any, incoming: Any) -> None:
    pipeline = declare(sources("Src"), p.stage("Build", run("true")), pipelineType="V1")
    told = p.refused("InvalidActionDeclarationException", pipeline.client.create_pipeline, pipeline=pipeline.document)
    assert "V2" in told


def test_a_pipeline_with_commands_is_of_type_v2(make: Any, incoming: Any) -> None:
    pipeline = make(sources("Src"), p.stage("Build", run("true")))
    assert pipeline.client.get_pipeline(name=pipeline.name)["pipeline"]["pipelineType"] == "V2"


def test_a_stopped_execution_abandons_its_commands_and_a_timeout_ends_them(world: Any, make: Any, incoming: Any) -> None:
    pipeline = make(sources("Src"), p.stage("Build", run("sleep 60")))
    execution = pipeline.first()
    run_id = pipeline.reached("Build", "Run")["actionExecutionId"]
    with world.whole.store.read() as tx:
        timer = next(each for each in tx.tasks("timer/") if each.id.endswith(run_id))
    world.whole.store.hasten(timer, world.whole.engine.clock.now())
    assert pipeline.ended(execution, "Failed")
    told = pipeline.shown("Build", "Run")["errorDetails"]
    assert told == {"code": "TimedOut", "message": "The action did not complete within 55 minutes."}

    def stopped() -> bool:
        found = world.whole.aws.commands(f"codepipeline/{pipeline.name}:{run_id}")
        return found is not None and found.status == "STOPPED"

    p.eventually(stopped)
