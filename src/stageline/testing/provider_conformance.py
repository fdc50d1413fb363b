"""What every action provider and every rule promises, as checks that run over whichever there is.

A provider's author gives a job that works and one that names things that do not exist, and calls ``check``; a rule's author
``check_rule``.
"""

from collections.abc import Sequence
from dataclasses import replace

from stageline.core.pipeline.actiontype import ActionType, Property
from stageline.ports.api import ApiError
from stageline.ports.aws import Aws
from stageline.ports.provider import Done, Failed, Job, Outcome, Provider, Rule, Running, Work

CATEGORIES = ("Source", "Build", "Deploy", "Test", "Invoke", "Approval", "Compute")
MOST_ARTIFACTS = 10


def check(provider: Provider, good: Job, lost: Job, aws: Aws) -> Outcome:
    """All checks; the outcome of the good job's start. ``lost`` names what does not exist; equal to ``good`` where nothing can be
    missing."""
    check_action_type(provider.ACTION_TYPE)
    first = check_start(provider, good, aws)
    check_outputs(provider.ACTION_TYPE, first)
    check_poll(provider, good, first, aws)
    check_cancel(provider, good, first, aws)
    if lost.configuration != good.configuration:
        check_lost(provider, lost, aws)
    return first


def check_rule(rule: Rule, good: Job, lost: Job, aws: Aws) -> Outcome:
    """All checks of a rule; the outcome of the good job's start. A rule is asked like a provider and gives nothing but its
    verdict."""
    kind = rule.RULE_TYPE
    assert kind.provider
    assert kind.version
    assert kind.kinds
    assert 0 <= kind.inputs[0] <= kind.inputs[1] <= MOST_ARTIFACTS
    assert kind.timeout_minutes > 0
    check_properties(kind.properties)
    first = check_start(rule, good, aws)
    check_poll(rule, good, first, aws)
    check_cancel(rule, good, first, aws)
    if lost.configuration != good.configuration:
        check_lost(rule, lost, aws)
    return first


def check_action_type(kind: ActionType) -> None:
    """The declaration makes sense, and every property is explained."""
    assert kind.category in CATEGORIES
    assert kind.provider
    assert kind.version
    for least, most in (kind.inputs, kind.outputs):
        assert 0 <= least <= most <= MOST_ARTIFACTS
    if kind.category == "Source":
        assert kind.inputs == (0, 0)
        assert kind.outputs[0] >= 1
    assert kind.timeout_minutes > 0
    check_properties(kind.properties)


def check_properties(properties: Sequence[Property]) -> None:
    """The configuration is explained, key by key."""
    names = [each.name for each in properties]
    assert len(set(names)) == len(names), "a property is declared twice"
    assert all(each.description for each in properties), "a property is not explained"
    assert sum(each.queryable for each in properties) <= 1, "at most one property can be queried by"


def check_outputs(kind: ActionType, outcome: Outcome) -> None:
    """An action gives no other variables than those it names, if it names any."""
    if isinstance(outcome, Done):
        assert set(outcome.variables) <= set(kind.output_variables) or not kind.output_variables


def check_start(provider: Work, job: Job, aws: Aws) -> Outcome:
    """Started again after a crash, the same job finds or repeats its own work and begins no other."""
    first = provider.start(job, aws)
    again = provider.start(replace(job, attempt=job.attempt + 1), aws)
    assert isinstance(first, Done | Running), first
    assert type(again) is type(first) or isinstance(again, Done), again
    assert again.external_id == first.external_id, "a second attempt began other work"
    return first


def check_poll(provider: Work, job: Job, started: Outcome, aws: Aws) -> None:
    """Asked how it stands, the work keeps its identity."""
    outcome = provider.poll(job, started.external_id, aws)
    assert isinstance(outcome, Done | Running | Failed)
    assert outcome.external_id in ("", started.external_id)


def check_cancel(provider: Work, job: Job, started: Outcome, aws: Aws) -> None:
    """Cancelling is harmless: during, after, and twice."""
    provider.cancel(job, started.external_id, aws)
    provider.cancel(job, started.external_id, aws)


def check_lost(provider: Work, job: Job, aws: Aws) -> None:
    """What does not exist is told in a way that a person can act on: a failure value or a service's error, never a bug."""
    try:
        outcome: Outcome = provider.start(job, aws)
    except ApiError as error:
        outcome = Failed("ConfigurationError", error.message)
    assert isinstance(outcome, Failed), outcome
    assert len(outcome.message) > 20, "the message does not say enough"
    assert any(value and value in outcome.message for value in job.configuration.values()), outcome.message
