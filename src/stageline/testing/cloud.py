"""A server as its users see it: clients, roles, buckets, projects, pipelines, and working copies to push from; for tests."""

import io
import json
import os
import subprocess
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from stageline.testing.process import ServerProcess, eventually, plain_environment

ENVIRONMENT = {"type": "LINUX_CONTAINER", "image": "aws/codebuild/standard:7.0", "computeType": "BUILD_GENERAL1_SMALL"}


class Cloud:
    """The server as its administrator sees it."""

    def __init__(self, server: ServerProcess) -> None:
        self.server = server
        self._clients: dict[tuple[str, str], Any] = {}

    def __getattr__(self, service: str) -> Any:
        key = (self.server.endpoint, service)
        if key not in self._clients:
            self._clients[key] = self.server.client(service)
        return self._clients[key]

    @staticmethod
    def policy(*statements: Mapping[str, Any]) -> str:
        """An IAM policy that allows these statements, as text."""
        return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **each} for each in statements]})

    def role(self, name: str, service: str, *actions: str) -> str:
        """A role that a service may assume and that may do these actions everywhere; its ARN."""
        trust = self.policy({"Principal": {"Service": f"{service}.amazonaws.com"}, "Action": "sts:AssumeRole"})
        arn = self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
        self.iam.put_role_policy(
            RoleName=name, PolicyName="work", PolicyDocument=self.policy({"Action": list(actions), "Resource": "*"})
        )
        return str(arn)

    def pipeline_role(self, name: str = "pipeline") -> str:
        """A role for pipelines; its ARN."""
        return self.role(name, "codepipeline", "s3:*", "codecommit:*", "codebuild:*")

    def build_role(self, name: str = "build") -> str:
        """A role for builds; its ARN."""
        return self.role(name, "codebuild", "s3:*", "logs:*")

    def bucket(self, name: str, *, versioned: bool = False) -> str:
        """A bucket; its name."""
        self.s3.create_bucket(Bucket=name)
        if versioned:
            self.s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        return name

    def project(self, name: str, role: str, buildspec: str = "buildspec.yml") -> str:
        """A project that builds what a pipeline hands it; its name."""
        self.codebuild.create_project(
            name=name,
            source={"type": "CODEPIPELINE", "buildspec": buildspec},
            artifacts={"type": "CODEPIPELINE"},
            environment=ENVIRONMENT,
            serviceRole=role,
        )
        return name

    def developer(self, name: str) -> tuple[str, str]:
        """A user who may use git; user name and password for it."""
        self.iam.create_user(UserName=name)
        rights = self.policy({"Action": ["codecommit:GitPull", "codecommit:GitPush"], "Resource": "*"})
        self.iam.put_user_policy(UserName=name, PolicyName="git", PolicyDocument=rights)
        made = self.iam.create_service_specific_credential(UserName=name, ServiceName="codecommit.amazonaws.com")
        credential = made["ServiceSpecificCredential"]
        return credential["ServiceUserName"], credential["ServicePassword"]

    def pipeline(self, name: str, role: str, store: str, *actions: Mapping[str, Any], **more: Any) -> str:
        """A pipeline with one action in each stage, the stage named as its action; its first execution is begun."""
        stages = [{"name": action["name"], "actions": [action]} for action in actions]
        document = {"name": name, "roleArn": role, "artifactStore": {"type": "S3", "location": store}, "stages": stages}
        self.codepipeline.create_pipeline(pipeline={"pipelineType": "V2", **document, **more})
        return name

    def runs(self, pipeline: str, **filters: Any) -> list[dict[str, Any]]:
        """Action executions, oldest first."""
        pages = self.codepipeline.get_paginator("list_action_executions").paginate(pipelineName=pipeline, **filters)
        return [each for page in pages for each in page["actionExecutionDetails"]][::-1]

    def executions(self, pipeline: str) -> list[dict[str, Any]]:
        """Executions, oldest first."""
        return list(self.codepipeline.list_pipeline_executions(pipelineName=pipeline)["pipelineExecutionSummaries"][::-1])

    def latest(self, pipeline: str, action: str) -> dict[str, Any]:
        """The latest execution of an action, as the pipeline's state has it."""
        for stage in self.codepipeline.get_pipeline_state(name=pipeline)["stageStates"]:
            for each in stage["actionStates"]:
                if each["actionName"] == action:
                    return dict(each.get("latestExecution", {}))
        raise LookupError(action)

    def ended(self, pipeline: str, execution: str = "") -> dict[str, Any]:
        """An execution (or the latest) once it has ended."""

        def look() -> dict[str, Any] | None:
            found = [each for each in self.executions(pipeline) if execution in ("", each["pipelineExecutionId"])]
            return found[-1] if found and found[-1]["status"] not in ("InProgress", "Stopping") else None

        return dict(eventually(f"the end of an execution of {pipeline}", look))

    def awaiting(self, pipeline: str, action: str) -> str:
        """The token of an approval that waits."""

        def look() -> str:
            latest = self.latest(pipeline, action)
            return str(latest.get("token", "")) if latest.get("status") == "InProgress" else ""

        return str(eventually(f"an approval of {pipeline}", look))

    def approve(self, pipeline: str, action: str, token: str) -> None:
        """Approve what waits in the stage that is named as its action."""
        self.codepipeline.put_approval_result(
            pipelineName=pipeline,
            stageName=action,
            actionName=action,
            token=token,
            result={"status": "Approved", "summary": "yes"},
        )

    def log(self, build: str) -> list[str]:
        """The lines of a build's log."""
        found = self.codebuild.batch_get_builds(ids=[build])["builds"][0]["logs"]
        events = self.logs.get_log_events(logGroupName=found["groupName"], logStreamName=found["streamName"], startFromHead=True)
        return [each["message"].rstrip("\n") for each in events["events"]]

    def text(self, bucket: str, key: str) -> str:
        """An object as text; empty when there is none."""
        try:
            return str(self.s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode())
        except ClientError as error:
            if error.response["Error"]["Code"] == "NoSuchKey":
                return ""
            raise


