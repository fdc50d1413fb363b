"""Writing the progress of a build: the one place where phases, events and the end of a build are stored together."""

from stageline.core.build.progress import Progress, finish, from_documents, to_documents
from stageline.ports.events import Events
from stageline.ports.store import Doc, WriteTx
from stageline.services.codebuild import announcements, documents


def advance(tx: WriteTx, events: Events, document: Doc, steps: Progress) -> None:
    """Store how far a build is and announce the phases that ended since."""
    build = document["build"]
    ended_before = sum(1 for phase in build["phases"] if "endTime" in phase)
    build["phases"] = to_documents(steps)
    build["currentPhase"] = steps.current
    build["buildStatus"] = steps.status
    for phase in build["phases"][ended_before:]:
        if "endTime" in phase:
            announcements.phase_change(events, tx, build, phase)
    tx.put(documents.BUILD, build["id"], document)


def end(tx: WriteTx, events: Events, document: Doc, steps: Progress) -> None:
    """Store the end of a build and announce it; nothing is left to run."""
    build = document["build"]
    build["buildComplete"] = True
    build["endTime"] = steps.phases[-1].start
    document["host"] = ""
    advance(tx, events, document, steps)
    announcements.state_change(events, tx, build)
    tx.delete(documents.ACTIVE, build["id"])
    tx.cancel(documents.queue_task_id(build["id"]))
    if not document["attempts"]:
        # Never hosted: no handler holds the task.
        tx.cancel(documents.task_id(build["id"]))


def stop(tx: WriteTx, events: Events, document: Doc, now: int) -> bool:
    """End a build because somebody wants it to end; False when it has ended already."""
    build = document["build"]
    if build["buildComplete"]:
        return False
    end(tx, events, document, finish(from_documents(build["phases"]), now, "STOPPED"))
    return True
