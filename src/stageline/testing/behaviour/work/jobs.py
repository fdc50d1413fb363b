"""Custom actions: jobs are asked for, taken by one worker, and ended by it."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
from botocore.exceptions import ClientError

from stageline.testing.behaviour.check import among, check, holds, refused, same, slow_check
from stageline.testing.behaviour.declare import Doc, stage
from stageline.testing.behaviour.pipeline import Pipeline
from stageline.testing.behaviour.trial import Trial
from stageline.testing.behaviour.worker import Worker

REDELIVERY = 600.0


def employed(trial: Trial, **more: Any) -> tuple[Worker, Pipeline]:
    """A worker and a pipeline that has work for it."""
    worker = Worker(trial)
    return worker, Pipeline(trial, stage("Work", worker.action(**more)))


@check
def the_life_of_a_job(trial: Trial) -> None:
    """A job is polled, acknowledged and ended; then the action has succeeded and the execution goes on."""
    worker, pipeline = employed(trial)
    job = worker.job()
    answer = trial.client.acknowledge_job(jobId=job["id"], nonce=job["nonce"])
    same("AcknowledgeJob", answer.get("status"), "InProgress")
    same("the action meanwhile", pipeline.shown("Work", "Work")["status"], "InProgress")
    worker.succeed(job, executionDetails={"summary": "all done", "externalExecutionId": "run-7", "percentComplete": 100})
    pipeline.ends(pipeline.first())
    shown = pipeline.shown("Work", "Work")
    same("the action", (shown["status"], shown.get("summary")), ("Succeeded", "all done"))
    same("its external id", shown.get("externalExecutionId"), "run-7")


@check
def a_failure_is_told(trial: Trial) -> None:
    """A job that failed fails its action, with the worker's kind of failure and message."""
    worker, pipeline = employed(trial)
    worker.fail(worker.take(), "disk is full", "SystemUnavailable")
    pipeline.ends(pipeline.first(), "Failed")
    details = pipeline.shown("Work", "Work").get("errorDetails", {})
    same("errorDetails", (details.get("code"), details.get("message")), ("SystemUnavailable", "disk is full"))


@check
def what_a_job_says(trial: Trial) -> None:
    """A job names its pipeline, stage, action, execution and configuration, and where its artifacts are."""
    worker = Worker(trial, Place=("required",))
    artifacts: Doc = {"inputArtifacts": [{"name": "Src"}], "outputArtifacts": [{"name": "Made"}]}
    pipeline = Pipeline(trial, stage("Work", worker.action(configuration={"Place": "here"}, **artifacts)))
    job = worker.take()
    first = pipeline.first()
    data = job["data"]
    context = data["pipelineContext"]
    named = (context["pipelineName"], context["stage"]["name"], context["action"]["name"], context["pipelineExecutionId"])
    same("pipelineContext", named, (pipeline.name, "Work", "Work", first))
    same("its action run", context["action"].get("actionExecutionId"), pipeline.run(first, "Work")["actionExecutionId"])
    same("the action type", data["actionTypeId"], worker.type)
    same("the configuration", data["actionConfiguration"]["configuration"], {"Place": "here"})
    places = [data[side][0]["location"]["s3Location"]["bucketName"] for side in ("inputArtifacts", "outputArtifacts")]
    same("the buckets of its artifacts", places, [trial.bucket, trial.bucket])
    details = trial.client.get_job_details(jobId=job["id"])["jobDetails"]
    same("GetJobDetails", (details["id"], details["data"]["pipelineContext"]["pipelineName"]), (job["id"], pipeline.name))


@check
def one_worker_wins(trial: Trial) -> None:
    """However many workers poll and acknowledge at the same time, one gets the job."""
    worker, _ = employed(trial)

    def attempt(_: int) -> list[str]:
        taken = []
        for job in worker.poll(maxBatchSize=1):
            try:
                trial.client.acknowledge_job(jobId=job["id"], nonce=job["nonce"])
            except ClientError as error:
                among("a refused acknowledgement", error.response["Error"]["Code"], ["InvalidNonceException"])
            else:
                taken.append(job["id"])
        return taken

    def all_at_once() -> list[str]:
        with ThreadPoolExecutor(6) as pool:
            return [each for found in pool.map(attempt, range(6)) for each in found]

    taken = trial.until("a job that a worker could take", all_at_once)
    same("how many workers got it", len(taken), 1)
    same("what is left for others", all_at_once(), [])


