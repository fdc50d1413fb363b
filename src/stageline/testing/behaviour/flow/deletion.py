"""Deleting a pipeline, also while it runs."""

from stageline.testing.behaviour.check import check, holds, refused, same
from stageline.testing.behaviour.declare import gate, stage
from stageline.testing.behaviour.pipeline import Pipeline
from stageline.testing.behaviour.trial import Trial


@check
def it_is_gone(trial: Trial) -> None:
    """A deleted pipeline is in no answer any more."""
    pipeline = Pipeline(trial, gate())
    first = pipeline.first()
    pipeline.held(first)
    trial.client.delete_pipeline(name=pipeline.name)
    refused(trial.client.get_pipeline, "PipelineNotFound", name=pipeline.name)
    refused(trial.client.get_pipeline_state, "PipelineNotFound", name=pipeline.name)
    refused(trial.client.list_pipeline_executions, "PipelineNotFound", pipelineName=pipeline.name)
    refused(trial.client.start_pipeline_execution, "PipelineNotFound", name=pipeline.name)
    names = [each["name"] for page in trial.client.get_paginator("list_pipelines").paginate() for each in page["pipelines"]]
    holds("ListPipelines does not name it", pipeline.name not in names)


@check
def what_is_not_there_can_be_deleted(trial: Trial) -> None:
    """Deleting a pipeline that does not exist succeeds."""
    trial.client.delete_pipeline(name=trial.name())


@check
def its_name_begins_anew(trial: Trial) -> None:
    """A pipeline that is made again under the name has version 1 and a history of its own."""
    pipeline = Pipeline(trial, gate())
    first = pipeline.first()
    token = pipeline.held(first)
    pipeline.update()
    trial.client.delete_pipeline(name=pipeline.name)
    again = trial.client.create_pipeline(pipeline=pipeline.document)["pipeline"]
    same("the version", again["version"], 1)
    second = pipeline.first()
    holds("the execution is another", second != first, second)
    pipeline.held(second)
    same("how many executions there are", len(pipeline.executions()), 1)
    refused(
        trial.client.get_pipeline_execution,
        "PipelineExecutionNotFound",
        pipelineName=pipeline.name,
        pipelineExecutionId=first,
    )
    refused(
        trial.client.put_approval_result,
        "InvalidApprovalToken",
        pipelineName=pipeline.name,
        stageName="Gate",
        actionName="Approve",
        token=token,
        result={"summary": "", "status": "Approved"},
    )
    same("the approval of the new one", pipeline.shown()["status"], "InProgress")


@check
def what_it_made_stays(trial: Trial) -> None:
    """Artifacts and deployed objects stay when their pipeline is deleted."""
    trial.put(b"stays")
    pipeline = Pipeline(trial, stage("Ship", trial.deploy()))
    first = pipeline.first()
    pipeline.ends(first)
    made = pipeline.run(first, "Fetch")["output"]["outputArtifacts"][0]["s3location"]
    trial.client.delete_pipeline(name=pipeline.name)
    same("the artifact", trial.read(made["key"]), b"stays")
    same("the deployed object", trial.read(trial.target()), b"stays")
