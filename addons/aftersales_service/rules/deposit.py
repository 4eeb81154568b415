"""Deposits for parts prepared in advance (R-PROC-07): exact, 0.499 fails and 0.5 passes."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction


def is_needed(price_cents: int, threshold_cents: int) -> bool:
    """Tell whether a part of this price asks for a deposit: from the threshold on."""
    return price_cents >= threshold_cents


def required(price_cents: int, ratio: Decimal) -> int:
    """Return the least deposit in cents that reaches the ratio (rounded up to a whole cent)."""
    exact = Fraction(price_cents) * Fraction(ratio)
    return -(-exact.numerator // exact.denominator)


def is_enough(paid_cents: int, price_cents: int, ratio: Decimal) -> bool:
    """Tell whether what was paid is at least `ratio` of the price, without rounding either."""
    return Fraction(paid_cents) >= Fraction(price_cents) * Fraction(ratio)


def missing(paid_cents: int, price_cents: int, ratio: Decimal) -> int:
    """Return what must still be paid, in cents; 0 when it is enough."""
    return max(0, required(price_cents, ratio) - paid_cents)