@check
def the_nonce_counts(trial: Trial) -> None:
    """A job is acknowledged with its own nonce only."""
    worker, pipeline = employed(trial)
    job = worker.job()
    refused(trial.client.acknowledge_job, "InvalidNonce", jobId=job["id"], nonce="999999")
    same("AcknowledgeJob", trial.client.acknowledge_job(jobId=job["id"], nonce=job["nonce"]).get("status"), "InProgress")
    worker.succeed(job)
    pipeline.ends(pipeline.first())


@check
def a_job_goes_on_later(trial: Trial) -> None:
    """With a continuation token the action goes on in another job, which has the token; its progress is shown."""
    worker, pipeline = employed(trial)
    job = worker.take()
    worker.succeed(job, continuationToken="half way", executionDetails={"summary": "half", "percentComplete": 50})
    second = worker.job()
    holds("it is another job", second["id"] != job["id"], second["id"])
    same("its continuation token", second["data"].get("continuationToken"), "half way")
    run = second["data"]["pipelineContext"]["action"].get("actionExecutionId")
    same("its action run", run, job["data"]["pipelineContext"]["action"].get("actionExecutionId"))
    shown = pipeline.shown("Work", "Work")
    same("the progress", (shown["status"], shown.get("percentComplete")), ("InProgress", 50))
    trial.client.acknowledge_job(jobId=second["id"], nonce=second["nonce"])
    worker.succeed(second)
    pipeline.ends(pipeline.first())


@check
def a_job_ends_once(trial: Trial) -> None:
    """A result for a job that has ended is refused, and so is one for a job that never was."""
    worker, pipeline = employed(trial)
    job = worker.take()
    worker.succeed(job)
    pipeline.ends(pipeline.first())
    details = {"type": "JobFailed", "message": "too late"}
    refused(trial.client.put_job_failure_result, "InvalidJobState", jobId=job["id"], failureDetails=details)
    refused(trial.client.put_job_success_result, "InvalidJobState", jobId=job["id"])
    same("the execution afterwards", pipeline.status(pipeline.first()), "Succeeded")
    nobody = str(uuid.uuid4())
    refused(trial.client.put_job_success_result, "JobNotFound", jobId=nobody)
    refused(trial.client.get_job_details, "JobNotFound", jobId=nobody)
    refused(trial.client.acknowledge_job, "JobNotFound", jobId=nobody, nonce="1")


@check
def wrong_results_are_refused(trial: Trial) -> None:
    """Output variables come with the last result only, and have 122,880 bytes together at most."""
    worker, pipeline = employed(trial)
    job = worker.take()
    call = trial.client.put_job_success_result
    refused(call, "Validation", jobId=job["id"], continuationToken="on", outputVariables={"Key": "value"})
    refused(call, "OutputVariablesSizeExceeded", jobId=job["id"], outputVariables={"Key": "x" * 122_881})
    worker.succeed(job, outputVariables={"Key": "value"})
    pipeline.ends(pipeline.first())


def keyed(trial: Trial, job: Doc) -> boto3.Session:
    """A session with the credentials that a job brings."""
    key = job["data"]["artifactCredentials"]
    return boto3.Session(key["accessKeyId"], key["secretAccessKey"], key["sessionToken"], trial.options.region)


@check
def credentials_reach_its_artifacts(trial: Trial) -> None:
    """The credentials of a job read its input artifact and write its output artifact."""
    trial.put(b"raw")
    artifacts = {"inputArtifacts": [{"name": "Src"}], "outputArtifacts": [{"name": "Made"}]}
    worker, pipeline = employed(trial, **artifacts)
    job = worker.take()
    s3 = trial.account.client_of(keyed(trial, job), "s3")
    place = job["data"]["inputArtifacts"][0]["location"]["s3Location"]
    same("the input", s3.get_object(Bucket=place["bucketName"], Key=place["objectKey"])["Body"].read(), b"raw")
    place = job["data"]["outputArtifacts"][0]["location"]["s3Location"]
    kept = {"ServerSideEncryption": "aws:kms"} if trial.account.at_aws else {}
    s3.put_object(Bucket=place["bucketName"], Key=place["objectKey"], Body=b"made", **kept)
    worker.succeed(job)
    pipeline.ends(pipeline.first())
    same("the output", trial.read(place["objectKey"]), b"made")


