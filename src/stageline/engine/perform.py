"""Performing effects: handlers of the tasks that the outbox wrote. At least once; every result is fenced by its claim."""

from collections.abc import Callable, Mapping

import structlog

from stageline.core.pipeline.actiontype import ActionType
from stageline.core.pipeline.declaration import EnvironmentVariable, TypeId
from stageline.core.pipeline.effects import Refusal
from stageline.core.pipeline.events import ActionFailed, ActionProgressed, ActionSucceeded, ActionTimedOut, Event
from stageline.core.pipeline.ruletype import RuleType
from stageline.core.pipeline.state import ActionRun
from stageline.core.pipeline.variables import size
from stageline.engine import history, outbox
from stageline.engine.apply import Engine
from stageline.engine.codec import dumps, encode
from stageline.ports.api import ApiError
from stageline.ports.aws import Aws
from stageline.ports.provider import ArtifactLocation, Done, Failed, FailureType, Job, Outcome, Provider, Rule, Running, Work
from stageline.ports.runner import Again
from stageline.ports.store import Doc, StorageFull, Task, WriteTx

SERVICE = "codepipeline.amazonaws.com"
CANCELS = 10
"""How often the end of work that timed out is tried."""
log = structlog.get_logger("stageline.engine")

Reveal = Callable[[str, dict[str, str]], dict[str, str]]
"""Opens the sealed values of an action configuration of a pipeline."""


class Performer:
    """Starts, follows and cancels the work of action runs through their providers, and of rules through theirs."""

    def __init__(
        self,
        engine: Engine,
        aws: Aws,
        providers: Mapping[TypeId, Provider],
        rules: Mapping[TypeId, Rule],
        endpoint: str,
        reveal: Reveal = lambda pipeline, configuration: configuration,
    ) -> None:
        self._engine = engine
        self._aws = aws
        self._providers = providers
        self._rules = rules
        self._endpoint = endpoint
        self._reveal = reveal

    def act(self, task: Task) -> Again | None:
        """Handle a task of kind ``action``: start the work, or look how it stands."""
        run = self._engine.running(task.payload["pipeline"], task.payload["uid"], task.payload["run"])
        if run is None:
            return None
        outcome = self._outcome(task, run)
        match outcome:
            case Done():
                self._settle(task, _succeeded(run, outcome))
            case Failed():
                self._settle(task, _failed(run, outcome))
            case Running():
                return self._follow(task, run, outcome)
        return None

    def cancel(self, task: Task) -> None:
        """Handle a task of kind ``cancel``: stop the work of an action that timed out."""
        external_id = task.payload["external_id"]
        found = self._work(task)
        if found is None:
            return
        work, kind = found
        try:
            work.cancel(self._job(task, kind), external_id, self._assume(task))
        except ApiError as error:
            log.warning("work was not cancelled", action_run=task.payload["run"], external_id=external_id, error=str(error))
        except Exception:
            if task.attempt < CANCELS:
                raise  # the runner tries again later
            log.exception("work was not cancelled", action_run=task.payload["run"], external_id=external_id)

    def timer(self, task: Task) -> None:
        """Handle a task of kind ``timer``: the action has taken as long as it may."""
        payload = task.payload
        if self._engine.running(payload["pipeline"], payload["uid"], payload["run"]):
            self._settle(task, ActionTimedOut(payload["run"], payload["minutes"]))

    def _outcome(self, task: Task, run: ActionRun) -> Outcome:
        found = self._work(task)
        if found is None:
            return Failed("ConfigurationError", f"This server has no provider for {'/'.join(_type(task))}.")
        work, kind = found
        try:
            job = self._job(task, kind)
            if run.external_id:
                return _writable(work.poll(job, run.external_id, self._assume(task)))
            return _writable(work.start(job, self._assume(task)))
        except ApiError as error:
            return Failed(failure_type(error), error.message, run.external_id)
        except (StorageFull, OSError):
            raise  # the runner tries again later, until the action's time is over
        except Exception:
            log.exception("a provider failed unexpectedly", action_type=_type(task), action_run=run.id)
            return Failed("SystemUnavailable", "An internal error occurred; the server's log has the details.", run.external_id)

    def _work(self, task: Task) -> tuple[Work, ActionType | RuleType] | None:
        """Who does the work of an action or a rule, and its type."""
        rule = self._rules.get(_type(task))
        if rule is not None:
            return rule, rule.RULE_TYPE
        provider = self._providers.get(_type(task))
        return (provider, provider.ACTION_TYPE) if provider is not None else None

    def _job(self, task: Task, kind: ActionType | RuleType) -> Job:
        payload = task.payload
        engine = self._engine
        return Job(
            id=payload["run"],
            attempt=task.attempt,
            account=engine.account,
            region=engine.region,
            endpoint=self._endpoint,
            pipeline=payload["pipeline"],
            pipeline_arn=self._arn(task),
            execution_id=payload["execution"],
            stage=payload["stage"],
            action=payload["action"],
            action_type=kind,
            configuration=self._configuration(payload),
            inputs=tuple(ArtifactLocation(*each) for each in payload["inputs"]),
            outputs=tuple(ArtifactLocation(*each) for each in payload["outputs"]),
            overrides=payload["overrides"],
            source_revisions=payload["revisions"],
            # A task that an earlier version wrote has none of these.
            commands=tuple(payload.get("commands", ())),
            environment=tuple(EnvironmentVariable(*each) for each in payload.get("environment", ())),
            output_variables=tuple(payload.get("output_variables", ())),
            files={name: tuple(patterns) for name, patterns in payload.get("files", {}).items()},
            condition=payload.get("condition", ""),
            token=payload.get("token", ""),
            mode=payload.get("mode", ""),
            encryption_key=payload["encryption_key"],
            deadline=payload["deadline"],
            now=engine.clock.now(),
        )

    def _configuration(self, payload: Doc) -> dict[str, str]:
        """The configuration with its sealed values opened. What a variable filled in was never sealed, whatever it looks like."""
        given: dict[str, str] = payload["configuration"]
        filled = payload.get("filled", ())  # a task that an earlier version wrote has none
        return given | self._reveal(payload["pipeline"], {name: text for name, text in given.items() if name not in filled})

    def _arn(self, task: Task) -> str:
        return f"arn:aws:codepipeline:{self._engine.region}:{self._engine.account}:{task.payload['pipeline']}"

    def _assume(self, task: Task) -> Aws:
        payload = task.payload
        return assumed(self._aws, self._arn(task), payload["role"], payload["action_role"], person=payload.get("person", ""))

    def _follow(self, task: Task, run: ActionRun, outcome: Running) -> Again | None:
        news = ActionProgressed(
            run.id, outcome.external_id, outcome.external_url, outcome.summary, outcome.percent, outcome.log_stream_arn
        )
        known = (run.external_id, run.external_url, run.summary, run.percent, run.log_stream)
        told = (news.external_id, news.external_url, news.summary, news.percent, news.log_stream)
        if any(new and new != old for new, old in zip(told, known, strict=True)):
            with self._engine.store.write() as tx:
                if self._engine.holds(tx, task):
                    self._engine.apply_in(tx, task.payload["pipeline"], news)
                else:
                    self._stop_late(tx, task, run, outcome)
        if outcome.again <= 0:
            return None
        return Again(self._engine.clock.now() + outcome.again, outcome.signal)

    def _stop_late(self, tx: WriteTx, task: Task, run: ActionRun, outcome: Running) -> None:
        """Work that began only after its action had timed out has nobody who waits for it: it is stopped as well."""
        row = history.run_row(tx, task.payload["uid"], run)
        if row is not None and row["run"].get("error_code") == "TimedOut":
            payload = {**task.payload, "external_id": outcome.external_id}
            name = outbox.task_name(outbox.CANCEL, task.payload["uid"], run)
            tx.schedule(Task(name, outbox.CANCEL, payload, due=self._engine.clock.now()))

    def _settle(self, task: Task, event: Event) -> None:
        with self._engine.store.write() as tx:
            if not self._engine.holds(tx, task):
                log.info("a stale result was dropped", task=task.id, attempt=task.attempt)
                return
            outcome = self._engine.apply_in(tx, task.payload["pipeline"], event)
            if isinstance(outcome, Refusal):
                log.info("a late result was dropped", task=task.id, reason=outcome.message)
            tx.cancel(task.id)


