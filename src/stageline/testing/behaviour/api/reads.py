"""Reads: what is answered, in which shape and order, page by page."""

from datetime import datetime
from typing import Any

from stageline.testing.behaviour.check import check, holds, refused, same
from stageline.testing.behaviour.declare import approval, gate, stage
from stageline.testing.behaviour.pipeline import Pipeline
from stageline.testing.behaviour.trial import Trial

NOBODY = "00000000-0000-4000-8000-000000000000"


def three(trial: Trial) -> tuple[Pipeline, list[str]]:
    """A pipeline with three executions that have ended, oldest first."""
    pipeline = Pipeline(trial, gate())
    executions = [pipeline.first()]
    pipeline.approve(executions[0])
    pipeline.ends(executions[0])
    for status in ("Approved", "Rejected"):
        execution = pipeline.start()
        pipeline.answer(pipeline.held(execution), status)
        pipeline.ends(execution, "Succeeded" if status == "Approved" else "Failed")
        executions.append(execution)
    return pipeline, executions


def paged(trial: Trial, operation: str, key: str, size: int, **more: Any) -> list[dict[str, Any]]:
    """A whole listing, asked for in pages of a size."""
    pages = trial.client.get_paginator(operation).paginate(PaginationConfig={"PageSize": size}, **more)
    found = []
    for page in pages:
        holds(f"a page of {operation} has at most {size}", len(page[key]) <= size, len(page[key]))
        found += page[key]
    return found


@check
def the_state_has_every_stage(trial: Trial) -> None:
    """GetPipelineState has the stages and actions of the present version in order; what never ran has no latest run."""
    pipeline = Pipeline(trial, stage("Gate", approval("Second", runOrder=2), approval("First")), gate("Final"))
    pipeline.held(pipeline.first(), "Gate", "First")
    answer = trial.client.get_pipeline_state(name=pipeline.name)
    same("name and version", (answer["pipelineName"], answer["pipelineVersion"]), (pipeline.name, 1))
    holds("created and updated are instants", all(isinstance(answer[each], datetime) for each in ("created", "updated")))
    stages = {each["stageName"]: each for each in answer["stageStates"]}
    same("the stages", list(stages), ["Source", "Gate", "Final"])
    same("the actions", [each["actionName"] for each in stages["Gate"]["actionStates"]], ["Second", "First"])
    holds("a stage that nobody entered has no execution", "latestExecution" not in stages["Final"])
    holds("an action that never ran has none", "latestExecution" not in stages["Gate"]["actionStates"][0])
    same("the transitions", [each["inboundTransitionState"]["enabled"] for each in stages.values()], [True] * 3)


@check
def executions_are_newest_first(trial: Trial) -> None:
    """ListPipelineExecutions is newest first, with instants, status, trigger and source revisions."""
    pipeline, executions = three(trial)
    listed = pipeline.executions()
    same("the order", [each["pipelineExecutionId"] for each in listed], executions[::-1])
    same("the statuses", [each["status"] for each in listed], ["Failed", "Succeeded", "Succeeded"])
    for each in listed:
        holds("it ended after it began", each["startTime"] <= each["lastUpdateTime"], each["lastUpdateTime"])
        same("the source revisions", [source["actionName"] for source in each["sourceRevisions"]], ["Fetch"])


@check
def executions_come_in_pages(trial: Trial) -> None:
    """Pages of ListPipelineExecutions give every execution once, and a token that was not given is refused."""
    pipeline, executions = three(trial)
    found = paged(trial, "list_pipeline_executions", "pipelineExecutionSummaries", 1, pipelineName=pipeline.name)
    same("all pages", [each["pipelineExecutionId"] for each in found], executions[::-1])
    refused(trial.client.list_pipeline_executions, "InvalidNextToken", pipelineName=pipeline.name, nextToken="no token")
    for wrong in (0, 101):
        refused(trial.client.list_pipeline_executions, "Validation", pipelineName=pipeline.name, maxResults=wrong)


@check
def executions_that_passed_a_stage(trial: Trial) -> None:
    """The filter succeededInStage gives the executions that passed the stage."""
    pipeline, (first, second, third) = three(trial)
    found = pipeline.executions(filter={"succeededInStage": {"stageName": "Gate"}})
    same("who passed the gate", [each["pipelineExecutionId"] for each in found], [second, first])
    found = pipeline.executions(filter={"succeededInStage": {"stageName": "Source"}})
    same("who passed the source", [each["pipelineExecutionId"] for each in found], [third, second, first])


