"""The phases of a build and what follows each: the tables of the state machine.

A build goes through ``ORDER``; a phase that did not succeed leads where ``AFTER_FAILURE`` says, unless its ``on-failure`` says
otherwise.
"""

from dataclasses import dataclass
from typing import Literal

Status = Literal["SUCCEEDED", "FAILED", "FAULT", "TIMED_OUT", "IN_PROGRESS", "STOPPED"]

SUBMITTED = "SUBMITTED"
QUEUED = "QUEUED"
PROVISIONING = "PROVISIONING"
DOWNLOAD_SOURCE = "DOWNLOAD_SOURCE"
INSTALL = "INSTALL"
PRE_BUILD = "PRE_BUILD"
BUILD = "BUILD"
POST_BUILD = "POST_BUILD"
UPLOAD_ARTIFACTS = "UPLOAD_ARTIFACTS"
FINALIZING = "FINALIZING"
COMPLETED = "COMPLETED"

ORDER = (
    SUBMITTED,
    QUEUED,
    PROVISIONING,
    DOWNLOAD_SOURCE,
    INSTALL,
    PRE_BUILD,
    BUILD,
    POST_BUILD,
    UPLOAD_ARTIFACTS,
    FINALIZING,
    COMPLETED,
)

COMMAND_PHASES = {INSTALL: "install", PRE_BUILD: "pre_build", BUILD: "build", POST_BUILD: "post_build"}
"""The phases that run commands, and their names in a buildspec."""

AFTER_FAILURE = {
    SUBMITTED: COMPLETED,
    QUEUED: COMPLETED,
    PROVISIONING: COMPLETED,
    DOWNLOAD_SOURCE: FINALIZING,
    INSTALL: FINALIZING,
    PRE_BUILD: FINALIZING,
    BUILD: POST_BUILD,
    POST_BUILD: UPLOAD_ARTIFACTS,
    UPLOAD_ARTIFACTS: FINALIZING,
    FINALIZING: COMPLETED,
}

AFTER_ABORT = {**AFTER_FAILURE, BUILD: UPLOAD_ARTIFACTS}
"""With ``on-failure: ABORT``: no further commands; what was built is still uploaded."""


@dataclass(frozen=True)
class Context:
    """Why a phase ended as it did: a code for programs, a message for people."""

    code: str = ""
    message: str = ""


@dataclass(frozen=True)
class Phase:
    """One phase that was entered. Instants are epoch milliseconds; ``status`` is empty while it runs and for COMPLETED."""

    type: str
    start: int
    end: int | None = None
    status: Status | Literal[""] = ""
    contexts: tuple[Context, ...] = ()
    tolerated: bool = False
    """It failed and ``on-failure: CONTINUE`` lets the build go on as if it had not."""


def following(phase: str, status: Status, policy: str = "") -> str:
    """The phase after ``phase``. ``policy`` is its ``on-failure``: empty, ABORT or CONTINUE (a retry is over by then)."""
    if status == "SUCCEEDED" or (status == "FAILED" and policy == "CONTINUE"):
        return ORDER[ORDER.index(phase) + 1]
    if status == "FAILED":
        return (AFTER_ABORT if policy == "ABORT" else AFTER_FAILURE)[phase]
    # Stopped, timed out or broken: nothing more is run or uploaded.
    return COMPLETED if ORDER.index(phase) <= ORDER.index(PROVISIONING) or phase == FINALIZING else FINALIZING
