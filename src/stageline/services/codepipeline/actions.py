"""Action and rule executions: the history of every run of every action and rule."""

from collections.abc import Callable, Mapping

from stageline.engine import history
from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.store import Doc, ReadTx, Store
from stageline.services.codepipeline import masking, pages, records
from stageline.services.codepipeline.custom.catalog import Catalog
from stageline.services.codepipeline.shapes import error_details, present


def list_action_executions(ctx: Context, request: Request, *, store: Store, catalog: Catalog) -> Response:
    """Action executions of a pipeline or of one of its executions, newest first."""

    def render(ctx: Context, row: Doc) -> Doc:
        return _detail(ctx, row, catalog)

    found, after = _listed(ctx, request, store, history.ACTION, history.BY_EXECUTION, render)
    return {"actionExecutionDetails": found, "nextToken": after}


def list_rule_executions(ctx: Context, request: Request, *, store: Store) -> Response:
    """Executions of the rules of conditions, with the same filters and in the same order."""
    found, after = _listed(ctx, request, store, history.RULE, history.RULE_BY_EXECUTION, _rule_detail)
    return {"ruleExecutionDetails": found, "nextToken": after}


def list_deploy_action_execution_targets(ctx: Context, request: Request, *, store: Store) -> Response:
    """The targets of a deploy action: none, for all action types there are (deployments to instances have some)."""
    run_id = request["actionExecutionId"]
    with store.read() as tx:
        uid = records.find(tx, ctx, request["pipelineName"])["uid"] if request.get("pipelineName") else ""
        started = tx.get(history.STARTED, run_id) or {"uid": "", "started": 0}
        found = tx.get(history.ACTION, history.action_key(started["uid"], started["started"], run_id))
    if found is None or uid not in ("", started["uid"]):
        text = f"There is no action execution with id '{run_id}'" + (" in this pipeline" if uid else "")
        raise ApiError("ActionExecutionNotFoundException", text)
    pages.position(f"targets/{request['actionExecutionId']}", request.get("nextToken"))
    return {"targets": []}


def _listed(
    ctx: Context, request: Request, store: Store, kind: str, by_execution: str, render: Callable[[Context, Doc], Doc]
) -> tuple[list[Doc], str | None]:
    """A page of runs of one kind; ``by_execution`` is the kind of the rows that find them by execution."""
    chosen = request.get("filter", {})
    latest = chosen.get("latestInPipelineExecution")
    if latest and chosen.get("pipelineExecutionId"):
        text = "The filter can have either pipelineExecutionId or latestInPipelineExecution, not both."
        raise ApiError("ValidationException", text)
    execution_id = latest["pipelineExecutionId"] if latest else chosen.get("pipelineExecutionId", "")
    with store.read() as tx:
        record = records.find(tx, ctx, request["pipelineName"])
        uid = record["uid"]
        since, attempt = 0, 0
        if execution_id:
            since, attempt = _since(tx, ctx, request["pipelineName"], uid, execution_id, latest)

        def fetch(after: str, limit: int) -> list[tuple[str, Doc]]:
            if not execution_id:
                return tx.scan(kind, f"{uid}/", after=after, limit=limit, reverse=True)
            keys = tx.scan(by_execution, f"{uid}/{execution_id}/", after=after, limit=limit, reverse=True)
            return _of_execution(tx, kind, keys, since, attempt)

        listing = f"{kind}/{uid}/{execution_id}/{since}/{attempt}"
        return pages.page(listing, request.get("nextToken"), request.get("maxResults", 100), fetch, lambda row: render(ctx, row))


def _since(tx: ReadTx, ctx: Context, name: str, uid: str, execution_id: str, latest: Mapping[str, str] | None) -> tuple[int, int]:
    """The instant and the attempt from which on runs count: those of the last retry, when only the latest are asked for."""
    number = tx.get(history.NUMBER, f"{uid}/{execution_id}")
    row = tx.get(history.EXECUTION, history.execution_key(uid, number["number"])) if number else None
    if row is None:
        text = f"Account '{ctx.account}' does not have an execution with id '{execution_id}' for pipeline '{name}'"
        raise ApiError("PipelineExecutionNotFoundException", text)
    wanted = latest and latest["startTimeRange"] == "Latest"
    return (int(row["retried"]), int(row.get("attempt", 0))) if wanted else (0, 0)


def _of_execution(tx: ReadTx, kind: str, keys: list[tuple[str, Doc]], since: int, attempt: int) -> list[tuple[str, Doc]]:
    """Runs of one instant may be of two attempts; rows of earlier versions have none."""
    found = []
    for key, _ in keys:
        uid, _, started, run_id = key.split("/")
        row = tx.get(kind, history.action_key(uid, int(started), run_id))
        if row is not None and int(started) >= since and row.get("attempt", attempt) >= attempt:
            found.append((key, row))
    return found


def _detail(ctx: Context, row: Doc, catalog: Catalog) -> Doc:
    run = row["run"]
    done = run.get("status", "InProgress") == "Succeeded"
    result = {**_result(run), **present(logStreamARN=run.get("log_stream"))}
    return {
        "actionExecutionId": run["id"],
        "actionName": run["action"],
        **_run(run),
        "input": {
            "actionTypeId": _type_id(run),
            **_input(ctx, row),
            "configuration": masking.hidden(catalog.known, tuple(run["type"]), row["configuration"]),
            "resolvedConfiguration": masking.hidden(catalog.known, tuple(run["type"]), row["resolved"]),
            **present(namespace=row["namespace"]),
        },
        "output": {
            "outputArtifacts": [_artifact(each) for each in row["outputs"]] if done else [],
            "outputVariables": row.get("variables", {}),
            "executionResult": result,
        },
    }


def _rule_detail(ctx: Context, row: Doc) -> Doc:
    run = row["run"]
    return {
        "ruleExecutionId": run["id"],
        "ruleName": run["action"],
        **_run(run),
        "input": {"ruleTypeId": _type_id(run), **_input(ctx, row)},
        "output": {"executionResult": _result(run)},
    }


def _run(run: Doc) -> Doc:
    return {
        "pipelineExecutionId": run["execution_id"],
        "pipelineVersion": run["version"],
        "stageName": run["stage"],
        "startTime": run["started"],
        "lastUpdateTime": run["updated"],
        "status": run.get("status", "InProgress"),
        **present(updatedBy=run.get("by")),
    }


def _type_id(run: Doc) -> Doc:
    category, owner, provider, version = run["type"]
    return {"category": category, "owner": owner, "provider": provider, "version": version}


def _input(ctx: Context, row: Doc) -> Doc:
    return {
        "configuration": row["configuration"],
        "resolvedConfiguration": row["resolved"],
        "region": row["region"] or ctx.region,
        "inputArtifacts": [_artifact(each) for each in row["inputs"]],
        **present(roleArn=row["role"]),
    }


def _result(run: Doc) -> Doc:
    return present(
        externalExecutionId=run.get("external_id"),
        externalExecutionSummary=run.get("summary"),
        externalExecutionUrl=run.get("external_url"),
        errorDetails=error_details(run),
    )


def _artifact(located: Doc) -> Doc:
    return {"name": located["name"], "s3location": {"bucket": located["bucket"], "key": located["key"]}}
