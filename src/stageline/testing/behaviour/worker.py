"""A job worker of a check: a custom action type of its own, and what does its jobs."""

from typing import Any

from stageline.testing.behaviour.declare import Doc, kind
from stageline.testing.behaviour.trial import Trial


class Worker:
    """A custom action type that exists until its trial ends. ``properties`` are configuration properties by name: members of
    ``ActionConfigurationProperty`` that are true."""

    def __init__(self, trial: Trial, **properties: tuple[str, ...]) -> None:
        self.trial = trial
        self.client = trial.client
        self.type = kind("Test", trial.name(), "Custom")
        declared = [
            {"name": name, **{each: each in given for each in ("required", "key", "secret", "queryable")}}
            for name, given in properties.items()
        ]
        self.client.create_custom_action_type(
            category="Test",
            provider=self.type["provider"],
            version="1",
            inputArtifactDetails={"minimumCount": 0, "maximumCount": 5},
            outputArtifactDetails={"minimumCount": 0, "maximumCount": 5},
            **({"configurationProperties": declared} if declared else {}),
        )
        trial.remember(f"the action type {self.type['provider']}", self.delete)

    def delete(self) -> None:
        """Delete the action type."""
        self.client.delete_custom_action_type(category="Test", provider=self.type["provider"], version="1")

    def action(self, name: str = "Work", **more: Any) -> Doc:
        """An action of this type."""
        return {"name": name, "actionTypeId": self.type, **more}

    def poll(self, **more: Any) -> list[Doc]:
        """The jobs that are there now."""
        return list(self.client.poll_for_jobs(actionTypeId=self.type, **more).get("jobs", []))

    def job(self, *, patience: float = 0, **more: Any) -> Doc:
        """The next job, not acknowledged yet."""
        return dict(self.trial.until("a job of a custom action", lambda: self.poll(**more), patience=patience)[0])

    def take(self, **more: Any) -> Doc:
        """The next job, acknowledged."""
        job = self.job(**more)
        self.client.acknowledge_job(jobId=job["id"], nonce=job["nonce"])
        return job

    def succeed(self, job: Doc, **more: Any) -> None:
        """End a job well, or go on with it later (``continuationToken``)."""
        self.client.put_job_success_result(jobId=job["id"], **more)

    def fail(self, job: Doc, message: str = "no", type_: str = "JobFailed", **more: Any) -> None:
        """End a job badly."""
        self.client.put_job_failure_result(jobId=job["id"], failureDetails={"type": type_, "message": message, **more})
