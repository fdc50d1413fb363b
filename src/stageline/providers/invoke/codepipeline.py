"""CodePipeline: starts another pipeline and, if the role may look at it, waits until that execution has ended."""

import json
from typing import Any

from stageline.core.pipeline.actiontype import ActionType, Property
from stageline.ports.api import ApiError
from stageline.ports.aws import Aws
from stageline.ports.provider import Done, Failed, Job, Outcome, Running

ACTION_TYPE = ActionType(
    "Invoke",
    "AWS",
    "CodePipeline",
    properties=(
        Property("PipelineName", required=True, key=True, description="The pipeline to start."),
        Property("SourceRevisions", description="A JSON array of {actionName, revisionType, revisionValue}."),
        Property("Variables", description="A JSON array of {name, value} for the variables of the pipeline."),
    ),
    v2_only=True,
)


def start(job: Job, aws: Aws) -> Outcome:
    """Start the pipeline; the token makes a second attempt find the first one's execution."""
    name = job.configuration["PipelineName"]
    try:
        request = {
            "variables": _entries(job, "Variables", ("name", "value")),
            "sourceRevisions": _entries(job, "SourceRevisions", ("actionName", "revisionType", "revisionValue")),
        }
    except ValueError as error:
        return Failed("ConfigurationError", str(error))
    given = {member: entries for member, entries in request.items() if entries}
    started = aws.call("codepipeline", "StartPipelineExecution", name=name, clientRequestToken=job.id, **given)
    execution = str(started["pipelineExecutionId"])
    if name == job.pipeline:
        # It would wait for an execution that waits for this one to leave the stage.
        return Done(execution, _url(job), f"Started {name}")
    return _look(job, execution, aws)


def _entries(job: Job, key: str, members: tuple[str, ...]) -> list[dict[str, str]]:
    try:
        given = json.loads(job.configuration.get(key) or "[]")
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{key} is not JSON: {error}") from error
    if not isinstance(given, list) or not all(isinstance(each, dict) and each.keys() == set(members) for each in given):
        raise ValueError(f"{key} is not a JSON array of objects with {', '.join(members)}")
    return [{member: str(each[member]) for member in members} for each in given]


def _url(job: Job) -> str:
    return f"{job.endpoint}/console/pipelines/{job.configuration['PipelineName']}"


def _look(job: Job, execution: str, aws: Aws) -> Outcome:
    name = job.configuration["PipelineName"]
    try:
        found = aws.call("codepipeline", "GetPipelineExecution", pipelineName=name, pipelineExecutionId=execution)
    except ApiError as error:
        if "AccessDenied" in error.code:
            return Done(execution, _url(job), f"Started {name}; the role may not look how it goes on")
        raise
    return _outcome(job, execution, found["pipelineExecution"])


def _outcome(job: Job, execution: str, found: dict[str, Any]) -> Outcome:
    name, status = job.configuration["PipelineName"], found["status"]
    if status in ("InProgress", "Stopping"):
        return Running(execution, _url(job), f"{name} is in progress", signal=f"codepipeline:{execution}")
    if status == "Succeeded":
        return Done(execution, _url(job), f"{name} succeeded")
    why = f": {found['statusSummary']}" if found.get("statusSummary") else ""
    return Failed(
        "JobFailed", f"The execution {execution} of pipeline {name} ended with status {status}{why}", execution, _url(job)
    )


def poll(job: Job, external_id: str, aws: Aws) -> Outcome:
    """How the execution stands."""
    return _look(job, external_id, aws)


def cancel(job: Job, external_id: str, aws: Aws) -> None:
    """What was started goes on: it is an execution in its own right, which somebody may be about to approve."""
