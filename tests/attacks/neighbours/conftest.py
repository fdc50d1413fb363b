"""Two who share an account: each has one of everything, and a person who may do everything with that, and with nothing else."""

import io
import json
import sqlite3
import time
import uuid
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import pytest

from stageline.testing.generated.signed import Line, Signer
from stageline.testing.harness import Key
from stageline.testing.pipelines import action, approval, eventually, stage
from stageline.testing.workers import Kind

ACCOUNT = "000000000000"
AWS = f"us-east-1:{ACCOUNT}"


@dataclass
class Household:
    """What one of them has: ids by service and member name, and the marks that only its own people may see."""

    name: str
    mark: str
    ids: dict[str, dict[str, Any]] = field(default_factory=dict)
    key: Key = field(default=Key("", ""))
    role: str = ""
    login: tuple[str, str] = ("", "")


@dataclass
class Street:
    """Both, and the server that they are on."""

    whole: Any
    own: Household
    other: Household
    line: Line

    @property
    def signer(self) -> Signer:
        """Signs as the person of the first."""
        return Signer(self.own.key, "us-east-1", self.line.host)


def rights(name: str, provider: str) -> list[dict[str, Any]]:
    pipeline = f"arn:aws:codepipeline:{AWS}:{name}"
    own = {
        "codepipeline": [pipeline, f"{pipeline}/*", f"arn:aws:codepipeline:{AWS}:webhook:{name}"],
        "codebuild": [f"arn:aws:codebuild:{AWS}:project/{name}"],
        "codecommit": [f"arn:aws:codecommit:{AWS}:{name}"],
        "logs": [f"arn:aws:logs:{AWS}:log-group:{name}", f"arn:aws:logs:{AWS}:log-group:{name}:*"],
        "s3": [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"],
        "secretsmanager": [f"arn:aws:secretsmanager:{AWS}:secret:{name}-*"],
        "ssm": [f"arn:aws:ssm:{AWS}:parameter/{name}", f"arn:aws:ssm:{AWS}:parameter/{name}/*"],
        "iam": [f"arn:aws:iam::{ACCOUNT}:user/{name}"],
    }
    own["codepipeline"].append(f"arn:aws:codepipeline:{AWS}:actiontype:Custom/Build/{provider}/1")
    each = [{"Action": f"{service}:*", "Resource": resources} for service, resources in own.items()]
    return [*each, {"Action": "secretsmanager:BatchGetSecretValue", "Resource": "*"}]


def _archive(mark: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("file", mark)
    return data.getvalue()


def _stored(admin: Callable[[str], Any], home: Household) -> None:
    name, mark = home.name, home.mark
    s3 = admin("s3")
    s3.create_bucket(Bucket=name)
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket=name, Key="source.zip", Body=_archive(mark))
    version = s3.put_object(Bucket=name, Key="doc", Body=mark.encode(), Metadata={"mark": mark})["VersionId"]
    upload = s3.create_multipart_upload(Bucket=name, Key="doc")["UploadId"]
    s3.upload_part(Bucket=name, Key="doc", UploadId=upload, PartNumber=1, Body=mark.encode())
    home.ids["s3"] = {"Bucket": name, "Key": "doc", "VersionId": version, "UploadId": upload}
    home.ids["s3"] |= {"CopySource": f"{name}/doc?versionId={version}"}
    keeper = admin("secretsmanager")
    secret = keeper.create_secret(Name=name, SecretString=mark, Description=mark)
    home.ids["secretsmanager"] = {"SecretId": name, "SecretArn": secret["ARN"], "VersionId": secret["VersionId"]}
    home.ids["secretsmanager"] |= {"SecretIdList": [name]}
    home.ids["secretsmanager"] |= {"MoveToVersionId": secret["VersionId"], "RemoveFromVersionId": secret["VersionId"]}
    admin("ssm").put_parameter(Name=f"/{name}/word", Value=mark, Type="String", Description=mark)
    home.ids["ssm"] = {"Name": f"/{name}/word", "Names": [f"/{name}/word"], "Path": f"/{name}", "ResourceId": f"/{name}/word"}
    logs = admin("logs")
    logs.create_log_group(logGroupName=name, tags={"mark": mark})
    logs.create_log_stream(logGroupName=name, logStreamName=f"{name}-stream")
    told = [{"timestamp": int(time.time() * 1000), "message": mark}]
    logs.put_log_events(logGroupName=name, logStreamName=f"{name}-stream", logEvents=told)
    arn = f"arn:aws:logs:{AWS}:log-group:{name}"
    home.ids["logs"] = {"logGroupName": name, "logGroupIdentifier": arn, "logStreamName": f"{name}-stream", "resourceArn": arn}
    git = admin("codecommit")
    git.create_repository(repositoryName=name, repositoryDescription=mark)
    made = git.put_file(repositoryName=name, branchName="main", fileContent=mark.encode(), filePath="file")
    commit = made["commitId"]
    arn = f"arn:aws:codecommit:{AWS}:{name}"
    home.ids["codecommit"] = {"repositoryName": name, "oldName": name, "commitId": commit, "commitIds": [commit]}
    home.ids["codecommit"] |= {"blobId": made["blobId"], "commitSpecifier": commit, "repositoryNames": [name], "resourceArn": arn}
    home.ids["codecommit"] |= {"afterCommitSpecifier": commit, "beforeCommitSpecifier": commit, "parentCommitId": commit}


def _identities(admin: Callable[[str], Any], home: Household, person: Any, server: Any, provider: str) -> None:
    iam, name = admin("iam"), home.name
    home.key = person(server, name, *rights(name, provider))
    spare = iam.create_access_key(UserName=name)["AccessKey"]
    git = iam.create_service_specific_credential(UserName=name, ServiceName="codecommit.amazonaws.com")
    iam.create_login_profile(UserName=name, Password=f"Correct-Horse-7{name}")
    home.ids["iam"] = {"UserName": name, "AccessKeyId": spare["AccessKeyId"], "PolicyName": "rights"}
    home.ids["iam"] |= dict.fromkeys(("PolicySourceArn", "Arn"), f"arn:aws:iam::{ACCOUNT}:user/{name}")
    made = git["ServiceSpecificCredential"]
    home.login = (made["ServiceUserName"], made["ServicePassword"])
    home.ids["iam"]["ServiceSpecificCredentialId"] = git["ServiceSpecificCredential"]["ServiceSpecificCredentialId"]
    services = {"Service": ["codepipeline.amazonaws.com", "codebuild.amazonaws.com"]}
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": services}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    home.role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"]
    allowed = [{"Effect": "Allow", **each} for each in rights(name, provider)]
    allowed.append({"Effect": "Allow", "Action": "logs:*", "Resource": f"arn:aws:logs:{AWS}:log-group:/aws/codebuild/{name}:*"})
    allowed.append({"Effect": "Allow", "Action": "logs:*", "Resource": f"arn:aws:logs:{AWS}:log-group:/aws/codebuild/{name}"})
    document = json.dumps({"Version": "2012-10-17", "Statement": allowed})
    iam.put_role_policy(RoleName=name, PolicyName="work", PolicyDocument=document)


