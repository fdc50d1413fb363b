"""Cron expressions as Quartz writes them: seconds minutes hours day-of-month month day-of-week [year].

Times are wall-clock times to the minute, of whatever time zone the caller means. Sunday is 1, Saturday 7. The field for seconds
must be valid and says nothing: a minute matches or it does not. (CodePipeline's page of the DeploymentWindow rule.)
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass

FIRST_YEAR, LAST_YEAR = 1970, 2199
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
WEEKDAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_NUMBER = re.compile(r"[0-9]{1,9}")
Moment = tuple[int, int, int, int, int]
"""(year, month, day, hour, minute)"""


class CronError(ValueError):
    """Why an expression is refused, in words for its author."""


@dataclass(frozen=True)
class Cron:
    """An expression that was understood. ``days`` and ``weekdays`` are terms; none at all means every day."""

    minutes: frozenset[int]
    hours: frozenset[int]
    months: frozenset[int]
    years: frozenset[int]
    days: tuple[tuple[str, int], ...] = ()
    weekdays: tuple[tuple[str, int], ...] = ()


def parse(text: str) -> Cron:
    """Understand an expression. Raises CronError."""
    fields = text.upper().split()
    if len(fields) not in (6, 7):
        raise CronError(f"'{text}' has {len(fields)} fields; there must be 6, or 7 with the year")
    seconds, minutes, hours, days, months, weekdays, *years = fields
    _numbers("seconds", seconds, 0, 59)
    found = Cron(
        minutes=_numbers("minutes", minutes, 0, 59),
        hours=_numbers("hours", hours, 0, 23),
        months=_numbers("month", months, 1, 12, MONTHS),
        years=_numbers("year", years[0] if years else "*", FIRST_YEAR, LAST_YEAR),
        days=tuple(dict.fromkeys(_days(days))),  # said a thousand times, a term would be looked at a thousand times a day
        weekdays=tuple(dict.fromkeys(_weekdays(weekdays))),
    )
    if found.days and found.weekdays:
        raise CronError(f"'{text}' restricts both the day of the month and the day of the week; one of them must be '?'")
    return found


def matches(cron: Cron, moment: Moment) -> bool:
    """Whether a minute belongs to the expression."""
    year, month, day, hour, minute = moment
    return minute in cron.minutes and hour in cron.hours and _day(cron, year, month, day)


def following(cron: Cron, moment: Moment) -> Moment | None:
    """The first minute after ``moment`` that matches; None when there is none until the end of the calendar."""
    year, month, day, hour, minute = moment
    for when in sorted(cron.years):
        for nth in sorted(cron.months):
            if (when, nth) < (year, month):
                continue
            first = day if (when, nth) == (year, month) else 1
            for date in range(first, _length(when, nth) + 1):
                if not _day(cron, when, nth, date):
                    continue
                after = (hour, minute) if (when, nth, date) == (year, month, day) else (-1, -1)
                time = _time(cron, after)
                if time:
                    return (when, nth, date, *time)
    return None


def _time(cron: Cron, after: tuple[int, int]) -> tuple[int, int] | None:
    return next(
        ((hour, minute) for hour in sorted(cron.hours) for minute in sorted(cron.minutes) if (hour, minute) > after), None
    )


def _day(cron: Cron, year: int, month: int, day: int) -> bool:
    if year not in cron.years or month not in cron.months:
        return False
    if cron.days:
        return any(_day_of_month(term, year, month) == day for term in cron.days)
    return not cron.weekdays or any(_is_weekday(term, year, month, day) for term in cron.weekdays)


def _day_of_month(term: tuple[str, int], year: int, month: int) -> int:
    """The day that a term means in a month; 0 when the month does not have it."""
    kind, number = term
    last = _length(year, month)
    if kind == "day":
        return number
    if kind == "last":
        return max(last - number, 0)
    if kind == "last-weekday":
        return _nearest(year, month, last)
    return _nearest(year, month, number) if number <= last else 0


def _nearest(year: int, month: int, day: int) -> int:
    """The weekday nearest to a day, within the month."""
    weekday = _weekday(year, month, day)
    if weekday == 7:
        return day - 1 if day > 1 else day + 2
    if weekday == 1:
        return day + 1 if day < _length(year, month) else day - 2
    return day


def _is_weekday(term: tuple[str, int], year: int, month: int, day: int) -> bool:
    kind, number = term
    if kind == "nth":
        return _weekday(year, month, day) == number // 10 and (day - 1) // 7 + 1 == number % 10
    if _weekday(year, month, day) != number:
        return False
    return kind == "every" or day + 7 > _length(year, month)


def _weekday(year: int, month: int, day: int) -> int:
    return (calendar.weekday(year, month, day) + 1) % 7 + 1


def _length(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def _days(field: str) -> Iterator[tuple[str, int]]:
    if field in ("*", "?"):
        return
    for part in field.split(","):
        last = re.fullmatch(r"L(?:-(\d{1,2}))?", part)
        nearest = re.fullmatch(r"(\d{1,2})W", part)
        if part == "LW":
            yield ("last-weekday", 0)
        elif last and int(last[1] or 0) <= 30:
            yield ("last", int(last[1] or 0))
        elif nearest and 1 <= int(nearest[1]) <= 31:
            yield ("nearest", int(nearest[1]))
        else:
            yield from (("day", each) for each in sorted(_numbers("day-of-month", part, 1, 31)))


def _weekdays(field: str) -> Iterator[tuple[str, int]]:
    if field in ("*", "?"):
        return
    for part in field.split(","):
        last = re.fullmatch(r"(\w+?)L", part)
        nth = re.fullmatch(r"(\w+)#([1-5])", part)
        if part == "L":
            yield ("every", 7)
        elif last:
            yield ("last", _one("day-of-week", last[1], 1, 7, WEEKDAYS))
        elif nth:
            yield ("nth", _one("day-of-week", nth[1], 1, 7, WEEKDAYS) * 10 + int(nth[2]))
        else:
            yield from (("every", each) for each in sorted(_numbers("day-of-week", part, 1, 7, WEEKDAYS)))


def _numbers(name: str, field: str, low: int, high: int, names: tuple[str, ...] = ()) -> frozenset[int]:
    """The numbers that a field names: ``*``, ``a``, ``a-b`` (over the end too), each with ``/step``, and lists of these."""
    found: set[int] = set()
    for part in field.split(","):
        span, slash, step = part.partition("/")
        if slash and not (_NUMBER.fullmatch(step) and int(step)):
            raise CronError(f"'{part}' in the field {name} has no step after '/', a number from 1")
        found.update(_span(name, span, slash, low, high, names)[:: int(step or 1)])
    return frozenset(found)


def _span(name: str, span: str, slash: str, low: int, high: int, names: tuple[str, ...]) -> list[int]:
    if span == "*":
        return list(range(low, high + 1))
    first, dash, last = span.partition("-")
    begin = _one(name, first, low, high, names)
    end = _one(name, last, low, high, names) if dash else (high if slash else begin)
    if begin <= end:
        return list(range(begin, end + 1))
    if name == "year":
        raise CronError(f"'{span}' in the field year ends before it begins")
    return [*range(begin, high + 1), *range(low, end + 1)]


def _one(name: str, text: str, low: int, high: int, names: tuple[str, ...]) -> int:
    if text in names:
        return names.index(text) + 1
    if not _NUMBER.fullmatch(text) or not low <= int(text) <= high:
        known = f", or {names[0]} to {names[-1]}" if names else ""
        raise CronError(f"'{text}' in the field {name} is not a number from {low} to {high}{known}")
    return int(text)
