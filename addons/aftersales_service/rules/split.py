"""Exact splits of money, in integer cents.

Nothing here loses or invents a cent: the parts of a split always add up to what was split, and no part has
the opposite sign of the amount it is a part of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Literal

Number = int | float | str | Decimal
Weight = int | Decimal | Fraction


@dataclass(frozen=True)
class Share:
    """What one payer takes of a job.

    method: `percent` (value 0 to 100), `fixed` (value in cents, counted with the sign of the total) or `rest`.
    """

    method: Literal['rest', 'percent', 'fixed']
    value: Decimal | int = 0


def to_cents(amount: Number, digits: int = 2) -> int:
    """Return an amount in the smallest unit of its currency, rounded half away from zero.

    A float is read by its shortest decimal text, so 1.005 means 1.005 and not the binary number below it.
    """
    exact = amount if isinstance(amount, Decimal) else Decimal(str(amount))
    return int((exact.scaleb(digits)).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def from_cents(cents: int, digits: int = 2) -> Decimal:
    """Return the amount of an integer number of cents, with exactly `digits` decimals."""
    return Decimal(cents).scaleb(-digits)


def split_amount(total_cents: int, weights: Sequence[Weight]) -> list[int]:
    """Split an amount in proportion to weights (largest remainder; equal remainders favour the last).

    :param total_cents: may be negative (credit); the result mirrors that of the positive amount.
    :param weights: none negative; if all are zero, the last takes everything.
    :return: one amount per weight, their sum is `total_cents`, each less than one cent off the exact part.
    :raise ValueError: no weights, or a negative weight.
    """
    if not weights:
        raise ValueError('weights: at least one is needed')
    exact = [Fraction(weight) for weight in weights]
    if min(exact) < 0:
        raise ValueError('weights: none may be negative')
    whole = sum(exact)
    if not whole:
        return [0] * (len(exact) - 1) + [total_cents]
    if total_cents < 0:
        return [-part for part in split_amount(-total_cents, weights)]
    return _round_to_sum([total_cents * weight / whole for weight in exact], total_cents)


def split_total(total_cents: int, shares: Sequence[Share]) -> list[int]:
    """Return what each payer takes of one total.

    Fixed shares come first, in their order, each capped by what is left; then percentages of the whole total,
    capped likewise; `rest` takes what is left. Without a `rest` the last payer absorbs it.

    :param total_cents: may be negative (credit); fixed values then count with the credit's sign.
    :return: one amount per share, their sum is `total_cents`.
    :raise ValueError: no share, two `rest` shares, a negative value, percentages above 100 together.
    """
    _check_shares(shares)
    if total_cents < 0:
        return [-part for part in split_total(-total_cents, shares)]
    left = total_cents
    taken = [0] * len(shares)
    for method in ('fixed', 'percent'):
        for index, share in enumerate(shares):
            if share.method != method:
                continue
            wanted = int(share.value) if method == 'fixed' else _round_half_up(
                Fraction(total_cents) * Fraction(share.value) / 100)
            taken[index] = min(wanted, left)
            left -= taken[index]
    taken[_absorber(shares)] += left
    return taken


def split_lines(line_cents: Sequence[int], shares: Sequence[Share]) -> list[list[int]]:
    """Split the lines of a job among its payers, exact both ways.

    Per line the payers' parts add up to the line; per payer the lines add up to his part of the total
    (`split_total`). Every cell lies between zero and its line.

    :param line_cents: amounts of the lines, of any sign.
    :return: result[payer][line], in cents.
    :raise ValueError: see `split_total`.
    """
    totals = split_total(sum(line_cents), shares)
    parts = _parts_of_rest(totals, shares)
    remaining = list(line_cents)
    result: list[list[int]] = []
    for total, part in zip(totals[:-1], parts, strict=False):
        cells = _round_to_sum([line * part for line in remaining], total)
        remaining = [line - cell for line, cell in zip(remaining, cells, strict=True)]
        result.append(cells)
    result.append(remaining)
    return result


# === HELPERS === #


def _check_shares(shares: Sequence[Share]) -> None:
    if not shares:
        raise ValueError('shares: at least one is needed')
    if sum(share.method == 'rest' for share in shares) > 1:
        raise ValueError('shares: only one may take the rest')
    if any(share.method != 'rest' and share.value < 0 for share in shares):
        raise ValueError('shares: no value may be negative')
    if sum(Fraction(share.value) for share in shares if share.method == 'percent') > 100:
        raise ValueError('shares: percentages above 100')


def _absorber(shares: Sequence[Share]) -> int:
    """Return the index of the share that takes what is left: `rest`, else the last."""
    return next((index for index, share in enumerate(shares) if share.method == 'rest'), len(shares) - 1)


def _parts_of_rest(totals: Sequence[int], shares: Sequence[Share]) -> list[Fraction]:
    """Return which part each payer takes of what those before him left, between 0 and 1."""
    weights = [Fraction(total) for total in totals]
    if not sum(totals):
        # Lines that cancel out are still shared: by the percentages, as no total tells.
        weights = [Fraction(share.value) if share.method == 'percent' else Fraction(0) for share in shares]
        weights[_absorber(shares)] += 100 - sum(weights)
    parts = []
    for index, weight in enumerate(weights):
        left = sum(weights[index:])
        parts.append(weight / left if left else Fraction(0))
    return parts


def _round_half_up(value: Fraction) -> int:
    """Return a non-negative fraction rounded to the nearest whole, halves up."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def _round_to_sum(exact: Sequence[Fraction], total: int) -> list[int]:
    """Round each value down or up so that they add up to `total` (their exact sum)."""
    floors = [value.numerator // value.denominator for value in exact]
    missing = total - sum(floors)
    order = sorted(range(len(exact)), key=lambda i: (exact[i] - floors[i], i), reverse=True)
    for index in order[:missing]:
        floors[index] += 1
    return floors
