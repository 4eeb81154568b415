"""When the car will be ready, when the customer is told, when progress is asked for.

All moments are naive and in one time zone (the caller's choice; Odoo's UTC works); work intervals are the open
hours, sorted and without overlaps.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

Interval = tuple[datetime, datetime]
Hours = int | float | Decimal | Fraction


class Window(NamedTuple):
    """First and last moment of something due."""

    start: datetime
    end: datetime


def finish(
    start: datetime,
    hours: Hours,
    intervals: Sequence[Interval],
    *,
    capacity: Hours = 1,
    queued_hours: Hours = 0,
    margin_pct: Hours = 0,
    parts_eta: datetime | None = None,
    hours_before_parts: Hours = 0,
) -> datetime | None:
    """Return when work is finished that begins now (R-PROC-41, R-PROC-42).

    :param hours: book hours of the work.
    :param capacity: how many of these hours are done in one hour (people on it).
    :param queued_hours: book hours waiting before it, done by the same people.
    :param margin_pct: added to the work, not to what is queued.
    :param parts_eta: when missing parts are there; only `hours_before_parts` are done without them.
    :return: the moment, or None if the intervals end before the work does.
    :raise ValueError: capacity not positive, or negative hours.
    """
    exact = {name: Fraction(value) for name, value in (
        ('hours', hours), ('queued', queued_hours), ('margin', margin_pct), ('before', hours_before_parts))}
    pace = Fraction(capacity)
    if pace <= 0:
        raise ValueError('capacity: must be positive')
    if min(exact.values()) < 0:
        raise ValueError('hours: none may be negative')
    work = exact['hours'] * (1 + exact['margin'] / 100) / pace
    queue = exact['queued'] / pace
    if parts_eta is None:
        return add_work(start, queue + work, intervals)
    before = min(exact['before'] / pace, work)
    stand = add_work(start, queue + before, intervals)
    if stand is None:
        return None
    return add_work(max(stand, parts_eta), work - before, intervals)


def add_work(start: datetime, hours: Hours, intervals: Sequence[Interval]) -> datetime | None:
    """Return the moment after so many working hours, at the first open moment for none; None if they run out."""
    left = _duration(hours)
    for opens, closes in intervals:
        begin = max(opens, start)
        if begin >= closes:
            continue
        if closes - begin >= left:
            return begin + left
        left -= closes - begin
    return None


def work_between(start: datetime, end: datetime, intervals: Sequence[Interval]) -> timedelta:
    """Return how much working time lies between two moments."""
    total = timedelta()
    for opens, closes in intervals:
        total += max(timedelta(), min(closes, end) - max(opens, start))
    return total


def notice_at(
    promised: datetime, started: datetime, *, short_hours: Hours = 1, long_hours: Hours = 4, limit_days: Hours = 2,
) -> datetime:
    """Return by when the customer is told (R-PROC-80): 1 h before a short job's end, 4 h from two days on.

    Exactly two days count as long. The notice never lies before the work started.
    """
    is_long = promised - started >= timedelta(days=1) * float(limit_days)
    return max(started, promised - _duration(long_hours if is_long else short_hours))


def inquiry_window(
    started: datetime,
    promised: datetime,
    intervals: Sequence[Interval] | None = None,
    *,
    from_pct: Hours = 50,
    to_pct: Hours = 80,
) -> Window:
    """Return between which moments the workshop is asked how it goes (R-PROC-67): 50 to 80 % of the time.

    With work intervals the percentage is one of working time, so that a night does not count as progress.
    """
    if intervals is not None:
        total = Fraction(work_between(started, promised, intervals).total_seconds()) / 3600
        if total:
            moments = [add_work(started, total * Fraction(pct) / 100, intervals) for pct in (from_pct, to_pct)]
            if None not in moments:
                return Window(*moments)
    whole = promised - started
    return Window(*(started + whole * float(Fraction(pct) / 100) for pct in (from_pct, to_pct)))


def is_precise(stated: datetime, now: datetime, precision_minutes: int = 10) -> bool:
    """Tell whether a stated time is near enough to now to need no reason (R-PROC-53); the limit itself is."""
    return abs(stated - now) <= timedelta(minutes=precision_minutes)


def _duration(hours: Hours) -> timedelta:
    """Return hours as a time span, to the second, rounded up: a promise is never a moment too early."""
    exact = Fraction(hours) * 3600
    return timedelta(seconds=-(-exact.numerator // exact.denominator))
