"""The host's hold on a build's document.

Every write is fenced: it happens only while the build is not over and this host still has it. Phases that last no time are
stored together with the next one that does.
"""

from typing import Any

from stageline.core.build import progress
from stageline.core.build.phases import Context, Status
from stageline.core.build.progress import Progress
from stageline.ports.clock import Clock
from stageline.ports.events import Events
from stageline.ports.store import Doc, Store, WriteTx
from stageline.services.codebuild import documents, ending

MOST_ATTEMPTS = 3
"""How often a build may begin anew because its host was lost."""


class Lost(Exception):
    """The build is over (stopped, expired) or another host has it: whatever still runs here must end without a trace."""


class Record:
    """A build that this host runs."""

    def __init__(self, store: Store, events: Events, clock: Clock, document: Doc) -> None:
        self._store = store
        self._events = events
        self._clock = clock
        self._host: str = document["host"]
        self._changes: dict[str, Any] = {}
        self.id: str = document["build"]["id"]
        self.build: Doc = document["build"]
        self.run: Doc = document["run"]
        self.bond = documents.bond(document)
        self.person: str = document.get("person", "")  # a build that an earlier version started has none
        self.attempt: int = document["attempts"]
        self.steps: Progress = progress.from_documents(self.build["phases"])

    def note(self, **members: Any) -> None:
        """Members of the API's build, stored with the next write."""
        self._changes |= members
        self.build |= members

    def leave(self, status: Status = "SUCCEEDED", contexts: tuple[Context, ...] = (), *, policy: str = "") -> None:
        """End the current phase; stored with the next write."""
        self.steps = progress.leave(self.steps, self._clock.now(), status, contexts, policy=policy)

    def finish(self, status: Status, contexts: tuple[Context, ...] = ()) -> None:
        """End the current phase and with it the build; stored by ``end``."""
        self.steps = progress.finish(self.steps, self._clock.now(), status, contexts)

    def save(self) -> None:
        """Store what happened since. Raises Lost."""
        with self._store.write() as tx:
            ending.advance(tx, self._events, self._current(tx), self.steps)

    def end(self) -> None:
        """Store the end of the build. Raises Lost."""
        with self._store.write() as tx:
            ending.end(tx, self._events, self._current(tx), self.steps)
        self._events.signal(documents.signal(self.id))

    def require(self) -> None:
        """Raise Lost unless the build goes on and is still ours."""
        with self._store.read() as tx:
            self._held(tx.get(documents.BUILD, self.id))

    def _current(self, tx: WriteTx) -> Doc:
        document = self._held(tx.get(documents.BUILD, self.id))
        document["build"] |= self._changes
        return document

    def _held(self, document: Doc | None) -> Doc:
        if document is None or document["build"]["buildComplete"] or document["host"] != self._host:
            raise Lost(self.id)
        return document


def take(store: Store, events: Events, clock: Clock, build_id: str, host: str) -> Record | None:
    """Take a build from the queue, or from a host that was lost; None when there is nothing left to run."""
    ended = False
    with store.write() as tx:
        document = tx.get(documents.BUILD, build_id)
        if document is None or document["build"]["buildComplete"]:
            return None
        now = clock.now()
        steps = progress.from_documents(document["build"]["phases"])
        if document["attempts"] >= MOST_ATTEMPTS:
            text = f"The build's host was lost {MOST_ATTEMPTS} times; the build is not started again."
            ending.end(tx, events, document, progress.finish(steps, now, "FAULT", (Context("INTERNAL_SERVICE_ERROR", text),)))
            ended = True
        elif not document["attempts"] and _waited(document["build"], now):
            ending.end(tx, events, document, progress.finish(steps, now, "TIMED_OUT", (_too_long(document["build"]),)))
            ended = True
        else:
            document["attempts"] += 1
            document["host"] = host
            steps = progress.restart(steps, now) if document["attempts"] > 1 else progress.leave(steps, now)
            tx.cancel(documents.queue_task_id(build_id))
            document["build"]["logs"] = logs(document)
            if document["attempts"] > 1:
                # The phases of the lost attempt are gone: what they were must not count as announced.
                document["build"]["phases"] = progress.to_documents(steps)
            ending.advance(tx, events, document, steps)
    if ended:
        events.signal(documents.signal(build_id))
        return None
    return Record(store, events, clock, document)


def expire(store: Store, events: Events, clock: Clock, build_id: str) -> None:
    """End a build that waited too long in the queue; harmless when a host has it."""
    with store.write() as tx:
        document = tx.get(documents.BUILD, build_id)
        if document is None or document["build"]["buildComplete"] or document["attempts"]:
            return
        why = _too_long(document["build"])
        steps = progress.finish(progress.from_documents(document["build"]["phases"]), clock.now(), "TIMED_OUT", (why,))
        ending.end(tx, events, document, steps)
    events.signal(documents.signal(build_id))


def _waited(build: Doc, now: int) -> bool:
    return bool(now >= build["startTime"] + build["queuedTimeoutInMinutes"] * 60_000)


def _too_long(build: Doc) -> Context:
    return Context(
        "BUILD_TIMED_OUT", f"The build waited {build['queuedTimeoutInMinutes']} minutes in the queue, its queued timeout."
    )


def logs(document: Doc) -> Doc:
    """Where the log of a build goes, as the API shows it."""
    build, asked = document["build"], document["run"]["logs"]
    cloud = asked.get("cloudWatchLogs") or {}
    s3 = asked.get("s3Logs") or {}
    uuid = documents.uuid_of(build["id"])
    shown: Doc = {
        "cloudWatchLogs": {"status": "ENABLED", **cloud},
        "s3Logs": {"status": "DISABLED", "encryptionDisabled": False, **s3},
    }
    if shown["cloudWatchLogs"]["status"] == "ENABLED":
        group = cloud.get("groupName") or f"/aws/codebuild/{build['projectName']}"
        stream = f"{cloud['streamName']}/{uuid}" if cloud.get("streamName") else uuid
        _, _, _, region, account, _ = build["arn"].split(":", 5)
        shown |= {
            "groupName": group,
            "streamName": stream,
            "cloudWatchLogsArn": f"arn:aws:logs:{region}:{account}:log-group:{group}:log-stream:{stream}",
        }
    if shown["s3Logs"]["status"] == "ENABLED":
        location = s3["location"].removeprefix("arn:aws:s3:::").strip("/")
        shown["s3LogsArn"] = f"arn:aws:s3:::{location}/{uuid}.gz"
    return shown
