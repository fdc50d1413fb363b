"""Who did what, as the trail of a whole server has it: users, roles, root, git clients, builds, polls, refusals."""

import io
import json
import os
import subprocess
import urllib.request
import zipfile
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from botocore.exceptions import ClientError

from stageline.config import Settings
from stageline.offline import audit
from stageline.ports.api import ApiError
from stageline.testing.harness import Key
from stageline.testing.pipelines import Pipeline, eventually, source, stage
from stageline.testing.process import ServerProcess
from stageline.testing.workers import Kind

EVERYTHING = {"Action": "*", "Resource": "*"}


def trusted(whole: Any, name: str, principal: dict[str, str], *statements: dict[str, Any]) -> str:
    iam = whole.client("iam")
    trust = {"Effect": "Allow", "Principal": principal, "Action": ["sts:AssumeRole", "sts:SetSourceIdentity"]}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    arn = str(iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"])
    allowed = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **each} for each in statements or (EVERYTHING,)]}
    iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=json.dumps(allowed))
    return arn


def test_a_record_has_cloudtrails_form(whole: Any) -> None:
    whole.client("iam", user_agent="form/1").create_group(GroupName="form")
    event = whole.event(eventName="CreateGroup", userAgent="form/1")
    assert set(event) == {
        *("eventVersion", "userIdentity", "eventTime", "eventSource", "eventName", "awsRegion", "sourceIPAddress", "userAgent"),
        *("requestParameters", "responseElements", "requestID", "eventID", "readOnly", "eventType", "managementEvent"),
        *("recipientAccountId", "eventCategory", "resources"),
    }
    assert event["eventSource"] == "iam.amazonaws.com"
    assert event["requestParameters"] == {"groupName": "form"}
    assert event["responseElements"]["group"]["groupName"] == "form"
    assert event["readOnly"] is False
    assert event["managementEvent"] is True
    assert event["eventCategory"] == "Management"
    assert event["eventType"] == "AwsApiCall"
    assert event["sourceIPAddress"] == "127.0.0.1"
    assert event["resources"] == [
        {"ARN": "arn:aws:iam::000000000000:group/form", "accountId": "000000000000", "type": "AWS::IAM::Group"}
    ]
    assert event["userIdentity"]["type"] == "Root"


def test_a_user_and_a_refusal(whole: Any) -> None:
    key = whole.person("reader", {"Action": "iam:ListUsers", "Resource": "*"})
    iam = whole.client("iam", key=key)
    iam.list_users()
    with pytest.raises(ClientError):
        iam.create_user(UserName="nobody")
    read = whole.event(eventName="ListUsers")
    assert read["userIdentity"] == {
        "type": "IAMUser",
        "principalId": read["userIdentity"]["principalId"],
        "arn": "arn:aws:iam::000000000000:user/reader",
        "accountId": "000000000000",
        "accessKeyId": key.access_key_id,
        "userName": "reader",
    }
    assert read["responseElements"] is None
    denied = whole.event(eventName="CreateUser", errorCode="AccessDenied")
    assert "not authorized to perform: iam:CreateUser" in denied["errorMessage"]
    assert denied["requestParameters"] == {"userName": "nobody"}
    assert denied["responseElements"] is None


