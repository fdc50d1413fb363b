"""Pipelines: declared, read, listed, deleted. The operations of the API's pipeline structure."""

import uuid
from collections.abc import Mapping
from typing import Any

from stageline.core.pipeline.declaration import from_api
from stageline.core.pipeline.events import ExecutionRequested, PipelineDeclared
from stageline.core.pipeline.validate import validate
from stageline.core.quotas import Quotas
from stageline.engine.apply import Engine
from stageline.engine.perform import assumed
from stageline.ports.api import ApiError, Context, Request, Response
from stageline.ports.aws import Aws
from stageline.ports.store import Doc, Store
from stageline.ports.vault import Vault
from stageline.services.codepipeline import limits, masking, pages, records, sources, tags, unstarted
from stageline.services.codepipeline.custom.catalog import Catalog
from stageline.services.codepipeline.shapes import answer, normalised, refused


def create_pipeline(
    ctx: Context, request: Request, *, store: Store, engine: Engine, aws: Aws, catalog: Catalog, vault: Vault, quotas: Quotas
) -> Response:
    """Create a pipeline and start it once (trigger ``CreatePipeline``)."""
    document = masking.restored(catalog.known, vault, normalised(request["pipeline"], 1, catalog.known), {})
    name = document["name"]
    labels = tags.checked(request.get("tags", []), quotas)
    with store.read() as tx:
        if tx.get(records.PIPELINE, name) is not None:
            raise _taken(ctx, name)
    _check(document, ctx, aws, catalog, quotas)
    seen = sources.current(document, aws, records.arn(ctx, name))
    document = masking.sealed(catalog.known, vault, document)
    uid = str(uuid.uuid4())
    with store.write() as tx:
        tx.lock(f"pipeline/{name}")
        limits.pipelines(tx, quotas)
        limits.polling(tx, quotas, document)
        record = _record(uid, document, created=ctx.now, updated=ctx.now)
        if not tx.insert(records.PIPELINE, name, record):
            raise _taken(ctx, name)
        tx.put(records.VERSION, records.version_key(uid, 1), document)
        if labels:
            tx.put(records.TAGS, records.arn(ctx, name), labels)
        sources.watch(tx, uid, document, seen)
        engine.create(tx, name, uid)
        answer(engine.apply_in(tx, name, PipelineDeclared(from_api(document, region=ctx.region))))
        answer(engine.apply_in(tx, name, ExecutionRequested("CreatePipeline", ctx.caller.arn, person=ctx.caller.person)))
    return {"pipeline": masking.masked(catalog.known, document), "tags": tags.listed(labels)}


def _taken(ctx: Context, name: str) -> ApiError:
    return ApiError("PipelineNameInUseException", f"A pipeline with the name '{name}' already exists in account '{ctx.account}'")


def update_pipeline(
    ctx: Context, request: Request, *, store: Store, engine: Engine, aws: Aws, catalog: Catalog, vault: Vault, quotas: Quotas
) -> Response:
    """Replace a declaration: the version goes up by one, and what runs is cancelled when its actions in progress have ended."""
    name = request["pipeline"]["name"]
    with store.read() as tx:
        before = records.find(tx, ctx, name)
        present = tx.get(records.VERSION, records.version_key(before["uid"], before["version"])) or {}
    given = normalised(request["pipeline"], before["version"] + 1, catalog.known)
    document = masking.restored(catalog.known, vault, given, present)
    _check(document, ctx, aws, catalog, quotas)
    seen = sources.current(document, aws, records.arn(ctx, name))
    document = masking.sealed(catalog.known, vault, document)
    with store.write() as tx:
        tx.lock(f"pipeline/{name}")
        record = records.find(tx, ctx, name)
        limits.polling(tx, quotas, document)
        uid = record["uid"]
        old = tx.get(records.VERSION, records.version_key(uid, record["version"])) or {}
        document = {**document, "version": record["version"] + 1}
        tx.put(records.PIPELINE, name, _record(uid, document, created=record["created"], updated=ctx.now))
        tx.put(records.VERSION, records.version_key(uid, document["version"]), document)
        sources.unwatch(tx, old)
        unstarted.retain(tx, uid, old, document)
        kept = sources.kept(old, document)
        sources.watch(tx, uid, document, {action: revision for action, revision in seen.items() if action not in kept})
        answer(engine.apply_in(tx, name, PipelineDeclared(from_api(document, region=ctx.region))))
    return {"pipeline": masking.masked(catalog.known, document)}


def _check(document: Doc, ctx: Context, aws: Aws, catalog: Catalog, quotas: Quotas) -> None:
    try:
        assumed(aws, records.arn(ctx, document["name"]), document["roleArn"])
    except ApiError as error:
        raise ApiError("InvalidStructureException", error.message) from error
    refusal = validate(document, catalog.get, catalog.rules.get, region=ctx.region, quotas=quotas)
    if refusal:
        raise refused(refusal)


def _record(uid: str, document: Doc, *, created: int, updated: int) -> Doc:
    return {
        "uid": uid,
        "name": document["name"],
        "version": document["version"],
        "pipelineType": document["pipelineType"],
        "executionMode": document["executionMode"],
        "created": created,
        "updated": updated,
    }


def get_pipeline(ctx: Context, request: Request, *, store: Store, catalog: Catalog) -> Response:
    """A version of the declaration, the current one unless another is asked for, with the pipeline's metadata."""
    name = request["name"]
    with store.read() as tx:
        record = records.find(tx, ctx, name)
        version: int = request.get("version") or record["version"]
        document = tx.get(records.VERSION, records.version_key(record["uid"], version))
        idle = tx.get(sources.POLLING_OFF, name)
    if document is None:
        raise ApiError("PipelineVersionNotFoundException", f"Pipeline '{name}' does not have a version {version}")
    metadata = {"pipelineArn": records.arn(ctx, name), "created": record["created"], "updated": record["updated"]}
    return {
        "pipeline": masking.masked(catalog.known, document),
        "metadata": {**metadata, **({"pollingDisabledAt": idle["at"]} if idle else {})},
    }


def list_pipelines(ctx: Context, request: Request, *, store: Store) -> Response:
    """Summaries of all pipelines, by name."""
    size = request.get("maxResults", 1000)
    with store.read() as tx:
        found, after = pages.page(
            "pipelines",
            request.get("nextToken"),
            size,
            lambda after, limit: tx.scan(records.PIPELINE, after=after, limit=limit),
            _summary,
        )
    return {"pipelines": found, "nextToken": after}


def _summary(record: Doc) -> Doc:
    return {key: value for key, value in record.items() if key != "uid"}


def delete_pipeline(ctx: Context, request: Request, *, store: Store, engine: Engine) -> Response:
    """Delete a pipeline with its versions and history. Nothing happens when there is none of that name."""
    name = request["name"]
    with store.write() as tx:
        tx.lock(f"pipeline/{name}")
        record = tx.get(records.PIPELINE, name)
        if record is None:
            return {}
        document: Mapping[str, Any] = tx.get(records.VERSION, records.version_key(record["uid"], record["version"])) or {}
        tx.delete(records.PIPELINE, name)
        tx.delete(records.TAGS, records.arn(ctx, name))
        for kind in (records.VERSION, records.TOKEN, records.REPORTED):
            for key, _ in tx.scan(kind, f"{record['uid']}/"):
                tx.delete(kind, key)
        sources.unwatch(tx, document)
        sources.forget(tx, record["uid"])
        engine.delete(tx, name)
    return {}
