"""Starting builds. The answer comes once the build, its task and its first event are stored; a host runs it from there."""

import hashlib
import json
import uuid
from typing import Any

from stageline.core.build import progress
from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.events import Events
from stageline.ports.store import Doc, Store, Task, WriteTx
from stageline.services.codebuild import announcements, documents
from stageline.services.codebuild.overrides import Plan, plan
from stageline.services.codebuild.shapes import invalid

PIPELINE_SERVICE = "codepipeline.amazonaws.com"
ASSUMED_BY = "stageline:service"
"""The key in ``Caller.keys`` that names the service for which a role session was made; nobody can set it from outside."""

TOKEN_LIFE = 5 * 60_000
PIPELINE_TOKEN_LIFE = 12 * 3_600_000
"""A pipeline may ask again after a long outage whether its job has started a build already."""


def initiator(ctx: Context) -> str:
    """Who started a build, as CodeBuild names it: ``codepipeline/<pipeline>``, a user's name or ``<role>/<session>``."""
    resource = ctx.caller.arn.rpartition(":")[2]
    kind, _, name = resource.partition("/")
    if by_pipeline(ctx):
        return f"codepipeline/{name.rpartition('/')[2]}"
    if kind == "user":
        return name.rpartition("/")[2]
    return name or resource


def by_pipeline(ctx: Context) -> bool:
    """Whether CodePipeline itself asks, with its role."""
    return ctx.caller.keys.get(ASSUMED_BY) == PIPELINE_SERVICE


def start_build(ctx: Context, request: Request, *, store: Store, events: Events) -> Response:
    """StartBuild."""
    return _start(ctx, dict(request), store, events, before={})


def retry_build(ctx: Context, request: Request, *, store: Store, events: Events) -> Response:
    """RetryBuild: a new build with the overrides that the old one had."""
    if not request.get("id"):
        raise invalid("Invalid input: id of the build to retry is required")
    with store.read() as tx:
        old = documents.require_build(tx, request["id"])
    again = {name: value for name, value in old["request"].items() if name != "idempotencyToken"}
    if not old["build"]["buildComplete"]:
        raise invalid(f"Build {old['build']['id']} is still in progress; only a build that has ended can be retried")
    if "idempotencyToken" in request:
        again["idempotencyToken"] = request["idempotencyToken"]
    return _start(ctx, again, store, events, before=old)


def _refuse_unsupported(request: dict[str, Any]) -> None:
    if request.get("debugSessionEnabled"):
        raise invalid("debugSessionEnabled is not supported: this server has no debug sessions")
    if request.get("autoRetryLimitOverride"):
        raise invalid("autoRetryLimitOverride is not supported: this server does not retry builds by itself; use RetryBuild")


def _start(ctx: Context, request: dict[str, Any], store: Store, events: Events, *, before: Doc) -> Response:
    _refuse_unsupported(request)
    token = request.pop("idempotencyToken", "")
    name = documents.project_name(request["projectName"])
    digest = hashlib.sha256(json.dumps([request, before.get("build", {}).get("id")], sort_keys=True).encode()).hexdigest()
    handed_over = bool(before["run"]["pipeline"]) if before else by_pipeline(ctx)
    with store.write() as tx:
        tx.lock(f"codebuild.project/{name}")
        token = f"{name}/{token}" if token else ""  # a token means something within its project only
        started = _started(tx, ctx, token, digest)
        if started:
            return {"build": documents.shown(started)}
        project = documents.require_project(tx, ctx, name)
        planned = plan(project, request, handed_over=handed_over)
        limit = project.get("concurrentBuildLimit")
        if limit is not None and documents.active(tx, name) >= limit:
            raise ApiError(
                "AccountLimitExceededException",
                f"Project {name} has {limit} builds running, its concurrent build limit; wait for one to end",
            )
        number = ((tx.get(documents.COUNTER, name) or {}).get("last", 0)) + 1
        tx.put(documents.COUNTER, name, {"last": number})
        document: Doc = {
            "build": new_build(ctx, f"{name}:{uuid.uuid4()}", number, planned),
            "run": planned.run,
            "request": request,
            "host": "",
            "person": ctx.caller.person,
            "attempts": 0,
        }
        if token:
            _keep_token(tx, ctx, token, digest, document["build"]["id"])
        _commit(tx, events, document)
    return {"build": documents.shown(document)}