def _built(admin: Callable[[str], Any], home: Household) -> None:
    codebuild, name = admin("codebuild"), home.name
    spec = json.dumps({"version": 0.2, "phases": {"build": {"commands": [f"echo {home.mark}"]}}})
    variables = [{"name": "MARK", "value": home.mark}]
    image = {"type": "LINUX_CONTAINER", "image": "aws/codebuild/standard:7.0", "computeType": "BUILD_GENERAL1_SMALL"}
    codebuild.create_project(
        name=name,
        description=home.mark,
        serviceRole=home.role,
        source={"type": "NO_SOURCE", "buildspec": spec},
        artifacts={"type": "NO_ARTIFACTS"},
        environment={**image, "environmentVariables": variables},
    )
    build = codebuild.start_build(projectName=name)["build"]["id"]
    eventually(lambda: codebuild.batch_get_builds(ids=[build])["builds"][0]["buildComplete"], 30)
    home.ids["codebuild"] = {"projectName": name, "name": name, "names": [name], "id": build, "ids": [build]}


def _piped(admin: Callable[[str], Any], home: Household, kind: Kind) -> None:
    pipelines, name = admin("codepipeline"), home.name
    kind.create()
    fetch = {**action("Fetch", "Source", "S3", outputs=["Src"])}
    fetch["configuration"] = {"S3Bucket": name, "S3ObjectKey": "source.zip", "PollForSourceChanges": "false"}
    gate = stage("Gate", approval(configuration={"CustomData": home.mark}), kind.action(inputs=["Src"]))
    store = {"type": "S3", "location": name}
    declared = {"name": name, "pipelineType": "V2", "roleArn": home.role, "artifactStore": store}
    pipelines.create_pipeline(pipeline={**declared, "stages": [stage("Source", fetch), gate]})
    hook = {"name": name, "targetPipeline": name, "targetAction": "Fetch", "authentication": "GITHUB_HMAC"}
    hook |= {"filters": [{"jsonPath": f"$.{home.mark}"}], "authenticationConfiguration": {"SecretToken": home.mark}}
    pipelines.put_webhook(webhook=hook)
    job = kind.next()

    def waiting() -> Any:
        shown = pipelines.get_pipeline_state(name=name)["stageStates"][1]["actionStates"][0].get("latestExecution", {})
        return shown if "token" in shown else None

    shown = eventually(waiting)
    (execution,) = pipelines.list_pipeline_executions(pipelineName=name)["pipelineExecutionSummaries"]
    identity = execution["pipelineExecutionId"]
    home.ids["codepipeline"] = {
        "name": name,
        "pipelineName": name,
        "webhookName": name,
        "stageName": "Gate",
        "actionName": "Approve",
        "token": shown["token"],
        "pipelineExecutionId": identity,
        "targetPipelineExecutionId": identity,
        "actionExecutionId": shown["actionExecutionId"],
        "jobId": job["id"],
        "nonce": job["nonce"],
        "resourceArn": f"arn:aws:codepipeline:{AWS}:{name}",
        "filter": {"pipelineExecutionId": identity},
        "actionTypeId": kind.id,
        "provider": kind.id["provider"],
    }


