"""Jobs of custom actions, as a worker sees them: polled, acknowledged, continued, ended, and refused in every way."""

from datetime import UTC, datetime
from typing import Any

import pytest

from stageline.testing.harness import Key
from stageline.testing.pipelines import action, eventually, refused, source, stage
from stageline.testing.workers import Kind

NOBODY = "00000000-0000-4000-8000-000000000000"
LATE = "InvalidJobStateException"


def test_a_job_says_all_that_a_worker_needs(make: Any, kind: Any) -> None:
    some = kind()
    pipe = make(
        source(), stage("Build", some.action(inputs=["Src"], outputs=["Out"])), stage("More", action("A", inputs=["Out"]))
    )
    job = some.next()
    run = pipe.shown("Build", "Work")
    assert run["status"] == "InProgress"
    assert "externalExecutionId" not in run
    data = job["data"]
    assert job["accountId"] == "000000000000"
    assert data["actionTypeId"] == some.id
    assert data["actionConfiguration"] == {"configuration": {"Project": "shop"}}
    assert data["pipelineContext"] == {
        "pipelineName": pipe.name,
        "stage": {"name": "Build"},
        "action": {"name": "Work", "actionExecutionId": run["actionExecutionId"]},
        "pipelineArn": pipe.arn,
        "pipelineExecutionId": pipe.first(),
    }
    (given,), (wanted,) = data["inputArtifacts"], data["outputArtifacts"]
    assert given["name"] == "Src"
    assert given["revision"].startswith("rev-")
    assert given["location"]["s3Location"]["objectKey"].startswith(f"{pipe.name[:20]}/Src/")
    assert (wanted["name"], wanted["location"]["type"]) == ("Out", "S3")
    assert "revision" not in wanted
    assert wanted["location"]["s3Location"]["bucketName"] == "artifacts"
    assert set(data["artifactCredentials"]) == {"accessKeyId", "secretAccessKey", "sessionToken"}
    assert not {"continuationToken", "encryptionKey"} & set(data)
    details = some.client.get_job_details(jobId=job["id"])["jobDetails"]
    fresh, old = details["data"].pop("artifactCredentials"), data.pop("artifactCredentials")
    assert fresh["accessKeyId"] != old["accessKeyId"]
    assert details == {"id": job["id"], "accountId": job["accountId"], "data": data}
    some.client.acknowledge_job(jobId=job["id"], nonce=job["nonce"])
    some.client.put_job_success_result(jobId=job["id"])
    pipe.ended()


def test_a_job_without_artifacts_has_no_credentials_and_one_with_a_key_names_it(make: Any, kind: Any) -> None:
    some = kind()
    key = {"id": "arn:aws:kms:us-east-1:000000000000:key/k", "type": "KMS"}
    make(source(), stage("Build", some.action()), artifactStore={"type": "S3", "location": "artifacts", "encryptionKey": key})
    data = some.take()["data"]
    assert "artifactCredentials" not in data
    assert data["encryptionKey"] == key


def test_results_end_the_action_at_once(make: Any, kind: Any, world: Any) -> None:
    some = kind()
    use = action("A", say="#{built.Version} by #{built.Who}")
    pipe = make(source(), stage("Build", some.action(namespace="built")), stage("More", use), pipelineType="V2")
    job = some.take()
    details = {"summary": "Built it", "externalExecutionId": "run 7", "percentComplete": 100}
    variables = {"Version": "1.2", "Who": "me"}
    some.client.put_job_success_result(jobId=job["id"], executionDetails=details, outputVariables=variables)
    pipe.ended()
    shown = pipe.shown("Build", "Work")
    assert (shown["summary"], shown["externalExecutionId"], shown["percentComplete"]) == ("Built it", "run 7", 100)
    assert pipe.shown("More", "A")["summary"] == "1.2 by me"
    run = next(each for each in pipe.runs() if each["actionName"] == "Work")
    assert run["output"]["outputVariables"] == variables
    assert run["output"]["executionResult"]["externalExecutionId"] == "run 7"
    told = eventually(
        lambda: [
            each["detail"]
            for each in world.told
            if each["detail"].get("action") == "Work" and each["detail"]["pipeline"] == pipe.name
        ][1:]
    )
    assert told[0]["state"] == "SUCCEEDED"
    assert told[0]["execution-result"]["external-execution-id"] == "run 7"


