"""Secrets: taken, used, and never told again."""

from stageline.testing.behaviour.check import check, holds, same
from stageline.testing.behaviour.declare import Doc, gate, stage
from stageline.testing.behaviour.pipeline import Pipeline
from stageline.testing.behaviour.trial import Trial
from stageline.testing.behaviour.work.webhooks import SECRET, definition, put, signed
from stageline.testing.behaviour.worker import Worker

HIDDEN = "hunter2-and-more"
MASK = "****"


def secretive(trial: Trial) -> tuple[Worker, Pipeline]:
    """A pipeline with an action that has a secret property."""
    worker = Worker(trial, Password=("required", "secret"), Place=("required",))
    configuration = {"Password": HIDDEN, "Place": "here"}
    return worker, Pipeline(trial, stage("Work", worker.action(configuration=configuration)))


def configured(document: Doc) -> Doc:
    """The configuration of that action in a declaration."""
    return dict(document["stages"][1]["actions"][0]["configuration"])


@check
def answers_hide_it(trial: Trial) -> None:
    """A secret property is four asterisks in the answers of create, get and update; other properties are told."""
    worker, pipeline = secretive(trial)
    hidden = {"Password": MASK, "Place": "here"}
    same("CreatePipeline", configured(pipeline.created), hidden)
    same("GetPipeline", configured(trial.client.get_pipeline(name=pipeline.name)["pipeline"]), hidden)
    worker.take()
    same("UpdatePipeline", configured(pipeline.update()), hidden)


@check
def the_history_hides_it(trial: Trial) -> None:
    """The history does not tell a secret, written or resolved."""
    worker, pipeline = secretive(trial)
    worker.take()
    run = pipeline.run(pipeline.first(), "Work")
    holds("the secret is not in ListActionExecutions", HIDDEN not in str(run), run["input"])


@check
def the_worker_gets_it(trial: Trial) -> None:
    """The job worker gets the secret as it was given."""
    worker, _ = secretive(trial)
    job = worker.take()
    same("PollForJobs", job["data"]["actionConfiguration"]["configuration"]["Password"], HIDDEN)
    details = trial.client.get_job_details(jobId=job["id"])["jobDetails"]
    same("GetJobDetails", details["data"]["actionConfiguration"]["configuration"]["Password"], HIDDEN)


@check
def the_mask_keeps_it(trial: Trial) -> None:
    """Four asterisks sent back in an update keep the secret."""
    worker, pipeline = secretive(trial)
    worker.succeed(worker.take())
    pipeline.ends(pipeline.first())
    trial.client.update_pipeline(pipeline=trial.client.get_pipeline(name=pipeline.name)["pipeline"])
    pipeline.start()
    job = worker.take()
    same("the secret after the update", job["data"]["actionConfiguration"]["configuration"]["Password"], HIDDEN)


@check
def a_webhook_hides_it(trial: Trial) -> None:
    """The secret token of a webhook is hidden when the webhook is made and when it is listed."""
    pipeline = Pipeline(trial, gate())
    made = put(trial, definition(pipeline, trial.name(), **signed()))
    same("PutWebhook", made["definition"]["authenticationConfiguration"].get("SecretToken"), MASK)
    listed = trial.client.list_webhooks()["webhooks"]
    holds("the secret is not in ListWebhooks", SECRET not in str(listed))