@pytest.fixture(scope="package")
def street(working: Any, new_person: Any) -> Iterator[Street]:
    homes = []
    for name in ("alpha-home", "bravo-home"):
        home = Household(name, f"mark{uuid.uuid4().hex}")
        kind = Kind(working.client("codepipeline"))
        _stored(working.client, home)
        _identities(working.client, home, new_person, working, kind.id["provider"])
        _built(working.client, home)
        _piped(working.client, home, kind)
        homes.append(home)
    line = Line(working.endpoint)
    yield Street(working, homes[0], homes[1], line)
    line.close()


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
        yield value.partition("?versionId=")[0]
    elif isinstance(value, list | dict):
        for each in value if isinstance(value, list) else value.values():
            yield from texts(each)


def rows(street: Street) -> list[Any]:
    """Every row about the second of them, but what is remembered of its keys and of requests."""
    with closing(sqlite3.connect(f"file:{street.whole.data / 'stageline.db'}?mode=ro", uri=True)) as database:
        chosen = "kind NOT IN ('iam.key-used', 'iam.role-used') AND kind NOT LIKE 'audit%'"
        found = database.execute(f"SELECT * FROM documents WHERE {chosen} ORDER BY kind, key").fetchall()
    uid = next(json.loads(row[2])["uid"] for row in found if row[:2] == ("codepipeline.pipeline", street.other.name))
    marks = {uid, *(each for each in texts(street.other.ids) if len(each) > 8)}
    return [row for row in found if any(mark in row[1] for mark in marks)]


@pytest.fixture(scope="session")
def kept() -> Callable[[Street], list[Any]]:
    return rows
