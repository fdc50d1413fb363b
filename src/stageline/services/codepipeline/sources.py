"""Changes at the sources: pipelines that follow one are started when its revision is another than the last one seen.

Our own services announce changes, so a start follows at once. The last revision seen is stored in the transaction that starts
the execution: an announcement that comes twice starts nothing twice, and a sweep after a restart finds what was missed. A start
that is refused has seen nothing: the next sweep tries it again, and ``unstarted`` tells meanwhile what is in the way.

``codepipeline.watch`` "codecommit/REPO/BRANCH␟pipeline␟action" or "s3/BUCKET/KEY␟…" → {pipeline, action} ·
``codepipeline.seen`` uid/action → {revision} · ``codepipeline.polling`` pipeline → {} while it follows a source ·
``codepipeline.polling-off`` pipeline → {at} when it follows none any more because nothing happened for long
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from stageline.core.pipeline.effects import Refusal
from stageline.core.pipeline.events import ExecutionRequested
from stageline.engine.apply import Engine
from stageline.engine.perform import assumed
from stageline.ports.api import ApiError
from stageline.ports.aws import Aws
from stageline.ports.runner import Again
from stageline.ports.store import Doc, ReadTx, Store, Task, WriteTx
from stageline.services.codepipeline import records, unstarted

WATCH = "codepipeline.watch"
SEEN = "codepipeline.seen"
POLLING = "codepipeline.polling"
POLLING_OFF = "codepipeline.polling-off"
SWEEP = "sources"
SWEEP_SOON = 20_000
SWEEP_EVERY = 10 * 60_000
log = structlog.get_logger("stageline.sources")


@dataclass(frozen=True)
class Source:
    """A source action that starts the pipeline when its subject changes. ``role`` is the action's own, if it has one."""

    provider: str
    action: str
    configuration: Mapping[str, str]
    role: str


def followed(document: Mapping[str, Any]) -> Iterator[Source]:
    """The sources of a declaration that start the pipeline when they change."""
    stages = document.get("stages") or [{}]
    for action in stages[0].get("actions", []):
        provider = action["actionTypeId"]["provider"]
        configuration = action.get("configuration", {})
        if action["actionTypeId"]["owner"] != "AWS":
            continue
        if provider in ("CodeCommit", "S3") and configuration.get("PollForSourceChanges", "true").lower() != "false":
            yield Source(provider, action["name"], configuration, action.get("roleArn", ""))


def subject(source: Source) -> str:
    """What is watched, as a key."""
    configuration = source.configuration
    if source.provider == "CodeCommit":
        return f"codecommit/{configuration['RepositoryName']}/{configuration['BranchName']}\x1f"
    return f"s3/{configuration['S3Bucket']}/{configuration['S3ObjectKey']}\x1f"


def kept(before: Mapping[str, Any], after: Mapping[str, Any]) -> set[str]:
    """Source actions that follow the same subject after an update. What they have seen is not looked up again: a change that has
    not been told yet would be taken for known, and would start nothing."""
    subjects = {source.action: subject(source) for source in followed(before)}
    return {source.action for source in followed(after) if subjects.get(source.action) == subject(source)}


def watch(tx: WriteTx, uid: str, document: Mapping[str, Any], seen: Mapping[str, str]) -> None:
    """Follow the sources of a declaration; ``seen`` has their present revisions."""
    name = document["name"]
    for source in followed(document):
        action = source.action
        tx.put(POLLING, name, {})
        tx.put(WATCH, f"{subject(source)}{name}\x1f{action}", {"pipeline": name, "action": action})
        if action in seen:
            tx.put(SEEN, f"{uid}/{action}", {"revision": seen[action]})


def unwatch(tx: WriteTx, document: Mapping[str, Any]) -> None:
    """Follow the sources of a declaration no longer."""
    for kind in (POLLING, POLLING_OFF):
        tx.delete(kind, document["name"])
    for source in followed(document):
        tx.delete(WATCH, f"{subject(source)}{document['name']}\x1f{source.action}")