@check
def runs_are_newest_first(trial: Trial) -> None:
    """ListActionExecutions is newest first, of all executions or of one, and says what was put in and came out."""
    pipeline, (first, _, third) = three(trial)
    found = trial.client.list_action_executions(pipelineName=pipeline.name)["actionExecutionDetails"]
    same("the order", [each["actionName"] for each in found], ["Approve", "Fetch"] * 3)
    same("the newest and the oldest", (found[0]["pipelineExecutionId"], found[-1]["pipelineExecutionId"]), (third, first))
    times = [each["startTime"] for each in found]
    same("sorted by start", times, sorted(times, reverse=True))
    run = pipeline.run(first, "Fetch")
    same("its place", (run["stageName"], run["pipelineVersion"], run["status"]), ("Source", 1, "Succeeded"))
    same("its type", run["input"]["actionTypeId"]["provider"], "S3")
    same("its configuration", run["input"]["configuration"]["S3ObjectKey"], trial.key)
    same("its namespace", run["input"].get("namespace"), "src")
    same("the runs of one execution", pipeline.names(third), ["Fetch", "Approve"])


@check
def runs_come_in_pages(trial: Trial) -> None:
    """Pages of ListActionExecutions give every run once; a token of another listing is refused, like one that is none."""
    pipeline, _ = three(trial)
    found = paged(trial, "list_action_executions", "actionExecutionDetails", 4, pipelineName=pipeline.name)
    same("how many runs there are", len({each["actionExecutionId"] for each in found}), 6)
    call = trial.client.list_action_executions
    refused(call, "InvalidNextToken", pipelineName=pipeline.name, nextToken="no token")
    other = trial.client.list_pipeline_executions(pipelineName=pipeline.name, maxResults=1)["nextToken"]
    refused(call, "InvalidNextToken", pipelineName=pipeline.name, nextToken=other)


@check
def what_is_not_there_is_not_found(trial: Trial) -> None:
    """An execution that is not there has its own refusal, in GetPipelineExecution and as a filter."""
    pipeline = Pipeline(trial, gate())
    named = {"pipelineName": pipeline.name}
    refused(trial.client.get_pipeline_execution, "PipelineExecutionNotFound", pipelineExecutionId=NOBODY, **named)
    chosen = {"pipelineExecutionId": NOBODY}
    refused(trial.client.list_action_executions, "PipelineExecutionNotFound", filter=chosen, **named)
    refused(trial.client.get_pipeline_execution, "Validation", pipelineExecutionId="no id", **named)


@check
def pipelines_are_listed(trial: Trial) -> None:
    """ListPipelines names every pipeline with version, type, mode and instants, in pages; a wrong token is refused."""
    pipeline = Pipeline(trial, gate(), executionMode="QUEUED")
    pipeline.update()
    listed = [each for page in trial.client.get_paginator("list_pipelines").paginate() for each in page["pipelines"]]
    (found,) = [each for each in listed if each["name"] == pipeline.name]
    same("its summary", (found["version"], found["pipelineType"], found["executionMode"]), (2, "V2", "QUEUED"))
    holds("created comes before updated", found["created"] <= found["updated"], found["updated"])
    page = trial.client.list_pipelines(maxResults=1)
    same("a page of one", len(page["pipelines"]), 1)
    refused(trial.client.list_pipelines, "InvalidNextToken", nextToken="no token")


@check
def a_declaration_comes_back(trial: Trial) -> None:
    """GetPipeline gives what was declared, with the defaults filled in, and the ARN and instants beside it."""
    pipeline = Pipeline(trial, gate())
    answer = trial.client.get_pipeline(name=pipeline.name)
    found = answer["pipeline"]
    for member in ("name", "roleArn", "artifactStore", "pipelineType"):
        same(member, found[member], pipeline.document[member])
    same("version and mode", (found["version"], found["executionMode"]), (1, "SUPERSEDED"))
    same("the source action", found["stages"][0]["actions"][0]["configuration"], trial.source()["configuration"])
    action = found["stages"][1]["actions"][0]
    defaults = {name: action.get(name) for name in ("runOrder", "configuration", "inputArtifacts", "outputArtifacts")}
    same("the defaults", defaults, {"runOrder": 1, "configuration": {}, "inputArtifacts": [], "outputArtifacts": []})
    arn = answer["metadata"]["pipelineArn"]
    holds("the ARN ends with the bare name", arn.startswith("arn:aws") and arn.split(":")[5:] == [pipeline.name], arn)
    same("CreatePipeline's answer", pipeline.created, found)


@check
def action_types_are_listed(trial: Trial) -> None:
    """ListActionTypes has the types that pipelines use, with their properties and artifact counts, by owner."""
    pages = trial.client.get_paginator("list_action_types").paginate(actionOwnerFilter="AWS")
    listed = [each for page in pages for each in page["actionTypes"]]
    same("the owners", {each["id"]["owner"] for each in listed}, {"AWS"})
    (s3,) = [each for each in listed if (each["id"]["category"], each["id"]["provider"]) == ("Source", "S3")]
    same("the outputs of an S3 source", s3["outputArtifactDetails"], {"minimumCount": 1, "maximumCount": 1})
    names = {each["name"] for each in s3["actionConfigurationProperties"] if each["required"]}
    same("its required properties", names, {"S3Bucket", "S3ObjectKey"})
    refused(trial.client.list_action_types, "InvalidNextToken", nextToken="no token")
