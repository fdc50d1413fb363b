"""Third-party jobs: a partner's worker polls for ids, and proves with the client's token that a job is for it.

The action's configuration names the client (``ClientId``) and holds the secret that the client shares with the partner
(``ClientToken``).
"""

import hmac
from functools import partial

from stageline.engine.apply import Engine
from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.aws import Aws
from stageline.ports.store import Doc, Store, WriteTx
from stageline.ports.vault import Vault
from stageline.services.codepipeline.custom import definitions, jobs
from stageline.services.codepipeline.custom.actiontypes import not_found
from stageline.services.codepipeline.custom.catalog import Catalog
from stageline.services.codepipeline.custom.data import Desk, job_data
from stageline.services.codepipeline.custom.polling import BATCH, acknowledged, find
from stageline.services.codepipeline.custom.results import fail, succeed, working
from stageline.services.codepipeline.shapes import present


def poll_for_third_party_jobs(ctx: Context, request: Request, *, store: Store, engine: Engine, catalog: Catalog) -> Response:
    """Ids of jobs of a third-party action type, and of the clients whose jobs they are."""
    named = request["actionTypeId"]
    kind = definitions.type_id(named)
    stored = catalog.stored(kind) if named["owner"] == "ThirdParty" else None
    if stored is None or not catalog.offered(stored) or not _may_poll(ctx, stored):
        raise not_found(named)
    most = min(request.get("maxBatchSize", 1), BATCH)
    taken = jobs.dispatch(store, engine, f"{definitions.key(kind)}/", ctx.now, most)
    return {"jobs": [{"clientId": job["client"], "jobId": job["id"]} for job in taken]}


def _may_poll(ctx: Context, stored: Doc) -> bool:
    """Whether the type is for job workers, of the caller's account if it names accounts."""
    executor = stored["model"]["executor"]
    accounts = executor["configuration"].get("jobWorkerExecutorConfiguration", {}).get("pollingAccounts")
    return executor["type"] == "JobWorker" and (accounts is None or ctx.caller.account in accounts)


def _check_client(vault: Vault, token: str, job: Doc) -> None:
    """InvalidClientTokenException unless the token is that of the job's client."""
    known = vault.open(job["token"], context=jobs.token_context(job["run"]))
    if not hmac.compare_digest(known, token.encode()):
        raise ApiError("InvalidClientTokenException", "The client token is not that of the client whose job this is.")


def get_third_party_job_details(
    ctx: Context, request: Request, *, store: Store, engine: Engine, vault: Vault, aws: Aws
) -> Response:
    """A job, for whoever knows the client's token, with the nonce to acknowledge it."""
    with store.read() as tx:
        job = tx.get(jobs.JOB, request["jobId"])
    if job is not None and job["type"][1] != "ThirdParty":
        raise ApiError("InvalidJobException", "The job is not one of a third-party action; ask GetJobDetails about it.")
    with store.read() as tx:
        job = find(tx, request["jobId"], third_party=True)
    _check_client(vault, request["clientToken"], job)
    data = job_data(Desk(store, engine, vault, aws), job)
    return {"jobDetails": {"id": job["id"], "data": data, **present(nonce=job["nonce"])}}


def acknowledge_third_party_job(ctx: Context, request: Request, *, store: Store, engine: Engine, vault: Vault) -> Response:
    """Take a job."""
    check = partial(_check_client, vault, request["clientToken"])
    return {"status": acknowledged(store, engine, request["jobId"], request["nonce"], check, third_party=True)}


def put_third_party_job_success_result(ctx: Context, request: Request, *, store: Store, engine: Engine, vault: Vault) -> Response:
    """The job succeeded; or, with a continuation token, another job is to go on."""
    with store.write() as tx:
        succeed(tx, ctx, request, engine, vault, _working(tx, request, vault))
    return {}


def put_third_party_job_failure_result(ctx: Context, request: Request, *, store: Store, engine: Engine, vault: Vault) -> Response:
    """The job failed."""
    with store.write() as tx:
        fail(tx, request, engine, vault, _working(tx, request, vault))
    return {}


def _working(tx: WriteTx, request: Request, vault: Vault) -> Doc:
    tx.lock(f"{jobs.JOB}/{request['jobId']}")
    job = find(tx, request["jobId"], third_party=True)
    _check_client(vault, request["clientToken"], job)
    return working(job)
