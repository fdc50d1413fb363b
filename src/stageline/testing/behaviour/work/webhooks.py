"""Webhooks: a request to a secret address starts a pipeline."""

import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlsplit

from botocore.awsrequest import AWSRequest
from botocore.httpsession import URLLib3Session

from stageline.testing.behaviour.check import among, check, holds, refused, same
from stageline.testing.behaviour.declare import Doc, gate
from stageline.testing.behaviour.pipeline import Pipeline
from stageline.testing.behaviour.trial import Trial

PUSH = json.dumps({"ref": "refs/heads/main"}).encode()
SECRET = "a secret of the suite"


def definition(pipeline: Pipeline, name: str, **more: Any) -> Doc:
    """A webhook for pushes to main, open to all."""
    return {
        "name": name,
        "targetPipeline": pipeline.name,
        "targetAction": "Fetch",
        "filters": [{"jsonPath": "$.ref", "matchEquals": "refs/heads/main"}],
        "authentication": "UNAUTHENTICATED",
        "authenticationConfiguration": {},
        **more,
    }


def signed(**more: str) -> Doc:
    """Authentication by a signature over the body."""
    return {"authentication": "GITHUB_HMAC", "authenticationConfiguration": {"SecretToken": SECRET}, **more}


def hooked(trial: Trial, **more: Any) -> tuple[Pipeline, Doc]:
    """A pipeline that has done its first execution, and its webhook as PutWebhook answers it."""
    pipeline = Pipeline(trial, gate())
    first = pipeline.first()
    pipeline.approve(first)
    pipeline.ends(first)
    return pipeline, put(trial, definition(pipeline, trial.name(), **more))


def put(trial: Trial, wanted: Doc) -> Doc:
    """PutWebhook's answer; the webhook goes when the trial ends."""
    made = trial.client.put_webhook(webhook=wanted)["webhook"]
    trial.remember(f"the webhook {wanted['name']}", lambda: trial.client.delete_webhook(name=wanted["name"]))
    return dict(made)


def send(trial: Trial, url: str, body: bytes = PUSH, **headers: str) -> int:
    """Send a body to an address; the HTTP status. Only AWS may give an address elsewhere than at its endpoint."""
    here = urlsplit(str(trial.client.meta.endpoint_url)).netloc
    holds("the address is one of the server", trial.account.at_aws or urlsplit(url).netloc == here, url)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = AWSRequest("POST", url, data=body, headers={"Content-Type": "application/json", **named})
    return int(URLLib3Session(timeout=10).send(request.prepare()).status_code)


def signature(body: bytes, secret: str = SECRET) -> str:
    """What GitHub sends along."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def started(pipeline: Pipeline) -> Doc:
    """The one execution that a webhook has started, once there is one."""

    def look() -> list[Doc]:
        return [each for each in pipeline.executions() if each["trigger"]["triggerType"] == "Webhook"]

    found = pipeline.trial.until("an execution with the trigger Webhook", look)
    same("how many executions webhooks started", len(found), 1)
    return dict(found[0])


@check
def a_matching_request_starts(trial: Trial) -> None:
    """A request that passes the filters starts the pipeline, and the execution names the webhook."""
    pipeline, made = hooked(trial)
    send(trial, made["url"], json.dumps({"ref": "refs/heads/other"}).encode())
    among("the HTTP status", send(trial, made["url"]) // 100, [2])
    found = started(pipeline)
    same("triggerDetail", found["trigger"].get("triggerDetail"), made["arn"])
    pipeline.held(found["pipelineExecutionId"])


@check
def the_signature_counts(trial: Trial) -> None:
    """With GITHUB_HMAC only a body that is signed with the secret starts the pipeline."""
    pipeline, made = hooked(trial, **signed())
    send(trial, made["url"])
    send(trial, made["url"], X_Hub_Signature_256=signature(PUSH, "another secret"))
    send(trial, made["url"], X_Hub_Signature_256=signature(b"another body"))
    send(trial, made["url"], X_Hub_Signature_256=signature(PUSH))
    started(pipeline)


@check
def placeholders_are_the_action_s(trial: Trial) -> None:
    """A filter may name a value of the target action's configuration in braces."""
    pipeline, made = hooked(trial, filters=[{"jsonPath": "$.key", "matchEquals": "{S3ObjectKey}"}])
    send(trial, made["url"], json.dumps({"key": "another"}).encode())
    send(trial, made["url"], json.dumps({"key": trial.key}).encode())
    started(pipeline)


@check
def the_address_is_a_secret(trial: Trial) -> None:
    """The address does not follow from the names; it stays when the webhook is changed."""
    pipeline, made = hooked(trial)
    name = made["definition"]["name"]
    holds("neither name is in the address", name not in made["url"] and pipeline.name not in made["url"], made["url"])
    again = put(trial, definition(pipeline, name, **signed()))
    same("the address after a change", again["url"], made["url"])
    same("the authentication after a change", again["definition"]["authentication"], "GITHUB_HMAC")


@check
def they_are_listed(trial: Trial) -> None:
    """ListWebhooks names every webhook, page by page, and refuses a token that it did not give."""
    pipeline, made = hooked(trial)
    other = put(trial, definition(pipeline, trial.name()))
    pages = trial.client.get_paginator("list_webhooks").paginate(PaginationConfig={"PageSize": 1})
    arns = [each["arn"] for page in pages for each in page["webhooks"]]
    same("how often each is named", [arns.count(each["arn"]) for each in (made, other)], [1, 1])
    refused(trial.client.list_webhooks, "InvalidNextToken", NextToken="no token")


@check
def a_deleted_one_starts_nothing(trial: Trial) -> None:
    """A deleted webhook is not listed and starts nothing; deleting it again succeeds."""
    pipeline, made = hooked(trial)
    other = put(trial, definition(pipeline, trial.name()))
    for _ in range(2):
        trial.client.delete_webhook(name=made["definition"]["name"])
    listed = trial.client.list_webhooks()["webhooks"]
    holds("it is not listed", made["arn"] not in [each["arn"] for each in listed])
    send(trial, made["url"])
    send(trial, other["url"])
    same("who started the execution", started(pipeline)["trigger"].get("triggerDetail"), other["arn"])


@check
def wrong_ones_are_refused(trial: Trial) -> None:
    """A pipeline that is not there, a secret that is missing, a wrong address range, a wrong path: each has its refusal."""
    pipeline = Pipeline(trial, gate())
    call, name = trial.client.put_webhook, trial.name()
    refused(call, "PipelineNotFound", webhook=definition(pipeline, name, targetPipeline=trial.name()))
    refused(call, "Validation", webhook=definition(pipeline, name, targetAction="Nobody"))
    code = "InvalidWebhookAuthenticationParameters"
    refused(call, code, webhook=definition(pipeline, name, authentication="GITHUB_HMAC"))
    ranged = {"authentication": "IP", "authenticationConfiguration": {"AllowedIPRange": "nowhere"}}
    refused(call, code, webhook=definition(pipeline, name, **ranged))
    secret = {"authenticationConfiguration": {"SecretToken": "x"}}
    refused(call, code, webhook=definition(pipeline, name, **secret))
    wrong = [{"jsonPath": "$.[", "matchEquals": "x"}]
    refused(call, "InvalidWebhookFilterPattern", webhook=definition(pipeline, name, filters=wrong))
    listed = [each["definition"]["name"] for each in trial.client.list_webhooks()["webhooks"]]
    holds("none of them was made", name not in listed)
