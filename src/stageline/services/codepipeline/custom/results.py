"""Results of jobs: the action goes on with another job, or ends, in the transaction that notes the result."""

from collections.abc import Callable, Mapping
from typing import Any

from stageline.core.pipeline.effects import Refusal
from stageline.core.pipeline.events import ActionFailed, ActionProgressed, ActionSucceeded, Event
from stageline.core.pipeline.state import Revision
from stageline.core.pipeline.variables import MAX_OUTPUT, size
from stageline.engine.apply import Engine
from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.store import Doc, Store, Task, WriteTx
from stageline.ports.vault import Vault
from stageline.services.codepipeline.custom import definitions, jobs, links
from stageline.services.codepipeline.custom.polling import find

Check = Callable[[Doc], None]


def put_job_success_result(ctx: Context, request: Request, *, store: Store, engine: Engine, vault: Vault) -> Response:
    """The job succeeded, and with it the action; or, with a continuation token, another job is to go on."""
    variables = request.get("outputVariables", {})
    if variables and request.get("continuationToken"):
        text = "Output variables come with the last result of an action: leave out continuationToken or outputVariables."
        raise ApiError("ValidationException", text)
    used = size(variables)
    if used > MAX_OUTPUT:
        text = f"The output variables take {used} bytes; at most {MAX_OUTPUT} are allowed."
        raise ApiError("OutputVariablesSizeExceededException", text)
    with store.write() as tx:
        succeed(tx, ctx, request, engine, vault, _working(tx, request["jobId"]))
    return {}


def put_job_failure_result(ctx: Context, request: Request, *, store: Store, engine: Engine, vault: Vault) -> Response:
    """The job failed, and with it the action."""
    with store.write() as tx:
        fail(tx, request, engine, vault, _working(tx, request["jobId"]))
    return {}


def _working(tx: WriteTx, job_id: str) -> Doc:
    tx.lock(f"{jobs.JOB}/{job_id}")
    return working(find(tx, job_id))


def working(job: Doc) -> Doc:
    """The job, if a worker has acknowledged it and has not ended it; InvalidJobStateException."""
    if job["state"] in (jobs.QUEUED, jobs.DISPATCHED):
        raise _invalid(f"The job is {job['state']}; acknowledge it before its result is reported.")
    if job["state"] != jobs.WORKING:
        raise _invalid(f"The job has ended already: {job['state']}")
    return job


def _invalid(text: str) -> ApiError:
    return ApiError("InvalidJobStateException", text)


def succeed(tx: WriteTx, ctx: Context, request: Request, engine: Engine, vault: Vault, job: Doc) -> None:
    """Take in a success of a job that is being worked on."""
    details: Mapping[str, Any] = request.get("executionDetails", {})
    external_id = details.get("externalExecutionId") or job["external_id"]
    configuration, kind = _links(tx, vault, job)
    url = links.filled(kind.execution_url, configuration, external_id=external_id)
    summary, percent = details.get("summary", ""), details.get("percentComplete")
    revision = _revision(ctx, request.get("currentRevision")) or job["revision"]
    progress = ActionProgressed(job["run"], external_id, url, summary, percent)
    token = request.get("continuationToken")
    if token or percent is not None:
        _apply(tx, engine, job, progress)
    if token:
        jobs.follow_on(tx, {**job, "external_id": external_id}, token, ctx.now, revision)
        return
    told = None
    if revision:
        revision_url = links.filled(kind.revision_url, configuration, external_id=external_id, revision_id=revision["id"])
        told = Revision(**revision, url=revision_url)
    _apply(tx, engine, job, ActionSucceeded(job["run"], external_id, url, summary, request.get("outputVariables", {}), told))
    jobs.end(tx, job, jobs.SUCCEEDED)


def _links(tx: WriteTx, vault: Vault, job: Doc) -> tuple[dict[str, str], Any]:
    category, owner, provider, version = job["type"]
    stored = definitions.find(tx, (category, owner, provider, version))
    if stored is None:
        raise _invalid("The action type of the job is gone.")
    kind = definitions.action_type(stored)
    return links.shown(kind, jobs.configuration(vault, job)), kind


def _revision(ctx: Context, given: Mapping[str, Any] | None) -> Doc | None:
    """``CurrentRevision`` as the core has revisions, without the URL."""
    if given is None:
        return None
    return {
        "id": given["revision"],
        "change_id": given["changeIdentifier"],
        "summary": given.get("revisionSummary", ""),
        "created": given.get("created", ctx.now),
    }


def fail(tx: WriteTx, request: Request, engine: Engine, vault: Vault, job: Doc) -> None:
    """Take in a failure of a job that is being worked on."""
    details = request["failureDetails"]
    external_id = details.get("externalExecutionId") or job["external_id"]
    configuration, kind = _links(tx, vault, job)
    url = links.filled(kind.execution_url, configuration, external_id=external_id)
    _apply(tx, engine, job, ActionFailed(job["run"], details["type"], details["message"], external_id, url))
    jobs.end(tx, job, jobs.FAILED)


def _apply(tx: WriteTx, engine: Engine, job: Doc, event: Event) -> None:
    """Tell the pipeline; InvalidJobStateException when the action is not in progress any more."""
    current = jobs.running(tx, engine, job)
    outcome = engine.apply_in(tx, job["pipeline"], event) if current else None
    if outcome is None or isinstance(outcome, Refusal):
        raise _invalid("The action of the job has ended: it timed out, or its execution or its pipeline is gone.")


class JobLimit:
    """Ends jobs that take longer than their type allows."""

    def __init__(self, store: Store, engine: Engine) -> None:
        self._store = store
        self._engine = engine

    def expire(self, task: Task) -> None:
        """Handle a task of kind ``job-timeout``: fail the action, unless its job has ended."""
        with self._store.write() as tx:
            tx.lock(f"{jobs.JOB}/{task.payload['job']}")
            job = tx.get(jobs.JOB, task.payload["job"])
            if job is None or job["state"] not in jobs.OPEN:
                return
            text = f"The job {job['id']} did not end within the {job['seconds']} seconds that its action type gives it."
            self._engine.apply_in(tx, job["pipeline"], ActionFailed(job["run"], "JobFailed", text, job["external_id"]))
            jobs.end(tx, job, jobs.TIMED_OUT)
