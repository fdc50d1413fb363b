"""What is not in an id: page tokens, nonces of jobs, webhook URLs and sessions, taken over to what they are not for."""

import base64
import hashlib
import hmac
import json
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.exceptions import ClientError

from stageline.testing.generated.signed import Line, Said, Sent
from stageline.testing.harness import Key
from stageline.testing.pipelines import refused

WORKER = ("AcknowledgeJob", "GetJobDetails", "PutJobSuccessResult", "PutJobFailureResult")


def test_a_nonce_is_of_one_job(street: Any, new_person: Callable[..., Key]) -> None:
    """The right to acknowledge jobs is for all of them, as in AWS; the nonce tells who was given one."""
    rights = {"Action": [f"codepipeline:{each}" for each in WORKER], "Resource": "*"}
    worker = street.whole.client("codepipeline", key=new_person(street.whole, "nonce-worker", rights))
    own, other = (home.ids["codepipeline"] for home in (street.own, street.other))
    for nonce in (own["nonce"], other["nonce"][::-1], other["jobId"][:16], "0"):
        refused("InvalidNonceException", worker.acknowledge_job, jobId=other["jobId"], nonce=nonce)
    for job in (other["actionExecutionId"], other["pipelineExecutionId"], other["token"]):
        refused("JobNotFoundException", worker.acknowledge_job, jobId=job, nonce=other["nonce"])
        refused("JobNotFoundException", worker.get_job_details, jobId=job)
        refused("JobNotFoundException", worker.put_job_success_result, jobId=job)
    refused("InvalidJobStateException", worker.put_job_success_result, jobId=other["jobId"])
    with pytest.raises(worker.exceptions.ClientError) as caught:
        worker.get_third_party_job_details(jobId=other["jobId"], clientToken="x")
    assert caught.value.response["Error"]["Code"] == "AccessDeniedException"


def test_keys_of_a_job_open_its_artifacts_and_nothing_else(street: Any) -> None:
    """The role may do everything in its household; the session of the job reads the one object."""
    given = street.whole.client("codepipeline").get_job_details(jobId=street.other.ids["codepipeline"]["jobId"])["jobDetails"]
    found = given["data"]["artifactCredentials"]
    key = Key(found["accessKeyId"], found["secretAccessKey"], found["sessionToken"])
    s3 = street.whole.client("s3", key=key)
    place = given["data"]["inputArtifacts"][0]["location"]["s3Location"]
    assert s3.get_object(Bucket=place["bucketName"], Key=place["objectKey"])["Body"].read()
    refused("AccessDenied", s3.put_object, Bucket=place["bucketName"], Key=place["objectKey"], Body=b"x")
    for bucket, name in (("bravo-home", "doc"), ("bravo-home", "source.zip"), ("alpha-home", "doc")):
        refused("AccessDenied", s3.get_object, Bucket=bucket, Key=name)
    refused("AccessDenied", s3.list_objects_v2, Bucket=place["bucketName"])
    refused("AccessDeniedException", street.whole.client("secretsmanager", key=key).get_secret_value, SecretId="bravo-home")
    refused("AccessDeniedException", street.whole.client("codepipeline", key=key).get_pipeline, name="bravo-home")
    assert refused("AccessDenied", street.whole.client("iam", key=key).create_access_key, UserName="bravo-home")


def pages(street: Any) -> dict[str, tuple[Any, str, dict[str, Any], dict[str, Any]]]:
    """By listing: its call for a person, the name of its token, and what to ask of the one and of the other."""
    own, other = street.own.name, street.other.name

    def of(service: str, call: str) -> Any:
        return lambda key: getattr(street.whole.client(service, key=key), call)

    one = {"limit": 1}
    return {
        "streams": (
            of("logs", "describe_log_streams"),
            "nextToken",
            {"logGroupName": own, **one},
            {"logGroupName": other, **one},
        ),
        "events": (of("logs", "filter_log_events"), "nextToken", {"logGroupName": own, **one}, {"logGroupName": other, **one}),
        "objects": (
            of("s3", "list_objects_v2"),
            "ContinuationToken",
            {"Bucket": own, "MaxKeys": 1},
            {"Bucket": other, "MaxKeys": 1},
        ),
        "parameters": (
            of("ssm", "get_parameters_by_path"),
            "NextToken",
            {"Path": f"/{own}", "MaxResults": 1},
            {"Path": f"/{other}", "MaxResults": 1},
        ),
        "versions": (
            of("secretsmanager", "list_secret_version_ids"),
            "NextToken",
            {"SecretId": own, "MaxResults": 1, "IncludeDeprecated": True},
            {"SecretId": other, "MaxResults": 1, "IncludeDeprecated": True},
        ),
    }


def _more(street: Any) -> None:
    """A second one of what is listed, for the other: now its listings have a second page."""
    admin, name = street.whole.client, street.other.name
    admin("logs").create_log_stream(logGroupName=name, logStreamName=f"{name}-stream-2")
    last = admin("logs").get_log_events(logGroupName=name, logStreamName=f"{name}-stream")["events"][0]["timestamp"]
    again = [{"timestamp": last, "message": street.other.mark}]
    admin("logs").put_log_events(logGroupName=name, logStreamName=f"{name}-stream", logEvents=again)
    admin("ssm").put_parameter(Name=f"/{name}/second", Value=street.other.mark, Type="String")
    admin("secretsmanager").put_secret_value(SecretId=name, SecretString=street.other.mark)
    admin("secretsmanager").put_secret_value(SecretId=name, SecretString=f"{street.other.mark}x")


