"""The verdicts of the rules: texts compared, windows in time zones, functions and alarms whose answers have AWS's shapes."""

import json
import re
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.session import get_session
from botocore.validate import ParamValidator

from stageline.ports.api import ApiError
from stageline.ports.provider import ArtifactLocation, Done, Failed, Job, Outcome, Running
from stageline.providers.invoke import codepipeline as invoke
from stageline.rules.catalog import discover
from stageline.rules.deploymentwindow import zone

RULES = {provider: rule for (_, _, provider, _), rule in discover().items()}


class Answering:
    """Operations that answer what a test gives; questions and answers must have the shapes of AWS's models."""

    def __init__(self, *answers: dict[str, Any] | ApiError) -> None:
        self.answers = list(answers)
        self.asked: list[dict[str, Any]] = []

    def call(self, service: str, operation: str, /, **params: Any) -> dict[str, Any]:
        model = get_session().get_service_model(service).operation_model(operation)
        assert not ParamValidator().validate(params, model.input_shape).has_errors()
        self.asked.append(params)
        answer = self.answers.pop(0)
        if isinstance(answer, ApiError):
            raise answer
        assert answer.keys() <= model.output_shape.members.keys()
        return answer


def job(provider: str, at: str = "2026-11-25T10:00:30", condition: str = "BEFORE_ENTRY", **configuration: str) -> Job:
    now = int(datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp() * 1000)
    return Job(
        id="00000000-0000-4000-8000-000000000001",
        attempt=1,
        account="000000000000",
        region="us-east-1",
        endpoint="http://127.0.0.1:1",
        pipeline="shop",
        pipeline_arn="arn:aws:codepipeline:us-east-1:000000000000:shop",
        execution_id="00000000-0000-4000-8000-000000000002",
        stage="Deploy",
        action="Check",
        action_type=RULES[provider].RULE_TYPE,
        configuration=configuration,
        now=now,
        deadline=now + 3_600_000,
        condition=condition,
    )


def start(provider: str, aws: Any = None, **more: Any) -> Outcome:
    return RULES[provider].start(job(provider, **more), aws)


COMPARED = [
    ("a", "EQ", "a", True),
    ("a", "EQ", "A", False),
    ("1.0", "EQ", "1", False),
    ("a", "NE", "b", True),
    ("a", "NE", "a", False),
    ("release-1", "CONTAINS", "ease", True),
    ("release-1", "CONTAINS", "R", False),
    ("release-1", "MATCHES", r"release-\d+", True),
    ("release-1", "MATCHES", "release", False),
    ("a\nb", "MATCHES", "a.b", False),
    ("x'; import os; os.system('touch ran') #", "MATCHES", r".*touch.*", True),
]


@pytest.mark.parametrize(("variable", "operator", "value", "holds"), COMPARED)
def test_texts_are_compared(variable: str, operator: str, value: str, holds: bool) -> None:
    outcome = start("VariableCheck", Variable=variable, Operator=operator, Value=value)
    assert isinstance(outcome, Done) == holds
    if isinstance(outcome, Failed):
        assert outcome.kind == "JobFailed"
        assert repr(variable)[1:-1] in repr(outcome.message)


@pytest.mark.parametrize(("operator", "value"), [("MATCHES", "("), ("MATCHES", "a{1000000000000}"), ("LIKE", "a")])
def test_what_cannot_be_compared_says_so(operator: str, value: str) -> None:
    outcome = start("VariableCheck", Variable="a", Operator=operator, Value=value)
    assert isinstance(outcome, Failed)
    assert outcome.kind == "ConfigurationError"


def test_an_expression_cannot_hold_up_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stageline.expressions.SECONDS", 1)
    began = time.monotonic()
    outcome = start("VariableCheck", Variable="a" * 40 + "!", Operator="MATCHES", Value="(a+)+")
    assert isinstance(outcome, Failed)
    assert "takes more than" in outcome.message
    assert time.monotonic() - began < 30


def test_a_long_text_is_shown_in_part() -> None:
    outcome = start("VariableCheck", Variable="x" * 5_000, Operator="EQ", Value="y")
    assert isinstance(outcome, Failed)
    assert len(outcome.message) < 300


DEEP = "[" * 100_000


