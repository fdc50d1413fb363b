"""How far a build is: pure steps from one state to the next, each taking the instant at which it happens.

``enter`` → ``leave`` → ``enter`` … → COMPLETED. A build that is complete never changes again.
"""

from dataclasses import dataclass, replace
from typing import Any

from stageline.core.build.phases import (
    COMMAND_PHASES,
    COMPLETED,
    PROVISIONING,
    QUEUED,
    SUBMITTED,
    Context,
    Phase,
    Status,
    following,
)

_WORST_FIRST: tuple[Status, ...] = ("STOPPED", "TIMED_OUT", "FAULT", "FAILED")


@dataclass(frozen=True)
class Progress:
    """The phases entered so far, the last one running unless it is COMPLETED."""

    phases: tuple[Phase, ...]

    @property
    def current(self) -> str:
        """The phase that the build is in."""
        return self.phases[-1].type

    @property
    def complete(self) -> bool:
        """Whether the build is over."""
        return self.current == COMPLETED

    @property
    def succeeding(self) -> bool:
        """Whether no phase has failed so far, tolerated or not (CODEBUILD_BUILD_SUCCEEDING)."""
        return all(phase.status in ("", "SUCCEEDED") for phase in self.phases)

    @property
    def status(self) -> Status:
        """The status of the build."""
        if not self.complete:
            return "IN_PROGRESS"
        statuses = {phase.status for phase in self.phases if not phase.tolerated}
        for status in _WORST_FIRST:
            if status in statuses:
                return status
        return "SUCCEEDED"


def submitted(at: int) -> Progress:
    """A build that was just asked for: it waits to be hosted."""
    done = Phase(SUBMITTED, at, at, "SUCCEEDED")
    return Progress((done, Phase(QUEUED, at)))


def leave(
    progress: Progress, at: int, status: Status = "SUCCEEDED", contexts: tuple[Context, ...] = (), *, policy: str = ""
) -> Progress:
    """End the current phase and enter the one that follows."""
    if progress.complete:
        return progress
    phase = progress.phases[-1]
    if status == "SUCCEEDED" and not contexts and phase.type not in (SUBMITTED, QUEUED):
        contexts = (Context(),)
    ended = replace(
        phase,
        end=max(at, phase.start),
        status=status,
        contexts=contexts,
        tolerated=status == "FAILED" and policy == "CONTINUE",
    )
    return Progress((*progress.phases[:-1], ended, Phase(following(phase.type, status, policy), max(at, phase.start))))


def finish(progress: Progress, at: int, status: Status, contexts: tuple[Context, ...] = ()) -> Progress:
    """End the build now, the current phase with ``status``, through FINALIZING where there is something to finalise."""
    progress = leave(progress, at, status, contexts)
    while not progress.complete:
        progress = leave(progress, at)
    return progress


def restart(progress: Progress, at: int) -> Progress:
    """The host was lost: all that came after the queue begins again."""
    if progress.complete or progress.current in (SUBMITTED, QUEUED):
        return progress
    kept = tuple(phase for phase in progress.phases if phase.type in (SUBMITTED, QUEUED))
    return Progress((*kept, Phase(PROVISIONING, at)))


def entered(progress: Progress, phase: str) -> bool:
    """Whether the build ever came to a phase."""
    return any(each.type == phase for each in progress.phases)


def to_documents(progress: Progress) -> list[dict[str, Any]]:
    """The phases as the API shows them. COMPLETED has a start and nothing else."""
    documents = []
    for phase in progress.phases:
        document: dict[str, Any] = {"phaseType": phase.type, "startTime": phase.start}
        if phase.end is not None:
            document["phaseStatus"] = phase.status
            document["endTime"] = phase.end
            document["durationInSeconds"] = (phase.end - phase.start) // 1000
            document["contexts"] = [{"statusCode": context.code, "message": context.message} for context in phase.contexts]
        if phase.tolerated:
            document["tolerated"] = True
        documents.append(document)
    return documents


def from_documents(documents: list[dict[str, Any]]) -> Progress:
    """The reverse of ``to_documents``."""
    return Progress(
        tuple(
            Phase(
                each["phaseType"],
                each["startTime"],
                each.get("endTime"),
                each.get("phaseStatus", ""),
                tuple(Context(context["statusCode"], context["message"]) for context in each.get("contexts", ())),
                each.get("tolerated", False),
            )
            for each in documents
        )
    )


def leads_out(phase: str, policy: str) -> bool:
    """Whether a failure of a command phase means that no further commands run."""
    return following(phase, "FAILED", policy) not in COMMAND_PHASES
