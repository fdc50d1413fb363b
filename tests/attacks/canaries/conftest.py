"""One server as a process of its own that gets a secret through each input that carries one; pipelines and builds use them."""

import base64
import io
import json
import threading
import time
import urllib.request
import uuid
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from stageline.testing.harness import Key
from stageline.testing.pipelines import ENDED, action, eventually, stage
from stageline.testing.process import ServerProcess
from stageline.testing.workers import Kind


def canary(what: str) -> str:
    return f"canary.{what}.{uuid.uuid4().hex}"


@dataclass
class Watcher:
    """Remembers every answer, what went in, and every command line of the machine."""

    server: ServerProcess
    secrets: dict[str, str] = field(default_factory=dict)
    answers: list[tuple[str, bytes]] = field(default_factory=list)
    lines: set[bytes] = field(default_factory=set)

    def new(self, what: str) -> str:
        """A secret of the test's own."""
        self.secrets[what] = canary(what)
        return self.secrets[what]

    def client(self, service: str, key: Key | None = None) -> Any:
        made = self.server.client(service, key=key, parameter_validation=False)
        made.meta.events.register("after-call", self._remember)
        return made

    def _remember(self, http_response: Any, model: Any, **_: Any) -> None:
        if model.has_streaming_output:
            return
        head = json.dumps(dict(http_response.headers)).encode()
        self.answers.append((model.name, head + http_response.content))

    def refused(self, call: Callable[..., Any], **request: Any) -> None:
        """A call that must fail with a secret in its request."""
        with pytest.raises(ClientError) as caught:
            call(**request)
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] < 500

    def watch(self, done: threading.Event) -> None:
        while not done.is_set():
            for file in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    self.lines.add(file.read_bytes())
                except OSError:
                    continue
            time.sleep(0.01)


def policy(**statement: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})


@pytest.fixture(scope="module")
def watcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watcher]:
    """What was seen of a server that was given every kind of secret; it still runs."""
    done = threading.Event()
    with ServerProcess(tmp_path_factory.mktemp("canaries") / "data") as server:
        found = Watcher(server)
        thread = threading.Thread(target=found.watch, args=(done,))
        thread.start()
        try:
            _identities(found)
            role = _prepare(found)
            _stores(found)
            _builds(found, role)
            _pipeline(found, role)
            _mistakes(found, role)
        finally:
            done.set()
            thread.join()
        yield found


