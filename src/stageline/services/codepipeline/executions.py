"""Executions: started, stopped, read, listed."""

import hashlib
import json

from stageline.core.pipeline.events import ExecutionRequested, StopRequested
from stageline.core.pipeline.state import Override
from stageline.core.pipeline.views.standing import standing
from stageline.engine import history
from stageline.engine.apply import Engine
from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.store import Doc, ReadTx, Store, WriteTx
from stageline.services.codepipeline import pages, records
from stageline.services.codepipeline.shapes import answer, present

TOKEN_LASTS = 24 * 3_600_000


def start_pipeline_execution(ctx: Context, request: Request, *, store: Store, engine: Engine) -> Response:
    """Start an execution. The same ``clientRequestToken`` again, within a day, starts nothing and answers the same id."""
    name = request["name"]
    _check_type(ctx, request, store)
    event = ExecutionRequested(
        *_cause(ctx),
        {each["name"]: each["value"] for each in request.get("variables", [])},
        tuple(
            Override(each["actionName"], each["revisionType"], each["revisionValue"])
            for each in request.get("sourceRevisions", [])
        ),
        ctx.caller.person,
    )
    with store.write() as tx:
        tx.lock(f"pipeline/{name}")
        record = records.find(tx, ctx, name)
        key = f"{record['uid']}/{request.get('clientRequestToken', '')}"
        known = _known(tx, ctx, request, key)
        if known:
            return {"pipelineExecutionId": known}
        execution_id = answer(engine.apply_in(tx, name, event))
        if request.get("clientRequestToken"):
            tx.put(records.TOKEN, key, {"execution": execution_id, "at": ctx.now, "request": _fingerprint(request)})
    return {"pipelineExecutionId": execution_id}


def _cause(ctx: Context) -> tuple[str, str]:
    """The trigger of a start through the API: the rule, when EventBridge carries out a target; else whoever called."""
    if ctx.caller.keys.get("stageline:service") == "events.amazonaws.com":
        return "CloudWatchEvent", str(ctx.caller.keys.get("stageline:source", ""))
    return "StartPipelineExecution", ctx.caller.arn


def _check_type(ctx: Context, request: Request, store: Store) -> None:
    with store.read() as tx:
        record = records.find(tx, ctx, request["name"])
    if record["pipelineType"] == "V1" and (request.get("variables") or request.get("sourceRevisions")):
        text = "Variables and source revision overrides can only be used with V2 pipelines; the pipeline '{}' is of type V1."
        raise ApiError("ValidationException", text.format(request["name"]))


def _known(tx: WriteTx, ctx: Context, request: Request, key: str) -> str:
    """The execution that the token of this request started; tokens past their time are cleared away on the way: those that
    follow this one, which is another place at each start."""
    if not request.get("clientRequestToken"):
        return ""
    for other, doc in tx.scan(records.TOKEN, key.split("/")[0] + "/", after=key, limit=50):
        if ctx.now - doc["at"] > TOKEN_LASTS:
            tx.delete(records.TOKEN, other)
    token = tx.get(records.TOKEN, key)
    if token is None:
        return ""
    if token["request"] != _fingerprint(request):
        text = "The clientRequestToken was used already, in a request with other parameters."
        raise ApiError("ConflictException", text)
    return str(token["execution"])


def _fingerprint(request: Request) -> str:
    parts = {key: value for key, value in request.items() if key != "clientRequestToken"}
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def stop_pipeline_execution(ctx: Context, request: Request, *, store: Store, engine: Engine) -> Response:
    """Stop an execution, waiting for its actions in progress or abandoning them."""
    with store.read() as tx:
        records.find(tx, ctx, request["pipelineName"])
    event = StopRequested(
        request["pipelineExecutionId"], request.get("abandon", False), request.get("reason", ""), ctx.caller.arn
    )
    return {"pipelineExecutionId": answer(engine.apply(request["pipelineName"], event))}


