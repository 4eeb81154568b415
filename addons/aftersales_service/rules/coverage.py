"""Is a car covered? Months, kilometres, near the end or not, and how near a car is to the limits of the 三包 rules."""
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from math import ceil
from typing import Literal, NamedTuple

State = Literal['in', 'near', 'out', 'unknown']
Level = Literal['ok', 'near', 'reached']

RANKS: dict[str, int] = {'in': 3, 'near': 2, 'unknown': 1, 'out': 0}
LEVELS: dict[str, int] = {'ok': 0, 'near': 1, 'reached': 2}
DAY_SECONDS = 24 * 60 * 60


class Term(NamedTuple):
    """One promise to repair free of charge: a policy, a contract, a campaign, an earlier repair of ours."""

    kind: str  #: manufacturer, extended, campaign, goodwill, own_repair or part
    start: date | None = None  #: first day; None: not known
    months: int = 0  #: from the start; 0: without a limit
    km: int = 0  #: from `start_km`; 0: without a limit
    start_km: int = 0
    until: date | None = None  #: last day, instead of months
    until_km: int = 0  #: last kilometre, instead of km; 0: without a limit
    is_excluded: bool = False  #: named by the promise as not covered


class Verdict(NamedTuple):
    """What a promise is worth on a day at a reading."""

    state: State
    reason: str  #: covered, no_limit, excluded, not_yet, date, km, no_start, no_reading, none
    index: int | None = None  #: which of the terms; None: there is none
    until: date | None = None  #: last day
    until_km: int = 0  #: last kilometre; 0: without a limit
    days_left: int | None = None
    km_left: int | None = None

    @property
    def is_covered(self) -> bool:
        """Whether the promise holds, near its end or not."""
        return self.state in ('in', 'near')


class Limits(NamedTuple):
    """From when a car counts as near the end of its coverage."""

    days: int
    km: int


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later, the last of that month where it is shorter.

    >>> add_months(date(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for number in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def verdict(term: Term, day: date, km: int | None, near: Limits, index: int | None = 0) -> Verdict:
    """Return what one promise says on a day; the last day and the last kilometre are covered.

    :param km: reading when the car came in; None: not known.
    """
    until = term.until or (add_months(term.start, term.months) if term.start and term.months else None)
    until_km = term.until_km or (term.start_km + term.km if term.km else 0)
    days_left = (until - day).days if until else None
    km_left = until_km - km if until_km and km is not None else None

    def say(state: State, reason: str) -> Verdict:
        return Verdict(state, reason, index, until, until_km, days_left, km_left)

    if term.is_excluded:
        return say('out', 'excluded')
    if term.start and day < term.start:
        return say('out', 'not_yet')
    if days_left is not None and days_left < 0:
        return say('out', 'date')
    if km_left is not None and km_left < 0:
        return say('out', 'km')
    if term.months and not until:
        return say('unknown', 'no_start')
    if until_km and km_left is None:
        return say('unknown', 'no_reading')
    if days_left is None and km_left is None:
        return say('in', 'no_limit')
    if (days_left is not None and days_left <= near.days) or (km_left is not None and km_left <= near.km):
        return say('near', 'covered')
    return say('in', 'covered')


def best(terms: Sequence[Term], day: date, km: int | None, near: Limits) -> Verdict:
    """Return the most favourable verdict; of equal ones the first, so that the order of terms is their precedence.

    A promise that is not known well enough comes after one that holds and before one that is over.
    """
    verdicts = [verdict(term, day, km, near, index) for index, term in enumerate(terms)]
    return max(verdicts, key=lambda found: RANKS[found.state], default=Verdict('unknown', 'none'))


# === 三包: REPAIR, REPLACE, REFUND === #


def repair_days(stays: Iterable[tuple[datetime, datetime]], exits: Iterable[tuple[datetime, datetime]] = ()) -> int:
    """Return how many days a car spent here: a stay of less than 24 hours counts as a day, exits do not count.

    :param stays: (in, out); overlapping ones count once.
    :param exits: (out, back) of cars that left for a while.
    """
    away = _merged(exits)
    days = 0
    for start, end in _merged(stays):
        gone = sum(
            max((min(end, back) - max(start, out)).total_seconds(), 0.0) for out, back in away
        )
        days += ceil(max((end - start).total_seconds() - gone, 0.0) / DAY_SECONDS)
    return days


def _merged(spans: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    merged: list[tuple[datetime, datetime]] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def watch_level(value: int, limit: int, step: int = 1) -> Level:
    """Return how near a counter is to its limit: `near` when one step more reaches it; a limit of 0 watches nothing."""
    if not limit or value <= 0:
        return 'ok'
    if value >= limit:
        return 'reached'
    return 'near' if value + step >= limit else 'ok'


def worst_level(levels: Mapping[str, Level] | Iterable[Level]) -> Level:
    """Return the most serious of some levels."""
    values = levels.values() if isinstance(levels, Mapping) else levels
    return max(values, key=LEVELS.__getitem__, default='ok')


def is_comeback(done_on: date, day: date, days: int, km_then: int | None, km_now: int | None, km: int) -> bool:
    """Tell whether a car is back soon after a repair: inside the days, and inside the kilometres where both are known.

    :param days: 0 asks nothing.
    :param km: 0: kilometres do not matter.
    """
    if not days or not 0 <= (day - done_on).days <= days:
        return False
    return not km or not km_then or not km_now or km_now - km_then <= km