def test_a_failure_is_told_as_the_worker_told_it(make: Any, kind: Any) -> None:
    some = kind()
    pipe = make(source(), stage("Build", some.action()))
    job = some.take()
    failure = {"type": "RevisionUnavailable", "message": "No such commit", "externalExecutionId": "8"}
    some.client.put_job_failure_result(jobId=job["id"], failureDetails=failure)
    pipe.ended(status="Failed")
    shown = pipe.shown("Build", "Work")
    assert shown["errorDetails"] == {"code": "RevisionUnavailable", "message": "No such commit"}
    assert shown["externalExecutionId"] == "8"
    pipe.client.retry_stage_execution(
        pipelineName=pipe.name, stageName="Build", pipelineExecutionId=pipe.first(), retryMode="FAILED_ACTIONS"
    )
    again = some.take()
    assert again["id"] != job["id"]
    some.client.put_job_success_result(jobId=again["id"])
    pipe.ended()


def test_a_continuation_token_makes_the_next_job(make: Any, kind: Any) -> None:
    some = kind()
    pipe = make(source(), stage("Build", some.action(inputs=["Src"])))
    put, first = some.client.put_job_success_result, some.take()
    text = refused("ValidationException", put, jobId=first["id"], continuationToken="t", outputVariables={"A": "1"})
    assert "continuationToken" in text
    half = {"summary": "Halfway", "externalExecutionId": "42", "percentComplete": 50}
    revision = {"revision": "abc", "changeIdentifier": "1"}
    put(jobId=first["id"], continuationToken="step-2", executionDetails=half, currentRevision=revision)
    shown = pipe.shown("Build", "Work")
    assert shown["status"] == "InProgress"
    assert (shown["summary"], shown["externalExecutionId"], shown["percentComplete"]) == ("Halfway", "42", 50)
    refused(LATE, put, jobId=first["id"])
    second = some.take()
    assert second["id"] != first["id"]
    assert second["data"]["continuationToken"] == "step-2"
    context = "pipelineContext"
    assert second["data"][context] == first["data"][context], "it is the same action execution"
    put(jobId=second["id"], executionDetails={"summary": "Done"})
    pipe.ended()
    shown = pipe.shown("Build", "Work")
    assert (shown["summary"], shown["externalExecutionId"], shown["percentComplete"]) == ("Done", "42", 50)
    state = pipe.state()["Build"]["actionStates"][0]
    assert state["currentRevision"]["revisionId"] == "abc", "what an earlier job said still counts"


def test_a_custom_source_says_what_it_fetched(make: Any, kind: Any) -> None:
    some = kind("Source", settings={"revisionUrlTemplate": "https://code.example/{Config:Project}/{RevisionId}"})
    pipe = make(stage("Source", some.action("Fetch", outputs=["Src"])), stage("Build", action("A", inputs=["Src"])))
    job, created = some.take(), datetime(2026, 1, 2, tzinfo=UTC)
    revision = {"revision": "r 1", "changeIdentifier": "7", "created": created, "revisionSummary": "Fix it"}
    some.client.put_job_success_result(jobId=job["id"], currentRevision=revision)
    pipe.ended()
    state = pipe.state()["Source"]["actionStates"][0]
    assert state["currentRevision"] == {"revisionId": "r 1", "revisionChangeId": "7", "created": created}
    assert state["revisionUrl"] == "https://code.example/shop/r%201"
    (artifact,) = pipe.execution(pipe.first())["artifactRevisions"]
    assert (artifact["name"], artifact["revisionId"], artifact["revisionSummary"]) == ("Src", "r 1", "Fix it")


def test_a_custom_source_may_have_the_name_of_a_built_in_one(make: Any, world: Any) -> None:
    some = Kind(world.client(), "Source")
    for named in (some.name, some.id, some.definition):
        named["provider"] = "S3"
    some.create()
    pipe = make(stage("Source", some.action("Fetch", outputs=["Src"])), stage("Build", action("A", inputs=["Src"])))
    some.client.put_job_success_result(jobId=some.take()["id"])
    pipe.ended()


