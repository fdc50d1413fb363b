"""Artifacts: what is in the source is what is deployed, and every run names what it took."""

from stageline.testing.behaviour.check import check, holds, refused, same
from stageline.testing.behaviour.declare import gate, stage
from stageline.testing.behaviour.pipeline import Pipeline
from stageline.testing.behaviour.trial import Trial, zipped
from stageline.testing.behaviour.worker import Worker

SUMMARY = "codepipeline-artifact-revision-summary"


@check
def what_is_deployed_is_the_source(trial: Trial) -> None:
    """The deployed object has the bytes of the source object."""
    content = zipped({"a.txt": b"alpha"}) + b"\0 not only what a zip has \xff"
    trial.put(content)
    pipeline = Pipeline(trial, stage("Ship", trial.deploy()))
    pipeline.ends(pipeline.first())
    same("the deployed bytes", trial.read(trial.target()), content)


@check
def a_zip_is_unpacked(trial: Trial) -> None:
    """Deployed with Extract, every file of the zip becomes an object; what was there before stays."""
    trial.put(zipped({"index.html": b"<p>hello", "css/site.css": b"p{}"}))
    target = trial.target()
    trial.s3.put_object(Bucket=trial.bucket, Key=f"{target}/old.txt", Body=b"old")
    pipeline = Pipeline(trial, stage("Ship", trial.deploy(extract=True)))
    pipeline.ends(pipeline.first())
    same("the keys", sorted(trial.keys(target)), [f"{target}/{name}" for name in ("css/site.css", "index.html", "old.txt")])
    same("a file", trial.read(f"{target}/css/site.css"), b"p{}")


@check
def an_execution_keeps_its_version(trial: Trial) -> None:
    """An execution deploys the version that it fetched, though the source object changes while it waits."""
    trial.put(b"first")
    pipeline = Pipeline(trial, gate(), stage("Ship", trial.deploy()))
    first = pipeline.first()
    token = pipeline.held(first)
    trial.put(b"second")
    pipeline.answer(token)
    pipeline.ends(first)
    same("the deployed bytes", trial.read(trial.target()), b"first")


@check
def a_run_names_its_revision(trial: Trial) -> None:
    """The execution, the list of executions and the state name the version id and the ETag of the source object."""
    version = trial.put(b"revision")
    pipeline = Pipeline(trial, gate())
    first = pipeline.first()
    pipeline.held(first)
    (revision,) = pipeline.execution(first)["artifactRevisions"]
    same("artifactRevisions", (revision["name"], revision["revisionId"]), ("Src", version))
    etag = trial.s3.head_object(Bucket=trial.bucket, Key=trial.key)["ETag"].strip('"')
    holds("revisionChangeIdentifier is the ETag", etag in revision.get("revisionChangeIdentifier", ""), revision)
    (listed,) = pipeline.summary(first)["sourceRevisions"]
    same("sourceRevisions", (listed["actionName"], listed["revisionId"]), ("Fetch", version))
    (state,) = pipeline.stage("Source")["actionStates"]
    same("currentRevision", state["currentRevision"]["revisionId"], version)


@check
def a_run_tells_the_summary(trial: Trial) -> None:
    """The summary of a revision is the one in the object's metadata, else it names the version id."""
    version = trial.put(b"plain")
    pipeline = Pipeline(trial, gate())
    first = pipeline.first()
    pipeline.held(first)
    same("the summary", pipeline.execution(first)["artifactRevisions"][0]["revisionSummary"], f"Amazon S3 version id: {version}")
    trial.put(b"told", Metadata={SUMMARY: "release 7"})
    second = pipeline.start()
    trial.becomes(
        "the summary from the metadata",
        lambda: [each.get("revisionSummary") for each in pipeline.execution(second).get("artifactRevisions", [])],
        ["release 7"],
    )


@check
def artifacts_are_in_the_store(trial: Trial) -> None:
    """An output artifact is an object of the artifact store, and it is what the next action takes."""
    trial.put(b"stored")
    pipeline = Pipeline(trial, stage("Ship", trial.deploy()))
    first = pipeline.first()
    pipeline.ends(first)
    (made,) = pipeline.run(first, "Fetch")["output"]["outputArtifacts"]
    same("the artifact and its bucket", (made["name"], made["s3location"]["bucket"]), ("Src", trial.bucket))
    same("its content", trial.read(made["s3location"]["key"]), b"stored")
    (taken,) = pipeline.run(first, "Copy")["input"]["inputArtifacts"]
    same("what the deploy took", taken["s3location"], made["s3location"])


