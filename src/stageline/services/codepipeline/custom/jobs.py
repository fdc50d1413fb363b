"""Jobs: what a worker is asked to do for an action run. One job at a time belongs to a run; a continuation token ends it and
makes the next one.

Whether a job can still be worked on is told by its run: once that has ended, in whatever way, its job has as well. So nothing has
to be done about jobs when an execution is abandoned, an action times out or a pipeline is deleted.

``codepipeline.job`` job id → the job (``new`` says what it has) · ``codepipeline.job-run`` action run id → {job} ·
``codepipeline.job-offer`` "Category/Owner/Provider/Version/queryable value/created/job id" → {} while the job waits for a worker
· ``codepipeline.job-made`` "created/job id" → {} for the sweep.
"""

import json
import secrets
import uuid
from collections.abc import Iterator

from stageline.core.pipeline.declaration import Declaration
from stageline.core.pipeline.state import ActionRun
from stageline.engine import history
from stageline.engine.apply import Engine
from stageline.ports.provider import Job
from stageline.ports.store import Doc, ReadTx, Store, Task, WriteTx
from stageline.ports.vault import Vault

JOB, OF_RUN, OFFER, MADE = "codepipeline.job", "codepipeline.job-run", "codepipeline.job-offer", "codepipeline.job-made"
QUEUED, DISPATCHED, WORKING = "Queued", "Dispatched", "InProgress"
SUCCEEDED, FAILED, TIMED_OUT = "Succeeded", "Failed", "TimedOut"
OPEN = (QUEUED, DISPATCHED, WORKING)
BOND = "job"
"""Begins the bonds of the sessions of jobs."""
REDELIVERED_AFTER = 60_000
"""Milliseconds after which a job that nobody acknowledged is offered again."""
KEPT = 7 * 24 * 3_600_000
"""Milliseconds that a job is remembered; an action whose type comes from outside takes a day at most."""
LIMIT = "job-timeout"
"""The kind of the tasks that end jobs which took longer than their type allows (``jobTimeout``)."""
PORTION = 200


def new(vault: Vault, job: Job, uid: str, query: str, seconds: int) -> Doc:
    """The first job of an action run. ``query`` is the value of the queryable property; ``seconds`` is how long the job may take,
    0 for as long as the action. The configuration is sealed: it may hold secrets."""
    return {
        "id": str(uuid.uuid4()),
        "run": job.id,
        "pipeline": job.pipeline,
        "uid": uid,
        "execution": job.execution_id,
        "stage": job.stage,
        "action": job.action,
        "type": list(job.action_type.id),
        "state": QUEUED,
        "nonce": "",
        "dispatched": 0,
        "created": job.now,
        "configuration": vault.seal(json.dumps(dict(job.configuration)), context=_context(job.id)),
        "query": query,
        "seconds": seconds,
        "inputs": [[each.name, each.bucket, each.key, each.revision] for each in job.inputs],
        "outputs": [[each.name, each.bucket, each.key, each.revision] for each in job.outputs],
        "encryption_key": job.encryption_key,
        "continuation": "",
        "external_id": "",
        "revision": None,
        "client": "",
        "token": "",
    }


def _context(run_id: str) -> str:
    return f"{JOB}/{run_id}"


def token_context(run_id: str) -> str:
    """The context of the sealed token of a third-party job's client."""
    return f"{JOB}/{run_id}/token"


def configuration(vault: Vault, job: Doc) -> dict[str, str]:
    """The resolved configuration, secrets in clear; empty once the job has ended."""
    if not job["configuration"]:
        return {}
    found: dict[str, str] = json.loads(vault.open(job["configuration"], context=_context(job["run"])))
    return found


def begin(tx: WriteTx, job: Doc) -> None:
    """Store a job and offer it to workers."""
    tx.put(JOB, job["id"], job)
    tx.put(OF_RUN, job["run"], {"job": job["id"]})
    tx.put(OFFER, _offer(job), {})
    tx.put(MADE, _made(job), {})
    if job["seconds"]:
        due = job["created"] + job["seconds"] * 1000
        tx.schedule(Task(f"{LIMIT}/{job['id']}", LIMIT, {"job": job["id"]}, due=due))


def _offer(job: Doc) -> str:
    return f"{'/'.join(job['type'])}/{job['query']}/{job['created']:015d}/{job['id']}"


def _made(job: Doc) -> str:
    return f"{job['created']:015d}/{job['id']}"


def end(tx: WriteTx, job: Doc, state: str) -> None:
    """The job has ended: what is left of it answers late calls, its configuration is forgotten."""
    tx.put(JOB, job["id"], {**job, "state": state, "configuration": "", "continuation": ""})
    tx.delete(OFFER, _offer(job))
    tx.cancel(f"{LIMIT}/{job['id']}")