def test_templates_become_links(make: Any, kind: Any) -> None:
    settings = {
        "entityUrlTemplate": "https://builds.example/{Config:Project}/",
        "executionUrlTemplate": "https://builds.example/{Config:Project}/{ExternalExecutionId}/",
    }
    some, plain = kind(settings=settings), kind()
    config = {"Project": "a b?c/#d"}
    pipe = make(source(), stage("Build", some.action(configuration=config), plain.action("Plain")))
    encoded = "https://builds.example/a%20b%3Fc/%23d/"
    job = some.take()
    actions = {each["actionName"]: each for each in pipe.state()["Build"]["actionStates"]}
    assert actions["Work"]["entityUrl"] == encoded
    assert "entityUrl" not in actions["Plain"]
    assert "externalExecutionUrl" not in actions["Work"]["latestExecution"]
    some.client.put_job_success_result(jobId=job["id"], continuationToken="x", executionDetails={"externalExecutionId": "../7"})
    assert pipe.shown("Build", "Work")["externalExecutionUrl"] == encoded + "../7/"
    again = some.take()
    some.client.put_job_failure_result(jobId=again["id"], failureDetails={"type": "JobFailed", "message": "no"})
    assert pipe.shown("Build", "Work")["externalExecutionUrl"] == encoded + "../7/"


def test_jobs_are_asked_for_by_the_queryable_property(make: Any, kind: Any) -> None:
    name = {"name": "Project", "required": True, "key": True, "secret": False, "queryable": True}
    some, plain = kind(configurationProperties=[name]), kind()
    poll = some.client.poll_for_jobs
    make(source(), stage("Build", some.action("A", {"Project": "one"}), some.action("B", {"Project": "two"})))
    assert some.next(queryParam={"Project": "two"})["data"]["actionConfiguration"]["configuration"] == {"Project": "two"}
    assert some.poll(queryParam={"Project": "two"}) == []
    assert some.poll(queryParam={"Project": "tw"}) == []
    assert "Project" in refused("ValidationException", poll, actionTypeId=some.id)
    refused("ValidationException", poll, actionTypeId=some.id, queryParam={"Other": "one"})
    refused("ValidationException", poll, actionTypeId=some.id, queryParam={"Project": "one!"})
    refused("ValidationException", poll, actionTypeId=plain.id, queryParam={"Project": "one"})
    refused("ValidationException", poll, actionTypeId=plain.id, maxBatchSize=0)
    assert plain.poll(queryParam={}) == []
    for owner in ("AWS", "ThirdParty"):
        refused("ActionTypeNotFoundException", poll, actionTypeId={**some.id, "owner": owner})
    refused("ActionTypeNotFoundException", poll, actionTypeId={**some.id, "version": "2"})
    assert some.next(queryParam={"Project": "one"})["data"]["pipelineContext"]["action"]["name"] == "A"


def test_a_poll_gives_as_many_as_asked_for(make: Any, kind: Any) -> None:
    some = kind()
    pipe = make(source(), stage("Build", *(some.action(f"A{number}") for number in range(4))))
    for number in range(4):
        pipe.reached("Build", f"A{number}")
    first = some.next()
    rest = eventually(lambda: some.poll(maxBatchSize=2))
    rest += eventually(lambda: some.poll(maxBatchSize=100))
    names = [each["data"]["pipelineContext"]["action"]["name"] for each in (first, *rest)]
    assert sorted(names) == ["A0", "A1", "A2", "A3"]
    assert some.poll() == []


def test_one_worker_has_a_job(make: Any, kind: Any) -> None:
    some = kind()
    make(source(), stage("Build", some.action()))
    job, acknowledge = some.next(), some.client.acknowledge_job
    refused("InvalidNonceException", acknowledge, jobId=job["id"], nonce="wrong")
    refused("ValidationException", acknowledge, jobId=job["id"], nonce="x" * 51)
    refused("ValidationException", acknowledge, jobId="job", nonce="x")
    for _ in range(2):  # asked again, the same answer
        assert acknowledge(jobId=job["id"], nonce=job["nonce"])["status"] == "InProgress"
    refused("InvalidNonceException", acknowledge, jobId=job["id"], nonce="wrong")
    assert some.poll() == []
    some.client.put_job_success_result(jobId=job["id"])
    assert acknowledge(jobId=job["id"], nonce=job["nonce"])["status"] == "Succeeded"


