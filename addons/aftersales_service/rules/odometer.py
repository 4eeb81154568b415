"""Odometer readings: they only rise, unless somebody says why (R-PROC-24)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

#: Codes of `problems`.
PROBLEMS = ('negative', 'lower', 'jump', 'too_high')
#: No car shows more; a longer number is a slip of the finger.
HIGHEST = 9_999_999


class Reading(NamedTuple):
    """One reading in time order. value: what the instrument shows; None: it could not be read.

    replaced: this is the first reading of a new instrument, which starts counting anew.
    """

    value: int | None
    replaced: bool = False


def problems(value: int, last: int | None, days: int | None = None, most_per_day: int = 1500) -> list[str]:
    """Return what is suspicious about a new reading, as codes of `PROBLEMS`.

    :param last: the last readable reading of the same instrument, None if there is none.
    :param days: days since that reading; with it, a rise above `most_per_day` km a day is a `jump`.
    """
    if value < 0:
        return ['negative']
    if value > HIGHEST:
        return ['too_high']
    if last is None:
        return []
    if value < last:
        return ['lower']
    if days is not None and value - last > most_per_day * max(days, 1):
        return ['jump']
    return []


def distance(readings: Sequence[Reading]) -> int:
    """Return how far the car has come: what each instrument showed last, added up.

    A new instrument usually starts at 0; if it was set to the old value, its first reading says so and only
    the rise counts.
    """
    total = 0
    first: int | None = 0
    last: int | None = None
    for reading in readings:
        if reading.replaced and last is not None:
            total += last - (first or 0)
            first, last = None, None
        if reading.value is None:
            continue
        if first is None:
            first = reading.value
        last = reading.value
    if last is not None:
        total += last - (first or 0)
    return total


def next_service(last_service: int, interval: int) -> int:
    """Return at which reading the next service is due.

    :raise ValueError: the interval is not positive.
    """
    if interval <= 0:
        raise ValueError('interval: must be positive')
    return last_service + interval