def follow_on(tx: WriteTx, job: Doc, token: str, now: int, revision: Doc | None) -> None:
    """The worker asked to be asked again: this job has succeeded, the next one of the run carries its token."""
    end(tx, job, SUCCEEDED)
    fresh = {"id": str(uuid.uuid4()), "state": QUEUED, "nonce": "", "dispatched": 0, "created": now}
    begin(tx, {**job, **fresh, "continuation": token, "revision": revision or job["revision"]})


def acknowledge(tx: WriteTx, job: Doc) -> Doc:
    """A worker has the job: it is offered no more."""
    taken = {**job, "state": WORKING}
    tx.put(JOB, job["id"], taken)
    tx.delete(OFFER, _offer(job))
    return taken


def running(tx: ReadTx, engine: Engine, job: Doc) -> tuple[ActionRun, Declaration] | None:
    """The action run of a job while it is in progress, with the declaration that it runs by."""
    found = engine.running_in(tx, job["pipeline"], job["uid"], job["run"])
    state = engine.state(tx, job["pipeline"]) if found else None
    return (found, state[1].declarations[found.version]) if found and state else None


def state(tx: ReadTx, engine: Engine, job: Doc) -> str:
    """How a job stands (``JobStatus``), with the end of its run considered."""
    if job["state"] not in OPEN or running(tx, engine, job) is not None:
        return str(job["state"])
    started = tx.get(history.STARTED, job["run"])
    row = tx.get(history.ACTION, history.action_key(job["uid"], started["started"], job["run"])) if started else None
    return TIMED_OUT if row and row["run"].get("error_code") == "TimedOut" else FAILED


def dispatch(store: Store, engine: Engine, prefix: str, now: int, most: int) -> list[Doc]:
    """Up to ``most`` jobs whose offer begins with ``prefix``, oldest first, each now dispatched under a new nonce."""
    with store.read() as tx:
        if next(_offered(tx, prefix, now), None) is None:
            return []
    taken: list[Doc] = []
    with store.write() as tx:
        for key, job_id in _offered(tx, prefix, now):
            tx.lock(f"{JOB}/{job_id}")
            job = tx.get(JOB, job_id)
            if job is None or job["state"] not in OPEN or running(tx, engine, job) is None:
                tx.delete(OFFER, key)
            elif _free(job, now):
                job = {**job, "state": DISPATCHED, "nonce": secrets.token_hex(8), "dispatched": now}
                tx.put(JOB, job_id, job)
                taken.append(job)
            if len(taken) == most:
                break
    return taken


def _offered(tx: ReadTx, prefix: str, now: int) -> Iterator[tuple[str, str]]:
    """Offers that may be handed out now, with their jobs' ids."""
    after = ""
    while rows := tx.scan(OFFER, prefix, after=after, limit=PORTION):
        for key, _ in rows:
            after = key
            job_id = key.rsplit("/", 1)[1]
            job = tx.get(JOB, job_id)
            if job is None or _free(job, now):
                yield key, job_id


def _free(job: Doc, now: int) -> bool:
    """Whether nobody has the job, or whoever was given it has not said so in time."""
    return bool(job["state"] == QUEUED or (job["state"] == DISPATCHED and now - job["dispatched"] >= REDELIVERED_AFTER))


def bond(job: Doc) -> str:
    """What credentials of a job are bound to: the job, as it was handed out to one worker."""
    return f"{BOND}:{job['id']}/{job['nonce']}"


def stands(engine: Engine, tx: ReadTx, name: str) -> bool:
    """Whether a bond (what follows its word) holds: the job is with that worker, and its action is in progress."""
    job_id, _, nonce = name.partition("/")
    job = tx.get(JOB, job_id)
    handed_out = job is not None and job["state"] in (DISPATCHED, WORKING) and job["nonce"] == nonce
    return handed_out and job is not None and running(tx, engine, job) is not None


def sweep(store: Store, now: int) -> None:
    """Forget jobs that are older than any action can be."""
    last = f"{now - KEPT:015d}"
    left = True
    while left:
        with store.write() as tx:
            rows = [key for key, _ in tx.scan(MADE, limit=PORTION) if key < last]
            for key in rows:
                _forget(tx, key)
        left = len(rows) == PORTION


def _forget(tx: WriteTx, key: str) -> None:
    job_id = key.rsplit("/", 1)[1]
    job = tx.get(JOB, job_id)
    tx.delete(MADE, key)
    if job is not None:
        tx.delete(OFFER, _offer(job))
        tx.delete(JOB, job_id)
        if (tx.get(OF_RUN, job["run"]) or {}).get("job") == job_id:
            tx.delete(OF_RUN, job["run"])