def test_results_that_come_too_early_too_late_or_from_nowhere(make: Any, kind: Any) -> None:
    some = kind()
    make(source(), stage("Build", some.action("A"), some.action("B")))
    good, bad = some.client.put_job_success_result, some.client.put_job_failure_result
    failure = {"failureDetails": {"type": "JobFailed", "message": "no"}}
    refused("JobNotFoundException", some.client.acknowledge_job, jobId=NOBODY, nonce="x")
    refused("JobNotFoundException", some.client.get_job_details, jobId=NOBODY)
    refused("JobNotFoundException", good, jobId=NOBODY)
    refused("JobNotFoundException", bad, jobId=NOBODY, **failure)
    refused("ValidationException", some.client.get_job_details, jobId="job")
    refused("ValidationException", good, jobId="job")
    refused("ValidationException", bad, jobId=NOBODY, failureDetails={"type": "Bad", "message": "no"})
    for put, more in ((good, {}), (bad, failure)):
        job = some.next()
        assert "acknowledge" in refused(LATE, put, jobId=job["id"], **more)
        some.client.acknowledge_job(jobId=job["id"], nonce=job["nonce"])
        put(jobId=job["id"], **more)
        for late, what in ((good, {}), (bad, failure)):
            assert "ended" in refused(LATE, late, jobId=job["id"], **what)
        data = some.client.get_job_details(jobId=job["id"])["jobDetails"]["data"]
        assert data["actionConfiguration"] == {"configuration": {}}


def test_output_variables_have_a_limit(make: Any, kind: Any) -> None:
    some = kind()
    pipe = make(source(), stage("Build", some.action()))
    put, job = some.client.put_job_success_result, some.take()
    text = refused("OutputVariablesSizeExceededException", put, jobId=job["id"], outputVariables={"A": "x" * 122_880})
    assert "122881 bytes" in text
    refused("ValidationException", put, jobId=job["id"], outputVariables={"not a key": "x"})
    assert pipe.shown("Build", "Work")["status"] == "InProgress"
    put(jobId=job["id"], outputVariables={"A": "x" * 122_879})
    pipe.ended()


@pytest.mark.parametrize("how", ["abandoned", "deleted", "made again"])
def test_a_job_ends_with_its_action(make: Any, kind: Any, world: Any, how: str) -> None:
    some = kind()
    pipe = make(source(), stage("Build", some.action(inputs=["Src"]), some.action("Other")))
    pipe.reached("Build", "Work")
    pipe.reached("Build", "Other")
    work = some.take()
    if work["data"]["pipelineContext"]["action"]["name"] == "Other":
        work = some.take()
    s3 = session(world, work["data"]["artifactCredentials"])
    where = work["data"]["inputArtifacts"][0]["location"]["s3Location"]
    name = {"Bucket": where["bucketName"], "Key": where["objectKey"]}
    world.client("s3").put_object(**name, Body=b"input")
    assert s3.get_object(**name)["Body"].read() == b"input"
    if how == "abandoned":
        pipe.client.stop_pipeline_execution(pipelineName=pipe.name, pipelineExecutionId=pipe.first(), abandon=True)
    else:
        pipe.client.delete_pipeline(name=pipe.name)
    if how == "made again":
        pipe.create()
        pipe.reached("Build", "Work")
    refused(LATE, some.client.put_job_success_result, jobId=work["id"])
    failure = {"type": "JobFailed", "message": "no"}
    refused(LATE, some.client.put_job_failure_result, jobId=work["id"], failureDetails=failure)
    assert some.client.acknowledge_job(jobId=work["id"], nonce=work["nonce"])["status"] == "Failed"
    details = some.client.get_job_details(jobId=work["id"])["jobDetails"]["data"]
    assert "artifactCredentials" not in details
    refused("InvalidToken", s3.get_object, **name)
    left = some.poll(maxBatchSize=10)
    assert all(each["data"]["pipelineContext"]["pipelineExecutionId"] == pipe.first() for each in left)
    assert (how == "made again") is bool(left)


def session(world: Any, credentials: dict[str, str]) -> Any:
    """An S3 client with a job's credentials."""
    return world.client("s3", key=Key(credentials["accessKeyId"], credentials["secretAccessKey"], credentials["sessionToken"]))


