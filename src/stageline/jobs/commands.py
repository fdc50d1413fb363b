"""Commands of a pipeline: run in the sandbox of a build, on the input artifacts, as the role of the job."""

from stageline.ports.aws import Aws
from stageline.ports.compute import Order, Standing
from stageline.ports.provider import Done, Failed, FailureType, Job, Outcome, Running

COMPUTE_TYPES = ("BUILD_GENERAL1_SMALL", "BUILD_GENERAL1_MEDIUM", "BUILD_GENERAL1_LARGE")
_KINDS: dict[str, FailureType] = {
    "ACCESS_DENIED": "PermissionError",
    "Decrypted Variables Error": "ConfigurationError",
    "Secrets Manager Error Message": "ConfigurationError",
    "INTERNAL_SERVICE_ERROR": "SystemUnavailable",
}


def start(job: Job, aws: Aws) -> Outcome:
    """Begin to run the commands; a second attempt finds the work of the first one."""
    compute = job.configuration.get("ComputeType") or COMPUTE_TYPES[0]
    if compute not in COMPUTE_TYPES:
        return Failed("ConfigurationError", f"The ComputeType '{compute}' is not one of {', '.join(COMPUTE_TYPES)}.")
    return _outcome(aws.run_commands(_order(job, compute)))


def _order(job: Job, compute: str) -> Order:
    output = job.outputs[0] if job.outputs else None
    revision = job.inputs[0].revision if job.inputs else ""
    return Order(
        job.id,
        job.pipeline,
        job.commands,
        job.environment,
        job.output_variables,
        job.inputs,
        output,
        job.files.get(output.name, ()) if output else (),
        revision or next(iter(job.source_revisions.values()), ""),
        job.encryption_key,
        max(5, -(-(job.deadline - job.now) // 60_000)),
        job.configuration.get("EnvironmentType") or "LINUX_CONTAINER",
        compute,
        job.configuration.get("VpcId", ""),
    )


def _outcome(found: Standing) -> Outcome:
    if found.status == "IN_PROGRESS":
        return Running(found.id, signal=found.signal, log_stream_arn=found.log_stream_arn)
    if found.status == "SUCCEEDED":
        return Done(found.id, variables=found.variables, log_stream_arn=found.log_stream_arn)
    kind = _KINDS.get(found.code, "JobFailed")
    if kind in ("JobFailed", "ConfigurationError") and "AccessDenied" in found.message:
        kind = "PermissionError"
    return Failed(kind, found.message or _SAID.get(found.status, found.status), found.id, log_stream_arn=found.log_stream_arn)


_SAID = {"STOPPED": "The commands were stopped.", "TIMED_OUT": "The commands took longer than they may."}


def poll(job: Job, external_id: str, aws: Aws) -> Outcome:
    """How the commands stand."""
    found = aws.commands(external_id)
    if found is None:
        return Failed("SystemUnavailable", f"Nothing is known of the commands {external_id} any more. Retry them.", external_id)
    return _outcome(found)


def cancel(job: Job, external_id: str, aws: Aws) -> None:
    """Stop the commands."""
    if external_id:
        aws.stop_commands(external_id)
