"""Arithmetic of conduct: the ladder, what a person owes for a loss, what a month's wage can bear.

Money is integer cents throughout, so that nothing is lost between a decision and a payroll.
"""
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple


class Step(NamedTuple):
    """Where on the ladder an offence stands."""

    number: int  #: 1 for the first
    amount: int  #: cents
    is_last: bool  #: the highest amount; a manager may look at other measures, never automatically


class Claim(NamedTuple):
    """What is still to be deducted for one record."""

    effective: date
    cents: int


class Deduction(NamedTuple):
    """What a month takes of one claim."""

    taken: int  #: cents
    carried: int  #: cents, waits for the next month


def months_before(day: date, months: int) -> date:
    """Return the same day so many months earlier, the last of that month where it is shorter.

    >>> months_before(date(2026, 3, 31), 1)
    datetime.date(2026, 2, 28)
    """
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    for number in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def ladder_step(earlier: Sequence[date], act: date, amounts: Sequence[int], window_months: int) -> Step:
    """Return the step of an offence: confirmed earlier ones within the window, plus one (R-RP-09).

    :param earlier: days of confirmed offences of the same class; later ones and those outside the window do not count.
    :param amounts: cents of each step; beyond the last the last repeats.
    :raise ValueError: a ladder without steps.
    """
    if not amounts:
        raise ValueError("a ladder needs at least one step")
    start = months_before(act, window_months)
    number = sum(start < day <= act for day in earlier) + 1
    index = min(number, len(amounts)) - 1
    return Step(number, amounts[index], index == len(amounts) - 1)


def compensation(loss: int, fault_percent: Decimal, own_share_percent: Decimal) -> int:
    """Return what a person owes at most for a proven loss, in cents (half up).

    :param loss: cents at cost or residual value, never at retail price unless the contract says so (R-RP-10).
    :param fault_percent: degree of fault, 0 to 100.
    :param own_share_percent: part of the loss that is the person's own, 0 to 100.
    """
    if loss < 0 or not (0 <= fault_percent <= 100 and 0 <= own_share_percent <= 100):
        raise ValueError("a loss is not negative, percentages lie between 0 and 100")
    owed = Decimal(loss) * fault_percent * own_share_percent / 10000
    return int(owed.to_integral_value(ROUND_HALF_UP))


def bearable(base: int, cap_percent: Decimal, minimum: int) -> int:
    """Return how much compensation a month's wage can bear, in cents, rounded down (R-RP-15).

    :param base: wage due for the month, as the payroll told it.
    :param cap_percent: share that may go at most (20 by law for compensation).
    :param minimum: minimum wage of the work place; what is left never falls below it.
    """
    if base <= 0:
        return 0
    return max(0, min(int(Decimal(base) * cap_percent / 100), base - minimum))


def deduct(claims: Sequence[Claim], room: int) -> list[Deduction]:
    """Spread what the month can bear over the claims, oldest effective first; the rest is carried over.

    :param room: cents, see `bearable()`.
    :return: one deduction per claim, in the order of the claims.
    """
    result: list[Deduction] = [Deduction(0, claim.cents) for claim in claims]
    for index in sorted(range(len(claims)), key=lambda i: (claims[i].effective, i)):
        taken = min(room, claims[index].cents)
        result[index] = Deduction(taken, claims[index].cents - taken)
        room -= taken
    return result


def weighted_score(scores: Sequence[tuple[Decimal, Decimal]]) -> Decimal | None:
    """Return the mean of (score, weight), two decimals half up; None when nothing was weighed (R-ASM-20)."""
    total = sum((weight for _score, weight in scores), Decimal())
    if not total:
        return None
    value = sum((score * weight for score, weight in scores), Decimal()) / total
    return value.quantize(Decimal('0.01'), ROUND_HALF_UP)


def target_score(value: Decimal, target: Decimal, more_is_better: bool = True, points: Decimal = Decimal(10)) -> Decimal:
    """Return the points (0 to 100) of a figure against its target (R-ASM-25).

    More is better: the reached share of the target. Less is better: so many points off for each unit above the target.

    >>> target_score(Decimal(45), Decimal(60)), target_score(Decimal(3), Decimal(1), more_is_better=False)
    (Decimal('75.00'), Decimal('80.00'))
    """
    if more_is_better:
        score = Decimal(100) * value / target if target > 0 else Decimal(100)
    else:
        score = Decimal(100) - max(Decimal(), value - target) * points
    return min(Decimal(100), max(Decimal(), score)).quantize(Decimal('0.01'), ROUND_HALF_UP)
