"""How much of a part to keep and to order: usage, classes, limits, proposals (R-PART-08, R-PART-09, R-PART-11)."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from decimal import ROUND_CEILING, Decimal
from typing import Literal, NamedTuple, TypeVar

from .indicators import Number, exact

Key = TypeVar('Key', bound=Hashable)
Abc = Literal['a', 'b', 'c', 'n']
Movement = Literal['fast', 'medium', 'slow', 'none']

DAYS_A_MONTH = 30


class Limits(NamedTuple):
    """Stock limits of a part, in whole steps of its unit."""

    minimum: Decimal  #: order when what is there and coming falls to it
    maximum: Decimal  #: order up to it


def average(monthly: Sequence[Number]) -> Decimal:
    """Return the usage of a month, months without demand included; 0 of nothing."""
    return sum(map(exact, monthly), Decimal()) / len(monthly) if monthly else Decimal()


def abc(values: Mapping[Key, Number], a: Number = 80, b: Number = 95) -> dict[Key, Abc]:
    """Return the class of each part by its share in the value used: A up to 80 %, B up to 95 %, C the rest, N unused.

    The part that crosses a border still belongs to the better class, so that one dear part alone is an A.
    """
    used = {key: exact(value) for key, value in values.items() if exact(value) > 0}
    total = sum(used.values(), Decimal())
    classes: dict[Key, Abc] = dict.fromkeys(values, 'n')
    before = Decimal()
    for key in sorted(used, key=lambda key: used[key], reverse=True):
        share = before * 100 / total
        classes[key] = 'a' if share < exact(a) else 'b' if share < exact(b) else 'c'
        before += used[key]
    return classes


def movement(monthly: Sequence[Number]) -> Movement:
    """Return how a part moves, by the share of months with demand: fast from 3/4, medium from 1/3, slow below."""
    busy = sum(1 for quantity in monthly if exact(quantity) > 0)
    if not busy:
        return 'none'
    if busy * 4 >= len(monthly) * 3:
        return 'fast'
    return 'medium' if busy * 3 >= len(monthly) else 'slow'


def up_to_step(quantity: Number, step: Number = 1) -> Decimal:
    """Return a quantity rounded up to a whole multiple of a step."""
    size = exact(step)
    if size <= 0:
        raise ValueError('step: must be positive')
    return (exact(quantity) / size).to_integral_value(ROUND_CEILING) * size


def limits(
    monthly_usage: Number, *, lead_days: Number, cycle_days: Number, safety_days: Number, step: Number = 1,
) -> Limits:
    """Return minimum and maximum from the usage of a month.

    minimum = usage × (safety + lead) ÷ 30; maximum = usage × (safety + cycle + lead) ÷ 30, both rounded up.

    :raise ValueError: a negative usage or number of days.
    """
    usage, lead, cycle, safety = map(exact, (monthly_usage, lead_days, cycle_days, safety_days))
    if min(usage, lead, cycle, safety) < 0:
        raise ValueError('usage and days: none may be negative')
    minimum = usage * (safety + lead) / DAYS_A_MONTH
    return Limits(up_to_step(minimum, step), up_to_step(minimum + usage * cycle / DAYS_A_MONTH, step))


def proposal(
    position: Number, minimum: Number, maximum: Number, *, least: Number = 0, pack: Number = 1,
) -> Decimal:
    """Return how much to order.

    :param position: on hand and on order, less what orders wait for; may be negative.
    :param least: the vendor's smallest quantity.
    :param pack: the vendor sells whole packs of so many.
    :return: 0 while the position is above the minimum (or both are nothing); else up to the maximum, in whole packs.
    """
    have, low, high = exact(position), exact(minimum), max(exact(maximum), exact(minimum))
    if have > low or have >= high:
        return Decimal()
    return up_to_step(max(high - have, exact(least)), pack)


def coverage_days(available: Number, monthly_usage: Number) -> int | None:
    """Return for how many days the stock lasts; None without usage, 0 when nothing is there."""
    if exact(monthly_usage) <= 0:
        return None
    return max(0, int(exact(available) * DAYS_A_MONTH / exact(monthly_usage)))


def is_phase_in(hits: int, *, stocked: bool, needed: int = 3) -> bool:
    """Tell whether a part nobody keeps was asked for often enough to be kept."""
    return not stocked and hits >= needed


def is_phase_out(hits: int, *, stocked: bool, months_known: int, months: int = 12) -> bool:
    """Tell whether a part that is kept had no demand for so long; one known for less is given time."""
    return stocked and hits == 0 and months_known >= months
