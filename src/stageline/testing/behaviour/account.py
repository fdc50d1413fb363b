"""The account in which the checks work: clients, one bucket, one role; made where not given, and taken away at the end."""

import json
import secrets
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from stageline.testing.behaviour.declare import Doc, gate, source, stage

AWS = "aws"
"""The endpoint that stands for AWS's own of the region."""
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "codepipeline.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


@dataclass(frozen=True)
class Options:
    """What the caller of the suite decides. ``patience`` is how many seconds a check waits for one thing to happen."""

    endpoint: str
    region: str = "us-east-1"
    role_arn: str = ""
    bucket: str = ""
    patience: float = 15
    workers: int = 16
    slow: bool = False
    restart_command: str = ""


class Unusable(Exception):
    """The account cannot be used; the text says why."""


class Account:
    """Shared by all checks. Use it as a context manager: it makes bucket and role, and removes what it has made."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.prefix = f"bhv-{secrets.token_hex(3)}"
        self.bucket = options.bucket
        self.role = options.role_arn
        self.source_key = f"{self.prefix}-source/shared.zip"
        self._session = boto3.Session(region_name=options.region)
        self._leavings: list[tuple[str, Callable[[], Any]]] = []
        if self._session.get_credentials() is None:
            raise Unusable("there are no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE")
        self.codepipeline = self.client("codepipeline")
        self.s3 = self.client("s3")

    @property
    def at_aws(self) -> bool:
        """Whether it is AWS itself."""
        return self.options.endpoint == AWS

    @property
    def session(self) -> boto3.Session:
        """The session with the caller's credentials."""
        return self._session

    def client(self, service: str, **more: Any) -> Any:
        """A client of a service. Parameters are not checked here: it is the server that has to refuse wrong ones."""
        return self.client_of(self._session, service, **more)

    def client_of(self, session: boto3.Session, service: str, **more: Any) -> Any:
        """A client that signs with the credentials of another session."""
        config = Config(
            retries={"mode": "standard", "total_max_attempts": 10 if self.at_aws else 2},
            parameter_validation=False,
            max_pool_connections=self.options.workers + 8,
            connect_timeout=5,
            read_timeout=30,
            **({} if self.at_aws else {"s3": {"addressing_style": "path"}}),
            **more.pop("config", {}),
        )
        return session.client(service, endpoint_url=None if self.at_aws else self.options.endpoint, config=config, **more)

    def __enter__(self) -> "Account":
        try:
            self._prepare()
        except (ClientError, BotoCoreError) as error:
            self._tidy()
            raise Unusable(f"cannot prepare a bucket, a role and a first pipeline: {error}") from error
        except BaseException:
            self._tidy()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._tidy()

    def _prepare(self) -> None:
        self._make_bucket()
        self._make_role()
        self._leavings.append(("objects", self._empty))
        self.s3.put_object(Bucket=self.bucket, Key=self.source_key, Body=b"shared")
        self._await_role()

    def _make_bucket(self) -> None:
        if self.bucket:
            if self.s3.get_bucket_versioning(Bucket=self.bucket).get("Status") != "Enabled":
                raise Unusable(f"the bucket {self.bucket} is not versioned: enable versioning, or let the suite make a bucket")
            return
        self.bucket = f"{self.prefix}-{secrets.token_hex(6)}"
        where = {} if self.options.region == "us-east-1" else {"LocationConstraint": self.options.region}
        self.s3.create_bucket(Bucket=self.bucket, **({"CreateBucketConfiguration": where} if where else {}))
        self._leavings.append((f"the bucket {self.bucket}", self._delete_bucket))
        self.s3.put_bucket_versioning(Bucket=self.bucket, VersioningConfiguration={"Status": "Enabled"})

    def _make_role(self) -> None:
        if self.role:
            return
        iam, name = self.client("iam"), self.prefix
        self.role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
        self._leavings.append((f"the role {name}", lambda: iam.delete_role(RoleName=name)))
        resources = [f"arn:aws:s3:::{self.bucket}", f"arn:aws:s3:::{self.bucket}/*"]
        document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": resources}]}
        iam.put_role_policy(RoleName=name, PolicyName="bucket", PolicyDocument=json.dumps(document))
        self._leavings.append(
            (f"the policy of the role {name}", lambda: iam.delete_role_policy(RoleName=name, PolicyName="bucket"))
        )

    def _await_role(self) -> None:
        """A new role of AWS's is known everywhere after some seconds only."""
        deadline = time.monotonic() + self.options.patience
        name = f"{self.prefix}-0"
        while self.at_aws and not self.options.role_arn:
            try:
                self.codepipeline.create_pipeline(pipeline=self.document(name, source(self.bucket, self.source_key), gate()))
            except ClientError as error:
                if "AssumeRole" not in str(error) or time.monotonic() > deadline:
                    raise
                time.sleep(2)
                continue
            self.codepipeline.delete_pipeline(name=name)
            time.sleep(10)
            return

    def document(self, name: str, fetch: Doc, *stages: Doc, **more: Any) -> Doc:
        """A declaration with this role and bucket: a stage Source with that action, then these stages."""
        return {
            "name": name,
            "roleArn": self.role,
            "artifactStore": {"type": "S3", "location": self.bucket},
            "pipelineType": "V2",
            "stages": [stage("Source", fetch), *stages],
            **more,
        }

    def _empty(self) -> None:
        """Remove every version of every object that the checks have made: their keys all begin with the prefix."""
        for page in self.s3.get_paginator("list_object_versions").paginate(Bucket=self.bucket, Prefix=self.prefix):
            found = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
            gone = [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in found]
            if gone:
                self.s3.delete_objects(Bucket=self.bucket, Delete={"Objects": gone, "Quiet": True})

    def _delete_bucket(self) -> None:
        """Delete the bucket; an execution that was still at work may have put something into it meanwhile."""
        for _ in range(3):
            try:
                self.s3.delete_bucket(Bucket=self.bucket)
                return
            except self.s3.exceptions.ClientError as error:
                if error.response["Error"]["Code"] != "BucketNotEmpty":
                    raise
            time.sleep(1)
            self._empty()
        self.s3.delete_bucket(Bucket=self.bucket)

    def _tidy(self) -> None:
        while self._leavings:
            tidy(*self._leavings.pop())


def tidy(what: str, remove: Callable[[], Any]) -> None:
    """Remove something; what stays behind is told."""
    try:
        remove()
    except (ClientError, BotoCoreError) as error:
        print(f"left behind: {what}: {error}", file=sys.stderr)
