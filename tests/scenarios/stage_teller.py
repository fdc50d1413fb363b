"""Tells a story: commands in, rendered decisions out. Executions are called E1, E2 … in the order of their start."""

import re
import shlex
from dataclasses import replace

from stageline.core.pipeline.decide import decide
from stageline.core.pipeline.declaration import Action, Condition, Declaration, OnFailure, Rule, Stage, Variable
from stageline.core.pipeline.effects import Announce, CancelAction, ForgetAction, RecordAction, Refusal, StartAction
from stageline.core.pipeline.events import (
    ActionFailed,
    ActionSucceeded,
    ActionTimedOut,
    ApprovalAnswered,
    ConditionOverridden,
    Event,
    ExecutionRequested,
    PipelineDeclared,
    RetryRequested,
    RollbackRequested,
    Stamped,
    StopRequested,
    TransitionSwitched,
)
from stageline.core.pipeline.state import ENDED, RUNNING, ActionRun, Override, Revision, Snapshot, State
from stageline.core.pipeline.views.course import remarks
from stageline.core.pipeline.views.standing import standing

PROVIDERS = {"Source": "CodeCommit", "Build": "CodeBuild", "Test": "CodeBuild", "Deploy": "S3", "Approval": "Manual"}
CONDITIONS = {"entry": "BEFORE_ENTRY", "success": "ON_SUCCESS", "failure": "ON_FAILURE"}
ACTION = re.compile(
    r"(?P<name>\w+):(?P<kind>\w+)(@(?P<order>\d+))?(<(?P<inputs>[\w,]+))?(>(?P<outputs>[\w,]+))?(=(?P<space>\w+))?(\?(?P<value>\S+))?"
)


