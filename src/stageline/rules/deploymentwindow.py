"""DeploymentWindow: succeeds in the minutes that a cron expression names, and waits for the next one until the rule times out."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from stageline.core import cron
from stageline.core.cron import Cron, CronError
from stageline.core.pipeline.actiontype import Property
from stageline.core.pipeline.ruletype import RuleType
from stageline.ports.aws import Aws
from stageline.ports.provider import Done, Failed, Job, Outcome, Running

RULE_TYPE = RuleType(
    "DeploymentWindow",
    properties=(
        Property(
            "Cron",
            required=True,
            description="When the window is open: seconds minutes hours day-of-month month day-of-week [year], "
            "for example `* * 9-16 ? * MON-FRI`.",
        ),
        Property(
            "TimeZone", description="`Region/City`, `UTC`, `UTC+HH:MM` or an abbreviation such as `PST`; the default is UTC."
        ),
    ),
)
_OFFSET = re.compile(r"(?:UTC|GMT)(?:([+-])(\d{1,2}):(\d{2}))?")
_SHORT = {
    "ACT": "Australia/Darwin",
    "AET": "Australia/Sydney",
    "AGT": "America/Argentina/Buenos_Aires",
    "ART": "Africa/Cairo",
    "AST": "America/Anchorage",
    "BET": "America/Sao_Paulo",
    "BST": "Asia/Dhaka",
    "CAT": "Africa/Harare",
    "CNT": "America/St_Johns",
    "CST": "America/Chicago",
    "CTT": "Asia/Shanghai",
    "EAT": "Africa/Addis_Ababa",
    "ECT": "Europe/Paris",
    "IET": "America/Indiana/Indianapolis",
    "IST": "Asia/Kolkata",
    "JST": "Asia/Tokyo",
    "MIT": "Pacific/Apia",
    "NET": "Asia/Yerevan",
    "NST": "Pacific/Auckland",
    "PLT": "Asia/Karachi",
    "PNT": "America/Phoenix",
    "PRT": "America/Puerto_Rico",
    "PST": "America/Los_Angeles",
    "SST": "Pacific/Guadalcanal",
    "VST": "Asia/Ho_Chi_Minh",
}
"""What Java takes the abbreviations for that the time zone database does not have."""
MINUTE = 60_000


def start(job: Job, aws: Aws) -> Outcome:
    """Look at the clock."""
    name = job.configuration.get("TimeZone") or "UTC"
    try:
        window, where = cron.parse(job.configuration["Cron"]), zone(name)
    except CronError as error:
        return Failed("ConfigurationError", f"The Cron expression cannot be used: {error}.")
    except ValueError as error:
        return Failed("ConfigurationError", str(error))
    now = datetime.fromtimestamp(job.now // 1000, UTC).astimezone(where)
    if cron.matches(window, (now.year, now.month, now.day, now.hour, now.minute)):
        return Done(job.id, summary=f"The deployment window is open ({now:%Y-%m-%d %H:%M} {name})")
    opening = _opening(window, now)
    if opening is None:
        return Failed("ConfigurationError", f"The deployment window '{job.configuration['Cron']}' never opens again.", job.id)
    summary = f"Waiting for the deployment window, which opens at {opening:%Y-%m-%d %H:%M} {name}"
    return Running(job.id, summary=summary, again=MINUTE - job.now % MINUTE)


def _opening(window: Cron, now: datetime) -> datetime | None:
    found = cron.following(window, (now.year, now.month, now.day, now.hour, now.minute))
    return datetime(*found) if found else None


def zone(name: str) -> tzinfo:
    """The time zone of a name. Raises ValueError in words for people."""
    offset = _OFFSET.fullmatch(name)
    if offset:
        sign = -1 if offset[1] == "-" else 1
        hours, minutes = int(offset[2] or 0), int(offset[3] or 0)
        if hours <= 18 and minutes < 60:
            return timezone(sign * timedelta(hours=hours, minutes=minutes))
    try:
        return ZoneInfo(_SHORT.get(name, name))
    except (ValueError, OSError, LookupError) as error:
        text = f"The TimeZone '{name}' is not known here: give a Region/City such as Europe/Berlin, UTC, or UTC+HH:MM."
        raise ValueError(text) from error


def poll(job: Job, external_id: str, aws: Aws) -> Outcome:
    """Look again."""
    return start(job, aws)


def cancel(job: Job, external_id: str, aws: Aws) -> None:
    """Nothing runs elsewhere."""
