"""Driving pipelines in tests through a boto3 client: declaring, starting, waiting for what must come, settling what is held."""

import itertools
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

Providers = Mapping[tuple[str, str, str, str], Any]
ENDED = ("Succeeded", "Failed", "Stopped", "Superseded", "Cancelled")
counter = itertools.count(1)
refusals: set[tuple[str, str]] = set()
"""What ``refused`` has seen in this process: (operation of CodePipeline, error code)."""


def eventually(look: Callable[[], Any], seconds: float = 10) -> Any:
    """What ``look`` finds, as soon as it is true."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, f"{look} never came true"
        time.sleep(0.01)
    return found


def refused(code: str, call: Callable[..., Any], /, **request: Any) -> str:
    """The message with which a call is refused; it must be with that code."""
    try:
        answer = call(**request)
    except ClientError as caught:
        error = caught.response["Error"]
        assert error["Code"] == code, error
        assert error["Message"], "a refusal says why"
        if _service(call) in ("codepipeline", ""):
            refusals.add((caught.operation_name, code))
        return str(error["Message"])
    raise AssertionError(f"not refused with {code} but answered: {answer}")


def _service(call: Callable[..., Any]) -> str:
    """The service that a client's method asks; a pipeline's own method asks CodePipeline. "" for a function of a test."""
    owner = getattr(call, "__self__", None)
    client: Any = owner.client if isinstance(owner, Pipeline) else owner
    return str(client.meta.service_model.service_name) if hasattr(client, "meta") else ""


def action(name: str, category: str = "Build", provider: str = "Scripted", **more: Any) -> dict[str, Any]:
    """An action declaration; ``script`` and ``say`` go into the configuration."""
    configuration = {key.title(): more.pop(key) for key in ("script", "say") if key in more}
    for side in ("inputs", "outputs"):
        if side in more:
            more[f"{side[:-1]}Artifacts"] = [{"name": each} for each in more.pop(side)]
    kind = {"category": category, "owner": "AWS", "provider": provider, "version": "1"}
    return {"name": name, "actionTypeId": kind, "configuration": configuration, **more}


def source(**more: Any) -> dict[str, Any]:
    """The source stage of most tests."""
    return stage("Source", action("Fetch", "Source", **{"outputs": ["Src"], **more}))


def approval(name: str = "Approve", **more: Any) -> dict[str, Any]:
    """A manual approval."""
    return action(name, "Approval", "Manual", **more)


def stage(name: str, *actions: dict[str, Any]) -> dict[str, Any]:
    """A stage declaration."""
    return {"name": name, "actions": list(actions)}


class Pipeline:
    """One pipeline of one test; ``providers`` are those of the server, with the scripted ones among them."""

    def __init__(self, client: Any, stages: Sequence[dict[str, Any]], *, role: str, providers: Providers, **more: Any) -> None:
        self.client = client
        self.providers = providers
        self.name = more.pop("name", f"pipe-{next(counter)}")
        self.tags = more.pop("tags", None)
        self.document = {
            "name": self.name,
            "roleArn": role,
            "artifactStore": {"type": "S3", "location": "artifacts"},
            "stages": list(stages),
            **more,
        }

    @property
    def arn(self) -> str:
        """The pipeline's ARN."""
        return str(self.client.get_pipeline(name=self.name)["metadata"]["pipelineArn"])

    def create(self) -> "Pipeline":
        """Create it, which starts it once."""
        self.client.create_pipeline(pipeline=self.document, **({"tags": self.tags} if self.tags else {}))
        return self

    def update(self, **changes: Any) -> Any:
        """Replace the declaration with these members changed."""
        self.document = {**self.document, **changes}
        return self.client.update_pipeline(pipeline=self.document)["pipeline"]

    def start(self, **more: Any) -> str:
        """Start an execution; its id."""
        return str(self.client.start_pipeline_execution(name=self.name, **more)["pipelineExecutionId"])

    def executions(self, **more: Any) -> list[dict[str, Any]]:
        """Summaries, newest first."""
        answer = self.client.list_pipeline_executions(pipelineName=self.name, **more)
        return list(answer["pipelineExecutionSummaries"])

    def first(self) -> str:
        """The execution that creating the pipeline started."""
        return str(self.executions()[-1]["pipelineExecutionId"])

    def execution(self, execution_id: str) -> dict[str, Any]:
        """One execution."""
        answer = self.client.get_pipeline_execution(pipelineName=self.name, pipelineExecutionId=execution_id)
        return dict(answer["pipelineExecution"])

    def ended(self, execution_id: str = "", status: str = "Succeeded") -> dict[str, Any]:
        """An execution, once it has ended; it must have that status."""
        wanted = execution_id or self.first()

        def look() -> dict[str, Any] | None:
            found = self.execution(wanted)
            return found if found["status"] in ENDED else None

        found = eventually(look)
        assert found["status"] == status, found
        return dict(found)

    def runs(self, **chosen: Any) -> list[dict[str, Any]]:
        """Action executions, newest first, of those that the filter chooses."""
        request = {"filter": chosen} if chosen else {}
        answer = self.client.list_action_executions(pipelineName=self.name, **request)
        return list(answer["actionExecutionDetails"])

    def state(self) -> dict[str, dict[str, Any]]:
        """The stages' states by name."""
        return {each["stageName"]: each for each in self.client.get_pipeline_state(name=self.name)["stageStates"]}

    def shown(self, stage_name: str, action_name: str) -> dict[str, Any]:
        """What the state shows of an action, {} before its first run."""
        states = {each["actionName"]: each for each in self.state()[stage_name]["actionStates"]}
        return dict(states[action_name].get("latestExecution", {}))

    def reached(self, stage_name: str, action_name: str, status: str = "InProgress", *, after: str = "") -> dict[str, Any]:
        """An action's latest run, once it has the status (and is another than ``after``)."""

        def look() -> dict[str, Any] | None:
            found = self.shown(stage_name, action_name)
            return found if found.get("status") == status and found["actionExecutionId"] != after else None

        return dict(eventually(look))

    def settle(self, stage_name: str, action_name: str, outcome: Any = None) -> str:
        """End an action that is held; the id of its run."""
        run = self.reached(stage_name, action_name)["actionExecutionId"]
        stage_found = next(each for each in self.document["stages"] if each["name"] == stage_name)
        category = next(each for each in stage_found["actions"] if each["name"] == action_name)["actionTypeId"]["category"]
        self.providers[category, "AWS", "Scripted", "1"].settle(run, outcome)
        return str(run)

    def approve(self, stage_name: str, action_name: str, status: str = "Approved", **more: Any) -> Any:
        """Approve (or reject) with the present token, or another."""
        token = more.pop("token", "") or self.reached(stage_name, action_name)["token"]
        return self.client.put_approval_result(
            pipelineName=self.name,
            stageName=stage_name,
            actionName=action_name,
            token=token,
            result={"summary": more.get("summary", ""), "status": status},
        )
