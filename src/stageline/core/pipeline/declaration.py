"""The declaration of a pipeline: what runs, in which order, with what. Built from the JSON that the API exchanges."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

TypeId = tuple[str, str, str, str]
"""(category, owner, provider, version)"""


@dataclass(frozen=True)
class EnvironmentVariable:
    """A variable for commands (``EnvironmentVariable``). ``kind`` is PLAINTEXT or SECRETS_MANAGER, whose value names a secret."""

    name: str
    value: str
    kind: str = "PLAINTEXT"


@dataclass(frozen=True)
class Action:
    """One action of a stage (``ActionDeclaration``). ``timeout`` is in minutes, 0 for the action type's default.

    ``commands``, ``environment``, ``output_variables`` and ``files`` (patterns by output artifact) are those of an action that
    runs commands.
    """

    name: str
    type: TypeId
    run_order: int = 1
    configuration: Mapping[str, str] = field(default_factory=dict)
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    role: str = ""
    region: str = ""
    namespace: str = ""
    timeout: int = 0
    commands: tuple[str, ...] = ()
    environment: tuple[EnvironmentVariable, ...] = ()
    output_variables: tuple[str, ...] = ()
    files: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def category(self) -> str:
        """Source, Build, Deploy, Test, Invoke, Approval or Compute."""
        return self.type[0]


@dataclass(frozen=True)
class Rule:
    """One rule of a condition (``RuleDeclaration``). ``timeout`` is in minutes, 0 for the rule type's default."""

    name: str
    type: TypeId
    configuration: Mapping[str, str] = field(default_factory=dict)
    commands: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    role: str = ""
    region: str = ""
    timeout: int = 0


@dataclass(frozen=True)
class Condition:
    """Rules that are evaluated together (``Condition``); ``result`` happens when one of them fails."""

    result: str
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True)
class OnFailure:
    """What follows when the actions of a stage have failed (``FailureConditions``): ``result`` is "", ROLLBACK or RETRY."""

    result: str = ""
    retry_mode: str = "FAILED_ACTIONS"
    condition: Condition | None = None

    @property
    def results(self) -> tuple[str, ...]:
        """Everything that may come of a failure."""
        return (self.result, self.condition.result if self.condition else "")


@dataclass(frozen=True)
class Stage:
    """One stage (``StageDeclaration``)."""

    name: str
    actions: tuple[Action, ...]
    before_entry: Condition | None = None
    on_success: Condition | None = None
    on_failure: OnFailure | None = None

    def action(self, name: str) -> Action | None:
        """The action of that name, or None."""
        return next((action for action in self.actions if action.name == name), None)

    @property
    def rolls_back(self) -> bool:
        """Whether the stage may have to go back to what succeeded in it last."""
        failing = self.on_failure.results if self.on_failure else ()
        return "ROLLBACK" in (*failing, self.on_success.result if self.on_success else "")


@dataclass(frozen=True)
class Variable:
    """A pipeline variable (``PipelineVariableDeclaration``); without a default it is required at start."""

    name: str
    default: str | None = None


@dataclass(frozen=True)
class Declaration:
    """A version of a pipeline (``PipelineDeclaration``). ``mode`` is SUPERSEDED, QUEUED or PARALLEL."""

    name: str
    version: int
    mode: str
    role: str
    stages: tuple[Stage, ...]
    variables: tuple[Variable, ...] = ()
    bucket: str = ""
    encryption_key: str = ""

    def stage(self, name: str) -> Stage | None:
        """The stage of that name, or None."""
        return next((stage for stage in self.stages if stage.name == name), None)

    def index(self, stage: str) -> int:
        """The position of a stage, from 0."""
        return next(index for index, each in enumerate(self.stages) if each.name == stage)


def _action(given: Mapping[str, Any]) -> Action:
    kind = given["actionTypeId"]
    return Action(
        name=given["name"],
        type=(kind["category"], kind["owner"], kind["provider"], kind["version"]),
        run_order=given.get("runOrder", 1),
        configuration=dict(given.get("configuration", {})),
        inputs=tuple(each["name"] for each in given.get("inputArtifacts", [])),
        outputs=tuple(each["name"] for each in given.get("outputArtifacts", [])),
        role=given.get("roleArn", ""),
        region=given.get("region", ""),
        namespace=given.get("namespace", ""),
        timeout=given.get("timeoutInMinutes", 0),
        commands=tuple(given.get("commands", [])),
        environment=tuple(
            EnvironmentVariable(each["name"], each["value"], each.get("type", "PLAINTEXT"))
            for each in given.get("environmentVariables", [])
        ),
        output_variables=tuple(given.get("outputVariables", [])),
        files={each["name"]: tuple(each["files"]) for each in given.get("outputArtifacts", []) if each.get("files")},
    )


def _stage(given: Mapping[str, Any]) -> Stage:
    failure = given.get("onFailure") or {}
    retry = failure.get("retryConfiguration") or {}
    return Stage(
        given["name"],
        tuple(_action(action) for action in given.get("actions", [])),
        before_entry=_condition(given.get("beforeEntry")),
        on_success=_condition(given.get("onSuccess")),
        on_failure=OnFailure(failure.get("result", ""), retry.get("retryMode", "FAILED_ACTIONS"), _condition(failure))
        if failure
        else None,
    )


def _condition(given: Mapping[str, Any] | None) -> Condition | None:
    conditions = (given or {}).get("conditions") or []
    return Condition(conditions[0].get("result", ""), tuple(map(_rule, conditions[0].get("rules", [])))) if conditions else None


def _rule(given: Mapping[str, Any]) -> Rule:
    kind = given["ruleTypeId"]
    return Rule(
        name=given["name"],
        type=(kind["category"], kind.get("owner", "AWS"), kind["provider"], kind.get("version", "1")),
        configuration=dict(given.get("configuration", {})),
        commands=tuple(given.get("commands", [])),
        inputs=tuple(each["name"] for each in given.get("inputArtifacts", [])),
        role=given.get("roleArn", ""),
        region=given.get("region", ""),
        timeout=given.get("timeoutInMinutes", 0),
    )


def from_api(given: Mapping[str, Any], *, region: str = "") -> Declaration:
    """The declaration in a ``PipelineDeclaration`` document that has passed the shape constraints and the validator."""
    stores = given.get("artifactStores") or {}
    store: Mapping[str, Any] = given.get("artifactStore") or stores.get(region) or next(iter(stores.values()), {})
    return Declaration(
        name=given["name"],
        version=given.get("version", 1),
        mode=given.get("executionMode", "SUPERSEDED"),
        role=given["roleArn"],
        stages=tuple(map(_stage, given["stages"])),
        variables=tuple(Variable(each["name"], each.get("defaultValue")) for each in given.get("variables", [])),
        bucket=store.get("location", ""),
        encryption_key=(store.get("encryptionKey") or {}).get("id", ""),
    )
