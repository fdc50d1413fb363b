"""What a worker is told about a job (botocore: JobData, ThirdPartyJobData), credentials for its artifacts among it."""

import json
from dataclasses import dataclass
from typing import Any

from stageline.core.pipeline.declaration import Declaration
from stageline.core.pipeline.state import ActionRun
from stageline.engine.apply import Engine
from stageline.engine.perform import assumed
from stageline.ports.api import ApiError
from stageline.ports.aws import Aws
from stageline.ports.store import Doc, Store
from stageline.ports.vault import Vault
from stageline.services.codepipeline.custom import definitions, jobs
from stageline.services.codepipeline.shapes import present

READ = ("s3:GetObject", "s3:GetObjectVersion")
WRITE = ("s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts")


@dataclass(frozen=True)
class Desk:
    """What it takes to answer about jobs."""

    store: Store
    engine: Engine
    vault: Vault
    aws: Aws


def job_data(desk: Desk, job: Doc) -> Doc:
    """The data of a job. One that has ended has no configuration and no credentials any more. ApiError
    AccessDeniedException when the role, with which its artifacts would be read and written, cannot be assumed."""
    with desk.store.read() as tx:
        found = jobs.running(tx, desk.engine, job)
    key = job["encryption_key"]
    return {
        "actionTypeId": dict(definitions.id_of((job["type"][0], job["type"][1], job["type"][2], job["type"][3]))),
        "actionConfiguration": {"configuration": jobs.configuration(desk.vault, job) if found else {}},
        "pipelineContext": _context(desk.engine, job),
        "inputArtifacts": [_artifact(each) for each in job["inputs"]],
        "outputArtifacts": [_artifact(each) for each in job["outputs"]],
        **present(
            artifactCredentials=_credentials(desk, job, *found) if found else None,
            continuationToken=job["continuation"],
            encryptionKey={"id": key, "type": "KMS"} if key else None,
        ),
    }


def _context(engine: Engine, job: Doc) -> Doc:
    context: Doc = {
        "pipelineName": job["pipeline"],
        "stage": {"name": job["stage"]},
        "action": {"name": job["action"], "actionExecutionId": job["run"]},
    }
    if job["type"][1] == "ThirdParty":  # AWS tells these two to the account's own workers only
        return context
    return {**context, "pipelineArn": _arn(engine, job), "pipelineExecutionId": job["execution"]}


def _arn(engine: Engine, job: Doc) -> str:
    return f"arn:aws:codepipeline:{engine.region}:{engine.account}:{job['pipeline']}"


def _artifact(located: list[str]) -> Doc:
    name, bucket, key, revision = located
    location = {"type": "S3", "s3Location": {"bucketName": bucket, "objectKey": key}}
    return {"name": name, **present(revision=revision), "location": location}


def _credentials(desk: Desk, job: Doc, run: ActionRun, declaration: Declaration) -> Doc | None:
    """Keys of a session of the action's role that may read the input objects and write the output objects and nothing else, for
    an hour at most and no longer than the job is with the worker. None for a job without artifacts, or one that nobody was
    given."""
    if not job["nonce"] or not (job["inputs"] or job["outputs"]):
        return None
    stage = declaration.stage(run.stage)
    action = stage.action(run.action) if stage else None
    own = action.role if action else ""
    policy, bond = session_policy(job), jobs.bond(job)
    try:
        role = assumed(desk.aws, _arn(desk.engine, job), declaration.role, own, policy=policy, bond=bond).credentials()
    except ApiError as error:
        raise ApiError("AccessDeniedException", error.message, 403) from error
    return {
        "accessKeyId": role["AccessKeyId"],
        "secretAccessKey": role["SecretAccessKey"],
        "sessionToken": role["SessionToken"],
    }


def session_policy(job: Doc) -> str:
    """The policy that narrows the role to the job's objects."""
    wanted: list[tuple[tuple[str, ...], list[str]]] = [
        (READ, [_object(each) for each in job["inputs"]]),
        (WRITE, [_object(each) for each in job["outputs"]]),
    ]
    if job["encryption_key"].startswith("arn:"):
        wanted.append((("kms:Decrypt", "kms:GenerateDataKey"), [job["encryption_key"]]))
    statements: list[dict[str, Any]] = [
        {"Effect": "Allow", "Action": list(actions), "Resource": resources} for actions, resources in wanted if resources
    ]
    return json.dumps({"Version": "2012-10-17", "Statement": statements}, separators=(",", ":"))


def _object(located: list[str]) -> str:
    return f"arn:aws:s3:::{located[1]}/{located[2]}"