@check
def credentials_reach_nothing_else(trial: Trial) -> None:
    """The credentials of a job read no other object and call no other service."""
    trial.put(b"raw")
    worker, _ = employed(trial, inputArtifacts=[{"name": "Src"}])
    job = worker.take()
    session = keyed(trial, job)
    s3 = trial.account.client_of(session, "s3")
    refused(s3.get_object, "AccessDenied", Bucket=trial.bucket, Key=trial.key)
    refused(s3.put_object, "AccessDenied", Bucket=trial.bucket, Key=f"{trial.target()}/planted", Body=b"x")
    refused(s3.list_objects_v2, "AccessDenied", Bucket=trial.bucket)
    refused(trial.account.client_of(session, "codepipeline").list_pipelines, "AccessDenied")


@check
def a_queryable_property_chooses(trial: Trial) -> None:
    """A poll with a query gets the jobs whose action has that value, and no others."""
    worker = Worker(trial, Project=("required", "queryable", "key"))
    actions = [worker.action(name, configuration={"Project": name}) for name in ("One", "Two")]
    Pipeline(trial, stage("Work", *actions))
    second = worker.job(queryParam={"Project": "Two"})
    same("the action", second["data"]["pipelineContext"]["action"]["name"], "Two")
    same("what is left for it", worker.poll(queryParam={"Project": "Two"}), [])
    first = worker.job(queryParam={"Project": "One"})
    same("the other action", first["data"]["pipelineContext"]["action"]["name"], "One")


@check
def the_type_comes_and_goes(trial: Trial) -> None:
    """A custom action type is listed while it is there; deleted, it can be neither polled nor used."""
    worker = Worker(trial)
    listed = trial.client.list_action_types(actionOwnerFilter="Custom")["actionTypes"]
    same("how often it is listed", [each["id"] for each in listed].count(worker.type), 1)
    same("a poll without work", worker.poll(), [])
    worker.delete()
    listed = trial.client.list_action_types(actionOwnerFilter="Custom")["actionTypes"]
    holds("it is not listed any more", worker.type not in [each["id"] for each in listed])
    refused(trial.client.poll_for_jobs, "ActionTypeNotFound", actionTypeId=worker.type)
    document = trial.document(stage("Work", worker.action()))
    refused(trial.client.create_pipeline, "InvalidActionDeclaration", pipeline=document)


@check
def only_custom_types_are_polled(trial: Trial) -> None:
    """Nobody polls for the jobs of the provider's own actions."""
    own = {"category": "Deploy", "owner": "AWS", "provider": "S3", "version": "1"}
    refused(trial.client.poll_for_jobs, "ActionTypeNotFound", "Validation", actionTypeId=own)


@check
def a_retry_is_another_job(trial: Trial) -> None:
    """A retried custom action has a new job, with a new run."""
    worker, pipeline = employed(trial)
    job = worker.take()
    worker.fail(job)
    first = pipeline.first()
    pipeline.ends(first, "Failed")
    pipeline.retry(first, "Work")
    second = worker.take()
    holds("it is another job", second["id"] != job["id"], second["id"])
    runs = [each["data"]["pipelineContext"]["action"].get("actionExecutionId") for each in (job, second)]
    same("how many runs there are", len(set(runs)), 2)
    worker.succeed(second)
    pipeline.ends(first)


@slow_check
def a_job_that_nobody_took_comes_again(trial: Trial) -> None:
    """A job that was polled but never acknowledged is given again, with another nonce; the old nonce counts no more."""
    worker, pipeline = employed(trial)
    job = worker.job()
    same("what is left right after", worker.poll(), [])
    again = worker.job(patience=max(trial.options.patience, REDELIVERY))
    same("the job", again["id"], job["id"])
    holds("the nonce is another", again["nonce"] != job["nonce"], again["nonce"])
    refused(trial.client.acknowledge_job, "InvalidNonce", jobId=job["id"], nonce=job["nonce"])
    trial.client.acknowledge_job(jobId=again["id"], nonce=again["nonce"])
    worker.succeed(again)
    pipeline.ends(pipeline.first())