class PushRefused(OSError):
    """git did not push."""


class Checkout:
    """A working copy that is pushed over HTTP. The password reaches git by the environment alone."""

    HELPER = '!f() { echo "username=$ACCEPTANCE_USER"; echo "password=$ACCEPTANCE_PASSWORD"; }; f'

    def __init__(self, folder: Path, credential: tuple[str, str]) -> None:
        self.folder = folder
        self._environment = {
            **plain_environment(),
            "ACCEPTANCE_USER": credential[0],
            "ACCEPTANCE_PASSWORD": credential[1],
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
        }
        if not folder.exists():
            folder.mkdir(parents=True)
            self.git("init", "-q", "-b", "main")
            for name, value in (("credential.helper", self.HELPER), ("user.name", "D"), ("user.email", "d@example.com")):
                self.git("config", name, value)

    def git(self, *arguments: str) -> str:
        """Run git in the working copy; what it printed."""
        command = ["git", *arguments]
        done = subprocess.run(command, cwd=self.folder, env=self._environment, capture_output=True, text=True, timeout=60)
        if done.returncode:
            raise PushRefused(done.stderr)
        return done.stdout.strip()

    def commit(self, files: Mapping[str, str], message: str = "Change") -> str:
        """Write and commit files; the commit id."""
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)
        return self.git("rev-parse", "HEAD")

    def push(self, server: ServerProcess, repository: str) -> None:
        """Push main to a repository of the server."""
        self.git("push", "-q", f"{server.endpoint}/v1/repos/{repository}", "main")


def action(
    name: str,
    kind: str,
    configuration: Mapping[str, str],
    *,
    reads: str = "",
    makes: str = "",
    **more: Any,
) -> dict[str, Any]:
    """An action; ``kind`` is category/provider."""
    category, provider = kind.split("/")
    return {
        "name": name,
        "actionTypeId": {"category": category, "owner": "AWS", "provider": provider, "version": "1"},
        "configuration": dict(configuration),
        "inputArtifacts": [{"name": each} for each in reads.split()],
        "outputArtifacts": [{"name": each} for each in makes.split()],
        **more,
    }


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """A zip of some files."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()
