"""Figures of the shop: ratios that never divide by zero, means, lamps, and the months of a trend."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

Number = int | float | Decimal
Lamp = Literal['green', 'amber', 'red', 'none']


class Measure(NamedTuple):
    """What an indicator says of a period; the value is None when there is nothing to say."""

    numerator: float | None = None
    denominator: float | None = None
    value: float | None = None
    drill: dict | None = None  #: where the facts stand: {'model': str, 'domain': list}, optional 'context' and 'views'


def exact(value: Number) -> Decimal:
    """Return a number as people read it: 0.1 is 0.1."""
    return value if isinstance(value, Decimal) else Decimal(str(value))


def ratio(numerator: Number | None, denominator: Number | None, factor: Number = 1) -> Decimal | None:
    """Return numerator / denominator × factor; None without a denominator, never a division by zero."""
    if not denominator:
        return None
    return exact(numerator or 0) * exact(factor) / exact(denominator)


def percent(numerator: Number | None, denominator: Number | None) -> Decimal | None:
    """Return a ratio in percent: 9 of 10 is 90."""
    return ratio(numerator, denominator, 100)


def mean(values: Iterable[Number]) -> Decimal | None:
    """Return the arithmetic mean; None of nothing."""
    numbers = [exact(value) for value in values]
    return sum(numbers, Decimal()) / len(numbers) if numbers else None


def geometric_mean(*values: Number | None) -> Decimal | None:
    """Return the geometric mean of values that are not negative; None when one of them is missing.

    :raise ValueError: a value is negative.
    """
    if not values or any(value is None for value in values):
        return None
    numbers = [exact(value) for value in values if value is not None]
    if min(numbers) < 0:
        raise ValueError('values: none may be negative')
    product = Decimal(1)
    for number in numbers:
        product *= number
    return product.sqrt() if len(numbers) == 2 else product ** (Decimal(1) / len(numbers))


def lamp(value: Number | None, target: Number | None, direction: str, tolerance: Number = Decimal('0.1')) -> Lamp:
    """Return how a value stands to its target.

    :param direction: `up` more is better, `down` less is better; anything else has no lamp.
    :param tolerance: share of the target by which it may be missed and is amber, not red.
    """
    if value is None or target is None or direction not in ('up', 'down'):
        return 'none'
    reached, goal = exact(value), exact(target)
    missed = goal - reached if direction == 'up' else reached - goal
    if missed <= 0:
        return 'green'
    return 'amber' if missed <= abs(goal) * exact(tolerance) else 'red'


def months_back(day: date, count: int) -> list[date]:
    """Return the first days of the last `count` months up to that of `day`, the oldest first."""
    last = day.year * 12 + day.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(last - count + 1, last + 1)]


def month_end(day: date) -> date:
    """Return the last day of a month."""
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)


def period(name: str, today: date) -> tuple[date, date]:
    """Return first and last day of a named period; a period under way ends today.

    :param name: this_month | last_month | this_quarter | last_quarter | this_year | last_year | last_12_months.
    :raise ValueError: no such period.
    """
    first = today.replace(day=1)
    quarter = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    before_quarter = date.fromordinal(quarter.toordinal() - 1)
    if name == 'this_month':
        return first, today
    if name == 'last_month':
        start = months_back(today, 2)[0]
        return start, month_end(start)
    if name == 'this_quarter':
        return quarter, today
    if name == 'last_quarter':
        return months_back(before_quarter, 3)[0], before_quarter
    if name == 'this_year':
        return date(today.year, 1, 1), today
    if name == 'last_year':
        return date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)
    if name == 'last_12_months':
        months = months_back(today, 13)
        return months[0], month_end(months[11])
    raise ValueError(f'period: {name!r} is unknown')