@pytest.mark.parametrize("own", [False, True], ids=["the pipeline's role", "the action's role"])
def test_credentials_reach_the_artifacts_of_the_job_and_nothing_else(make: Any, kind: Any, world: Any, own: bool) -> None:
    some = kind()
    more = (
        {"roleArn": world.role_for("job-worker", {"Principal": {"AWS": world.role}}, {"Action": "*", "Resource": "*"})}
        if own
        else {}
    )
    work = some.action(inputs=["Src"], outputs=["Out"], **more)
    pipe = make(source(), stage("Build", work), stage("More", action("A", inputs=["Out"])))
    job, everything = some.take(), world.client("s3")
    data = job["data"]
    s3 = session(world, data["artifactCredentials"])
    given, wanted = (
        {"Bucket": each["location"]["s3Location"]["bucketName"], "Key": each["location"]["s3Location"]["objectKey"]}
        for each in (data["inputArtifacts"][0], data["outputArtifacts"][0])
    )
    everything.put_object(**given, Body=b"input")
    everything.put_object(Bucket="artifacts", Key="other", Body=b"other")
    assert s3.get_object(**given)["Body"].read() == b"input"
    s3.put_object(**wanted, Body=b"output", ServerSideEncryption="aws:kms")
    assert everything.get_object(**wanted)["Body"].read() == b"output"
    refused("AccessDenied", s3.put_object, **given, Body=b"changed")
    refused("AccessDenied", s3.get_object, **wanted)
    refused("AccessDenied", s3.get_object, Bucket="artifacts", Key="other")
    refused("AccessDenied", s3.put_object, Bucket="artifacts", Key=wanted["Key"] + "/more", Body=b"x")
    refused("AccessDenied", s3.list_objects_v2, Bucket="artifacts")
    refused("AccessDenied", s3.delete_object, **given)
    keys = data["artifactCredentials"]
    same = Key(keys["accessKeyId"], keys["secretAccessKey"], keys["sessionToken"])
    refused("AccessDenied", world.client("iam", key=same).list_users)
    refused("AccessDeniedException", world.client(key=same).put_job_success_result, jobId=job["id"])
    refused("AccessDenied", world.client("sts", key=same).assume_role, RoleArn=world.role, RoleSessionName="again")
    some.client.put_job_success_result(jobId=job["id"], continuationToken="next")
    refused("InvalidToken", s3.get_object, **given)
    following = some.take()
    again = session(world, following["data"]["artifactCredentials"])
    assert again.get_object(**given)["Body"].read() == b"input"
    some.client.put_job_success_result(jobId=following["id"])
    refused("InvalidToken", again.get_object, **given)
    pipe.ended()
    if own:
        world.client("iam").delete_role_policy(RoleName="job-worker", PolicyName="work")
        world.client("iam").delete_role(RoleName="job-worker")


def test_a_role_that_is_gone_fails_the_action_when_its_job_is_polled(make: Any, kind: Any, world: Any) -> None:
    some = kind()
    role = world.role_for("gone-for-jobs", {"Principal": {"Service": "codepipeline.amazonaws.com"}})
    pipe = make(source(), stage("Build", some.action(inputs=["Src"]), some.action("Late", inputs=["Src"])), roleArn=role)
    eventually(lambda: offers(world, some) == 2)
    job = some.take()
    world.client("iam").delete_role(RoleName="gone-for-jobs")
    assert some.poll() == []
    text = f"CodePipeline is not authorized to perform AssumeRole on role {role}"
    assert refused("AccessDeniedException", some.client.get_job_details, jobId=job["id"]) == text
    some.client.put_job_success_result(jobId=job["id"])
    pipe.ended(status="Failed")
    names = {"Work", "Late"} - {job["data"]["pipelineContext"]["action"]["name"]}
    error = pipe.shown("Build", names.pop())["errorDetails"]
    assert error == {"code": "PermissionError", "message": text}


def offers(world: Any, some: Any) -> int:
    """How many jobs of a type wait."""
    with world.whole.store.read() as tx:
        return len(
            tx.scan("codepipeline.job-offer", "/".join(some.id[part] for part in ("category", "owner", "provider", "version")))
        )


def test_a_type_that_was_deleted_meanwhile(make: Any, kind: Any) -> None:
    some = kind()
    pipe = make(source(), stage("Build", some.action()), stage("Later", some.action("Second")))
    job = some.take()
    some.client.delete_custom_action_type(**some.name)
    some.client.put_job_success_result(jobId=job["id"])
    pipe.ended(status="Failed")
    assert pipe.shown("Build", "Work")["status"] == "Succeeded", "what was begun can end"
    error = pipe.shown("Later", "Second")["errorDetails"]
    assert error["code"] == "ConfigurationError"
    assert "was deleted" in error["message"]
