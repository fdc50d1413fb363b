"""S3 source: one object of a versioned bucket, byte for byte."""

from stageline.core.pipeline.actiontype import ActionType, Property
from stageline.ports.api import ApiError
from stageline.ports.aws import Aws
from stageline.ports.provider import Done, Failed, Job, Outcome, Revision
from stageline.providers import artifacts

ACTION_TYPE = ActionType(
    "Source",
    "AWS",
    "S3",
    properties=(
        Property("S3Bucket", required=True, key=True, description="The bucket; versioning must be enabled."),
        Property("S3ObjectKey", required=True, key=True, description="The object, normally a zip file."),
        Property(
            "PollForSourceChanges", kind="Boolean", description="Start the pipeline when the object changes (default true)."
        ),
        Property("AllowOverrideForS3ObjectKey", kind="Boolean", description="Allow another key to be given at the start."),
    ),
    outputs=(1, 1),
    output_variables=("BucketName", "ETag", "ObjectKey", "VersionId"),
)
SUMMARY = "codepipeline-artifact-revision-summary"


def start(job: Job, aws: Aws) -> Outcome:
    """Resolve the version and store its bytes as the output artifact."""
    bucket = job.configuration["S3Bucket"]
    key = job.overrides.get("S3_OBJECT_KEY") or job.configuration["S3ObjectKey"]
    version = job.overrides.get("S3_OBJECT_VERSION_ID", "")
    try:
        if aws.call("s3", "GetBucketVersioning", Bucket=bucket).get("Status") != "Enabled":
            text = f"The S3 bucket {bucket} is not versioned. Enable versioning on a bucket that is the source of a pipeline."
            return Failed("ConfigurationError", text)
        found = aws.call("s3", "GetObject", Bucket=bucket, Key=key, **({"VersionId": version} if version else {}))
    except ApiError as error:
        return _unreadable(error, bucket, key)
    artifacts.store(job, aws, job.outputs[0], found["Body"])
    version = found.get("VersionId", version)
    summary = found.get("Metadata", {}).get(SUMMARY) or f"Amazon S3 version id: {version}"
    url = f"{job.endpoint}/console/buckets/{bucket}"
    return Done(
        external_id=version,
        external_url=url,
        summary=summary,
        variables={"BucketName": bucket, "ObjectKey": key, "VersionId": version, "ETag": found["ETag"].strip('"')},
        revision=Revision(version, change_id=found["ETag"], summary=summary, url=url, created=found["LastModified"]),
    )


def _unreadable(error: ApiError, bucket: str, key: str) -> Failed:
    if "AccessDenied" in error.code:
        text = f"The role of the action does not have permissions to read the S3 object {key} in the bucket {bucket}."
        return Failed("PermissionError", f"{text} {error.message}")
    text = f"The S3 object {key} in the bucket {bucket} cannot be read: {error.message}"
    return Failed("ConfigurationError", text)


def poll(job: Job, external_id: str, aws: Aws) -> Outcome:
    """A source action is done when it has started; asked again, it does it again."""
    return start(job, aws)


def cancel(job: Job, external_id: str, aws: Aws) -> None:
    """Nothing runs elsewhere."""