def get_pipeline_execution(ctx: Context, request: Request, *, store: Store, engine: Engine) -> Response:
    """One execution with its artifact revisions and variables."""
    name, execution_id = request["pipelineName"], request["pipelineExecutionId"]
    with store.read() as tx:
        record = records.find(tx, ctx, name)
        row = _row(tx, record["uid"], execution_id)
        waiting = _waiting(tx, engine, name, [row] if row else [])
    if row is None:
        text = f"Account '{ctx.account}' does not have an execution with id '{execution_id}' for pipeline '{name}'"
        raise ApiError("PipelineExecutionNotFoundException", text)
    execution = {
        "pipelineName": name,
        "pipelineVersion": row["version"],
        "pipelineExecutionId": row["id"],
        "status": row["status"],
        "artifactRevisions": [
            _artifact_revision(source, artifact) for source in row["sources"] for artifact in source["artifacts"]
        ],
        "variables": [{"name": key, "resolvedValue": value} for key, value in row["variables"].items()],
        "trigger": _trigger(row),
        "executionMode": row["mode"],
        "executionType": row.get("kind", "STANDARD"),
        **present(statusSummary=row["summary"] or waiting.get(execution_id), rollbackMetadata=_rollback(row)),
    }
    return {"pipelineExecution": execution}


def _waiting(tx: ReadTx, engine: Engine, name: str, rows: list[Doc]) -> dict[str, str]:
    """Why those executions wait that wait in front of a stage: what ``stageline why`` says too."""
    found = engine.state(tx, name) if any(row["status"] == "InProgress" for row in rows) else None
    if found is None:
        return {}
    known = [found[1].executions[row["id"]] for row in rows if row["id"] in found[1].executions]
    return {each.id: standing(found[1], each) for each in known if each.waiting}


def _row(tx: ReadTx, uid: str, execution_id: str) -> Doc | None:
    number = tx.get(history.NUMBER, f"{uid}/{execution_id}")
    return tx.get(history.EXECUTION, history.execution_key(uid, number["number"])) if number else None


def _trigger(row: Doc) -> Doc:
    return {"triggerType": row["trigger"], **present(triggerDetail=row["trigger_detail"])}


def _rollback(row: Doc) -> Doc:
    return present(rollbackTargetPipelineExecutionId=row.get("rollback_target"))


def _artifact_revision(source: Doc, artifact: str) -> Doc:
    return {
        "name": artifact,
        **present(
            revisionId=source.get("id"),
            revisionChangeIdentifier=source.get("change_id"),
            revisionSummary=source.get("summary"),
            created=source.get("created"),
            revisionUrl=source.get("url"),
        ),
    }


def list_pipeline_executions(ctx: Context, request: Request, *, store: Store, engine: Engine) -> Response:
    """Executions of a pipeline, newest first."""
    wanted = request.get("filter", {}).get("succeededInStage", {}).get("stageName")
    with store.read() as tx:
        record = records.find(tx, ctx, request["pipelineName"])
        uid, version = record["uid"], record["version"]

        rows, after = pages.sifted(
            f"executions/{uid}/{wanted or ''}",
            request.get("nextToken"),
            request.get("maxResults", 100),
            lambda after, limit: tx.scan(history.EXECUTION, f"{uid}/", after=after, limit=limit, reverse=True),
            lambda row: wanted is None or wanted in row["passed"],
            lambda row: wanted is not None and row["version"] != version,
            lambda row: row,
        )
        waiting = _waiting(tx, engine, request["pipelineName"], rows)
    return {"pipelineExecutionSummaries": [_summary(row, waiting.get(row["id"])) for row in rows], "nextToken": after}


def _summary(row: Doc, waiting: str | None) -> Doc:
    return {
        "pipelineExecutionId": row["id"],
        "status": row["status"],
        "startTime": row["started"],
        "lastUpdateTime": row["updated"],
        "sourceRevisions": [
            {
                "actionName": source["action"],
                **present(revisionId=source.get("id"), revisionSummary=source.get("summary"), revisionUrl=source.get("url")),
            }
            for source in row["sources"]
        ],
        "trigger": _trigger(row),
        "executionMode": row["mode"],
        "executionType": row.get("kind", "STANDARD"),
        **present(statusSummary=row["summary"] or waiting, rollbackMetadata=_rollback(row)),
        **({"stopTrigger": present(reason=row["stop_reason"])} if row["stop_reason"] is not None else {}),
    }