def test_a_session_of_a_role(whole: Any) -> None:
    key = whole.person("taker", {"Action": "sts:*", "Resource": "*"})
    arn = trusted(whole, "Deployer", {"AWS": "arn:aws:iam::000000000000:user/taker"})
    sts = whole.client("sts", key=key)
    given = sts.assume_role(RoleArn=arn, RoleSessionName="ci", SourceIdentity="alice")["Credentials"]
    session = Key(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
    whole.client("s3", key=session).create_bucket(Bucket="by-a-role")
    taken = [each for each in whole.events(eventName="AssumeRole") if each["userIdentity"].get("userName") == "taker"][-1]
    assert taken["readOnly"] is True
    assert taken["responseElements"]["credentials"]["accessKeyId"] == given["AccessKeyId"]
    assert given["SessionToken"] not in json.dumps(taken)
    who = whole.event(eventName="CreateBucket")["userIdentity"]
    assert who["type"] == "AssumedRole"
    assert who["arn"] == "arn:aws:sts::000000000000:assumed-role/Deployer/ci"
    assert who["accessKeyId"] == given["AccessKeyId"]
    assert who["sessionContext"]["sourceIdentity"] == "alice"
    issuer = who["sessionContext"]["sessionIssuer"]
    assert (issuer["type"], issuer["arn"], issuer["userName"]) == ("Role", arn, "Deployer")
    assert who["principalId"] == f"{issuer['principalId']}:ci"


def test_a_wrong_signature_is_recorded_without_what_it_said(whole: Any) -> None:
    known = whole.server.key
    with pytest.raises(ClientError):
        whole.client("sts", key=Key(known.access_key_id, "wrong"), user_agent="liar").get_caller_identity()
    event = whole.event(userAgent="liar")
    assert event["userIdentity"] == {"type": "Unknown", "accessKeyId": known.access_key_id}
    assert event["errorCode"] == "SignatureDoesNotMatch"
    assert "errorMessage" not in event


def test_objects_are_data_events_and_their_reads_are_not_recorded(whole: Any) -> None:
    s3 = whole.client("s3", user_agent="objects")
    s3.create_bucket(Bucket="objects")
    s3.put_object(Bucket="objects", Key="a/b", Body=b"canary-of-a-body")
    s3.get_object(Bucket="objects", Key="a/b")["Body"].read()
    stranger = whole.client("s3", key=whole.person("stranger"), user_agent="objects")
    with pytest.raises(ClientError):
        stranger.get_object(Bucket="objects", Key="a/b")
    found = [(each["eventName"], each.get("errorCode")) for each in whole.events(userAgent="objects")]
    assert found == [("CreateBucket", None), ("PutObject", None), ("GetObject", "AccessDenied")]
    put = whole.event(eventName="PutObject", userAgent="objects")
    assert put["eventCategory"] == "Data"
    assert put["managementEvent"] is False
    assert put["requestParameters"] == {"bucketName": "objects", "key": "a/b"} | {
        name: value for name, value in put["requestParameters"].items() if name not in ("bucketName", "key")
    }
    assert put["resources"][0]["type"] == "AWS::S3::Object"
    assert b"canary-of-a-body" not in b"".join(whole.lines())


def git(whole: Any, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        **dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"), "A"),
        **dict.fromkeys(("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"), "a@example.com"),
    }
    return subprocess.run(["git", *words], cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_git_clients(whole: Any, tmp_path: Path) -> None:
    whole.client("codecommit").create_repository(repositoryName="traced")
    whole.person("pusher", {"Action": ["codecommit:GitPush", "codecommit:GitPull"], "Resource": "*"})
    made = whole.client("iam").create_service_specific_credential(UserName="pusher", ServiceName="codecommit.amazonaws.com")
    login, password = (made["ServiceSpecificCredential"][name] for name in ("ServiceUserName", "ServicePassword"))
    host = whole.server.endpoint.removeprefix("http://")
    url = f"http://{quote(login)}:{quote(password, safe='')}@{host}/v1/repos/traced"
    bad = f"http://{quote(login)}:guess@{host}/v1/repos/traced"
    assert git(whole, tmp_path, "init", "-q", "-b", "main").returncode == 0
    assert git(whole, tmp_path, "commit", "-q", "--allow-empty", "-m", "one").returncode == 0
    pushed = git(whole, tmp_path, "push", "-q", url, "main")
    assert pushed.returncode == 0, pushed.stderr
    assert git(whole, tmp_path, "clone", "-q", url, "copy").returncode == 0
    assert git(whole, tmp_path, "ls-remote", bad).returncode != 0
    push = whole.event(eventName="GitPush")
    head = git(whole, tmp_path, "rev-parse", "HEAD").stdout.strip()
    assert push["userIdentity"]["userName"] == "pusher"
    assert push["requestParameters"]["references"] == [{"ref": "refs/heads/main", "from": "0" * 40, "to": head}]
    assert push["resources"][0]["type"] == "AWS::CodeCommit::Repository"
    pulls = whole.events(eventName="GitPull")
    assert any("errorCode" not in each and each["userIdentity"]["userName"] == "pusher" for each in pulls)
    refused = whole.event(eventName="GitPull", errorCode="InvalidCredentials")
    assert refused["userIdentity"]["type"] == "Unknown"
    assert password.encode() not in b"".join(whole.lines())


def token_of(url: str) -> str:
    """The token in a webhook's address."""
    return parse_qs(urlsplit(url).query)["t"][0]


CANARY = "canary-{}-0123456789abcdef"


def test_nothing_secret_gets_into_the_trail_or_unsealed_into_the_folder(whole: Any, all_bytes: Any) -> None:
    codepipeline, iam = whole.client("codepipeline"), whole.client("iam")
    whole.client("s3").create_bucket(Bucket="artifacts")
    pipeline_role = trusted(whole, "pipeline", {"Service": "codepipeline.amazonaws.com"})
    build_role = trusted(whole, "build", {"Service": "codebuild.amazonaws.com"})
    canaries = {name: CANARY.format(name) for name in ("token", "webhook", "login", "variable", "override", "spec", "action")}

    # Keys, sessions and passwords that the server makes.
    made = whole.person("keeper", {"Action": "*", "Resource": "*"})
    session = whole.client("sts", key=made).get_session_token()["Credentials"]
    service = iam.create_service_specific_credential(UserName="keeper", ServiceName="codecommit.amazonaws.com")
    again = iam.reset_service_specific_credential(
        ServiceSpecificCredentialId=service["ServiceSpecificCredential"]["ServiceSpecificCredentialId"],
        UserName="keeper",
    )
    sealed = {
        "key": made.secret,
        "session": session["SecretAccessKey"],
        "session token": session["SessionToken"],
        "password": service["ServiceSpecificCredential"]["ServicePassword"],
        "second password": again["ServiceSpecificCredential"]["ServicePassword"],
    }

    # Secrets that somebody gives: to a custom action, a webhook, a source credential; and those given in a wrong request.
    kind = Kind(codepipeline).create()
    held = kind.action(configuration={"Project": "shop", "Token": canaries["token"]})
    flow = Pipeline(codepipeline, (source(), stage("Work", held)), role=pipeline_role, providers={}, name="secretive")
    flow.document["stages"][0]["actions"][0] = {
        "name": "Fetch",
        "actionTypeId": {"category": "Source", "owner": "AWS", "provider": "S3", "version": "1"},
        "configuration": {"S3Bucket": "artifacts", "S3ObjectKey": "x.zip"},
        "outputArtifacts": [{"name": "Src"}],
    }
    flow.document["artifactStore"] = {"type": "S3", "location": "artifacts"}
    codepipeline.create_pipeline(pipeline=flow.document)
    hook = {
        "name": "hook",
        "targetPipeline": "secretive",
        "targetAction": "Fetch",
        "authentication": "GITHUB_HMAC",
        "filters": [{"jsonPath": "$.ref"}],
        "authenticationConfiguration": {"SecretToken": canaries["webhook"]},
    }
    with pytest.raises(ClientError):
        whole.client("codepipeline", parameter_validation=False).put_webhook(
            webhook={**hook, "authentication": canaries["webhook"]}
        )
    address = codepipeline.put_webhook(webhook=hook)["webhook"]["url"]
    sealed["address"] = token_of(address)
    whole.client("codebuild").import_source_credentials(
        token=canaries["login"], serverType="GITHUB", authType="PERSONAL_ACCESS_TOKEN"
    )

    # Variables of builds, in all places where they can be.
    spec = 'version: 0.2\nenv:\n  variables:\n    INLINE: %s\nphases:\n  build:\n    commands:\n      - test -n "$GIVEN"\n'
    codebuild = whole.client("codebuild")
    codebuild.create_project(
        name="secretive",
        source={"type": "NO_SOURCE", "buildspec": spec % canaries["spec"]},
        artifacts={"type": "NO_ARTIFACTS"},
        environment={
            "type": "LINUX_CONTAINER",
            "image": "aws/codebuild/standard:7.0",
            "computeType": "BUILD_GENERAL1_SMALL",
            "environmentVariables": [{"name": "GIVEN", "value": canaries["variable"]}],
        },
        serviceRole=build_role,
    )
    started = codebuild.start_build(
        projectName="secretive", environmentVariablesOverride=[{"name": "OTHER", "value": canaries["override"]}]
    )["build"]["id"]
    eventually(lambda: codebuild.batch_get_builds(ids=[started])["builds"][0]["buildComplete"], 30)
    assert codebuild.batch_get_builds(ids=[started])["builds"][0]["buildStatus"] == "SUCCEEDED"

    lines = b"\n".join(whole.lines())
    inside = [name for name, value in {**canaries, **sealed}.items() if value.encode() in lines]
    assert inside == []
    assert canaries["token"] not in str(whole.event(eventName="CreatePipeline"))
    shown = whole.event(eventName="CreatePipeline")["requestParameters"]["pipeline"]["stages"]
    assert shown[0]["actions"][0]["configuration"]["S3Bucket"] == "artifacts", "what is no secret is kept"
    assert set(shown[1]["actions"][0]["configuration"].values()) == {"HIDDEN_DUE_TO_SECURITY_REASONS"}
    everything = all_bytes(whole.data)
    never = {**sealed, **{name: canaries[name] for name in ("token", "webhook", "login")}}
    assert [name for name, value in never.items() if value.encode() in everything] == []


def test_credentials_of_a_build_are_recorded_before_they_are_used(whole: Any) -> None:
    whole.client("s3").create_bucket(Bucket="of-builds")
    role = trusted(whole, "builder", {"Service": "codebuild.amazonaws.com"})
    codebuild = whole.client("codebuild")
    codebuild.create_project(
        name="plain",
        source={"type": "NO_SOURCE", "buildspec": "version: 0.2\nphases:\n  build:\n    commands:\n      - true\n"},
        artifacts={"type": "NO_ARTIFACTS"},
        environment={"type": "LINUX_CONTAINER", "image": "aws/codebuild/standard:7.0", "computeType": "BUILD_GENERAL1_SMALL"},
        serviceRole=role,
    )
    started = codebuild.start_build(projectName="plain")["build"]["id"]
    eventually(lambda: codebuild.batch_get_builds(ids=[started])["builds"][0]["buildComplete"], 30)
    handed = [
        each
        for each in whole.events(eventName="AssumeRole", sourceIPAddress="codebuild.amazonaws.com")
        if each["requestParameters"]["roleArn"] == role
    ]
    assert len(handed) >= 1
    assert handed[0]["userIdentity"] == {"type": "AWSService", "invokedBy": "codebuild.amazonaws.com"}
    assert handed[0]["responseElements"]["credentials"]["accessKeyId"].startswith("ASIA")
    assert handed[0]["resources"] == [{"ARN": role, "accountId": "000000000000", "type": "AWS::IAM::Role"}]


def test_an_acknowledged_change_is_in_the_trail_after_kill_9(tmp_path: Path) -> None:
    with ServerProcess(tmp_path / "data") as server:
        for number in range(5):
            server.client("iam").create_group(GroupName=f"group-{number}")
        server.kill()
    settings = Settings(data=tmp_path / "data")
    found = [json.loads(line)["event"] for line in audit.lines(settings, audit.Wanted(event="CreateGroup"), as_json=True)]
    assert [each["requestParameters"]["groupName"] for each in found] == [f"group-{number}" for number in range(5)]
    good, text = audit.check(settings)
    assert good, text


def test_a_job_its_credentials_and_an_approval(whole: Any) -> None:
    codepipeline, s3 = whole.client("codepipeline", user_agent="worker"), whole.client("s3")
    s3.create_bucket(Bucket="jobs")
    s3.put_bucket_versioning(Bucket="jobs", VersioningConfiguration={"Status": "Enabled"})
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", "a")
    s3.put_object(Bucket="jobs", Key="x.zip", Body=packed.getvalue())
    role = trusted(whole, "jobs", {"Service": "codepipeline.amazonaws.com"})
    kind = Kind(codepipeline, "Test").create()
    assert kind.poll() == []
    assert whole.events(eventName="PollForJobs", userAgent="worker") == [], "a look in vain is not recorded"
    fetch = {
        "name": "Fetch",
        "actionTypeId": {"category": "Source", "owner": "AWS", "provider": "S3", "version": "1"},
        "configuration": {"S3Bucket": "jobs", "S3ObjectKey": "x.zip"},
        "outputArtifacts": [{"name": "Src"}],
    }
    ask = {"name": "Ask", "actionTypeId": {"category": "Approval", "owner": "AWS", "provider": "Manual", "version": "1"}}
    stages = [stage("Source", fetch), stage("Ask", ask), stage("Work", kind.action(inputs=["Src"]))]
    place = {"type": "S3", "location": "jobs"}
    codepipeline.create_pipeline(pipeline={"name": "jobs", "roleArn": role, "artifactStore": place, "stages": stages})

    def token() -> str:
        asked = codepipeline.get_pipeline_state(name="jobs")["stageStates"][1]["actionStates"][0]
        return str(asked.get("latestExecution", {}).get("token", ""))

    given = eventually(token)
    where = {"pipelineName": "jobs", "stageName": "Ask", "actionName": "Ask", "token": given}
    codepipeline.put_approval_result(**where, result={"status": "Approved", "summary": "looks good"})
    job = kind.next()
    approved = whole.event(eventName="PutApprovalResult")
    assert approved["userIdentity"]["type"] == "Root"
    assert approved["requestParameters"]["result"] == {"status": "Approved", "summary": "looks good"}
    assert approved["requestParameters"]["token"] == "HIDDEN_DUE_TO_SECURITY_REASONS"
    assert approved["resources"][0]["ARN"] == "arn:aws:codepipeline:us-east-1:000000000000:jobs"
    assert len(whole.events(eventName="PollForJobs", userAgent="worker")) == 1, "a job that changes hands is"
    keys = job["data"]["artifactCredentials"]
    handed = whole.events(eventName="AssumeRole", sourceIPAddress="codepipeline.amazonaws.com")
    by_key = {each["responseElements"]["credentials"]["accessKeyId"]: each for each in handed}
    assert by_key[keys["accessKeyId"]]["requestParameters"]["roleArn"] == role
    lines = b"\n".join(whole.lines())
    secrets = {"approval": given, "key": keys["secretAccessKey"], "session": keys["sessionToken"], "nonce": job["nonce"]}
    assert [name for name, value in secrets.items() if f'"{value}"'.encode() in lines] == []


def test_deliveries_to_webhooks(whole: Any) -> None:
    codepipeline, s3 = whole.client("codepipeline"), whole.client("s3")
    s3.create_bucket(Bucket="posted")
    s3.put_bucket_versioning(Bucket="posted", VersioningConfiguration={"Status": "Enabled"})
    role = trusted(whole, "posted", {"Service": "codepipeline.amazonaws.com"})
    kind = {"category": "Source", "owner": "AWS", "provider": "S3", "version": "1"}
    configuration = {"S3Bucket": "posted", "S3ObjectKey": "x.zip"}
    fetch = {"name": "Fetch", "actionTypeId": kind, "configuration": configuration, "outputArtifacts": [{"name": "Src"}]}
    copy = {"name": "Ask", "actionTypeId": {"category": "Approval", "owner": "AWS", "provider": "Manual", "version": "1"}}
    stages = [{"name": "Source", "actions": [fetch]}, {"name": "Ask", "actions": [copy]}]
    store = {"type": "S3", "location": "posted"}
    codepipeline.create_pipeline(pipeline={"name": "posted", "roleArn": role, "artifactStore": store, "stages": stages})
    webhook = {"name": "posted", "targetPipeline": "posted", "targetAction": "Fetch", "filters": [{"jsonPath": "$.ref"}]}
    made = codepipeline.put_webhook(webhook={**webhook, "authentication": "UNAUTHENTICATED", "authenticationConfiguration": {}})
    url = made["webhook"]["url"]
    body = b'{"ref": "canary-of-a-delivery"}'
    with urllib.request.urlopen(urllib.request.Request(url, body, {"Content-Type": "application/json"})) as answer:
        execution = json.loads(answer.read())["pipelineExecutionId"]
    with pytest.raises(HTTPError):
        urllib.request.urlopen(urllib.request.Request(url.replace("t=", "t=x"), body))
    started = whole.event(eventName="PostToWebhook", readOnly=False)
    assert started["requestParameters"] == {"webhookName": "posted"}
    assert started["responseElements"] == {"pipelineExecutionId": execution}
    assert [each["type"] for each in started["resources"]] == ["AWS::CodePipeline::Webhook", "AWS::CodePipeline::Pipeline"]
    assert whole.event(eventName="PostToWebhook", errorCode="WebhookNotFoundException")["requestParameters"] is None
    lines = b"\n".join(whole.lines())
    assert token_of(url).encode() not in lines
    assert b"canary-of-a-delivery" not in lines


def test_a_role_that_a_service_may_not_take(whole: Any) -> None:
    role = trusted(whole, "not-for-builds", {"Service": "codepipeline.amazonaws.com"})
    with pytest.raises(ApiError):
        whole.assembled.aws.as_role(role, "build", service="codebuild.amazonaws.com")
    event = whole.event(eventName="AssumeRole", errorCode="AccessDenied")
    assert event["userIdentity"] == {"type": "AWSService", "invokedBy": "codebuild.amazonaws.com"}
    assert event["requestParameters"] == {"roleArn": role, "roleSessionName": "build"}
    assert event["responseElements"] is None
