"""S3 deploy: the input artifact into a bucket, unpacked file by file or as it is. Nothing in the bucket is deleted."""

import mimetypes
import time
from collections.abc import Mapping
from typing import IO

from stageline.archives import BadArchive, each_file
from stageline.core.ids import derived_uuid
from stageline.core.pipeline.actiontype import ActionType, Property
from stageline.ports.api import ApiError
from stageline.ports.aws import Aws
from stageline.ports.provider import Done, Failed, Job, Outcome
from stageline.providers import artifacts

ACTION_TYPE = ActionType(
    "Deploy",
    "AWS",
    "S3",
    properties=(
        Property("BucketName", required=True, key=True, description="The bucket to deploy to."),
        Property("Extract", required=True, kind="Boolean", description="Unpack the artifact first."),
        Property("ObjectKey", key=True, description="The key of the object; with Extract, what all keys begin with."),
        Property("KMSEncryptionKeyARN", description="The key that encrypts the objects."),
        Property("CannedACL", description="A canned ACL for the objects."),
        Property("CacheControl", description="The Cache-Control header of the objects."),
    ),
    inputs=(1, 1),
    timeout_minutes=90,
)
ACLS = (
    "private",
    "public-read",
    "public-read-write",
    "authenticated-read",
    "aws-exec-read",
    "bucket-owner-read",
    "bucket-owner-full-control",
)


def start(job: Job, aws: Aws) -> Outcome:
    """Copy the artifact. Done again after a crash, it writes the same objects."""
    bucket = job.configuration["BucketName"]
    extract = job.configuration["Extract"].lower() == "true"
    key = _key(job)
    acl = job.configuration.get("CannedACL")
    if acl and acl not in ACLS:
        return Failed("ConfigurationError", f"The CannedACL '{acl}' is not one of {', '.join(ACLS)}.")
    if not extract and not key:
        return Failed("ConfigurationError", "The ObjectKey is required when Extract is false.")
    try:
        with artifacts.fetched(aws, job.inputs[0]) as file:
            count = _unpacked(job, aws, file, bucket, key) if extract else _put(job, aws, bucket, key, _chunks(file))
    except BadArchive as error:
        text = f"The input artifact {job.inputs[0].name} cannot be unpacked: {error}"
        return Failed("JobFailed", text)
    except ApiError as error:
        if error.code == "NoSuchBucket":
            return Failed("ConfigurationError", f"The bucket {bucket} does not exist. Create it, or change BucketName.")
        raise
    return Done(
        external_id=job.id,
        external_url=f"{job.endpoint}/console/buckets/{bucket}",
        summary=f"Deployed {count} object{'s' if count != 1 else ''} to s3://{bucket}/{key}",
    )


def _key(job: Job) -> str:
    """The object key with its ``{datetime}`` and ``{uuid}`` placeholders filled in, the same at each attempt."""
    started = job.deadline - ACTION_TYPE.timeout_minutes * 60_000
    stamp = time.strftime("%Y-%m-%d_%H-%M-%S", time.gmtime(started / 1000))
    key = job.configuration.get("ObjectKey", "")
    return key.replace("{datetime}", stamp).replace("{uuid}", derived_uuid(job.id, "object-key"))


def _unpacked(job: Job, aws: Aws, file: IO[bytes], bucket: str, prefix: str) -> int:
    start_of_key = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
    count = 0
    for member, chunks in each_file(file):
        count += _put(job, aws, bucket, start_of_key + member.path, chunks)
    return count


def _put(job: Job, aws: Aws, bucket: str, key: str, body: object) -> int:
    aws.call("s3", "PutObject", Bucket=bucket, Key=key, Body=body, **_options(job.configuration, key))
    return 1


def _options(configuration: Mapping[str, str], key: str) -> dict[str, str]:
    kind, encoding = mimetypes.guess_type(key)
    options = {
        "ContentType": kind if kind and not encoding else "application/octet-stream",
        "ACL": configuration.get("CannedACL", ""),
        "CacheControl": configuration.get("CacheControl", ""),
    }
    if configuration.get("KMSEncryptionKeyARN"):
        options.update(ServerSideEncryption="aws:kms", SSEKMSKeyId=configuration["KMSEncryptionKeyARN"])
    return {name: value for name, value in options.items() if value}


def _chunks(file: IO[bytes]) -> object:
    return iter(lambda: file.read(256 * 1024), b"")


def poll(job: Job, external_id: str, aws: Aws) -> Outcome:
    """Done within ``start``; asked again, it does it again."""
    return start(job, aws)


def cancel(job: Job, external_id: str, aws: Aws) -> None:
    """Nothing runs elsewhere."""
