"""A provider whose actions do what a test says: the configuration scripts each run, the test settles those that it holds.

``Script`` is a list of words separated by commas, one for each run of the action in its pipeline (the last one again for
all later runs): ``done`` (the default), ``fail``, ``hold``, ``crash`` (raises), ``denied`` (an ApiError). ``Say`` is shown as
the summary and given as the output variable ``Said``.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from stageline.core.pipeline.actiontype import ActionType, Property
from stageline.core.pipeline.ruletype import RuleType
from stageline.ports.api import ApiError
from stageline.ports.aws import Aws
from stageline.ports.provider import Done, Failed, Job, Outcome, Revision, Running

PROPERTIES = (
    Property("Script", description="What each run does: done, fail, hold, crash or denied."),
    Property("Say", description="The summary of a run, and its output variable Said."),
)
SOURCE = ActionType("Source", "AWS", "Scripted", properties=PROPERTIES, outputs=(1, 1), output_variables=("Said",))
BUILD = ActionType("Build", "AWS", "Scripted", properties=PROPERTIES, inputs=(0, 5), outputs=(0, 5), output_variables=("Said",))
DEPLOY = ActionType("Deploy", "AWS", "Scripted", properties=PROPERTIES, inputs=(0, 5), output_variables=("Said",))

RULE = RuleType("Scripted", properties=PROPERTIES, inputs=(0, 5), skips=True)


@dataclass
class Scripted:
    """A provider of one action type. ``calls`` are what was asked of it, in order: (verb, job, the roles' operations).

    Held work is asked about again every ``again`` milliseconds, and at once when ``signal`` passes on the name of its signal.
    """

    ACTION_TYPE: ActionType
    again: int = 20
    signal: Callable[[str], None] = lambda name: None
    calls: list[tuple[str, Job, Aws]] = field(default_factory=list)
    _order: dict[tuple[str, str, str], list[str]] = field(default_factory=dict)
    _outcomes: dict[str, Outcome] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self, job: Job, aws: Aws) -> Outcome:
        """Do what the script says about this run; called again, the same."""
        return self._next("start", job, aws)

    def poll(self, job: Job, external_id: str, aws: Aws) -> Outcome:
        """The outcome that ``settle`` gave, once it has."""
        return self._next("poll", job, aws)

    def cancel(self, job: Job, external_id: str, aws: Aws) -> None:
        """Noted in ``calls``; the work ends as cancelled unless it has ended before."""
        with self._lock:
            self.calls.append(("cancel", job, aws))
            self._outcomes.setdefault(job.id, Failed("JobFailed", "cancelled", job.id))

    def settle(self, job_id: str, outcome: Outcome | None = None) -> None:
        """End work that is held: as done, unless another outcome is given."""
        with self._lock:
            self._outcomes[job_id] = outcome or Done(external_id=job_id)
        self.signal(f"scripted:{job_id}")

    def verbs(self, job_id: str) -> list[str]:
        """What was asked about a job, in order."""
        with self._lock:
            return [verb for verb, job, _ in self.calls if job.id == job_id]

    def _next(self, verb: str, job: Job, aws: Aws) -> Outcome:
        with self._lock:
            self.calls.append((verb, job, aws))
            if job.id in self._outcomes:
                return self._outcomes[job.id]
            runs = self._order.setdefault((job.pipeline_arn, job.stage, job.action), [])
            if job.id not in runs:
                runs.append(job.id)
            words = job.configuration.get("Script", "done").split(",")
            word = words[min(runs.index(job.id), len(words) - 1)]
        return _outcome(word, job, self.again)


def _outcome(word: str, job: Job, again: int) -> Outcome:
    said = job.configuration.get("Say", "")
    if word == "done":
        revision = Revision(job.overrides.get("COMMIT_ID", f"rev-{job.id}"), summary=said, created=job.now)
        source = job.action_type.category == "Source"
        return Done(job.id, summary=said, variables={"Said": said} if said else {}, revision=revision if source else None)
    if word == "fail":
        return Failed("JobFailed", said or "The script says that it fails.", job.id)
    if word == "hold":
        return Running(job.id, summary=said, signal=f"scripted:{job.id}", again=again)
    if word == "denied":
        raise ApiError("AccessDenied", f"User: {job.pipeline} is not authorized to perform: scripted:Do", 403)
    raise RuntimeError(f"the script says {word}")


@dataclass
class ScriptedRule(Scripted):
    """A rule of the rule type ``Scripted``."""

    RULE_TYPE: RuleType = RULE


def rules() -> Mapping[tuple[str, str, str, str], ScriptedRule]:
    """A scripted rule for the rule type that there is for it."""
    return {RULE.id: ScriptedRule(DEPLOY)}


def providers() -> Mapping[tuple[str, str, str, str], Scripted]:
    """A scripted provider for each of the action types that there are for it."""
    return {kind.id: Scripted(kind) for kind in (SOURCE, BUILD, DEPLOY)}
