"""Signatures: who asks must prove it, for exactly what is asked."""

import json
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.httpsession import URLLib3Session

from stageline.testing.behaviour.check import Difference, among, check, holds, same
from stageline.testing.behaviour.trial import Trial

BODY = json.dumps({"maxResults": 1}).encode()
LONG_AGO = "20200101T000000Z"


class Backdated(SigV4Auth):  # type: ignore[misc]
    """Signs as if it were long ago."""

    def _modify_request_before_signing(self, request: Any) -> None:
        request.context["timestamp"] = LONG_AGO
        super()._modify_request_before_signing(request)


def credentials(trial: Trial) -> Credentials:
    """The caller's own."""
    found = trial.account.session.get_credentials()
    if found is None:
        raise Difference("there are no credentials to sign with")
    return found.get_frozen_credentials()


def listing(trial: Trial) -> AWSRequest:
    """ListPipelines, not signed yet."""
    headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "CodePipeline_20150709.ListPipelines"}
    return AWSRequest("POST", trial.client.meta.endpoint_url + "/", data=BODY, headers=headers)


def send(trial: Trial, request: AWSRequest) -> tuple[int, str]:
    """Status and body of what comes back."""
    answer = URLLib3Session(timeout=10).send(request.prepare())
    return int(answer.status_code), str(answer.text)


def signed(trial: Trial, request: AWSRequest, signer: Any = SigV4Auth, key: Any = None) -> AWSRequest:
    """Sign a request."""
    signer(key or credentials(trial), "codepipeline", trial.options.region).add_auth(request)
    return request


def refuse(trial: Trial, request: AWSRequest) -> None:
    """It is refused as one that nobody has proven, and nothing is told."""
    status, text = send(trial, request)
    among("the HTTP status", status, [400, 401, 403])
    holds("no pipelines are told", '"pipelines"' not in text, text[:100])


@check
def a_good_signature_counts(trial: Trial) -> None:
    """A request that is signed by hand as the rules say is answered: the others of this theme fail for their flaw alone."""
    status, text = send(trial, signed(trial, listing(trial)))
    same("the HTTP status", status, 200)
    holds("pipelines are told", '"pipelines"' in text, text[:100])


@check
def unsigned_is_refused(trial: Trial) -> None:
    """A request without a signature is refused."""
    refuse(trial, listing(trial))


@check
def another_secret_is_refused(trial: Trial) -> None:
    """A request that is signed with another secret is refused."""
    own = credentials(trial)
    refuse(trial, signed(trial, listing(trial), key=Credentials(own.access_key, "x" * 40, own.token)))


@check
def an_unknown_key_is_refused(trial: Trial) -> None:
    """A request that is signed with a key that does not exist is refused."""
    refuse(trial, signed(trial, listing(trial), key=Credentials("AKIA0000000000NOBODY", "x" * 40)))


@check
def another_body_is_refused(trial: Trial) -> None:
    """A body that was changed after it was signed is refused."""
    request = signed(trial, listing(trial))
    request.data = json.dumps({"maxResults": 2}).encode()
    refuse(trial, request)


@check
def another_operation_is_refused(trial: Trial) -> None:
    """An operation that was changed after the request was signed is refused."""
    request = signed(trial, listing(trial))
    request.headers.replace_header("X-Amz-Target", "CodePipeline_20150709.ListActionTypes")
    refuse(trial, request)


@check
def an_old_signature_is_refused(trial: Trial) -> None:
    """A signature of long ago counts no more."""
    refuse(trial, signed(trial, listing(trial), Backdated))