def session_name(pipeline: str) -> str:
    """The role session of a pipeline's actions; STS wants 2 to 64 characters."""
    return pipeline[:64].ljust(2, "-")


def assumed(
    aws: Aws, pipeline_arn: str, role: str, action_role: str = "", *, policy: str = "", bond: str = "", person: str = ""
) -> Aws:
    """Operations as the pipeline's role, or as an action's own role, which is assumed from the pipeline's.

    ``policy`` narrows that role, and ``bond`` (see ``ports.identity.Assumption``) binds its session. ``person`` is who is
    behind it.
    """
    session = session_name(pipeline_arn.rsplit(":", 1)[1])
    chained = bool(action_role) and action_role != role
    try:
        first = "" if chained else policy
        pipeline = aws.as_role(role, session, service=SERVICE, source_arn=pipeline_arn, policy=first, bond=bond, origin=person)
    except ApiError as error:
        text = f"CodePipeline is not authorized to perform AssumeRole on role {role}"
        raise ApiError("AccessDenied", text, 403) from error
    if not chained:
        return pipeline
    try:
        return pipeline.as_role(action_role, session, policy=policy)  # a session inherits the bond of the one that it comes from
    except ApiError as error:
        text = f"The pipeline's role {role} is not authorized to perform AssumeRole on the action's role {action_role}"
        raise ApiError("AccessDenied", text, 403) from error


def failure_type(error: ApiError) -> FailureType:
    """CodePipeline's failure type for an error of a service that an action called."""
    code = error.code
    if "AccessDenied" in code or "Unauthorized" in code or "not authorized" in error.message:
        return "PermissionError"
    if code.startswith("NoSuch") or any(word in code for word in ("NotFound", "DoesNotExist", "Invalid", "Validation")):
        return "ConfigurationError"
    if error.status == 501:
        return "ConfigurationError"
    if (error.status or 0) >= 500 or "Throttl" in code:
        return "SystemUnavailable"
    return "JobFailed"


def _writable(outcome: Outcome) -> Outcome:
    """An outcome that can be written down. Text that is none, like half a character, would fail the decision again and again."""
    dumps(encode(outcome))
    if isinstance(outcome, Done):
        size(outcome.variables)
    return outcome


def _type(task: Task) -> TypeId:
    category, owner, provider, version = task.payload["type"]
    return (category, owner, provider, version)


def _succeeded(run: ActionRun, outcome: Done) -> ActionSucceeded:
    return ActionSucceeded(
        run.id,
        outcome.external_id,
        outcome.external_url,
        outcome.summary,
        dict(outcome.variables),
        outcome.revision,
        outcome.log_stream_arn,
    )


def _failed(run: ActionRun, outcome: Failed) -> ActionFailed:
    return ActionFailed(run.id, outcome.kind, outcome.message, outcome.external_id, outcome.external_url, outcome.log_stream_arn)
