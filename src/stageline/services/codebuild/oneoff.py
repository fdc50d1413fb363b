"""Builds that no project stands behind: the commands of pipelines, run as the pipeline's role. The API does not show them."""

from collections.abc import Sequence
from dataclasses import astuple
from typing import Any

from stageline.core import arn
from stageline.ports.api import Context
from stageline.ports.compute import Assumed, Order, Standing
from stageline.ports.events import Events
from stageline.ports.store import Doc, ReadTx, Store, WriteTx
from stageline.services.codebuild import builds, documents
from stageline.services.codebuild.ending import stop
from stageline.services.codebuild.hosting.record import logs
from stageline.services.codebuild.overrides import Plan
from stageline.services.codebuild.shapes import check_environment, invalid

IMAGE = "aws/codebuild/amazonlinux2-x86_64-standard:5.0"
EVERYTHING = ("**/*",)
"""What becomes the output artifact when no files are named."""
KEPT = 7 * 24 * 3_600_000
"""How long an ended build is kept, in milliseconds: its pipeline has long learned what came of it."""


class OneOffBuilds:
    """Takes orders for commands; implements ``stageline.ports.compute.Compute``."""

    def __init__(self, store: Store, events: Events) -> None:
        self._store = store
        self._events = events

    def begin(self, ctx: Context, order: Order, principal: Sequence[Assumed]) -> Standing:
        """Put a build into the queue, unless the same order did; see the port."""
        build_id = documents.one_off_id(order.pipeline, order.id)
        with self._store.read() as tx:
            document = tx.get(documents.BUILD, build_id)
        if document is None:
            planned = _plan(ctx, order, principal)
            with self._store.write() as tx:
                tx.lock(f"codebuild.one-off/{build_id}")
                document = tx.get(documents.BUILD, build_id) or self._add(tx, ctx, build_id, planned)
        return _standing(document)

    def _add(self, tx: WriteTx, ctx: Context, build_id: str, planned: Plan) -> Doc:
        document: Doc = {
            "build": builds.new_build(ctx, build_id, 1, planned),
            "run": planned.run,
            "request": {},
            "host": "",
            "person": ctx.caller.person,
            "attempts": 0,
        }
        document["build"]["logs"] = logs(document)
        tx.put(documents.BUILD, build_id, document)
        tx.put(documents.ONE_OFF, f"{ctx.now:015d}/{build_id}", {"id": build_id})
        builds.schedule(tx, document["build"])
        _forget_old(tx, ctx.now - KEPT)
        return document

    def standing(self, work_id: str) -> Standing | None:
        """How a build stands; see the port."""
        with self._store.read() as tx:
            document = _find(tx, work_id)
        return _standing(document) if document else None

    def stop(self, ctx: Context, work_id: str) -> None:
        """Stop a build; see the port."""
        with self._store.write() as tx:
            document = _find(tx, work_id)
            stopped = document is not None and stop(tx, self._events, document, ctx.now)
        if stopped:
            self._events.signal(documents.stop_signal(work_id))
            self._events.signal(documents.signal(work_id))


def _find(tx: ReadTx, work_id: str) -> Doc | None:
    return tx.get(documents.BUILD, work_id) if documents.one_off(work_id) else None


def _forget_old(tx: WriteTx, before: int) -> None:
    for key, row in tx.scan(documents.ONE_OFF, limit=10):
        if int(key.partition("/")[0]) >= before:
            return
        document = tx.get(documents.BUILD, row["id"])
        if document is None or document["build"]["buildComplete"]:
            tx.delete(documents.BUILD, row["id"])
            tx.delete(documents.ONE_OFF, key)


def _plan(ctx: Context, order: Order, principal: Sequence[Assumed]) -> Plan:
    """What the build runs with. Raises InvalidInputException for what this server cannot do."""
    environment: dict[str, Any] = {
        "type": order.environment_type,
        "image": IMAGE,
        "computeType": order.compute_type,
        "privilegedMode": False,
        "environmentVariables": [{"name": each.name, "value": each.value, "type": each.kind} for each in order.environment],
    }
    check_environment(environment)
    sources = _sources(order)
    run: Doc = {
        "sources": sources,
        "buildspec": "",
        "artifacts": [_artifact(order)],
        "logs": {"cloudWatchLogs": {"status": "ENABLED", "groupName": f"/aws/codepipeline/{order.pipeline}"}},
        "pipeline": bool(order.inputs),
        "work": {
            "commands": list(order.commands),
            "exported": list(order.output_variables),
            "files": list(order.files or EVERYTHING) if order.output else [],
            "principal": [list(astuple(each)) for each in principal],
        },
    }
    kind = "CODEPIPELINE" if order.inputs else "NO_SOURCE"
    shown: dict[str, Any] = {
        "source": {"type": kind},
        "secondarySources": [{"type": kind, "sourceIdentifier": each["identifier"]} for each in sources[1:]],
        "secondarySourceVersions": [],
        "environment": environment,
        "serviceRole": principal[-1].role,
        "timeoutInMinutes": order.minutes,
        "queuedTimeoutInMinutes": order.minutes,
        "encryptionKey": order.encryption_key or arn.build("kms", ctx.region, ctx.account, "alias/aws/s3"),
        "cache": {"type": "NO_CACHE"},
    }
    if order.vpc:
        shown["vpcConfig"] = {"vpcId": order.vpc}
    if order.inputs:
        shown["sourceVersion"] = f"arn:aws:s3:::{order.inputs[0].bucket}/{order.inputs[0].key}"
        shown |= {"resolvedSourceVersion": order.revision} if order.revision else {}
    return Plan(shown, run)


def _sources(order: Order) -> list[Doc]:
    """The input artifacts. A name that no shell variable can end in gets underscores: ``CODEBUILD_SRC_DIR_<name>``."""
    names = ["", *(each.name.replace("-", "_") for each in order.inputs[1:])]
    if len(set(names)) != len(names):
        raise invalid(f"Invalid input: two input artifacts would both be called {max(names, key=names.count)} in the shell")
    nothing: Doc = {"identifier": "", "type": "NO_SOURCE", "location": "", "version": ""}
    fetched = [
        {"identifier": name, "type": "S3", "location": f"{each.bucket}/{each.key}", "version": ""}
        for name, each in zip(names, order.inputs, strict=False)
    ]
    return [{**each, "depth": 0, "submodules": False, "insecure": False} for each in fetched or [nothing]]


def _artifact(order: Order) -> Doc:
    if order.output is None:
        return {"type": "NO_ARTIFACTS"}
    path, _, name = order.output.key.rpartition("/")
    return {
        "type": "S3",
        "location": order.output.bucket,
        "path": path,
        "name": name,
        "namespaceType": "NONE",
        "packaging": "ZIP",
        "encryptionDisabled": False,
    }


def _standing(document: Doc) -> Standing:
    build = document["build"]
    broken = [phase for phase in build["phases"] if phase.get("phaseStatus") not in (None, "SUCCEEDED")]
    told = [context for phase in broken for context in phase.get("contexts", ()) if context["message"]]
    why = told[0] if told else {"statusCode": "", "message": ""}
    return Standing(
        build["id"],
        build["buildStatus"],
        documents.signal(build["id"]),
        {each["name"]: each["value"] for each in build.get("exportedEnvironmentVariables", ())},
        why["statusCode"],
        why["message"],
        build["logs"].get("cloudWatchLogsArn", ""),
    )
