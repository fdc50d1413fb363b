"""The EventBridge events of builds. Inside ``detail``: times are English text, contexts are text that looks like a list."""

from datetime import UTC, datetime
from typing import Any

from stageline.ports.events import Events
from stageline.ports.store import Doc, WriteTx
from stageline.services.codebuild import documents

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def state_change(events: Events, tx: WriteTx, build: Doc) -> None:
    """Announce that a build began or ended."""
    phase = build["phases"][-1]
    detail = {
        "build-status": build["buildStatus"],
        "current-phase": phase["phaseType"],
        "current-phase-context": _context_text(phase),
    }
    _publish(events, tx, build, "CodeBuild Build State Change", detail)


def phase_change(events: Events, tx: WriteTx, build: Doc, phase: Doc) -> None:
    """Announce that a phase ended."""
    detail = {
        "completed-phase": phase["phaseType"],
        "completed-phase-status": phase["phaseStatus"],
        "completed-phase-context": _context_text(phase),
        "completed-phase-duration-seconds": phase["durationInSeconds"],
        "completed-phase-start": _time(phase["startTime"]),
        "completed-phase-end": _time(phase["endTime"]),
    }
    _publish(events, tx, build, "CodeBuild Build Phase Change", detail)


def _publish(events: Events, tx: WriteTx, build: Doc, kind: str, detail: Doc) -> None:
    if documents.one_off(build["id"]):
        return  # its pipeline tells of it
    events.publish(
        tx,
        {
            "source": "aws.codebuild",
            "detail-type": kind,
            "resources": [build["arn"]],
            "detail": {
                **detail,
                "project-name": build["projectName"],
                "build-id": build["arn"],
                "additional-information": _information(build),
                "version": "1",
            },
        },
    )


def _information(build: Doc) -> Doc:
    environment, logs = build["environment"], build.get("logs", {})
    information: Doc = {
        "build-number": build["buildNumber"],
        "build-complete": build["buildComplete"],
        "build-start-time": _time(build["startTime"]),
        "timeout-in-minutes": build["timeoutInMinutes"],
        "queued-timeout-in-minutes": build["queuedTimeoutInMinutes"],
        "initiator": build["initiator"],
        "source": {key: build["source"][key] for key in ("type", "location") if key in build["source"]},
        "environment": {
            "type": environment["type"],
            "image": environment["image"],
            "compute-type": environment["computeType"],
            "privileged-mode": environment["privilegedMode"],
            "environment-variables": environment["environmentVariables"],
        },
        "logs": {
            key: logs[member]
            for key, member in (("group-name", "groupName"), ("stream-name", "streamName"), ("deep-link", "deepLink"))
            if member in logs
        },
        "phases": [_phase(phase) for phase in build["phases"]],
    }
    artifact = {
        key: build.get("artifacts", {}).get(member)
        for key, member in (("location", "location"), ("md5sum", "md5sum"), ("sha256sum", "sha256sum"))
    }
    if artifact["location"]:
        information["artifact"] = {key: value for key, value in artifact.items() if value}
    if "sourceVersion" in build:
        information["source-version"] = build["sourceVersion"]
    return information


def _phase(phase: Doc) -> Doc:
    shown: dict[str, Any] = {"phase-type": phase["phaseType"], "start-time": _time(phase["startTime"])}
    if "endTime" in phase:
        shown |= {
            "end-time": _time(phase["endTime"]),
            "duration-in-seconds": phase["durationInSeconds"],
            "phase-status": phase["phaseStatus"],
            "phase-context": _contexts(phase),
        }
    return shown


def _contexts(phase: Doc) -> list[str]:
    return [f"{each['statusCode']}: {each['message']}" for each in phase.get("contexts", ())]


def _context_text(phase: Doc) -> str:
    return f"[{', '.join(_contexts(phase))}]"


def _time(at: int) -> str:
    when = datetime.fromtimestamp(at / 1000, UTC)
    half = "AM" if when.hour < 12 else "PM"
    clock = f"{when.hour % 12 or 12}:{when.minute:02d}:{when.second:02d}"
    return f"{_MONTHS[when.month - 1]} {when.day}, {when.year} {clock} {half}"