def _identities(watcher: Watcher) -> None:
    iam = watcher.client("iam")
    iam.create_user(UserName="user")
    iam.put_user_policy(UserName="user", PolicyName="all", PolicyDocument=policy(Action="*", Resource="*"))
    key = iam.create_access_key(UserName="user")["AccessKey"]
    watcher.secrets["access key"] = key["SecretAccessKey"]
    user = Key(key["AccessKeyId"], key["SecretAccessKey"])
    session = watcher.client("sts", user).get_session_token()["Credentials"]
    watcher.secrets |= {"session key": session["SecretAccessKey"], "session token": session["SessionToken"]}
    as_session = Key(session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"])
    watcher.client("s3", as_session).list_buckets()
    git = iam.create_service_specific_credential(UserName="user", ServiceName="codecommit.amazonaws.com")
    git = git["ServiceSpecificCredential"]
    watcher.secrets["git password"] = git["ServicePassword"]
    watcher.client("codecommit").create_repository(repositoryName="repo")
    login = base64.b64encode(f"{git['ServiceUserName']}:{git['ServicePassword']}".encode()).decode()
    url = f"{watcher.server.endpoint}/v1/repos/repo/info/refs?service=git-upload-pack"
    request = urllib.request.Request(url, headers={"Authorization": f"Basic {login}"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        assert answer.status == 200
        assert git["ServicePassword"].encode() not in answer.read()
    iam.create_login_profile(UserName="user", Password=watcher.new("login password") + "!A1")
    changed = {"OldPassword": watcher.secrets["login password"] + "!A1", "NewPassword": watcher.new("new password") + "!A1"}
    watcher.client("iam", user).change_password(**changed)
    watcher.refused(watcher.client("iam", user).change_password, **changed)
    wrong = Key(user.access_key_id, watcher.new("wrong key"))
    watcher.refused(watcher.client("s3", wrong).list_buckets)
    forged = Key(as_session.access_key_id, as_session.secret, watcher.new("forged token"))
    watcher.refused(watcher.client("s3", forged).list_buckets)


def _prepare(watcher: Watcher) -> str:
    s3 = watcher.client("s3")
    for bucket in ("artifacts", "incoming", "logs"):
        s3.create_bucket(Bucket=bucket)
    s3.put_bucket_versioning(Bucket="incoming", VersioningConfiguration={"Status": "Enabled"})
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("file", "text")
    s3.put_object(Bucket="incoming", Key="a.zip", Body=data.getvalue())
    iam = watcher.client("iam")
    services = ["codepipeline.amazonaws.com", "codebuild.amazonaws.com"]
    trust = policy(Action="sts:AssumeRole", Principal={"Service": services})
    role: str = iam.create_role(RoleName="worker", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    iam.put_role_policy(RoleName="worker", PolicyName="all", PolicyDocument=policy(Action="*", Resource="*"))
    return role


def _stores(watcher: Watcher) -> None:
    keeper, ssm = watcher.client("secretsmanager"), watcher.client("ssm")
    keeper.create_secret(Name="text", SecretString=watcher.new("secret before"))
    keeper.put_secret_value(SecretId="text", SecretString=watcher.new("secret"))
    keeper.update_secret(SecretId="text", SecretString=watcher.secrets["secret"], Description="plain")
    keeper.create_secret(Name="binary", SecretBinary=watcher.new("binary").encode())
    keeper.create_secret(Name="json", SecretString=json.dumps({"key": watcher.new("json key")}))
    ssm.put_parameter(Name="/secure", Value=watcher.new("secure before"), Type="SecureString")
    ssm.put_parameter(Name="/secure", Value=watcher.new("secure"), Overwrite=True)
    pattern = {"AllowedPattern": r"canary\..*"}
    ssm.put_parameter(Name="/patterned", Value=watcher.new("patterned"), Type="SecureString", **pattern)
    assert keeper.get_secret_value(SecretId="text")["SecretString"] == watcher.secrets["secret"]
    assert ssm.get_parameter(Name="/secure", WithDecryption=True)["Parameter"]["Value"] == watcher.secrets["secure"]
    keeper.describe_secret(SecretId="text")
    keeper.list_secrets()
    keeper.list_secret_version_ids(SecretId="text", IncludeDeprecated=True)
    ssm.describe_parameters()
    ssm.get_parameters(Names=["/secure"])
    ssm.get_parameters_by_path(Path="/")
    ssm.get_parameter_history(Name="/secure")
    watcher.client("codebuild").import_source_credentials(
        token=watcher.new("source"), serverType="GITHUB", authType="PERSONAL_ACCESS_TOKEN"
    )
    watcher.client("codebuild").list_source_credentials()


SPEC = {
    "version": 0.2,
    "env": {
        "secrets-manager": {"TEXT": "text", "JSONKEY": "json:key"},
        "parameter-store": {"SECURE": "/secure"},
        "exported-variables": ["TEXT", "MADE"],
    },
    "phases": {
        "build": {
            "commands": [
                'echo "$TEXT $JSONKEY $SECURE $OWN $PARAM"; env; printf %s "$TEXT"; sleep 0.1; echo "$SECURE" >&2',
                'echo "$AWS_SECRET_ACCESS_KEY" | rev; echo "$AWS_SESSION_TOKEN" | rev; MADE="a$TEXT"',
                'git -c "http.extraHeader=x" --version >/dev/null; exit $FAIL',
            ]
        }
    },
}


def _builds(watcher: Watcher, role: str) -> None:
    codebuild = watcher.client("codebuild")
    own = [
        {"name": "OWN", "value": "text", "type": "SECRETS_MANAGER"},
        {"name": "PARAM", "value": "/secure", "type": "PARAMETER_STORE"},
    ]
    for name, source, artifacts in (("project", "NO_SOURCE", "NO_ARTIFACTS"), ("piped", "CODEPIPELINE", "CODEPIPELINE")):
        codebuild.create_project(
            name=name,
            serviceRole=role,
            source={"type": source, "buildspec": json.dumps(SPEC)},
            artifacts={"type": artifacts},
            environment={
                "type": "LINUX_CONTAINER",
                "image": "aws/codebuild/standard:7.0",
                "computeType": "BUILD_GENERAL1_SMALL",
                "environmentVariables": own,
            },
            logsConfig={"s3Logs": {"status": "ENABLED", "location": "logs/builds"}},
        )
    for code in ("0", "1"):
        overrides = [{"name": "FAIL", "value": code}]
        build = codebuild.start_build(projectName="project", environmentVariablesOverride=overrides)["build"]

        def ended(build: str = build["id"]) -> Any:
            found = codebuild.batch_get_builds(ids=[build])["builds"][0]
            return found if found["buildComplete"] else None

        found = eventually(ended, 30)
        assert found["buildStatus"] == ("FAILED" if int(code) else "SUCCEEDED"), found["phases"]
        assert found["exportedEnvironmentVariables"] == [{"name": "MADE", "value": "a***"}]
        where = found["logs"]
        told = watcher.client("logs").get_log_events(
            logGroupName=where["groupName"], logStreamName=where["streamName"], startFromHead=True
        )["events"]
        lines = [each["message"].rstrip("\n") for each in told]
        assert "*** *** *** *** ***" in lines
        at = lines.index("*** *** *** *** ***")
        backwards = [
            line[::-1] for line in lines[at:] if len(line) >= 40 and line.isascii() and " " not in line and "=" not in line
        ]
        watcher.secrets |= {f"build's {code}-{place}": text for place, text in enumerate(backwards[:2])}
        assert len(backwards) >= 2


def _pipeline(watcher: Watcher, role: str) -> None:
    pipelines = watcher.client("codepipeline")
    kind = Kind(pipelines).create()
    fetch = {"S3Bucket": "incoming", "S3ObjectKey": "a.zip", "PollForSourceChanges": "false"}
    secretive = kind.action(configuration={"Project": "shop", "Token": watcher.new("configuration")}, inputs=["Src"])
    command = 'echo "$TOKEN"; env; MADE="x $TOKEN"'
    run = {**action("Run", "Compute", "Commands", inputs=["Src"]), "commands": [command], "outputVariables": ["MADE", "TOKEN"]}
    run |= {"environmentVariables": [{"name": "TOKEN", "value": "json:key", "type": "SECRETS_MANAGER"}], "namespace": "Run"}
    show = {"ProjectName": "piped", "EnvironmentVariables": json.dumps([{"name": "FAIL", "value": "0"}])}
    build = {**action("Build", "Build", "CodeBuild", inputs=["Src"]), "configuration": show}
    stages = [
        stage("Source", {**action("Fetch", "Source", "S3", outputs=["Src"]), "configuration": fetch}),
        stage("Work", secretive),
        stage("More", run, build),
    ]
    store = {"type": "S3", "location": "artifacts"}
    declared = {"name": "shop", "pipelineType": "V2", "roleArn": role, "artifactStore": store, "stages": stages}
    pipelines.create_pipeline(pipeline=declared)
    job = kind.take()
    assert job["data"]["actionConfiguration"]["configuration"]["Token"] == watcher.secrets["configuration"]
    credentials = job["data"]["artifactCredentials"]
    watcher.secrets |= {"job key": credentials["secretAccessKey"], "job token": credentials["sessionToken"]}
    pipelines.get_job_details(jobId=job["id"])
    pipelines.put_job_success_result(jobId=job["id"])
    hook = {"name": "hook", "targetPipeline": "shop", "targetAction": "Fetch", "authentication": "GITHUB_HMAC"}
    hook |= {"filters": [{"jsonPath": "$.ref"}], "authenticationConfiguration": {"SecretToken": watcher.new("webhook")}}
    pipelines.put_webhook(webhook=hook)
    pipelines.list_webhooks()

    def ended() -> Any:
        (found,) = pipelines.list_pipeline_executions(pipelineName="shop")["pipelineExecutionSummaries"]
        return found["status"] if found["status"] in ENDED else None

    status = eventually(ended, 30)
    runs = pipelines.list_action_executions(pipelineName="shop")["actionExecutionDetails"]
    assert status == "Succeeded", [each["output"]["executionResult"].get("errorDetails") for each in runs]
    pipelines.get_pipeline(name="shop")
    pipelines.get_pipeline_state(name="shop")
    (ran,) = [each["output"]["outputVariables"] for each in runs if each["actionName"] == "Run"]
    assert ran == {"MADE": "x ***"}
    for each in watcher.client("logs").describe_log_groups()["logGroups"]:
        for stream in watcher.client("logs").describe_log_streams(logGroupName=each["logGroupName"])["logStreams"]:
            where = {"logGroupName": each["logGroupName"], "logStreamName": stream["logStreamName"]}
            watcher.client("logs").get_log_events(**where, startFromHead=True)


def _mistakes(watcher: Watcher, role: str) -> None:
    """Requests with secrets in them that are refused."""
    keeper, ssm, pipelines = watcher.client("secretsmanager"), watcher.client("ssm"), watcher.client("codepipeline")
    long = watcher.new("long")
    watcher.refused(keeper.create_secret, Name="long", SecretString=long * 2000)
    watcher.refused(keeper.create_secret, Name="text", SecretString=watcher.new("taken"))
    watcher.refused(keeper.create_secret, Name="bad name", SecretString=watcher.new("badly named"))
    watcher.refused(keeper.put_secret_value, SecretId="none", SecretString=watcher.new("nowhere"))
    watcher.refused(keeper.put_secret_value, SecretId="text", SecretString=watcher.new("two"), SecretBinary=b"x")
    watcher.refused(ssm.put_parameter, Name="/long", Value=long * 500, Type="SecureString")
    watcher.refused(ssm.put_parameter, Name="/secure", Value=watcher.new("there"), Type="SecureString")
    slow = {"Value": watcher.new("slow") + "a" * 60, "AllowedPattern": r"canary\..*(a+)+b"}
    watcher.refused(ssm.put_parameter, Name="/slow", Type="SecureString", **slow)
    watcher.refused(ssm.put_parameter, Name="/no", Value=watcher.new("no"), Type="SecureString", AllowedPattern=r"\d+")
    hook = {"name": "x", "targetPipeline": "shop", "targetAction": "Fetch", "authentication": "GITHUB_HMAC", "filters": []}
    hook["authenticationConfiguration"] = {"SecretToken": watcher.new("long webhook") * 20}
    watcher.refused(pipelines.put_webhook, webhook=hook)
    watcher.refused(
        watcher.client("codebuild").import_source_credentials,
        token=watcher.new("spaced") + " x",
        serverType="GITHUB",
        authType="PERSONAL_ACCESS_TOKEN",
    )
    nobody = watcher.client("iam").create_user(UserName="nobody")["User"]["UserName"]
    key = watcher.client("iam").create_access_key(UserName=nobody)["AccessKey"]
    watcher.secrets["denied key"] = key["SecretAccessKey"]
    denied = watcher.client("secretsmanager", Key(key["AccessKeyId"], key["SecretAccessKey"]))
    watcher.refused(denied.create_secret, Name="denied", SecretString=watcher.new("denied"))
    declared = pipelines.get_pipeline(name="shop")["pipeline"]
    declared["stages"][1]["actions"][0]["configuration"] = {"Token": watcher.new("misdeclared")}
    watcher.refused(pipelines.update_pipeline, pipeline=declared)
    trail = watcher.client("cloudtrail")
    assert trail.lookup_events(LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": "CreateSecret"}])["Events"]
    trail.lookup_events()
