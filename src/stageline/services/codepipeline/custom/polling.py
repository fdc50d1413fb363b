"""Custom jobs taken by workers: polled for, acknowledged, looked at."""

from typing import Any

import structlog

from stageline.core.pipeline.actiontype import ActionType
from stageline.core.pipeline.events import ActionFailed
from stageline.engine.apply import Engine
from stageline.engine.perform import failure_type
from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.aws import Aws
from stageline.ports.store import Doc, ReadTx, Store
from stageline.ports.vault import Vault
from stageline.services.codepipeline.custom import definitions, jobs
from stageline.services.codepipeline.custom.actiontypes import not_found
from stageline.services.codepipeline.custom.catalog import Catalog
from stageline.services.codepipeline.custom.data import Desk, job_data

BATCH = 50
"""The most jobs that one poll answers, however many are asked for."""
log = structlog.get_logger("stageline.jobs")


def poll_for_jobs(
    ctx: Context, request: Request, *, store: Store, engine: Engine, vault: Vault, aws: Aws, catalog: Catalog
) -> Response:
    """Jobs of a custom action type that wait for a worker, oldest first; answers at once, also when there are none."""
    named = request["actionTypeId"]
    kind = definitions.type_id(named)
    stored = catalog.stored(kind) if named["owner"] == "Custom" else None
    if stored is None or not catalog.offered(stored):
        raise not_found(named)
    query = _query(definitions.action_type(stored), request.get("queryParam") or {})
    most = min(request.get("maxBatchSize", 1), BATCH)
    taken = jobs.dispatch(store, engine, f"{definitions.key(kind)}/{query}/", ctx.now, most)
    desk = Desk(store, engine, vault, aws)
    return {"jobs": [shown for job in taken if (shown := _shown(ctx, desk, job))]}


def _query(kind: ActionType, given: dict[str, str]) -> str:
    """The value that jobs must have for the type's queryable property."""
    queryable = next((each.name for each in kind.properties if each.queryable), None)
    if queryable is None and given:
        raise ApiError("ValidationException", "The action type has no queryable property, so queryParam must be empty.")
    if queryable is not None and list(given) != [queryable]:
        raise ApiError("ValidationException", f"queryParam must have the queryable property of the action type: {queryable}")
    return given[queryable] if queryable is not None else ""


def _shown(ctx: Context, desk: Desk, job: Doc) -> Doc | None:
    """A dispatched job; None when its role cannot be assumed, which fails the action."""
    try:
        data = job_data(desk, job)
    except ApiError as error:
        give_up(desk, job, error)
        return None
    return {"id": job["id"], "nonce": job["nonce"], "accountId": ctx.account, "data": data}


def give_up(desk: Desk, job: Doc, error: ApiError) -> None:
    """No worker can do a job without credentials for its artifacts: the action fails with the reason."""
    log.info("a job cannot be given to a worker", job=job["id"], reason=error.message)
    with desk.store.write() as tx:
        tx.lock(f"{jobs.JOB}/{job['id']}")
        if tx.get(jobs.JOB, job["id"]) != job:
            return  # it has been offered again meanwhile
        jobs.end(tx, job, jobs.FAILED)
        desk.engine.apply_in(tx, job["pipeline"], ActionFailed(job["run"], failure_type(error), error.message))


def find(tx: ReadTx, job_id: str, *, third_party: bool = False) -> Doc:
    """A job of a custom action type, or of a third-party one; JobNotFoundException."""
    job = tx.get(jobs.JOB, job_id)
    if job is None or (job["type"][1] == "ThirdParty") is not third_party:
        raise ApiError("JobNotFoundException", f"There is no job with the id '{job_id}'. Poll for jobs to learn about new ones.")
    return job


def acknowledge_job(ctx: Context, request: Request, *, store: Store, engine: Engine) -> Response:
    """Take a job: of all workers that were given it, the one with the present nonce has it."""
    return {"status": acknowledged(store, engine, request["jobId"], request["nonce"])}


def acknowledged(store: Store, engine: Engine, job_id: str, nonce: str, check: Any = None, *, third_party: bool = False) -> str:
    """How the job stands then. ``check`` may refuse the caller once the job is known."""
    with store.write() as tx:
        tx.lock(f"{jobs.JOB}/{job_id}")
        job = find(tx, job_id, third_party=third_party)
        if check is not None:
            check(job)
        if not job["nonce"] or nonce != job["nonce"]:
            text = "The nonce is not the present one of this job: it was offered again, or another worker has it. Poll again."
            raise ApiError("InvalidNonceException", text)
        state = jobs.state(tx, engine, job)
        if state == jobs.DISPATCHED:
            state = jobs.acknowledge(tx, job)["state"]
    return state


def get_job_details(ctx: Context, request: Request, *, store: Store, engine: Engine, vault: Vault, aws: Aws) -> Response:
    """A job as polling told about it, with new credentials."""
    with store.read() as tx:
        job = find(tx, request["jobId"])
    data = job_data(Desk(store, engine, vault, aws), job)
    return {"jobDetails": {"id": job["id"], "accountId": ctx.account, "data": data}}
