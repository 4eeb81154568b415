"""What a lost or broken tool may cost the person who had it (R-TOOL-06, R-PEN-16): cost × what it was still worth.

Compensation and fine stay apart. The basis is the residual value, never the price of a new tool.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal


def compensation(residual_cents: int, share_percent: Decimal | int) -> int:
    """Return the compensation for a share of the fault, rounded half up to a whole cent.

    :param residual_cents: what the tool was still worth.
    :param share_percent: 0 to 100, the person's own share of the fault; what is outside counts as the nearest end.
    """
    share = min(max(Decimal(share_percent), Decimal(0)), Decimal(100))
    exact = Decimal(max(residual_cents, 0)) * share / 100
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def may_fine(treatment: str, fines_allowed: bool, is_self_report: bool) -> bool:
    """Tell whether a fine may be proposed at all: never for who reported himself in time, never where fines are off."""
    return treatment == 'sanction' and fines_allowed and not is_self_report