def asleep(tx: ReadTx, document: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    """The source actions that start nothing since nothing happened for long: (since when, action)."""
    idle = tx.get(POLLING_OFF, document["name"])
    if idle is not None:
        yield from ((idle["at"], source.action) for source in followed(document))


def forget(tx: WriteTx, uid: str) -> None:
    """Forget which revisions a deleted pipeline has seen."""
    for key, _ in tx.scan(SEEN, f"{uid}/"):
        tx.delete(SEEN, key)
    unstarted.forget(tx, uid)


def current(document: Mapping[str, Any], aws: Aws, arn: str) -> dict[str, str]:
    """The present revision of each followed source, of those that can be read with the role of its action."""
    found = {}
    for source in followed(document):
        try:
            found[source.action] = _revision(source, document["roleArn"], aws, arn)
        except ApiError as error:
            log.info("a source cannot be read yet", pipeline=document["name"], action=source.action, reason=str(error))
    return found


def _revision(source: Source, pipeline_role: str, aws: Aws, arn: str) -> str:
    configuration = source.configuration
    role = assumed(aws, arn, pipeline_role, source.role)
    if source.provider == "CodeCommit":
        branch = role.call(
            "codecommit",
            "GetBranch",
            repositoryName=configuration["RepositoryName"],
            branchName=configuration["BranchName"],
        )
        return str(branch["branch"]["commitId"])
    head = role.call("s3", "HeadObject", Bucket=configuration["S3Bucket"], Key=configuration["S3ObjectKey"])
    return f"{head.get('VersionId', '')} {head['ETag']}"


class SourceWatcher:
    """Starts pipelines when a source that they follow has changed."""

    def __init__(self, store: Store, engine: Engine, aws: Aws) -> None:
        self._store = store
        self._engine = engine
        self._aws = aws

    def repository_changed(self, event: Doc) -> None:
        """Take an event of CodeCommit (``CodeCommit Repository State Change``)."""
        detail = event["detail"]
        if detail.get("referenceType") == "branch" and detail.get("event") != "referenceDeleted":
            self._changed(
                f"codecommit/{detail['repositoryName']}/{detail['referenceName']}\x1f", event.get("stageline:person", "")
            )

    def object_changed(self, event: Doc) -> None:
        """Take an event of S3 (``Object Created``)."""
        detail = event["detail"]
        if event["detail-type"] == "Object Created":
            self._changed(f"s3/{detail['bucket']['name']}/{detail['object']['key']}\x1f", event.get("stageline:person", ""))

    def sweep(self, task: Task) -> Again:
        """Handle the task of kind ``sources``: look at every followed source, now and then, in case a change went unheard.

        After a start twice in short order: what a killed server had begun, a push for one, may end after the first look.
        """
        self._changed("")
        return Again(self._engine.clock.now() + (SWEEP_SOON if task.attempt <= 1 else SWEEP_EVERY))

    def _changed(self, prefix: str, person: str = "") -> None:
        with self._store.read() as tx:
            watchers = [doc for _, doc in tx.scan(WATCH, prefix)]
        for watcher in watchers:
            self._look(watcher["pipeline"], watcher["action"], person)

    def _look(self, pipeline: str, action: str, person: str) -> None:
        with self._store.read() as tx:
            found = _document(tx, pipeline)
        if found is None:
            return
        uid, document = found
        source = next((each for each in followed(document) if each.action == action), None)
        if source is None:
            return
        try:
            arn = f"arn:aws:codepipeline:{self._engine.region}:{self._engine.account}:{pipeline}"
            revision = _revision(source, document["roleArn"], self._aws, arn)
        except ApiError as error:
            log.info("a source cannot be read", pipeline=pipeline, action=action, reason=str(error))
            self._unreadable(pipeline, uid, action, f"The source cannot be read: {error.message}")
            return
        with self._store.write() as tx:
            tx.lock(f"pipeline/{pipeline}")
            key = f"{uid}/{action}"
            if (tx.get(records.PIPELINE, pipeline) or {}).get("uid") != uid:
                return  # deleted while its source was looked at
            if (tx.get(SEEN, key) or {}).get("revision") == revision:
                unstarted.settle(tx, uid, action)
                return
            event = ExecutionRequested("PollForSourceChanges", action, person=person)
            outcome = self._engine.apply_in(tx, pipeline, event)
            if isinstance(outcome, Refusal):
                unstarted.note(tx, uid, action, self._engine.clock.now(), outcome.message, revision)
                return
            tx.put(SEEN, key, {"revision": revision})
            unstarted.clear(tx, uid, action)

    def _unreadable(self, pipeline: str, uid: str, action: str, reason: str) -> None:
        with self._store.read() as tx:
            if unstarted.noted(tx, uid, action, reason, unstarted.READING):
                return
        with self._store.write() as tx:
            tx.lock(f"pipeline/{pipeline}")
            if (tx.get(records.PIPELINE, pipeline) or {}).get("uid") == uid:
                unstarted.note(tx, uid, action, self._engine.clock.now(), reason, unstarted.READING)


def _document(tx: ReadTx, pipeline: str) -> tuple[str, Doc] | None:
    record = tx.get(records.PIPELINE, pipeline)
    if record is None:
        return None
    document = tx.get(records.VERSION, records.version_key(record["uid"], record["version"]))
    return (record["uid"], document) if document else None
