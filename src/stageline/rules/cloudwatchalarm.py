"""CloudWatchAlarm: succeeds when an alarm is in a wanted state; otherwise waits a while for it to come to one."""

from stageline.core.pipeline.actiontype import Property
from stageline.core.pipeline.ruletype import RuleType
from stageline.ports.api import ApiError
from stageline.ports.aws import Aws
from stageline.ports.provider import Done, Failed, Job, Outcome, Running

STATES = ("ALARM", "OK", "INSUFFICIENT_DATA")
RULE_TYPE = RuleType(
    "CloudWatchAlarm",
    properties=(
        Property("AlarmName", required=True, key=True, description="The alarm."),
        Property(
            "AlarmStates",
            description="The states, separated by commas, in which the rule succeeds: ALARM, OK, INSUFFICIENT_DATA. "
            "The default is OK,INSUFFICIENT_DATA.",
        ),
        Property(
            "WaitTime", kind="Number", description="How many minutes the alarm has to come to such a state; the default is 0."
        ),
    ),
)
AGAIN = 10_000


def start(job: Job, aws: Aws) -> Outcome:
    """Look at the alarm for the first time; the external id keeps when that was."""
    return _look(job, job.now, aws)


def _look(job: Job, began: int, aws: Aws) -> Outcome:
    name = job.configuration["AlarmName"]
    wanted = [each.strip() for each in (job.configuration.get("AlarmStates") or "OK,INSUFFICIENT_DATA").split(",")]
    unknown = next((each for each in wanted if each not in STATES), None)
    if unknown is not None:
        return Failed("ConfigurationError", f"The alarm state '{unknown}' is not one of {', '.join(STATES)}.")
    wait = job.configuration.get("WaitTime") or "0"
    if not (wait.isascii() and wait.isdigit()):
        return Failed("ConfigurationError", f"The WaitTime '{wait}' is not a number of minutes.")
    try:
        state = _state(name, aws)
    except ApiError as error:
        if error.status == 501:
            text = f"The alarm {name} cannot be looked at: this server has no CloudWatch alarms."
            return Failed("ConfigurationError", text, str(began))
        raise
    return _outcome(job, began, state, wanted, int(wait) * 60_000)


def _state(name: str, aws: Aws) -> str:
    found = aws.call("cloudwatch", "DescribeAlarms", AlarmNames=[name], AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    alarms = [*found.get("MetricAlarms", []), *found.get("CompositeAlarms", [])]
    return str(alarms[0]["StateValue"]) if alarms else ""


def _outcome(job: Job, began: int, state: str, wanted: list[str], wait: int) -> Outcome:
    name = job.configuration["AlarmName"]
    if not state:
        return Failed("ConfigurationError", f"The alarm {name} does not exist.", str(began))
    if state in wanted:
        return Done(str(began), summary=f"The alarm {name} is in the state {state}")
    left = began + wait - job.now
    if left <= 0:
        return Failed("JobFailed", f"The alarm {name} is in the state {state}, not in {' or '.join(wanted)}.", str(began))
    return Running(str(began), summary=f"The alarm {name} is in the state {state}", again=min(AGAIN, left))


def poll(job: Job, external_id: str, aws: Aws) -> Outcome:
    """Look again."""
    return _look(job, int(external_id), aws)


def cancel(job: Job, external_id: str, aws: Aws) -> None:
    """Nothing runs elsewhere."""
