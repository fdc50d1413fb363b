"""Jobs and time: offered again when nobody says that they have it, ended by the action's timeout and by their own."""

from typing import Any

import pytest

from stageline.ports.api import ApiError, Caller
from stageline.services.codepipeline.custom import jobs
from stageline.testing.harness import Key
from stageline.testing.pipelines import eventually, refused, source, stage

ROOT = Caller("root", "arn:aws:iam::000000000000:root", "000000000000", "000000000000")
DAY = 24 * 3_600_000


@pytest.fixture(scope="module")
def world(clocked: Any) -> Any:
    return clocked


def test_a_job_that_nobody_acknowledges_is_offered_again(world: Any, make: Any, kind: Any) -> None:
    some = kind()
    pipe = make(source(), stage("Build", some.action()))
    first = some.next()
    assert some.poll() == []
    world.clock.advance(59_999)
    assert some.poll() == []
    world.clock.advance(1)
    (second,) = some.poll()
    assert second["id"] == first["id"]
    assert second["nonce"] != first["nonce"]
    acknowledge = some.client.acknowledge_job
    refused("InvalidNonceException", acknowledge, jobId=first["id"], nonce=first["nonce"])
    assert acknowledge(jobId=second["id"], nonce=second["nonce"])["status"] == "InProgress"
    world.clock.advance(61_000)
    assert some.poll() == [], "an acknowledged job is with its worker"
    some.client.put_job_success_result(jobId=second["id"])
    pipe.ended()


def test_the_last_nonce_counts_until_the_job_is_offered_again(world: Any, make: Any, kind: Any) -> None:
    some = kind()
    make(source(), stage("Build", some.action()))
    job = some.next()
    world.clock.advance(61_000)
    assert some.client.acknowledge_job(jobId=job["id"], nonce=job["nonce"])["status"] == "InProgress"
    assert some.poll() == []


def test_credentials_of_a_worker_that_lost_the_job_end(world: Any, make: Any, kind: Any) -> None:
    some = kind()
    make(source(), stage("Build", some.action(inputs=["Src"])))
    job = some.next()["data"]
    world.clock.advance(60_000)
    again = some.next()["data"]["artifactCredentials"]
    where = job["inputArtifacts"][0]["location"]["s3Location"]
    name = {"Bucket": where["bucketName"], "Key": where["objectKey"]}
    world.client("s3").put_object(**name, Body=b"input")
    first, second = (
        world.client("s3", key=Key(each["accessKeyId"], each["secretAccessKey"], each["sessionToken"]))
        for each in (job["artifactCredentials"], again)
    )
    refused("InvalidToken", first.get_object, **name)
    assert second.get_object(**name)["Body"].read() == b"input"


def call(world: Any, operation: str, **request: Any) -> Any:
    """An operation as the root, past signatures: for a clock that is far ahead of the client's."""
    return world.whole.aws.as_caller(ROOT).call("codepipeline", operation, **request)


def test_an_action_that_no_worker_ends_times_out_after_a_day_and_its_job_with_it(world: Any, make: Any, kind: Any) -> None:
    """The last test of this module: signatures are too old afterwards."""
    some, other = kind(), kind()
    pipe = make(source(), stage("Build", some.action(), other.action("Unseen")))
    pipe.reached("Build", "Unseen")
    job = some.take()
    world.clock.advance(DAY - 1_000)
    with world.whole.store.read() as tx:
        assert jobs.running(tx, world.whole.engine, tx.get(jobs.JOB, job["id"])) is not None
    world.clock.advance(1_000)

    def failed() -> Any:
        (stage_state,) = [
            each for each in call(world, "GetPipelineState", name=pipe.name)["stageStates"] if each["stageName"] == "Build"
        ]
        shown = [each["latestExecution"] for each in stage_state["actionStates"]]
        return shown if {each["status"] for each in shown} == {"Failed"} else None

    for shown in eventually(failed):
        assert shown["errorDetails"] == {"code": "TimedOut", "message": "The action did not complete within 1440 minutes."}
    for operation, more in (
        ("PutJobSuccessResult", {}),
        ("PutJobFailureResult", {"failureDetails": {"type": "JobFailed", "message": "x"}}),
    ):
        with pytest.raises(ApiError) as caught:
            call(world, operation, jobId=job["id"], **more)
        assert caught.value.code == "InvalidJobStateException"
    assert call(world, "AcknowledgeJob", jobId=job["id"], nonce=job["nonce"])["status"] == "TimedOut"
    assert call(world, "PollForJobs", actionTypeId=other.id)["jobs"] == []
    assert call(world, "GetJobDetails", jobId=job["id"])["jobDetails"]["id"] == job["id"]
    world.clock.advance(7 * DAY)
    jobs.sweep(world.whole.store, world.clock.now())
    with pytest.raises(ApiError) as caught:
        call(world, "GetJobDetails", jobId=job["id"])
    assert caught.value.code == "JobNotFoundException"
    with world.whole.store.read() as tx:
        kinds = (jobs.JOB, jobs.OF_RUN, jobs.OFFER, jobs.MADE)
        assert [row for each in kinds for row in tx.scan(each)] == []