def new_build(ctx: Context, build_id: str, number: int, planned: Plan) -> Doc:
    """A build that waits to be hosted, as the API shows it."""
    steps = progress.submitted(ctx.now)
    artifacts = [shown_artifact(each) for each in planned.run["artifacts"]]
    return {
        "id": build_id,
        "arn": ctx.arn("codebuild", f"build/{build_id}"),
        "buildNumber": number,
        "projectName": documents.project_of(build_id),
        "startTime": ctx.now,
        "currentPhase": steps.current,
        "buildStatus": steps.status,
        "buildComplete": False,
        "phases": progress.to_documents(steps),
        "initiator": initiator(ctx),
        "logs": {},
        "artifacts": artifacts[0],
        "secondaryArtifacts": artifacts[1:],
        **planned.shown,
    }


def shown_artifact(artifact: Doc) -> Doc:
    """An artifact's settings as a build shows them before anything is stored."""
    members = ("artifactIdentifier", "overrideArtifactName", "encryptionDisabled", "bucketOwnerAccess")
    shown = {member: artifact[member] for member in members if member in artifact}
    if artifact["type"] == "S3":
        bucket = artifact["location"].removeprefix("arn:aws:s3:::")
        parts = [artifact.get("path", "").strip("/"), artifact.get("name", "").strip("/")]
        shown["location"] = "/".join([f"arn:aws:s3:::{bucket}", *(part for part in parts if part)])
    else:
        shown["location"] = ""
    return shown


def _commit(tx: WriteTx, events: Events, document: Doc) -> None:
    build = document["build"]
    documents.add_build(tx, document)
    schedule(tx, build)
    announcements.state_change(events, tx, build)


def schedule(tx: WriteTx, build: Doc) -> None:
    """Have a new build run, and ended should nobody get to it in time."""
    tx.schedule(Task(documents.task_id(build["id"]), documents.TASK, {"id": build["id"]}, due=build["startTime"]))
    expires = build["startTime"] + build["queuedTimeoutInMinutes"] * 60_000
    tx.schedule(Task(documents.queue_task_id(build["id"]), documents.QUEUE_TASK, {"id": build["id"]}, due=expires))


def _started(tx: WriteTx, ctx: Context, token: str, digest: str) -> Doc | None:
    """The build that an earlier request with this token started."""
    known = tx.get(documents.TOKEN, token) if token else None
    if known is None or known["expires"] <= ctx.now:
        return None
    if known["digest"] != digest:
        raise invalid("Parameter mismatch: the idempotency token was used before with other parameters; use a new one")
    return tx.get(documents.BUILD, known["id"])


def _keep_token(tx: WriteTx, ctx: Context, token: str, digest: str, build_id: str) -> None:
    for key, old in tx.scan(documents.TOKEN_AGE, limit=10):
        if int(key.partition("/")[0]) > ctx.now:
            break
        tx.delete(documents.TOKEN_AGE, key)
        stale = tx.get(documents.TOKEN, old["token"])
        if stale is not None and stale["expires"] <= ctx.now:
            tx.delete(documents.TOKEN, old["token"])
    expires = ctx.now + (PIPELINE_TOKEN_LIFE if by_pipeline(ctx) else TOKEN_LIFE)
    tx.put(documents.TOKEN, token, {"id": build_id, "digest": digest, "expires": expires})
    tx.put(documents.TOKEN_AGE, f"{expires:015d}/{token}", {"token": token})