def told(call: Callable[..., Any], **request: Any) -> str:
    try:
        return str(call(**request))
    except ClientError as error:
        return str(error.response["Error"])


def test_pages_of_another_are_not_turned_to(street: Any) -> None:
    _more(street)
    admin = street.whole.running.key
    for name, (call, token, own, other) in pages(street).items():
        first = call(admin)(**other)
        given = next(value for key, value in first.items() if key.lower() in ("nexttoken", "nextcontinuationtoken"))
        answer = told(call(street.own.key), **own, **{token: given})
        assert street.other.mark not in answer, name
        assert "bravo-home" not in answer.replace(given, ""), name


def test_a_webhook_is_opened_by_its_own_secret(street: Any) -> None:
    hooks = {each["definition"]["name"]: each["url"] for each in street.whole.client("codepipeline").list_webhooks()["webhooks"]}
    tokens = {name: parse_qs(urlsplit(url).query)["t"][0] for name, url in hooks.items()}
    count = len(executions(street))
    body = json.dumps({street.other.mark: "x"}).encode()

    def post(token: str, secret: str) -> int:
        signature = hmac.new(secret.encode(), body, "sha1").hexdigest()
        url = f"{street.whole.endpoint}/_stageline/webhooks/trigger?t={token}&v=1"
        headers = {"X-Hub-Signature": f"sha1={signature}", "X-GitHub-Event": "push", "Content-Type": "application/json"}
        try:
            with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    other = tokens["bravo-home"]
    guesses = (tokens["alpha-home"], other[:-1], f"{other}A", other.swapcase(), hashlib.sha256(other.encode()).hexdigest(), "")
    assert {post(token, street.other.mark) for token in guesses} <= {400, 403, 404}
    assert post(other, street.own.mark) in (400, 403)
    assert post(other, "") in (400, 403)
    assert len(executions(street)) == count
    assert post(other, street.other.mark) == 200


def executions(street: Any) -> list[Any]:
    return list(
        street.whole.client("codepipeline").list_pipeline_executions(pipelineName="bravo-home")["pipelineExecutionSummaries"]
    )


NAMES = (
    *("bravo-home", "alpha-home/../bravo-home", "alpha-home%2f..%2fbravo-home", "alpha-home/%2e%2e/bravo-home", "bravo-home.git"),
    *("./bravo-home", "bravo-home/", "%62ravo-home", "BRAVO-HOME", "alpha-home;/../bravo-home", "alpha-home%00/../bravo-home"),
    *("bravo-home?alpha-home", "bravo-home%3Falpha-home", "alpha-home%0d%0a/bravo-home", "bravo-home%20", "..%2frepositories"),
)


@pytest.mark.parametrize("door", ["info/refs?service=git-upload-pack", "info/refs?service=git-receive-pack", "git-upload-pack"])
def test_a_password_for_git_opens_ones_own_repository(street: Any, door: str) -> None:
    wire = Line(street.whole.endpoint)
    method = "GET" if door.startswith("info") else "POST"

    def ask(name: str, login: tuple[str, str]) -> Said:
        basic = base64.b64encode(":".join(login).encode()).decode()
        headers = {"authorization": f"Basic {basic}", "content-type": "application/x-git-upload-pack-request"}
        return wire.say(Sent("codecommit", method, f"/v1/repos/{name}/{door}", headers, b"0000" if method == "POST" else b""))

    assert ask("alpha-home", street.own.login).status == 200
    ghost = ask("ghost-home", street.own.login)
    for name in NAMES:
        said = ask(name, street.own.login)
        assert said.status in (400, 403, 404), (name, said)
        assert street.other.ids["codecommit"]["commitId"].encode() not in said.body
    told = ask("bravo-home", street.own.login)
    assert (told.status, told.body.replace(b"bravo", b"ghost")) == (ghost.status, ghost.body)
    mixed = [(street.other.login[0], street.own.login[1]), (street.own.login[0], street.other.login[1]), ("bravo-home", "x")]
    for login in mixed:
        assert ask("bravo-home", login).status in (401, 403)
    wire.close()


def test_filters_find_no_secrets_of_others(street: Any) -> None:
    """Who may read several secrets at once learns their names by filters with the right to list them only."""
    own = street.whole.client("secretsmanager", key=street.own.key)
    for word in ("bravo", "alpha"):
        said = refused("AccessDeniedException", own.batch_get_secret_value, Filters=[{"Key": "name", "Values": [word]}])
        assert "secretsmanager:ListSecrets" in said
    found = own.batch_get_secret_value(SecretIdList=["alpha-home", "bravo-home"])
    assert [each["Name"] for each in found["SecretValues"]] == ["alpha-home"]
    assert [(each["SecretId"], each["ErrorCode"]) for each in found["Errors"]] == [("bravo-home", "AccessDeniedException")]


def test_a_declaration_names_ones_own_pipeline(street: Any) -> None:
    own = street.whole.client("codepipeline", key=street.own.key)
    admin = street.whole.client("codepipeline")
    declared = admin.get_pipeline(name="bravo-home")["pipeline"]
    told = []
    for name in ("bravo-home", "ghost-home"):
        for call in (own.update_pipeline, own.create_pipeline):
            told.append(refused("AccessDeniedException", call, pipeline={**declared, "name": name}).replace(name, "?"))
    assert told[:2] == told[2:]
    assert admin.get_pipeline(name="bravo-home")["pipeline"] == declared
