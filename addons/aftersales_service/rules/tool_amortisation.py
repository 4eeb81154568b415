"""How a tool's value leaves the books (accounting 23), in integer cents.

Methods: `once` 一次摊销, all when it goes into use; `half` 五五摊销, half then and half when it goes; `straight`, in equal
monthly parts over its life, the first in the month after it went into use.
"""

from __future__ import annotations

from typing import Literal

Method = Literal['once', 'half', 'straight']


def amortised(cost: int, method: Method, months_used: int, life_months: int = 0, *, gone: bool = False) -> int:
    """Return what of a tool's cost is amortised in all.

    :param cost: in cents, not negative.
    :param months_used: whole calendar months since the month it went into use.
    :param life_months: of `straight`; no life means written off at once.
    :param gone: it was lost or disposed of: nothing may stay on the books.
    :return: cents, between 0 and `cost`.
    """
    if gone or method == 'once' or (method == 'straight' and life_months <= 0):
        return cost
    if method == 'half':
        return cost - cost // 2
    used = min(max(months_used, 0), life_months)
    # The last part takes the rounding: the sum is the cost, exactly.
    return cost if used == life_months else cost * used // life_months


def months_between(start_year: int, start_month: int, year: int, month: int) -> int:
    """Return the whole calendar months from one month to another; negative when the second comes first."""
    return (year - start_year) * 12 + month - start_month


def share_of(total: int, before: int, pieces: int, of: int) -> int:
    """Return what some of equal pieces bear of an amount, when others bore theirs before; all together bear all of it.

    :param total: cents of all pieces, negative ones too.
    :param before: pieces that bore their share already.
    :param pieces: pieces that bear it now.
    :param of: how many pieces there are.
    :raise ValueError: more pieces than there are.
    """
    if not 0 <= before <= before + pieces <= of or not of:
        raise ValueError(f'{before} and {pieces} of {of} pieces')
    sign = -1 if total < 0 else 1
    return sign * (abs(total) * (before + pieces) // of - abs(total) * before // of)
