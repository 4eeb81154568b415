"""Wiping the small change off what a customer pays (抹零)."""

from __future__ import annotations

from typing import Literal, NamedTuple

Mode = Literal['down', 'half_up', 'up']


class Rounded(NamedTuple):
    """amount: what is paid, in cents; difference: amount minus the original, in cents (a gift is negative)."""

    amount: int
    difference: int


def wipe(total_cents: int, step_cents: int, mode: Mode = 'down') -> Rounded:
    """Round an amount to a multiple of a step, e.g. 100 for whole yuan or 10 for jiao.

    A credit mirrors its invoice: -12.34 becomes what 12.34 becomes, negated.

    :raise ValueError: a step below one cent, or an unknown mode.
    """
    if step_cents < 1:
        raise ValueError('step_cents: at least one cent')
    size = abs(total_cents)
    if mode == 'down':
        steps = size // step_cents
    elif mode == 'half_up':
        steps = (2 * size + step_cents) // (2 * step_cents)
    elif mode == 'up':
        steps = -(-size // step_cents)
    else:
        raise ValueError(f'mode: {mode}')
    amount = steps * step_cents * (-1 if total_cents < 0 else 1)
    return Rounded(amount, amount - total_cents)


def is_within(difference_cents: int, limit_cents: int) -> bool:
    """Tell whether a wiped difference stays *below* a person's limit (R: < 1.00 cashier, < 10.00 supervisor)."""
    return abs(difference_cents) < limit_cents
