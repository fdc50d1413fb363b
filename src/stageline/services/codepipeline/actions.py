"""Action executions: the history of every run of every action."""

from collections.abc import Mapping

from stageline.engine import history
from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.store import Doc, ReadTx, Store
from stageline.services.codepipeline import masking, pages, records
from stageline.services.codepipeline.custom.catalog import Catalog
from stageline.services.codepipeline.shapes import error_details, present


def list_action_executions(ctx: Context, request: Request, *, store: Store, catalog: Catalog) -> Response:
    """Action executions of a pipeline or of one of its executions, newest first."""
    chosen = request.get("filter", {})
    latest = chosen.get("latestInPipelineExecution")
    if latest and chosen.get("pipelineExecutionId"):
        text = "The filter can have either pipelineExecutionId or latestInPipelineExecution, not both."
        raise ApiError("ValidationException", text)
    execution_id = latest["pipelineExecutionId"] if latest else chosen.get("pipelineExecutionId", "")
    with store.read() as tx:
        record = records.find(tx, ctx, request["pipelineName"])
        uid = record["uid"]
        since = 0
        if execution_id:
            since = _since(tx, ctx, request["pipelineName"], uid, execution_id, latest)

        def fetch(after: str, limit: int) -> list[tuple[str, Doc]]:
            if not execution_id:
                return tx.scan(history.ACTION, f"{uid}/", after=after, limit=limit, reverse=True)
            return _of_execution(tx, uid, execution_id, since, after, limit)

        listing = f"actions/{uid}/{execution_id}/{since}"
        found, after = pages.page(
            listing, request.get("nextToken"), request.get("maxResults", 100), fetch, lambda row: _detail(ctx, row, catalog)
        )
    return {"actionExecutionDetails": found, "nextToken": after}


def _since(tx: ReadTx, ctx: Context, name: str, uid: str, execution_id: str, latest: Mapping[str, str] | None) -> int:
    """The instant from which on runs count: that of the last retry, when only the latest are asked for."""
    number = tx.get(history.NUMBER, f"{uid}/{execution_id}")
    row = tx.get(history.EXECUTION, history.execution_key(uid, number["number"])) if number else None
    if row is None:
        text = f"Account '{ctx.account}' does not have an execution with id '{execution_id}' for pipeline '{name}'"
        raise ApiError("PipelineExecutionNotFoundException", text)
    return int(row["retried"]) if latest and latest["startTimeRange"] == "Latest" else 0


def _of_execution(tx: ReadTx, uid: str, execution_id: str, since: int, after: str, limit: int) -> list[tuple[str, Doc]]:
    prefix = f"{uid}/{execution_id}/"
    found = []
    for key, _ in tx.scan(history.BY_EXECUTION, prefix, after=after, limit=limit, reverse=True):
        started, run_id = key.removeprefix(prefix).split("/")
        row = tx.get(history.ACTION, history.action_key(uid, int(started), run_id))
        if row is not None and int(started) >= since:
            found.append((key, row))
    return found


def _detail(ctx: Context, row: Doc, catalog: Catalog) -> Doc:
    run = row["run"]
    category, owner, provider, version = kind = run["type"]
    result = present(
        externalExecutionId=run.get("external_id"),
        externalExecutionSummary=run.get("summary"),
        externalExecutionUrl=run.get("external_url"),
        errorDetails=error_details(run),
        logStreamARN=run.get("log_stream"),
    )
    done = run.get("status", "InProgress") == "Succeeded"
    return {
        "pipelineExecutionId": run["execution_id"],
        "actionExecutionId": run["id"],
        "pipelineVersion": run["version"],
        "stageName": run["stage"],
        "actionName": run["action"],
        "startTime": run["started"],
        "lastUpdateTime": run["updated"],
        "status": run.get("status", "InProgress"),
        **present(updatedBy=run.get("by")),
        "input": {
            "actionTypeId": {"category": category, "owner": owner, "provider": provider, "version": version},
            "configuration": masking.hidden(catalog.known, tuple(kind), row["configuration"]),
            "resolvedConfiguration": masking.hidden(catalog.known, tuple(kind), row["resolved"]),
            "region": row["region"] or ctx.region,
            "inputArtifacts": [_artifact(each) for each in row["inputs"]],
            **present(roleArn=row["role"], namespace=row["namespace"]),
        },
        "output": {
            "outputArtifacts": [_artifact(each) for each in row["outputs"]] if done else [],
            "outputVariables": row.get("variables", {}),
            "executionResult": result,
        },
    }


def _artifact(located: Doc) -> Doc:
    return {"name": located["name"], "s3location": {"bucket": located["bucket"], "key": located["key"]}}
