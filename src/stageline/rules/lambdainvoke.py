"""LambdaInvoke: calls a function with the event of a CodePipeline job; succeeds when the function returns without an error."""

import json
from typing import Any

from stageline.core.pipeline.actiontype import Property
from stageline.core.pipeline.ruletype import RuleType
from stageline.ports.api import ApiError
from stageline.ports.aws import Aws
from stageline.ports.provider import Done, Failed, Job, Outcome

RULE_TYPE = RuleType(
    "LambdaInvoke",
    properties=(
        Property("FunctionName", required=True, key=True, description="The Lambda function to call."),
        Property("UserParameters", description="A text that the function finds in the event."),
    ),
    inputs=(0, 5),
    skips=True,
)
LONGEST = 1_000


def start(job: Job, aws: Aws) -> Outcome:
    """Call the function and wait for what it returns. After a crash it is called again, with the same job id."""
    name = job.configuration["FunctionName"]
    payload = json.dumps(_event(job)).encode()
    try:
        answer = aws.call("lambda", "Invoke", FunctionName=name, InvocationType="RequestResponse", Payload=payload)
    except ApiError as error:
        if error.status == 501:
            return Failed("ConfigurationError", f"The function {name} cannot be called: this server has no Lambda service.")
        raise
    if answer.get("FunctionError"):
        return Failed("JobFailed", f"The function {name} failed: {_why(answer)}", job.id)
    return Done(job.id, summary=f"The function {name} succeeded")


def _event(job: Job) -> dict[str, Any]:
    inputs = [
        {
            "name": each.name,
            "revision": each.revision or None,
            "location": {"type": "S3", "s3Location": {"bucketName": each.bucket, "objectKey": each.key}},
        }
        for each in job.inputs
    ]
    data = {
        "actionConfiguration": {"configuration": dict(job.configuration)},
        "inputArtifacts": inputs,
        "outputArtifacts": [],
    }
    return {"CodePipeline.job": {"id": job.id, "accountId": job.account, "data": data}}


def _why(answer: dict[str, Any]) -> str:
    body = answer.get("Payload", b"")
    text = (body if isinstance(body, bytes) else b"".join(body)).decode("utf-8", "replace")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    told = found.get("errorMessage") if isinstance(found, dict) else None
    return str(told or text or answer["FunctionError"])[:LONGEST]


def poll(job: Job, external_id: str, aws: Aws) -> Outcome:
    """Done within ``start``; asked again, it does it again."""
    return start(job, aws)


def cancel(job: Job, external_id: str, aws: Aws) -> None:
    """A function that was called runs to its end."""