class Teller:
    """Holds the pipeline of one story. ``good`` are the executions that succeeded in a stage, as history has them."""

    def __init__(self) -> None:
        self.state: State | None = None
        self.clock = 0
        self.names: dict[str, str] = {}
        self.tokens: dict[str, str] = {}
        self.remarks: dict[str, list[str]] = {}
        self.good: dict[tuple[str, str], tuple[Snapshot, int]] = {}
        self.made: dict[str, str] = {}
        self.begun: dict[str, StartAction] = {}

    def tell(self, line: str) -> str:
        """The rendered outcome of one command."""
        command, *words = shlex.split(line)
        options = dict(word.split("=", 1) for word in words if "=" in word and command in ("start", "succeed"))
        plain = [word for word in words if not ("=" in word and command in ("start", "succeed"))]
        return str(getattr(self, f"do_{command}")(plain, options))

    def send(self, event: Event) -> str:
        self.clock += 1
        before = self.state
        outcome = decide(before, Stamped(self.clock, f"{self.clock:032x}", event))
        if isinstance(outcome, Refusal):
            return f"refused {outcome.code}: {self.nicknames(outcome.message)}"
        self.state = outcome.state
        for effect in outcome.effects:
            self.meet(effect)
        for identity in self.names:
            self.remarks.setdefault(identity, []).extend(remarks(before, event, outcome, identity))
        lines = [self.render(effect) for effect in outcome.effects]
        return "\n".join(each for each in lines if each) or "ok"

    def meet(self, effect: object) -> None:
        """Name a new execution, and remember what succeeds, and which run made which artifact."""
        if isinstance(effect, StartAction):
            run = effect.run
            path = f"{self.names[run.execution_id]}/{run.stage}/{run.action}"
            self.begun[path] = effect
            times = 1 + sum(each.startswith(f"{path} ") for each in set(self.made.values()))
            self.made.update({each.key: f"{path} run {times}" for each in effect.outputs.values()})
        if isinstance(effect, Announce):
            each = effect.execution
            self.names.setdefault(each.id, f"E{len(self.names) + 1}")
            if effect.level == "Stage" and effect.state == "SUCCEEDED":
                good = Snapshot(each.id, each.variables, each.namespaces, each.artifacts, each.revisions)
                self.good[self.names[each.id], effect.stage] = (good, each.version)

    def nicknames(self, text: str) -> str:
        for identity, name in self.names.items():
            text = text.replace(identity, name)
        return text

    def render(self, effect: object) -> str:
        match effect:
            case Announce(level="Pipeline"):
                said = f"{self.nicknames(effect.execution.id)} {effect.state}"
                if effect.state == "STARTED" and effect.execution.rollback_target:
                    return f"{said} ({effect.execution.trigger} to {self.nicknames(effect.execution.rollback_target)})"
                return f"{said}: {self.nicknames(effect.execution.summary)}" if effect.execution.summary else said
            case Announce(level="Stage"):
                return f"  {self.nicknames(effect.execution.id)} {effect.stage} {effect.state}"
            case Announce(run=ActionRun() as run) if effect.state != "STARTED":
                why = f": {run.error_message}" if run.error_message else ""
                return f"    {self.nicknames(run.execution_id)} {run.stage}/{run.action} {effect.state}{why}"
            case StartAction():
                run = effect.run
                if run.token:
                    self.tokens.setdefault(f"T{len(self.tokens) + 1}", run.token)
                token = "".join(f" token {name}" for name, each in self.tokens.items() if each == run.token)
                configuration = "".join(f" {key}={value}" for key, value in effect.configuration.items())
                taken = "".join(f" {key} {value}" for key, value in effect.overrides.items())
                return f"{self.name(run)} starts{token}{configuration}{taken}"
            case RecordAction(run=ActionRun() as run) if run.condition and run.status != RUNNING:
                why = f": {run.error_message}" if run.error_message else ""
                return f"{self.name(run)} {run.status.upper()}{why}"
            case ForgetAction():
                return f"{self.name(effect.run)} is not followed any more"
            case CancelAction():
                return f"{self.name(effect.run)} is cancelled at its provider"
            case _:
                return ""

    def name(self, run: ActionRun) -> str:
        kind = next((f" {name} rule" for name, each in CONDITIONS.items() if each == run.condition), "")
        return f"    {self.nicknames(run.execution_id)} {run.stage}/{run.action}{kind}"

    def execution(self, name: str) -> str:
        return next((identity for identity, each in self.names.items() if each == name), name)

    def run(self, path: str) -> str:
        """The id of the run in progress at ``E1/Stage/Action``, or of the one that stage shows."""
        assert self.state is not None
        name, stage, action = path.split("/")
        execution = self.state.executions.get(self.execution(name))
        if execution and execution.run and execution.run.stage == stage:
            rules = {name: run for each in execution.run.conditions.values() for name, run in each.runs.items()}
            found = {**rules, **execution.run.runs}.get(action)
            if found:
                return found.id
        return self.state.stages[stage].shown[action].id

    def declaration(self, words: list[str], version: int) -> Declaration:
        mode, variables, stages = "SUPERSEDED", [], []
        for word in words:
            if word.isupper():
                mode = word
            elif word.startswith("var:"):
                name, _, default = word[4:].partition(":")
                variables.append(Variable(name, default or None))
            else:
                name, _, inner = word.partition("[")
                inner, _, guards = inner.partition("]")
                actions = tuple(self.action(each) for each in inner.split("|"))
                stages.append(self.guarded(Stage(name, actions), guards.removeprefix("{").removesuffix("}")))
        return Declaration("shop", version, mode, "role", tuple(stages), tuple(variables), bucket="artifacts")

    @staticmethod
    def guarded(stage: Stage, text: str) -> Stage:
        """Conditions are ``{entry:FAIL:Rule,Rule;success:ROLLBACK:Rule;failure:RETRY:Rule;fails:RETRY:ALL_ACTIONS}``."""
        for kind, result, rest in (
            each.split(":") if each.count(":") == 2 else (*each.split(":"), "") for each in text.split(";") if each
        ):
            rules = (name.partition("?")[::2] for name in rest.split(","))
            kind_of = ("Rule", "AWS", "VariableCheck", "1")
            given = Condition(result, tuple(Rule(name, kind_of, {"Value": value} if value else {}) for name, value in rules))
            if kind == "entry":
                stage = replace(stage, before_entry=given)
            elif kind == "success":
                stage = replace(stage, on_success=given)
            elif kind == "failure":
                stage = replace(stage, on_failure=replace(stage.on_failure or OnFailure(), condition=given))
            else:
                stage = replace(
                    stage, on_failure=replace(stage.on_failure or OnFailure(), result=result, retry_mode=rest or "FAILED_ACTIONS")
                )
        return stage

    @staticmethod
    def action(text: str) -> Action:
        found = ACTION.fullmatch(text)
        assert found, f"an action is NAME:KIND[@ORDER][<IN,IN][>OUT,OUT][=NAMESPACE][?VALUE], not {text}"
        return Action(
            found["name"],
            (found["kind"], "AWS", PROVIDERS[found["kind"]], "1"),
            run_order=int(found["order"] or 1),
            configuration={"Value": found["value"]} if found["value"] else {},
            inputs=tuple((found["inputs"] or "").split(",")) if found["inputs"] else (),
            outputs=tuple((found["outputs"] or "").split(",")) if found["outputs"] else (),
            namespace=found["space"] or "",
        )

    def do_pipeline(self, words: list[str], options: dict[str, str]) -> str:
        version = self.state.version + 1 if self.state else 1
        return self.send(PipelineDeclared(self.declaration(words, version)))

    def do_update(self, words: list[str], options: dict[str, str]) -> str:
        assert self.state is not None
        if words:
            return self.do_pipeline(words, options)
        return self.send(PipelineDeclared(replace(self.state.declaration, version=self.state.version + 1)))

    def do_start(self, words: list[str], options: dict[str, str]) -> str:
        trigger = words[0] if words and words[0][0].isupper() and not words[0].startswith("COMMIT") else "StartPipelineExecution"
        overrides = tuple(Override(*word.split(":")) for word in words if ":" in word)
        return self.send(ExecutionRequested(trigger, "alice", options, overrides))

    def do_starts(self, words: list[str], options: dict[str, str]) -> str:
        outcomes = [self.send(ExecutionRequested("StartPipelineExecution", "alice")) for _ in range(int(words[0]))]
        refused = [each for each in outcomes if each.startswith("refused")]
        return "\n".join([f"{len(outcomes) - len(refused)} executions start", *refused])

    def do_inputs(self, words: list[str], options: dict[str, str]) -> str:
        """Which run made the input artifacts of the latest run of an action."""
        inputs = self.begun[words[0]].inputs
        return "\n".join(f"{name} of {self.made[each.key]}" for name, each in inputs.items())

    def do_succeed(self, words: list[str], options: dict[str, str]) -> str:
        revision = Revision(options.pop("rev")) if "rev" in options else None
        return self.send(ActionSucceeded(self.run(words[0]), variables=options, revision=revision))

    def do_fail(self, words: list[str], options: dict[str, str]) -> str:
        return self.send(ActionFailed(self.run(words[0]), "JobFailed", " ".join(words[1:]) or "it broke"))

    def do_timeout(self, words: list[str], options: dict[str, str]) -> str:
        return self.send(ActionTimedOut(self.run(words[0]), int(words[1])))

    def do_approve(self, words: list[str], options: dict[str, str]) -> str:
        return self.answer(words, approved=True)

    def do_reject(self, words: list[str], options: dict[str, str]) -> str:
        return self.answer(words, approved=False)

    def answer(self, words: list[str], *, approved: bool) -> str:
        stage, action = words[0].split("/")
        token = self.tokens.get(words[1], words[1])
        return self.send(ApprovalAnswered(stage, action, token, approved, " ".join(words[2:]), "alice"))

    def do_retry(self, words: list[str], options: dict[str, str]) -> str:
        mode = "ALL_ACTIONS" if words[2:] == ["ALL_ACTIONS"] else "FAILED_ACTIONS"
        return self.send(RetryRequested(words[0], self.execution(words[1]), mode, "alice"))  # type: ignore[arg-type]

    def do_rollback(self, words: list[str], options: dict[str, str]) -> str:
        target, version = self.good[words[1], words[0]]
        return self.send(RollbackRequested(words[0], target, version, "alice"))

    def do_override(self, words: list[str], options: dict[str, str]) -> str:
        stage, kind = words[0].split("/")
        event = ConditionOverridden(stage, self.execution(words[1]), CONDITIONS[kind], "alice")  # type: ignore[arg-type]
        return self.send(event)

    def do_stop(self, words: list[str], options: dict[str, str]) -> str:
        return self.send(StopRequested(self.execution(words[0]), words[1:] == ["abandon"], "", "alice"))

    def do_disable(self, words: list[str], options: dict[str, str]) -> str:
        return self.switch(words, enabled=False)

    def do_enable(self, words: list[str], options: dict[str, str]) -> str:
        return self.switch(words, enabled=True)

    def switch(self, words: list[str], *, enabled: bool) -> str:
        side = words[1] if words[1:] else "Inbound"
        return self.send(TransitionSwitched(words[0], side, enabled, "" if enabled else "freeze", "alice"))  # type: ignore[arg-type]

    def do_why(self, words: list[str], options: dict[str, str]) -> str:
        assert self.state is not None
        identity = self.execution(words[0])
        execution = self.state.executions.get(identity)
        now = [f"now: {standing(self.state, execution)}"] if execution and execution.status not in ENDED else []
        return "\n".join(self.nicknames(each) for each in [*self.remarks[identity], *now])

    def do_after(self, words: list[str], options: dict[str, str]) -> str:
        self.clock += int(words[0]) * 24 * 3_600_000
        return "ok"

    def do_state(self, words: list[str], options: dict[str, str]) -> str:
        assert self.state is not None
        lines = []
        for stage in self.state.declaration.stages:
            here = self.state.stages[stage.name]
            said = [f"{stage.name}:"]
            if here.latest_id:
                said.append(f"{self.nicknames(here.latest_id)} {here.latest_status}")
            if here.waiting:
                said.append("waiting " + " ".join(self.nicknames(each) for each in here.waiting))
            if not here.inbound.enabled:
                said.append("closed")
            said += [f"{name}={run.status}" for name, run in here.shown.items()]
            said += [f"{name}:{here.conditions[kind].status}" for name, kind in CONDITIONS.items() if kind in here.conditions]
            if here.last_retry:
                said.append(f"({here.last_retry} auto {here.auto_retries} manual {here.manual_retries})")
            lines.append(" ".join(said))
        return "\n".join(lines)
