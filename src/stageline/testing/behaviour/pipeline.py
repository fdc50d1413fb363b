"""A pipeline of a check: created, started, waited for, approved, read."""

import time
from typing import Any

from stageline.testing.behaviour.check import same
from stageline.testing.behaviour.declare import Doc
from stageline.testing.behaviour.trial import Trial

ENDED = ("Succeeded", "Failed", "Stopped", "Superseded", "Cancelled")


class Pipeline:
    """A pipeline that exists, until its trial ends."""

    def __init__(self, trial: Trial, *stages: Doc, **more: Any) -> None:
        self.trial = trial
        self.client = trial.client
        tags = more.pop("tags", None)
        self.document = trial.document(*stages, **more)
        self.name: str = self.document["name"]
        self.created = self.client.create_pipeline(pipeline=self.document, **({"tags": tags} if tags else {}))["pipeline"]
        trial.remember(f"the pipeline {self.name}", lambda: self.client.delete_pipeline(name=self.name))

    @property
    def arn(self) -> str:
        """Its ARN."""
        return str(self.client.get_pipeline(name=self.name)["metadata"]["pipelineArn"])

    def update(self, **changes: Any) -> Doc:
        """Replace the declaration with these members changed; the answer."""
        self.document = {**self.document, **changes}
        return dict(self.client.update_pipeline(pipeline=self.document)["pipeline"])

    # Executions

    def start(self, **more: Any) -> str:
        """Start an execution; its id."""
        return str(self.client.start_pipeline_execution(name=self.name, **more)["pipelineExecutionId"])

    def stop(self, execution: str, *, abandon: bool = False, **more: Any) -> None:
        """Stop an execution."""
        self.client.stop_pipeline_execution(pipelineName=self.name, pipelineExecutionId=execution, abandon=abandon, **more)

    def executions(self, **more: Any) -> list[Doc]:
        """Summaries, newest first."""
        answer = self.client.list_pipeline_executions(pipelineName=self.name, **more)
        return list(answer["pipelineExecutionSummaries"])

    def summary(self, execution: str) -> Doc:
        """One of the summaries, {} while there is none."""
        return next((each for each in self.executions() if each["pipelineExecutionId"] == execution), {})

    def first(self) -> str:
        """The execution that creating the pipeline has started."""
        found = self.trial.until("an execution after CreatePipeline", self.executions)
        return str(found[-1]["pipelineExecutionId"])

    def execution(self, execution: str) -> Doc:
        """One execution."""
        answer = self.client.get_pipeline_execution(pipelineName=self.name, pipelineExecutionId=execution)
        return dict(answer["pipelineExecution"])

    def status(self, execution: str) -> str:
        """The status of an execution."""
        return str(self.execution(execution)["status"])

    def ends(self, execution: str, wanted: str = "Succeeded") -> Doc:
        """An execution once it has ended; it must be with this status. Another one counts when it stays."""
        seen: Doc = {}
        other = [0.0]

        def ended() -> bool:
            seen.update(self.execution(execution))
            if seen["status"] not in ENDED or seen["status"] == wanted:
                return bool(seen["status"] == wanted)
            other[0] = other[0] or time.monotonic()
            return time.monotonic() - other[0] > self.trial.options.patience / 15

        self.trial.until(f"the execution to end as {wanted}", ended)
        same("the status in which the execution ended", seen["status"], wanted)
        return seen

    # What the state shows

    def state(self) -> list[Doc]:
        """The states of the stages."""
        return list(self.client.get_pipeline_state(name=self.name)["stageStates"])

    def stage(self, name: str) -> Doc:
        """The state of a stage, {} when there is none."""
        return next((each for each in self.state() if each["stageName"] == name), {})

    def shown(self, stage: str = "Gate", action: str = "Approve") -> Doc:
        """What the state shows of an action's latest run, {} before the first."""
        states = self.stage(stage).get("actionStates", [])
        return next((dict(each.get("latestExecution", {})) for each in states if each["actionName"] == action), {})

    def inside(self, stage: str) -> tuple[str, str]:
        """Who entered a stage last, and the stage's status; empty before the first."""
        latest = self.stage(stage).get("latestExecution", {})
        return str(latest.get("pipelineExecutionId", "")), str(latest.get("status", ""))

    def waiting(self, stage: str = "Gate") -> list[str]:
        """Who waits in front of a stage, in order."""
        found = self.stage(stage)
        listed = [each["pipelineExecutionId"] for each in found.get("inboundExecutions", [])]
        return listed or [each["pipelineExecutionId"] for each in [found.get("inboundExecution")] if each]

    def waits(self, *executions: str, stage: str = "Gate") -> None:
        """Wait until these, and no others, wait in front of a stage."""
        self.trial.becomes(f"who waits in front of {stage}", lambda: self.waiting(stage), list(executions))

    # Approvals

    def held(self, execution: str, stage: str = "Gate", action: str = "Approve") -> str:
        """The token of an approval, once it waits in this execution."""

        def token() -> str:
            found = self.stage(stage)
            if found.get("latestExecution", {}).get("pipelineExecutionId") != execution:
                return ""
            states = {each["actionName"]: each.get("latestExecution", {}) for each in found.get("actionStates", [])}
            latest = states.get(action, {})
            return str(latest.get("token", "")) if latest.get("status") == "InProgress" else ""

        return str(self.trial.until(f"an approval token of {stage}/{action}", token))

    def answer(self, token: str, status: str = "Approved", summary: str = "", *, at: str = "Gate/Approve") -> Doc:
        """Approve or reject."""
        stage, action = at.split("/")
        result = {"summary": summary, "status": status}
        return dict(
            self.client.put_approval_result(
                pipelineName=self.name, stageName=stage, actionName=action, token=token, result=result
            )
        )

    def approve(self, execution: str, stage: str = "Gate", action: str = "Approve") -> None:
        """Wait for an approval and give it."""
        self.answer(self.held(execution, stage, action), at=f"{stage}/{action}")

    def reject(self, execution: str, stage: str = "Gate", action: str = "Approve") -> None:
        """Wait for an approval and refuse it."""
        self.answer(self.held(execution, stage, action), "Rejected", at=f"{stage}/{action}")

    # History

    def runs(self, execution: str = "", **chosen: Any) -> list[Doc]:
        """Action runs, oldest first, of an execution or of those that a filter chooses."""
        wanted = {"pipelineExecutionId": execution} if execution else chosen
        pages = self.client.get_paginator("list_action_executions").paginate(
            pipelineName=self.name, **({"filter": wanted} if wanted else {})
        )
        return [each for page in pages for each in page["actionExecutionDetails"]][::-1]

    def run(self, execution: str, action: str) -> Doc:
        """The last run of an action in an execution, once it is listed."""

        def look() -> Doc | None:
            return next((each for each in reversed(self.runs(execution)) if each["actionName"] == action), None)

        return dict(self.trial.until(f"a run of {action} in ListActionExecutions", look))

    def ids(self, execution: str, action: str) -> list[str]:
        """The ids of an action's runs in an execution, oldest first."""
        return [each["actionExecutionId"] for each in self.runs(execution) if each["actionName"] == action]

    def names(self, execution: str) -> list[str]:
        """The names of the actions that an execution has run, in order."""
        return [each["actionName"] for each in self.runs(execution)]

    def retry(self, execution: str, stage: str = "Gate", mode: str = "FAILED_ACTIONS") -> str:
        """Retry a stage; the id that is answered."""
        answer = self.client.retry_stage_execution(
            pipelineName=self.name, stageName=stage, pipelineExecutionId=execution, retryMode=mode
        )
        return str(answer["pipelineExecutionId"])
