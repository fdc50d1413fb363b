"""Approvals: one token, one answer, by one person, for one run."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from botocore.exceptions import ClientError

from stageline.testing.behaviour.check import among, check, holds, refused, same
from stageline.testing.behaviour.declare import Doc, approval, gate, stage
from stageline.testing.behaviour.pipeline import Pipeline
from stageline.testing.behaviour.trial import Trial

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
NOBODY = "00000000-0000-4000-8000-000000000000"


def request(pipeline: Pipeline, token: str, **more: str) -> Doc:
    """What PutApprovalResult is asked, to approve the gate."""
    named = {"pipelineName": pipeline.name, "stageName": "Gate", "actionName": "Approve", "token": token}
    return {**named, "result": {"summary": "", "status": "Approved"}, **more}


@check
def it_waits_for_somebody(trial: Trial) -> None:
    """An approval waits, in progress and with a token, and holds its execution."""
    pipeline = Pipeline(trial, gate(), gate("Final"))
    first = pipeline.first()
    token = pipeline.held(first)
    holds("the token is a lower-case UUID", re.fullmatch(UUID, token), token)
    same("the execution", pipeline.status(first), "InProgress")
    same("who entered the next stage", pipeline.inside("Final"), ("", ""))
    same("the run in the history", pipeline.run(first, "Approve")["status"], "InProgress")


@check
def approved_it_goes_on(trial: Trial) -> None:
    """Approved, the action has succeeded, with the reviewer's words and name, and the token is gone."""
    pipeline = Pipeline(trial, gate(), gate("Final"))
    first = pipeline.first()
    answer = pipeline.answer(pipeline.held(first), summary="looks good")
    holds("approvedAt is an instant", isinstance(answer.get("approvedAt"), datetime), answer.get("approvedAt"))
    pipeline.held(first, "Final")
    shown = pipeline.shown()
    same("the action", (shown["status"], shown.get("summary")), ("Succeeded", "looks good"))
    caller = trial.account.client("sts").get_caller_identity()["Arn"]
    same("lastUpdatedBy", shown.get("lastUpdatedBy"), caller)
    holds("the token is gone", "token" not in shown, shown.get("token"))


@check
def rejected_it_fails(trial: Trial) -> None:
    """Rejected, the action, the stage and the execution have failed, and the reviewer's words are told."""
    pipeline = Pipeline(trial, gate(), gate("Final"))
    first = pipeline.first()
    pipeline.answer(pipeline.held(first), "Rejected", "not on a Friday")
    pipeline.ends(first, "Failed")
    shown = pipeline.shown()
    same("the action", shown["status"], "Failed")
    told = f"{shown.get('summary', '')} {shown.get('errorDetails', {}).get('message', '')}"
    holds("the reviewer's words are told", "not on a Friday" in told, told)
    same("who entered the next stage", pipeline.inside("Final"), ("", ""))


@check
def a_token_counts_once(trial: Trial) -> None:
    """The second answer with a token is refused, even when it is the same."""
    pipeline = Pipeline(trial, gate(), gate("Final"))
    first = pipeline.first()
    token = pipeline.held(first)
    pipeline.answer(token)
    pipeline.held(first, "Final")
    call = trial.client.put_approval_result
    refused(call, "ApprovalAlreadyCompleted", **request(pipeline, token))
    wrong = {"summary": "", "status": "Rejected"}
    refused(call, "ApprovalAlreadyCompleted", **{**request(pipeline, token), "result": wrong})
    same("the action afterwards", pipeline.shown()["status"], "Succeeded")


@check
def of_two_answers_at_once_one_counts(trial: Trial) -> None:
    """When two people answer at the same moment, one answer counts and the other is refused."""
    pipeline = Pipeline(trial, gate())
    first = pipeline.first()
    token = pipeline.held(first)

    def answer(status: str) -> str:
        try:
            pipeline.answer(token, status)
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        return status

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(answer, ("Approved", "Rejected", "Approved", "Rejected")))
    counted = [each for each in told if each in ("Approved", "Rejected")]
    same("how many answers counted", len(counted), 1)
    rest = [each for each in told if each not in counted]
    same("how the others were refused", set(rest) - {"InvalidApprovalTokenException"}, {"ApprovalAlreadyCompletedException"})
    pipeline.ends(first, "Succeeded" if counted == ["Approved"] else "Failed")


@check
def another_token_does_not_count(trial: Trial) -> None:
    """A token that was never given is refused, and the approval waits on."""
    pipeline = Pipeline(trial, gate())
    token = pipeline.held(pipeline.first())
    refused(trial.client.put_approval_result, "InvalidApprovalToken", **request(pipeline, NOBODY))
    same("the token afterwards", pipeline.shown().get("token"), token)


@check
def a_token_is_its_own_action_s(trial: Trial) -> None:
    """The token of one approval does not answer another."""
    pipeline = Pipeline(trial, stage("Gate", approval(), approval("Other")))
    first = pipeline.first()
    own, other = pipeline.held(first), pipeline.held(first, "Gate", "Other")
    holds("the tokens differ", own != other, own)
    refused(trial.client.put_approval_result, "InvalidApprovalToken", **request(pipeline, other))
    same("the approval afterwards", pipeline.shown()["status"], "InProgress")
    same("the other afterwards", pipeline.shown("Gate", "Other")["status"], "InProgress")


@check
def an_old_token_is_stale(trial: Trial) -> None:
    """The token of an earlier run does not answer the next one: each run has a token of its own."""
    pipeline = Pipeline(trial, gate())
    first = pipeline.first()
    old = pipeline.held(first)
    pipeline.answer(old, "Rejected")
    pipeline.ends(first, "Failed")
    second = pipeline.start()
    new = pipeline.held(second)
    holds("the token is another", new != old, new)
    codes = ("InvalidApprovalToken", "ApprovalAlreadyCompleted")
    refused(trial.client.put_approval_result, *codes, **request(pipeline, old))
    same("the approval afterwards", (pipeline.shown()["status"], pipeline.shown().get("token")), ("InProgress", new))


@check
def a_retry_asks_anew(trial: Trial) -> None:
    """A retried approval has a new token, and the old one does not answer it."""
    pipeline = Pipeline(trial, gate())
    first = pipeline.first()
    old = pipeline.held(first)
    pipeline.answer(old, "Rejected")
    pipeline.ends(first, "Failed")
    pipeline.retry(first)
    new = pipeline.held(first)
    holds("the token is another", new != old, new)
    codes = ("InvalidApprovalToken", "ApprovalAlreadyCompleted")
    refused(trial.client.put_approval_result, *codes, **request(pipeline, old))
    pipeline.answer(new)
    pipeline.ends(first)


@check
def wrong_answers_are_refused(trial: Trial) -> None:
    """What is named must be there, the status is Approved or Rejected, the summary has at most 512 characters."""
    pipeline = Pipeline(trial, gate())
    token = pipeline.held(pipeline.first())
    call = trial.client.put_approval_result
    refused(call, "PipelineNotFound", **request(pipeline, token, pipelineName=trial.name()))
    refused(call, "StageNotFound", **request(pipeline, token, stageName="Nowhere"))
    refused(call, "ActionNotFound", **request(pipeline, token, actionName="Nobody"))
    for wrong in ({"summary": "", "status": "approved"}, {"summary": "x" * 513, "status": "Approved"}, {"status": "Approved"}):
        refused(call, "Validation", **{**request(pipeline, token), "result": wrong})
    refused(call, "Validation", **request(pipeline, "no token at all"))
    among("the approval afterwards", pipeline.shown()["status"], ["InProgress"])
