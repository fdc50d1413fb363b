"""Builds that were started: read, list, stop, delete."""

from stageline.ports.api import Context, Request, Response
from stageline.ports.events import Events
from stageline.ports.store import Store
from stageline.services.codebuild import documents
from stageline.services.codebuild.ending import stop
from stageline.services.codebuild.shapes import invalid


def batch_get_builds(ctx: Context, request: Request, *, store: Store) -> Response:
    """BatchGetBuilds, by id or ARN."""
    found, missing = [], []
    if not 1 <= len(request["ids"]) <= 100:
        raise invalid("Invalid input: ids must have 1 to 100 entries")
    with store.read() as tx:
        for text in dict.fromkeys(request["ids"]):
            document = documents.find_build(tx, text)
            if document is None:
                missing.append(text)
            else:
                found.append(documents.shown(document))
    return {"builds": found, "buildsNotFound": missing}


def list_builds(ctx: Context, request: Request, *, store: Store) -> Response:
    """ListBuilds, newest first unless asked otherwise."""
    return _listed(store, documents.BY_TIME, "", request)


def list_builds_for_project(ctx: Context, request: Request, *, store: Store) -> Response:
    """ListBuildsForProject, newest first unless asked otherwise."""
    name = documents.project_name(request["projectName"])
    with store.read() as tx:
        documents.require_project(tx, ctx, name)
    return _listed(store, documents.BY_PROJECT, f"{name}/", request)


def _listed(store: Store, kind: str, prefix: str, request: Request) -> Response:
    after = documents.page(request.get("nextToken", ""))
    if after and not after.startswith(prefix):
        raise invalid("Invalid next token: it belongs to another listing")
    newest_first = request.get("sortOrder", "DESCENDING") == "DESCENDING"
    with store.read() as tx:
        rows = tx.scan(kind, prefix, after=after, limit=documents.PAGE + 1, reverse=newest_first)
    answer: Response = {"ids": [row["id"] for _, row in rows[: documents.PAGE]]}
    if len(rows) > documents.PAGE:
        answer["nextToken"] = documents.next_token(rows[documents.PAGE - 1][0])
    return answer


def stop_build(ctx: Context, request: Request, *, store: Store, events: Events) -> Response:
    """StopBuild: the build is over with this answer; its host kills what still runs. A build that has ended stays as it is."""
    with store.write() as tx:
        document = documents.require_build(tx, request["id"])
        build = document["build"]
        stopped = stop(tx, events, document, ctx.now)
    if stopped:
        events.signal(documents.stop_signal(build["id"]))
        events.signal(documents.signal(build["id"]))
    return {"build": documents.shown(document)}


def batch_delete_builds(ctx: Context, request: Request, *, store: Store) -> Response:
    """BatchDeleteBuilds: a build that runs stays; logs and artifacts stay."""
    deleted, kept = [], []
    with store.write() as tx:
        for text in dict.fromkeys(request["ids"]):
            key = documents.build_id(text)
            arn = ctx.arn("codebuild", f"build/{key}")
            document = documents.find_build(tx, key)
            if document is None:
                kept.append({"id": arn, "statusCode": "BUILD_NOT_FOUND"})
            elif not document["build"]["buildComplete"]:
                kept.append({"id": arn, "statusCode": "BUILD_IN_PROGRESS"})
            else:
                documents.remove_build(tx, document)
                deleted.append(arn)
    return {"buildsDeleted": deleted, "buildsNotDeleted": kept}