def test_json_nested_without_end_fails_what_has_it() -> None:
    called = replace(job("CodeBuild"), configuration={"PipelineName": "other", "Variables": DEEP})
    answer = {"StatusCode": 200, "FunctionError": "Unhandled", "Payload": DEEP.encode()}
    for outcome in (
        start("CodeBuild", ProjectName="build", EnvironmentVariables=DEEP),
        invoke.start(called, Answering()),
        start("LambdaInvoke", Answering(answer), FunctionName="f"),
    ):
        assert isinstance(outcome, Failed)
        assert outcome.kind in ("ConfigurationError", "JobFailed")


OPEN = [
    ("* * 9-17 ? * MON-FRI", "", "2026-11-25T09:00:00", True),
    ("* * 9-17 ? * MON-FRI", "", "2026-11-25T08:59:59", False),
    ("* * 9-17 ? * MON-FRI", "Europe/Berlin", "2026-11-25T08:00:00", True),
    ("* * 9-17 ? * MON-FRI", "Europe/Berlin", "2026-07-01T07:00:00", True),
    ("* * 9-17 ? * MON-FRI", "PST", "2026-11-25T17:00:00", True),
    ("* * 9-17 ? * MON-FRI", "PST", "2026-11-25T16:59:00", False),
    ("* * 9 ? * *", "UTC+05:30", "2026-11-25T03:30:00", True),
    ("* * 9 ? * *", "UTC-01:00", "2026-11-25T10:30:00", True),
    ("0 30 10 ? * * 2026", "UTC", "2026-11-25T10:30:59", True),
    ("* * * ? * SUN", "Pacific/Auckland", "2026-11-28T11:00:00", True),
]


@pytest.mark.parametrize(("cron", "where", "at", "is_open"), OPEN)
def test_a_window_is_open_or_waited_for(cron: str, where: str, at: str, is_open: bool) -> None:
    more = {"TimeZone": where} if where else {}
    outcome = start("DeploymentWindow", at=at, Cron=cron, **more)
    assert isinstance(outcome, Done if is_open else Running)


def test_waiting_says_until_when_and_looks_again_at_the_next_minute() -> None:
    outcome = start("DeploymentWindow", at="2026-11-27T18:00:30", Cron="* 30 9 ? * MON-FRI", TimeZone="Europe/Berlin")
    assert isinstance(outcome, Running)
    assert outcome.summary == "Waiting for the deployment window, which opens at 2026-11-30 09:30 Europe/Berlin"
    assert outcome.again == 30_000
    later = RULES["DeploymentWindow"].poll(
        job("DeploymentWindow", at="2026-11-30T08:30:00", Cron="* 30 9 ? * MON-FRI", TimeZone="Europe/Berlin"),
        outcome.external_id,
        Answering(),
    )
    assert isinstance(later, Done)
    assert later.external_id == outcome.external_id


@pytest.mark.parametrize(
    ("cron", "where", "why"),
    [
        ("at night", "UTC", "2 fields"),
        ("* * * ? * * 1999", "UTC", "never opens again"),
        ("* * * ? * *", "Middle/Earth", "Europe/Berlin"),
        ("* * * ? * *", "../../etc/passwd", "not known here"),
        ("* * * ? * *", "/etc/passwd", "not known here"),
        ("* * * ? * *", "Europe", "not known here"),
        ("* * * ? * *", "UTC+99:00", "not known here"),
    ],
)
def test_windows_that_make_no_sense(cron: str, where: str, why: str) -> None:
    outcome = start("DeploymentWindow", Cron=cron, TimeZone=where)
    assert isinstance(outcome, Failed)
    assert outcome.kind == "ConfigurationError"
    assert why in outcome.message


def test_every_abbreviation_is_a_time_zone() -> None:
    from stageline.rules import deploymentwindow

    for name in [*deploymentwindow._SHORT, "EST", "MST", "HST", "CET", "GMT", "UTC"]:
        zone(name)


