"""A job worker: puts a list of checksums into the archive that it is given. Usage: python worker.py PROVIDER"""

import hashlib
import io
import sys
import time
import zipfile

import boto3
from botocore.exceptions import EndpointConnectionError

KIND = {"category": "Build", "owner": "Custom", "provider": sys.argv[1], "version": "1"}
codepipeline = boto3.client("codepipeline")


def work(data):
    """Read the input artifact, write the output artifact; what to tell about it."""
    keys = data["artifactCredentials"]
    s3 = boto3.client(
        "s3",
        aws_access_key_id=keys["accessKeyId"],
        aws_secret_access_key=keys["secretAccessKey"],
        aws_session_token=keys["sessionToken"],
    )
    source, target = (data[side][0]["location"]["s3Location"] for side in ("inputArtifacts", "outputArtifacts"))
    packed = io.BytesIO(s3.get_object(Bucket=source["bucketName"], Key=source["objectKey"])["Body"].read())
    with zipfile.ZipFile(packed) as archive:
        lines = [f"{hashlib.sha256(archive.read(name)).hexdigest()}  {name}" for name in archive.namelist()]
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr(data["actionConfiguration"]["configuration"]["FileName"], "\n".join([*lines, ""]))
    s3.put_object(Bucket=target["bucketName"], Key=target["objectKey"], Body=packed.getvalue(), ServerSideEncryption="aws:kms")
    return {"executionDetails": {"summary": f"{len(lines)} files"}, "outputVariables": {"Files": str(len(lines))}}


def do(job):
    """Take a job, unless another worker was faster, and report how it went."""
    try:
        codepipeline.acknowledge_job(jobId=job["id"], nonce=job["nonce"])
    except codepipeline.exceptions.InvalidNonceException:
        return
    try:
        codepipeline.put_job_success_result(jobId=job["id"], **work(job["data"]))
    except codepipeline.exceptions.InvalidJobStateException:
        print(f"job {job['id']} ended without us", file=sys.stderr)
    except Exception as error:
        failure = {"type": "JobFailed", "message": f"{type(error).__name__}: {error}"}
        codepipeline.put_job_failure_result(jobId=job["id"], failureDetails=failure)


while True:
    try:
        jobs = codepipeline.poll_for_jobs(actionTypeId=KIND)["jobs"]
    except EndpointConnectionError:
        jobs = []  # the server is being restarted
    for job in jobs:
        do(job)
    if not jobs:
        time.sleep(0.2)
