"""Custom action types and the worker's side of their jobs, for tests through a boto3 client."""

from collections.abc import Mapping
from typing import Any

from stageline.testing.pipelines import counter, eventually

KEY = {"name": "Project", "required": True, "key": True, "secret": False}
SECRET = {"name": "Token", "required": False, "key": False, "secret": True}


class Kind:
    """One custom action type of one test, and what a worker does about its jobs."""

    def __init__(self, client: Any, category: str = "Build", **more: Any) -> None:
        self.client = client
        self.name = {"category": category, "provider": f"Kind-{next(counter)}", "version": "1"}
        self.id = {**self.name, "owner": "Custom"}
        bounds = {"minimumCount": 0, "maximumCount": 0 if category == "Source" else 5}
        self.definition = {
            **self.name,
            "configurationProperties": [KEY, SECRET],
            "inputArtifactDetails": bounds,
            "outputArtifactDetails": {"minimumCount": 0, "maximumCount": 5},
            **more,
        }

    def create(self, **more: Any) -> "Kind":
        """Create it."""
        self.client.create_custom_action_type(**self.definition, **more)
        return self

    def action(self, name: str = "Work", configuration: Mapping[str, str] | None = None, **more: Any) -> dict[str, Any]:
        """An action of this type."""
        for side in ("inputs", "outputs"):
            if side in more:
                more[f"{side[:-1]}Artifacts"] = [{"name": each} for each in more.pop(side)]
        return {"name": name, "actionTypeId": self.id, "configuration": dict(configuration or {"Project": "shop"}), **more}

    def poll(self, **more: Any) -> list[dict[str, Any]]:
        """Jobs that one poll gives."""
        return list(self.client.poll_for_jobs(actionTypeId=self.id, **more)["jobs"])

    def next(self, **more: Any) -> dict[str, Any]:
        """The next job, once there is one."""
        return dict(eventually(lambda: self.poll(**more))[0])

    def take(self, **more: Any) -> dict[str, Any]:
        """The next job, acknowledged."""
        job = self.next(**more)
        assert self.client.acknowledge_job(jobId=job["id"], nonce=job["nonce"])["status"] == "InProgress"
        return job
