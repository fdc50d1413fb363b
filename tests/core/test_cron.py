"""Cron expressions, held against a second reading of them that looks at every minute and every day by itself."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stageline.core.cron import MONTHS, WEEKDAYS, CronError, following, matches, parse

few = settings(max_examples=80, deadline=None)
MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2199, 12, 31, 23, 59)).map(
    lambda when: when.replace(second=0, microsecond=0)
)


def numbers(low: int, high: int, names: tuple[str, ...] = ()) -> st.SearchStrategy[tuple[str, set[int]]]:
    """Parts of a field with the numbers that they mean."""

    def said(value: int) -> st.SearchStrategy[str]:
        return st.sampled_from([str(value), names[value - 1]]) if names else st.just(str(value))

    def ranged(ends: tuple[int, int, int]) -> st.SearchStrategy[tuple[str, set[int]]]:
        begin, length, step = ends
        whole = [low + (begin - low + each) % (high - low + 1) for each in range(length + 1)]
        chosen = set(whole[::step])
        slash = f"/{step}" if step > 1 else ""
        return st.tuples(said(begin), said(whole[-1])).map(lambda texts: (f"{texts[0]}-{texts[1]}{slash}", chosen))

    value = st.integers(low, high)
    single = value.flatmap(lambda each: said(each).map(lambda text: (text, {each})))
    every = st.integers(1, 9).map(lambda step: (f"*/{step}" if step > 1 else "*", set(range(low, high + 1, step))))
    rest = st.tuples(value, st.integers(1, 9)).map(lambda pair: (f"{pair[0]}/{pair[1]}", set(range(pair[0], high + 1, pair[1]))))
    spans = st.tuples(value, st.integers(0, high - low), st.integers(1, 4)).flatmap(ranged)
    return st.lists(st.one_of(single, every, rest, spans), min_size=1, max_size=3).map(
        lambda parts: (",".join(text for text, _ in parts), set().union(*(found for _, found in parts)))
    )


@few
@given(minutes=numbers(0, 59), hours=numbers(0, 23), months=numbers(1, 12, MONTHS), when=MOMENTS)
def test_plain_fields(
    minutes: tuple[str, set[int]], hours: tuple[str, set[int]], months: tuple[str, set[int]], when: datetime
) -> None:
    cron = parse(f"* {minutes[0]} {hours[0]} ? {months[0]} *")
    wanted = when.minute in minutes[1] and when.hour in hours[1] and when.month in months[1]
    assert matches(cron, when.timetuple()[:5]) == wanted


def sunday_first(when: datetime) -> int:
    return when.isoweekday() % 7 + 1


@few
@given(days=numbers(1, 31), weekdays=numbers(1, 7, WEEKDAYS), when=MOMENTS)
def test_days(days: tuple[str, set[int]], weekdays: tuple[str, set[int]], when: datetime) -> None:
    if days[0] != "*":
        assert matches(parse(f"0 * * {days[0]} * ?"), when.timetuple()[:5]) == (when.day in days[1])
    if weekdays[0] != "*":
        assert matches(parse(f"0 * * ? * {weekdays[0]} *"), when.timetuple()[:5]) == (sunday_first(when) in weekdays[1])


def days_of(year: int, month: int) -> list[datetime]:
    day, found = datetime(year, month, 1), []
    while day.month == month:
        found.append(day)
        day += timedelta(1)
    return found


def nearest(days: list[datetime], day: int) -> int:
    """The weekday of a month that is nearest to a day; the earlier one cannot be equally near."""
    work = [each.day for each in days if each.isoweekday() < 6]
    return min(work, key=lambda each: (abs(each - day), each))


@few
@given(year=st.integers(1970, 2199), month=st.integers(1, 12), number=st.integers(1, 31), weekday=st.integers(1, 7))
def test_days_that_are_counted(year: int, month: int, number: int, weekday: int) -> None:
    days = days_of(year, month)

    def found(days_field: str, weekdays_field: str) -> list[int]:
        cron = parse(f"* 0 0 {days_field} * {weekdays_field}")
        return [each.day for each in days if matches(cron, each.timetuple()[:5])]

    last = len(days)
    such = [each.day for each in days if sunday_first(each) == weekday]
    name = WEEKDAYS[weekday - 1]
    assert found("L", "?") == [last]
    assert found("L-3", "?") == [last - 3]
    assert found("LW", "?") == [max(each.day for each in days if each.isoweekday() < 6)]
    assert found(f"{number}W", "?") == ([nearest(days, number)] if number <= last else [])
    assert found("?", f"{weekday}L") == found("*", f"{name}L") == such[-1:]
    nth = number % 5 + 1
    assert found("?", f"{name}#{nth}") == (such[nth - 1 : nth])
    assert found("?", "L") == [each.day for each in days if each.isoweekday() == 6]


EXPRESSIONS = st.tuples(numbers(0, 59), numbers(0, 23), numbers(1, 12, MONTHS), numbers(1, 7, WEEKDAYS)).map(
    lambda parts: f"0 {parts[0][0]} {parts[1][0]} ? {parts[2][0]} {parts[3][0]}"
)


@settings(max_examples=40, deadline=None)
@given(text=EXPRESSIONS, when=MOMENTS)
def test_the_next_minute_is_the_first_that_matches(text: str, when: datetime) -> None:
    cron = parse(text)
    found = following(cron, when.timetuple()[:5])
    if found is None:
        assert when.year == 2199
        return
    assert matches(cron, found)
    assert datetime(*found) > when
    step = when + timedelta(minutes=1)
    while step < datetime(*found) and step < when + timedelta(days=1):
        assert not matches(cron, step.timetuple()[:5])
        step += timedelta(minutes=1)


def test_the_next_minute_over_years() -> None:
    assert following(parse("* 0 0 29 FEB ?"), (2097, 1, 1, 0, 0)) == (2104, 2, 29, 0, 0)
    assert following(parse("* 0 0 1 1 ? 2030"), (2030, 1, 1, 0, 0)) is None
    assert following(parse("* 0 0 30 2 ?"), (2026, 1, 1, 0, 0)) is None


def test_the_example_of_the_reference() -> None:
    cron = parse("0 0 9-17 ? * MON-FRI *")
    assert matches(cron, (2026, 11, 25, 9, 0))
    assert not matches(cron, (2026, 11, 25, 9, 1))
    assert not matches(cron, (2026, 11, 28, 9, 0))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "0 fields"),
        ("* * * * *", "5 fields"),
        ("* * * * * * * *", "8 fields"),
        ("60 * * ? * *", "'60' in the field seconds"),
        ("* 60 * ? * *", "'60' in the field minutes"),
        ("* * 24 ? * *", "'24' in the field hours"),
        ("* * * 32 * ?", "'32' in the field day-of-month"),
        ("* * * 32W * ?", "'32W' in the field day-of-month"),
        ("* * * 0 * ?", "'0' in the field day-of-month"),
        ("* * * ? 13 *", "JAN to DEC"),
        ("* * * ? * 8", "SUN to SAT"),
        ("* * * ? * MON#6", "'MON#6' in the field day-of-week"),
        ("* * * 1 * MON", "one of them must be '?'"),
        ("* */0 * ? * *", "no step after '/'"),
        ("* */ * ? * *", "no step after '/'"),
        ("* ? * ? * *", "'?' in the field minutes"),
        (f"* {'1' * 5000} * ? * *", "in the field minutes"),
        (f"* */{'1' * 5000} * ? * *", "no step after '/'"),
        ("* , * ? * *", "'' in the field minutes"),
        ("* 1- * ? * *", "'' in the field minutes"),
        ("* \u0661 * ? * *", "in the field minutes"),
        ("* * * ? * * 1969", "'1969' in the field year"),
        ("* * * ? * * 2030-2020", "ends before it begins"),
    ],
)
def test_what_is_refused(text: str, why: str) -> None:
    with pytest.raises(CronError, match=r".*") as caught:
        parse(text)
    assert why in str(caught.value)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="0123456789*?,-/LW#MONFRI ", max_size=30))
def test_any_text_is_understood_or_refused(text: str) -> None:
    try:
        cron = parse(text)
    except CronError:
        return
    matches(cron, (2026, 11, 25, 9, 0))


def test_a_term_counts_once_however_often_it_is_said() -> None:
    days, weekdays = (
        parse(f"* * * {','.join(['31', '31W', 'L'] * 1000)} 2 ?"),
        parse(f"* * * ? 2 {','.join(['MON', '2#1'] * 1000)}"),
    )
    assert len(days.days) == 3
    assert len(weekdays.weekdays) == 2
