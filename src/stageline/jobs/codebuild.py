"""Builds of a CodeBuild project on the input artifacts; their artifacts and exported variables are the outputs."""

import json
from typing import Any

from stageline.core.pipeline.actiontype import Property
from stageline.ports.api import ApiError
from stageline.ports.aws import Aws
from stageline.ports.provider import ArtifactLocation, Done, Failed, Job, Outcome, Running

PROPERTIES = (
    Property("ProjectName", required=True, key=True, description="The CodeBuild project."),
    Property("PrimarySource", description="With several input artifacts: the one that has the buildspec."),
    Property("EnvironmentVariables", description="A JSON array of {name, value, type}."),
    Property("BatchEnabled", kind="Boolean", description="Run a batch build."),
    Property("CombineArtifacts", kind="Boolean", description="Combine the artifacts of a batch build."),
)


def start(job: Job, aws: Aws) -> Outcome:
    """Start a build; the idempotency token makes a second attempt find the first one's build."""
    if job.configuration.get("BatchEnabled", "false").lower() == "true":
        return Failed("ConfigurationError", "This server does not run batch builds yet. Set BatchEnabled to false.")
    try:
        variables = _variables(job)
    except ValueError as error:
        return Failed("ConfigurationError", f"EnvironmentVariables is not a JSON array of objects with name and value: {error}")
    name = job.configuration["ProjectName"]
    try:
        build = aws.call("codebuild", "StartBuild", **_request(job, name, variables))["build"]
    except ApiError as error:
        if error.code == "ResourceNotFoundException":
            return Failed("ConfigurationError", f"The CodeBuild project {name} does not exist: {error.message}")
        raise
    return _outcome(job, build)


def _variables(job: Job) -> list[dict[str, str]]:
    try:
        given = json.loads(job.configuration.get("EnvironmentVariables") or "[]")
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if not isinstance(given, list) or not all(isinstance(each, dict) and "name" in each and "value" in each for each in given):
        raise ValueError("each entry needs a name and a value")
    return [{"name": str(each["name"]), "value": str(each["value"]), "type": each.get("type", "PLAINTEXT")} for each in given]


def _primary(job: Job) -> ArtifactLocation:
    wanted = job.configuration.get("PrimarySource")
    return next((each for each in job.inputs if each.name == wanted), job.inputs[0])


def _request(job: Job, project: str, variables: list[dict[str, str]]) -> dict[str, Any]:
    request: dict[str, Any] = {
        "projectName": project,
        "idempotencyToken": job.id,
        "environmentVariablesOverride": variables,
    }
    if job.inputs:
        request |= _sources(job)
    if job.encryption_key:
        request["encryptionKeyOverride"] = job.encryption_key
    if not job.outputs:
        return {**request, "artifactsOverride": {"type": "NO_ARTIFACTS"}}
    if len(job.outputs) == 1:
        return {**request, "artifactsOverride": _artifacts(job.outputs[0])}
    secondary = [{**_artifacts(each), "artifactIdentifier": each.name} for each in job.outputs]
    return {**request, "artifactsOverride": {"type": "NO_ARTIFACTS"}, "secondaryArtifactsOverride": secondary}


def _sources(job: Job) -> dict[str, Any]:
    primary = _primary(job)
    others = [each for each in job.inputs if each is not primary]
    request: dict[str, Any] = {"sourceTypeOverride": "S3", "sourceLocationOverride": f"{primary.bucket}/{primary.key}"}
    revision = primary.revision or next(iter(job.source_revisions.values()), "")
    if revision:
        request["sourceVersion"] = revision
    if others:
        request["secondarySourcesOverride"] = [
            {"type": "S3", "location": f"{each.bucket}/{each.key}", "sourceIdentifier": each.name} for each in others
        ]
    return request


def _artifacts(output: ArtifactLocation) -> dict[str, str]:
    path, _, name = output.key.rpartition("/")
    return {
        "type": "S3",
        "location": output.bucket,
        "path": path,
        "name": name,
        "namespaceType": "NONE",
        "packaging": "ZIP",
    }


def _outcome(job: Job, build: dict[str, Any]) -> Outcome:
    identity = build["id"]
    url = f"{job.endpoint}/console/builds/{identity}"
    stream = build.get("logs", {}).get("cloudWatchLogsArn", "")
    status = build["buildStatus"]
    if status == "IN_PROGRESS":
        return Running(identity, url, signal=f"codebuild:{identity}", log_stream_arn=stream)
    if status == "SUCCEEDED":
        exported = {each["name"]: each["value"] for each in build.get("exportedEnvironmentVariables", [])}
        return Done(identity, url, variables=exported, log_stream_arn=stream)
    return Failed("JobFailed", f"Build terminated with state: {status}{_why(build)}", identity, url, stream)


def _why(build: dict[str, Any]) -> str:
    """What the failed phases say, for a person who does not have the log at hand."""
    said = []
    for phase in build.get("phases", []):
        for context in phase.get("contexts", []):
            if phase.get("phaseStatus") not in (None, "SUCCEEDED") and context.get("message"):
                code = context.get("statusCode", "")
                said.append(f"Phase: {phase['phaseType']}, Code: {code}, Message: {context['message']}")
    return f". {'; '.join(said)}" if said else ""


def poll(job: Job, external_id: str, aws: Aws) -> Outcome:
    """How the build stands."""
    builds = aws.call("codebuild", "BatchGetBuilds", ids=[external_id])["builds"]
    if not builds:
        return Failed("JobFailed", f"The build {external_id} was deleted.", external_id)
    return _outcome(job, builds[0])


def cancel(job: Job, external_id: str, aws: Aws) -> None:
    """Stop the build."""
    if external_id:
        aws.call("codebuild", "StopBuild", id=external_id)
