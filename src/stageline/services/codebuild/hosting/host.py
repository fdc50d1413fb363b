"""Running one build from the queue to its end: the handler of the task that StartBuild schedules."""

import logging
import uuid
from dataclasses import dataclass
from pathlib import Path

from stageline.core.build.phases import Context
from stageline.ports.aws import Aws
from stageline.ports.clock import Clock
from stageline.ports.events import Events
from stageline.ports.runner import Again
from stageline.ports.sandbox import Sandbox
from stageline.ports.store import Store, Task
from stageline.ports.vault import Vault
from stageline.services.codebuild import credentials
from stageline.services.codebuild.documents import uuid_of
from stageline.services.codebuild.hosting import record as records
from stageline.services.codebuild.hosting.course import Course
from stageline.services.codebuild.hosting.record import Lost
from stageline.services.codebuild.hosting.watch import TimedOut, Watch
from stageline.services.codebuild.hosting.workspace import Workspace, remove

_server_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class BuildHost:
    """Runs builds. ``endpoint`` is the address at which builds reach this server; ``folder`` is for their work folders."""

    store: Store
    clock: Clock
    events: Events
    aws: Aws
    sandbox: Sandbox
    folder: Path
    account: str
    region: str
    endpoint: str = ""
    vault: Vault | None = None
    """Opens the source credentials; without one, repositories are cloned without any."""
    private: bool = True
    """Whether repositories may be at loopback and private addresses."""

    def login(self, server: str, scheme: str, host: str) -> tuple[str, str] | None:
        """The user and password for a private repository of another server."""
        if self.vault is None:
            return None
        with self.store.read() as tx:
            return credentials.login(tx, self.vault, server, scheme, host)

    def run(self, task: Task) -> Again | None:
        """Run a build unless it is over already. Another attempt after a lost host begins anew."""
        build_id: str = task.payload["id"]
        record = records.take(self.store, self.events, self.clock, build_id, str(uuid.uuid4()))
        for leftover in self.folder.glob(f"{uuid_of(build_id)}.*"):
            remove(leftover)
        if record is None:
            return None
        # A folder of its own for each attempt: a host that was only slow cannot clear away the next one's.
        workspace = Workspace(self.folder / f"{uuid_of(build_id)}.{record.attempt}", self.sandbox)
        try:
            with Watch(record, self.events, self.clock) as watch:
                course = Course(record, watch, workspace, self)
                try:
                    _follow(course)
                finally:
                    course.close()
            record.end()
        except Lost:
            # Stopped, or taken by another host: what there is to tell has been told.
            _server_log.info("build %s ended elsewhere", build_id)
        finally:
            workspace.close()
        return None

    def expire(self, task: Task) -> Again | None:
        """End a build that waited in the queue for too long."""
        records.expire(self.store, self.events, self.clock, task.payload["id"])
        return None


def _follow(course: Course) -> None:
    try:
        course.run()
    except TimedOut:
        course.broken("TIMED_OUT", Context("BUILD_TIMED_OUT", "Build has timed out. "))
    except Lost:
        raise
    except OSError as error:
        _server_log.exception("build %s met a fault of its host", course.id)
        course.broken("FAULT", Context("INTERNAL_SERVICE_ERROR", f"The host of the build failed: {error.strerror or error}"))
    except Exception:
        _server_log.exception("build %s met a fault", course.id)
        course.broken("FAULT", Context("INTERNAL_SERVICE_ERROR", "The build met a fault of this server; its log says more."))
