"""Watching a pipeline through its public API, and telling each change of status once."""

import time
from collections.abc import Callable
from typing import Any

from stageline.demo.setting import PIPELINE, Cloud
from stageline.demo.telling import Telling

PAUSE = 0.05


class DemoFailed(Exception):
    """The demo did not see what it must see; the text says what."""


class Watcher:
    """Follows one pipeline."""

    def __init__(self, cloud: Cloud, telling: Telling) -> None:
        self._codepipeline = cloud.client("codepipeline")
        self._telling = telling
        self._told: dict[str, str] = {}

    def actions(self) -> list[tuple[str, str, dict[str, Any]]]:
        """(stage, action, latest execution) of every action that ever ran."""
        state = self._codepipeline.get_pipeline_state(name=PIPELINE)
        found = []
        for stage in state["stageStates"]:
            for action in stage["actionStates"]:
                if "latestExecution" in action:
                    found.append((stage["stageName"], action["actionName"], action["latestExecution"]))
        return found

    def tell(self) -> None:
        """Say what has changed since the last time."""
        for stage, name, latest in self.actions():
            seen = f"{latest['actionExecutionId']} {latest['status']}"
            if self._told.get(f"{stage}/{name}") != seen:
                self._told[f"{stage}/{name}"] = seen
                error = latest.get("errorDetails", {}).get("message", "")
                self._telling.status(f"{stage}/{name}", latest["status"], error or latest.get("summary", ""))

    def until(self, what: str, found: Callable[[], Any], seconds: float) -> Any:
        """Tell changes until ``found`` gives something; DemoFailed when that takes too long."""
        end = time.monotonic() + seconds
        with self._telling.waiting(what):
            while time.monotonic() < end:
                self.tell()
                answer = found()
                if answer:
                    self.tell()
                    return answer
                time.sleep(PAUSE)
        raise DemoFailed(f"this was not seen within {seconds:.0f} seconds: {what}")

    def execution(self, revision: str) -> dict[str, Any] | None:
        """The execution of a commit, or None."""
        listed = self._codepipeline.list_pipeline_executions(pipelineName=PIPELINE)["pipelineExecutionSummaries"]
        for each in listed:
            if any(source.get("revisionId") == revision for source in each.get("sourceRevisions", [])):
                return dict(each)
        return None

    def ended(self, revision: str) -> dict[str, Any] | None:
        """The execution of a commit once it has ended, or None."""
        found = self.execution(revision)
        return found if found and found["status"] not in ("InProgress", "Stopping") else None

    def approval(self) -> dict[str, Any] | None:
        """The approval that waits, or None."""
        for stage, _, latest in self.actions():
            if stage == "Approve" and latest["status"] == "InProgress" and "token" in latest:
                return latest
        return None