def test_a_function_is_given_the_job_and_its_return_is_the_verdict() -> None:
    aws = Answering({"StatusCode": 200, "Payload": b"null"})
    asked = replace(
        job("LambdaInvoke", FunctionName="check", UserParameters="x"), inputs=(ArtifactLocation("Src", "b", "k", "rev"),)
    )
    assert isinstance(RULES["LambdaInvoke"].start(asked, aws), Done)
    (question,) = aws.asked
    assert (question["FunctionName"], question["InvocationType"]) == ("check", "RequestResponse")
    event = json.loads(question["Payload"])["CodePipeline.job"]
    assert event["id"] == asked.id
    assert event["data"]["actionConfiguration"] == {"configuration": {"FunctionName": "check", "UserParameters": "x"}}
    assert event["data"]["inputArtifacts"][0]["location"]["s3Location"] == {"bucketName": "b", "objectKey": "k"}


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        (b'{"errorMessage": "not today", "errorType": "ValueError"}', "The function check failed: not today"),
        (b"broken \xff", "The function check failed: broken \ufffd"),
        (b"", "The function check failed: Unhandled"),
        (iter([b'{"errorMessage":', b' "in pieces"}']), "The function check failed: in pieces"),
    ],
)
def test_a_function_that_fails_fails_the_rule_whatever_the_condition(payload: Any, why: str) -> None:
    aws = Answering({"StatusCode": 200, "FunctionError": "Unhandled", "Payload": payload})
    assert start("LambdaInvoke", aws, FunctionName="check", condition="ON_FAILURE") == Failed(
        "JobFailed", why, "00000000-0000-4000-8000-000000000001"
    )


def test_other_errors_of_a_call_are_told_as_they_are() -> None:
    with pytest.raises(ApiError, match="ResourceNotFoundException"):
        start("LambdaInvoke", Answering(ApiError("ResourceNotFoundException", "no function check")), FunctionName="check")
    with pytest.raises(ApiError, match="AccessDenied"):
        start("CloudWatchAlarm", Answering(ApiError("AccessDenied", "not you", 403)), AlarmName="a")


def alarm(state: str, kind: str = "MetricAlarms") -> dict[str, Any]:
    return {kind: [{"AlarmName": "a", "StateValue": state}]}


@pytest.mark.parametrize(
    ("state", "states", "good"),
    [
        ("OK", "", True),
        ("INSUFFICIENT_DATA", "", True),
        ("ALARM", "", False),
        ("INSUFFICIENT_DATA", "OK", False),
        ("ALARM", "OK, ALARM", True),
    ],
)
def test_the_state_of_an_alarm_decides(state: str, states: str, good: bool) -> None:
    more = {"AlarmStates": states} if states else {}
    for kind in ("MetricAlarms", "CompositeAlarms"):
        outcome = start("CloudWatchAlarm", Answering(alarm(state, kind)), AlarmName="a", **more)
        assert isinstance(outcome, Done if good else Failed)
        assert isinstance(outcome, Done) or outcome.kind == "JobFailed"


def test_an_alarm_is_given_time() -> None:
    aws = Answering(alarm("ALARM"), alarm("ALARM"), alarm("ALARM"), alarm("OK"))
    begun = start("CloudWatchAlarm", aws, AlarmName="a", WaitTime="2")
    assert isinstance(begun, Running)
    assert begun.again == 10_000

    def look(at: str) -> Outcome:
        return RULES["CloudWatchAlarm"].poll(job("CloudWatchAlarm", at=at, AlarmName="a", WaitTime="2"), begun.external_id, aws)

    soon = look("2026-11-25T10:02:29")
    assert isinstance(soon, Running)
    assert soon.again == 1_000
    over = look("2026-11-25T10:02:30")
    assert isinstance(over, Failed)
    assert re.fullmatch(r"The alarm a is in the state ALARM, not in OK or INSUFFICIENT_DATA\.", over.message)
    assert isinstance(look("2026-11-25T10:01:00"), Done)


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"AlarmStates": "RED"}, "'RED'"),
        ({"WaitTime": "soon"}, "'soon'"),
        ({"AlarmName": "gone"}, "The alarm gone does not exist"),
    ],
)
def test_alarms_that_cannot_be_asked(settings: dict[str, str], why: str) -> None:
    outcome = start("CloudWatchAlarm", Answering({"MetricAlarms": []}), **{"AlarmName": "a", **settings})
    assert isinstance(outcome, Failed)
    assert outcome.kind == "ConfigurationError"
    assert why in outcome.message