@check
def every_run_has_its_own(trial: Trial) -> None:
    """Every execution writes its artifacts to keys of its own."""
    pipeline = Pipeline(trial, gate())
    first = pipeline.first()
    pipeline.approve(first)
    second = pipeline.start()
    pipeline.approve(second)
    keys = {pipeline.run(each, "Fetch")["output"]["outputArtifacts"][0]["s3location"]["key"] for each in (first, second)}
    same("how many keys there are", len(keys), 2)


@check
def an_older_version_can_be_asked_for(trial: Trial) -> None:
    """A start may name the version of the source object, and no version that does not fit."""
    old = trial.put(b"old")
    trial.put(b"new")
    pipeline = Pipeline(trial, stage("Ship", trial.deploy()))
    pipeline.ends(pipeline.first())
    same("what was deployed first", trial.read(trial.target()), b"new")
    revision = {"actionName": "Fetch", "revisionType": "S3_OBJECT_VERSION_ID", "revisionValue": old}
    second = pipeline.start(sourceRevisions=[revision])
    same("the recorded revision", pipeline.ends(second)["artifactRevisions"][0]["revisionId"], old)
    same("what was deployed then", trial.read(trial.target()), b"old")
    start = trial.client.start_pipeline_execution
    refused(start, "Validation", name=pipeline.name, sourceRevisions=[{**revision, "actionName": "Nobody"}])
    refused(start, "Validation", name=pipeline.name, sourceRevisions=[{**revision, "revisionType": "COMMIT_ID"}])
    refused(start, "Validation", name=pipeline.name, sourceRevisions=[{**revision, "revisionType": "S3_OBJECT_KEY"}])


@check
def another_key_can_be_asked_for(trial: Trial) -> None:
    """A start may name another key when the source action allows that."""
    trial.put(b"usual")
    other = f"{trial.account.prefix}-source/{trial.number}-other.zip"
    trial.s3.put_object(Bucket=trial.bucket, Key=other, Body=b"unusual")
    fetch = trial.source(configuration={"AllowOverrideForS3ObjectKey": "true"})
    pipeline = Pipeline(trial, stage("Ship", trial.deploy()), fetch=fetch)
    pipeline.ends(pipeline.first())
    revision = {"actionName": "Fetch", "revisionType": "S3_OBJECT_KEY", "revisionValue": other}
    pipeline.ends(pipeline.start(sourceRevisions=[revision]))
    same("what was deployed", trial.read(trial.target()), b"unusual")


@check
def a_worker_hands_on_what_it_made(trial: Trial) -> None:
    """What a job worker puts at the place of its output artifact is what the next action takes."""
    trial.put(b"raw")
    worker = Worker(trial)
    work = worker.action(inputArtifacts=[{"name": "Src"}], outputArtifacts=[{"name": "Made"}])
    ship = trial.deploy(inputArtifacts=[{"name": "Made"}])
    pipeline = Pipeline(trial, stage("Work", work), stage("Ship", ship))
    job = worker.take()
    (given,), (wanted,) = job["data"]["inputArtifacts"], job["data"]["outputArtifacts"]
    same("what the worker was given", trial.read(given["location"]["s3Location"]["objectKey"]), b"raw")
    place = wanted["location"]["s3Location"]
    trial.s3.put_object(Bucket=place["bucketName"], Key=place["objectKey"], Body=b"made")
    worker.succeed(job)
    pipeline.ends(pipeline.first())
    same("what was deployed", trial.read(trial.target()), b"made")


@check
def a_change_starts_a_run(trial: Trial) -> None:
    """With PollForSourceChanges a new version of the object starts the pipeline, once."""
    trial.put(b"first")
    pipeline = Pipeline(trial, gate(), fetch=trial.source(configuration={"PollForSourceChanges": "true"}))
    first = pipeline.first()
    pipeline.approve(first)
    pipeline.ends(first)
    version = trial.put(b"second")
    trial.becomes("how many executions there are", lambda: len(pipeline.executions()), 2)
    newest = pipeline.executions()[0]
    same("the trigger", newest["trigger"]["triggerType"], "PollForSourceChanges")
    pipeline.held(newest["pipelineExecutionId"])
    (revision,) = pipeline.execution(newest["pipelineExecutionId"])["artifactRevisions"]
    same("the revision", revision["revisionId"], version)
